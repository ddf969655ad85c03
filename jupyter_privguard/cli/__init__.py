"""The surface at the command line: `privguard`."""
