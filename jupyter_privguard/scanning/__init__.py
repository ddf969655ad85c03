"""Saved files: where values of persons and secrets stand in them, and how to take them out. Executes none of them."""
