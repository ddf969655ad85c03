"""Why a PostgreSQL server could not be reached, in words of ours: its own text may name what somebody typed."""

from __future__ import annotations

import re

from ..._later import later

__all__ = ["why_unreached"]

_TOLD = (
    (later(r'role ".*" does not exist'), "it knows no such login", "name another one, or ask whoever keeps it for it"),
    (later(r'database ".*" does not exist'), "it has no such database", "mend the name in the policy's `audit`"),
    (
        later(r"authentication failed|no password supplied|pg_hba\.conf"),
        "it does not let this login in",
        "look over its password, or ask whoever keeps it",
    ),
    (later(r"certificate|SSL|TLS", re.IGNORECASE), "its TLS cannot be trusted", "`sslrootcert` names the authority"),
    (
        later(r"refused|No such file or directory|could not translate|timeout|unreachable|no route", re.IGNORECASE),
        "nobody answers there",
        "ask whoever keeps it whether it runs",
    ),
)
"""What the client library writes in English, what it means, and what now."""


def why_unreached(said: str, otherwise: str) -> str:
    """Why, and what now, where the library has ``said`` it in a way that is known; else ``otherwise`` as the reason."""
    for pattern, why, now in _TOLD:
        if pattern.search(said):
            return f"({why}); {now}"
    return f"({otherwise}); ask whoever keeps it whether it runs"
