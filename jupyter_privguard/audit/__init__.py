"""The append-only log: who did what to which data, provably in this order."""
