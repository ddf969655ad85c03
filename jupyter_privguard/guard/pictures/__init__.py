"""Pictures and charts on their way to a screen or a file."""
