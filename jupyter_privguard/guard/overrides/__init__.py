"""What people say that columns hold: decided, kept, and in force at once."""
