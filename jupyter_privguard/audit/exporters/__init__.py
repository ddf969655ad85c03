"""Formats in which the log leaves the store; one module per format."""
