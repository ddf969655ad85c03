"""What the points look at: the record, the policy and the keys of this deployment, at one moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .. import runtime
from ..audit.verify import VerifiedLog
from ..keys.keyring import KeyRing
from ..policy.rules import Policy
from ..settings import Home
from .points import NEWEST

__all__ = ["Deployment", "Event", "Limits", "ids", "left_by", "seqs"]

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is tried, and how old what was found may be."""

    guesses: int = 1_000_000
    """Ids that are tried by brute force: the whole of the form that made-up ids have."""
    asked: int = 12
    """Guesses that the kernel is asked to mask."""
    days: int = 30
    """Days that a scan may be old, in which no access may be missing, and which an archive may be behind."""
    copied_bytes: int = 256 << 20
    """The largest log that is copied to be damaged."""


@dataclass(frozen=True)
class Deployment:
    """The state of a deployment when the checklist began."""

    home: Home
    policy: Policy
    keyring: KeyRing
    log: VerifiedLog
    events: tuple[Event, ...]
    """Those that this account may read."""
    now: datetime
    loose: tuple[str, ...] = ()
    """Key files that were open to others, or somebody else's, before anything was tightened: name and mode."""
    experiment: str | None = None
    archive: str | None = None
    limits: Limits = field(default_factory=Limits)
    mask: Callable[[list[str]], list[str]] | None = None
    """Masks made-up ids as the kernel does; None: `pg.mask`."""
    tried: list[int] = field(default_factory=list)
    """Events that the checklist itself has left."""

    def of(self, *actions: str) -> list[Event]:
        """The events with one of these actions, of the experiment if one was named, without those of checklists."""
        own = self._of_checklists()
        return [
            event
            for event in self.events
            if event.get("action") in actions
            and event.get("seq") not in own
            and (self.experiment is None or event.get("experiment") == self.experiment)
        ]

    def newest(self, action: str) -> Event | None:
        """The newest event with this action, of any experiment."""
        return next((event for event in reversed(self.events) if event.get("action") == action), None)

    def is_recent(self, time: object) -> bool:
        """Whether ``time``, as events have it, is no older than the limit."""
        try:
            moment = datetime.fromisoformat(str(time))
            return moment >= self.now - timedelta(days=self.limits.days)
        except (ValueError, TypeError):
            return False

    def _of_checklists(self) -> set[int]:
        return {seq for event in self.events if event.get("action") == "checklist" for seq in event.get("tried") or ()}


def left_by(before: int, action: str) -> list[int]:
    """The numbers of this account's events with ``action`` that the log has got since it had ``before`` records."""
    who = runtime.principal(runtime.policy()).id
    newer = runtime.log_reader().events(after=before)
    return [event["seq"] for event in newer if event["action"] == action and event["principal"]["id"] == who]


def seqs(events: Iterable[Event]) -> tuple[int, ...]:
    """The numbers of the newest of these events."""
    return tuple(int(event["seq"]) for event in events)[-NEWEST:]


def ids(count: int) -> list[str]:
    """Made-up ids, other ones at every run; no two are equal."""
    found: set[str] = set()
    while len(found) < count:
        found.add(f"C{secrets.randbelow(1_000_000):06d}")
    return sorted(found)
