"""Which machines this software reached, and how the way there was protected: an event a day for each."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

from .._files import read_regular, write_atomically
from ..audit.log import AuditLog
from ..audit.stores.tls import Secured
from ..keys.keyring import LogKey
from ..policy.rules import Policy
from ..settings import Home

__all__ = ["note_endpoint"]

_FILE = "endpoints.json"
"""What was recorded today, so that not each process records it again."""
_LARGEST = 1 << 20


def note_endpoint(reached: Secured, in_force: Policy, *, at: Home, key: LogKey) -> None:
    """Record that ``reached`` was, in the log of ``at``, unless it was today; errors as `AuditLog.append`.

    A folder of a socket is no other machine. The record goes the way of the others later: whoever sends them is about
    to be told of it.
    """
    from .log import append

    if reached.endpoint.startswith("/"):
        return
    today = datetime.now(UTC).date().isoformat()
    known = _known(at, today)
    this = list(reached)
    if this in known:
        return
    with AuditLog.open(at.log, key) as log:
        append(
            log,
            "endpoint.use",
            in_force,
            endpoint=reached.endpoint,
            protocol=reached.protocol,
            tls=reached.version,
            cipher=reached.cipher,
        )
    with suppress(OSError):  # then it is recorded once more
        write_atomically(at.root / _FILE, json.dumps({"day": today, "reached": [*known, this]}).encode())


def _known(at: Home, today: str) -> list[list[str | None]]:
    """What was recorded today; a file that is damaged, or of another day, says nothing."""
    try:
        found = json.loads(read_regular(at.root / _FILE, _LARGEST))
        return list(found["reached"]) if found["day"] == today else []
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
