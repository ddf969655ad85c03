"""The surface in IPython: `%load_ext`, `%%secure`, `%privguard`, and every exit of a kernel."""
