"""What is shown in plain to whoever may see it: one record behind a handle, a sealed file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .._files import alone
from ..errors import Refused
from ..guard.cells.sources import data_sets_of
from ..guard.tables.watch import TableWatcher
from ..keys.keyring import KeyRing
from ..model import Request, Tier
from ..policy.rules import Policy
from ..settings import Home
from .events import log_reader, record, safe_text
from .keys import existing_keyring
from .place import check_allowed, home, principal
from .sessions import policy_here, record_here, running_session

if TYPE_CHECKING:
    from ..guard.reveal import Revealed

__all__ = ["check_may_unseal", "read_sealed", "reveal", "reveal_picture"]

_KERNEL_CHILD = "JPY_PARENT_PID"
"""Jupyter gives it to kernels, and they to their children."""


def reveal(text: str, *, reason: str | None) -> Revealed:
    """The one record behind the handle ``text``, for whoever the policy lets look it up; an event in any case.

    Raises Refused, InputError, LogUnavailable or KeyStoreError, in one sentence without the value.
    """
    from ..guard.reveal import reveal as look_up

    at = home()
    ring = _keys(at)
    with _asking(at, ring, reason) as asked:
        return look_up(text, keyring=ring, **asked)


def reveal_picture(handle: str, *, reason: str | None, find: Callable[[str], tuple[str, bytes]]) -> tuple[str, bytes]:
    """MIME type and bytes of the withheld picture ``handle``, which ``find`` knows; otherwise as `reveal`."""
    from ..guard.reveal import reveal_picture as look_up

    at = home()
    with _asking(at, _keys(at), reason) as asked:
        return look_up(handle, find=find, **asked)


@contextmanager
def _asking(at: Home, ring: KeyRing, reason: str | None) -> Iterator[dict[str, Any]]:
    """Who asks, under which policy, how often within the last hour, and where it is recorded; one at a time."""
    session = running_session()
    in_force = policy_here()
    who = principal(in_force)

    def attempts() -> int:
        events = log_reader(at).since(datetime.now(UTC) - timedelta(hours=1))
        return sum(e["action"] == "reveal" and e["principal"]["id"] == who.id for e in events)

    def append(*, outcome: str, reason: str | None, **fields: Any) -> None:
        if session is not None:
            session.record("reveal", outcome, reason=session.safe(reason), **fields)
        else:
            said = safe_text(reason, in_force, ring) if reason else None
            record("reveal", in_force, at=at, outcome=outcome, reason=said, **fields)

    if session is None and _KERNEL_CHILD in os.environ:
        append(outcome="refused", handle=None, reason=reason, rule="a notebook's shell")
        raise Refused(
            "privguard: what a shell in a notebook prints is saved with it; in a cell use %privguard reveal, or ask in "
            "a terminal.",
            "a notebook's shell",
        )
    # One at a time: of many that are asked at once, all would count the same attempts.
    with alone(at.root / "reveal.lock"):
        yield {
            "reason": reason,
            "request": lambda why: Request(who, "reveal", Tier.COMPLIANCE, reason=why),
            "policy": in_force,
            "attempts": attempts,
            "record": append,
        }


def _keys(at: Home) -> KeyRing:
    """The keys as they are kept by now, in a running session too: a destroyed one opens nothing any more."""
    session = running_session()
    if session is None:
        return existing_keyring(at)
    session.follow_keys()
    return session.keyring


def check_may_unseal(in_force: Policy, *, path: str, reason: str | None = None) -> None:
    """Raises Refused unless this account may have the sealed file ``path`` in plain, here.

    It takes tier compliance, if there are principals.
    """
    has_principals = any(layer.principals is not None for layer in in_force.layers)
    tier = Tier.COMPLIANCE if has_principals else Tier.PUBLIC
    check_allowed("unseal", tier, in_force, reason=reason, datasets=data_sets_of(path, in_force))


def read_sealed(path: str, *, reason: str | None) -> Any:
    """`jupyter_privguard.read_sealed`. In a guarded session everybody may: there it is masked, and its uses logged."""
    from ..guard.files.sealing import read_on_record

    session = running_session()
    in_force = policy_here()
    return read_on_record(
        path,
        reason=reason,
        policy=in_force,
        keyring=_keys(home()),
        record=record_here,
        check=lambda: (
            check_may_unseal(in_force, path=path, reason=reason)
            if session is None
            else session.admission.check_reading(path)
        ),
        watcher=TableWatcher(session) if session is not None else None,
    )
