"""The Jupyter server's surface: authenticated routes that the panel reads the log through."""
