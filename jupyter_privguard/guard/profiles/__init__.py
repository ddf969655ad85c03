"""What a table is like without its values."""
