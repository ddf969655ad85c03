"""One file a DataFrame library."""
