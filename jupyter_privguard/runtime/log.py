"""The log of this deployment, for those who append to it without a session and for those who read it."""

from __future__ import annotations

import secrets
from typing import Any

from ..audit.event import event
from ..audit.log import AuditLog
from ..audit.stores.sqlite import FILE
from ..keys.keyring import LogKey
from ..policy.rules import Policy
from ..settings import Home
from .place import is_there, principal

__all__ = ["append", "has_log", "open_log"]


def has_log(at: Home) -> bool:
    """Whether there is a log, readable or not; touches nothing."""
    return is_there(at.log / FILE)


def open_log(at: Home, key: LogKey) -> AuditLog:
    """The log, ready to append."""
    return AuditLog.open(at.log, key)


def append(log: AuditLog, action: str, in_force: Policy, *, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
    """Append one event in the name of this account; the stored event."""
    return log.append(
        event(
            action,
            principal=principal(in_force),
            session=secrets.token_hex(8),
            outcome=outcome,
            policy_sha256=in_force.sha256,
            **fields,
        )
    )
