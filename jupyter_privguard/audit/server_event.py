"""What a Jupyter server writes into its own log: the second record beside that of the kernels.

Each event says in ``at`` when it happened, for it is written a moment later: the server does not wait for a disk.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..model import Principal
from .event import any_event

__all__ = ["SERVER_ACTIONS", "moment", "server_event"]

SERVER_ACTIONS = frozenset(
    """
    cell.start cell.run code.evaluate output kernel.start kernel.restart kernel.stop terminal.start file.upload
    file.download file.save identity.grant alert
    """.split()
)
"""Every action that a record of a server may have, beside those that tell of its keys."""


def moment(time: datetime | None = None) -> str:
    """``time``, or now, as events have it: UTC with milliseconds and Z (RFC 3339, section 5.6)."""
    return (time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def server_event(
    action: str, *, principal: Principal, session: str, outcome: str, policy_sha256: str, at: str, **fields: Any
) -> dict[str, Any]:
    """An event ready to be appended; ``session`` is one run of the server, ``at`` from `moment`.

    ValueError for an action that a server does not write, or what has no canonical JSON form; TypeError for a float.
    """
    if action not in SERVER_ACTIONS:
        raise ValueError(f"{action!r} is no action of a server")
    return any_event(
        action,
        principal=principal,
        session=session,
        outcome=outcome,
        policy_sha256=policy_sha256,
        at=at,
        plane="server",
        **fields,
    )
