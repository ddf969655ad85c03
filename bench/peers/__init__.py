"""Adapters: one function ``classify(frame)`` a peer, used where the peer is installed.

``make bench PEERS=1`` installs them into ``.venv/peers``. What needs a model that is not in a package is left out of
its peer's configuration, and said beside its figures.
"""
