"""Use cases of the guard: a session, its cells, and what leaves them. No Jupyter in here."""
