"""Where the log's records are kept; one module per kind of store."""
