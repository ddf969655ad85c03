"""The log of this deployment, for those who append to it without a session and for those who read it."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..audit.anchor import Anchors
from ..audit.event import event
from ..audit.log import AuditLog
from ..audit.stores.sqlite import FILE
from ..errors import LogUnavailable
from ..guard.overrides.saved import FILE as OVERRIDES_FILE
from ..keys.keyring import LogKey
from ..policy.rules import Policy
from ..settings import Home
from .place import is_there, principal, tell

if TYPE_CHECKING:
    from ..audit.feed import Feed

__all__ = ["append", "check_not_lost", "has_log", "history", "open_log"]

_FIRST_START = 60
"""Seconds that a first start may take from its keys to its log, while another process looks on."""


def has_log(at: Home) -> bool:
    """Whether there is a log, readable or not; touches nothing."""
    return is_there(at.log / FILE)


def history(at: Home) -> Path | None:
    """Something in this home that was made under its keys, if there is anything."""
    return at.log if _holds(at.log) else _told_of(at)


def _told_of(at: Home) -> Path | None:
    """Something that the log tells of, if there is anything."""
    return next((path for path in (at.vault, at.domains, at.root / OVERRIDES_FILE) if _holds(path)), None)


def _holds(path: Path) -> bool:
    try:
        return any(not inside.name.startswith(".") for inside in path.iterdir())  # a crash may leave what has no name
    except NotADirectoryError:
        return True
    except FileNotFoundError:
        return is_there(path)  # a link to nowhere
    except OSError as error:
        raise LogUnavailable(f"privguard: {path} cannot be looked into ({error.strerror}); check its owner.") from None


def open_log(at: Home, key: LogKey, in_force: Policy | None = None) -> AuditLog:
    """The log, ready to append; made where nothing is yet. LogUnavailable where only what it told of is left.

    The anchors of the policy ``in_force`` keep its checkpoints, and its team's store gets what is written.
    """
    check_not_lost(at)
    is_lost = not has_log(at) and _has_old_keys(at)
    paths = in_force.anchors if in_force is not None else ()
    anchors = Anchors(map(Path, paths), lambda sentence: tell([sentence]))
    log = AuditLog.open(at.log, key, anchors=anchors, feed=_feed(at, key, in_force))
    if is_lost:
        tell(
            [
                f"privguard: the log begins anew in {at.log}, and its keys are older; if there was one, put it back "
                "from your backup: a checkpoint that was kept of it shows that it is gone."
            ]
        )
    return log


def _has_old_keys(at: Home) -> bool:
    """Whether the keys were made long before now, so that no first start is under way which makes the log next."""
    try:
        times = [path.stat().st_mtime for path in at.keys.iterdir()]
    except OSError:
        return False  # whoever loads them says what is wrong with them
    return bool(times) and min(times) < time.time() - _FIRST_START


def check_not_lost(at: Home) -> None:
    """LogUnavailable where only what the log told of is left, StateError where the home is no folder."""
    at.check_is_folder()
    found = _told_of(at)  # looked for first: another process makes the log, then that
    if found is not None and not has_log(at):
        raise LogUnavailable(
            f"privguard: the log is missing from {at.log}, and {found} is from its time; put it back from your backup, "
            f"or move {at.root} away to begin a new record."
        )


def _feed(at: Home, key: LogKey, in_force: Policy | None) -> Feed | None:
    if in_force is None or in_force.team_store is None:
        return None
    from .team import team_feed  # few have a store

    return team_feed(at, key, in_force)


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
