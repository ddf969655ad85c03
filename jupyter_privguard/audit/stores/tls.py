"""What a way to another machine is protected by: the version of TLS and the cipher that both sides agreed on."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Secured", "agreed"]

_PATIENCE_S = 5.0


class Secured(NamedTuple):
    """One endpoint that was reached."""

    endpoint: str
    """Host, and port or database."""
    protocol: str
    """``postgresql`` or ``s3``."""
    version: str | None
    """As ``TLSv1.3``; None for a way without TLS, or where it cannot be told."""
    cipher: str | None


def agreed(host: str, port: int) -> tuple[str | None, str | None]:
    """Version and cipher that this machine agrees on with ``host``, whose name is verified; None where it cannot.

    For libraries that do not tell theirs: a handshake of its own, in which nothing is sent.
    """
    import socket
    import ssl  # only here: guards load this module when they start

    try:
        with (
            socket.create_connection((host, port), _PATIENCE_S) as way,
            ssl.create_default_context().wrap_socket(way, server_hostname=host) as secured,
        ):
            cipher = secured.cipher()
            return secured.version(), cipher[0] if cipher else None
    except OSError:  # of which ssl's own errors are some
        return None, None
