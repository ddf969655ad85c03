"""Runs of experiment tracking: what of them leaves, and what the log says of them."""
