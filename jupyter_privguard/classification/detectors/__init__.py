"""One file a family of values or a country's number; helpers begin with ``_``."""
