"""The cells of a session: whether one may run, what it asked for and what the log says about it."""
