"""Names that other systems can hold on to: of a log, of its records and runs."""

from __future__ import annotations

import uuid
from datetime import datetime

from ..._version import __version__

__all__ = ["PRODUCER", "VENDOR", "milliseconds", "record_uuid", "run_uuid"]

VENDOR = "jupyter_privguard"
PRODUCER = f"urn:{VENDOR}:{__version__}"
"""A URI (RFC 3986) that says which program wrote an export; it names no page."""


def record_uuid(origin: str, seq: int) -> str:
    """The same UUID (RFC 9562, version 5) for a record in every export of a log."""
    return _uuid(origin, "record", str(seq))


def run_uuid(origin: str, run: str) -> str:
    """The same UUID for a cell's run in every export of a log."""
    return _uuid(origin, "run", run)


def milliseconds(time: str) -> int:
    """The log's time (RFC 3339) in milliseconds since 1970; ValueError when it is none."""
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def _uuid(origin: str, kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:{VENDOR}:{origin}:{kind}:{name}"))
