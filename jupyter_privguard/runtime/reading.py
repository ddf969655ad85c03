"""Who reads what of the log: everybody their own events, those of others only by the policy's leave.

Proving the log whole, its checkpoint and its verifier key need no leave, for they tell nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from .._canonical import canonical_json
from ..audit.index import find
from ..audit.query import Access, Query, accesses
from ..audit.reader import LogReader
from ..audit.verify import verify
from ..errors import Refused
from ..model import Request, Tier
from ..policy.decide import decide
from ..policy.grants import granting_layers
from ..policy.rules import Policy
from .events import log_reader, record
from .place import principal, tell

__all__ = ["Reading"]

Event = dict[str, Any]


class Reading:
    """What one account reads of the log under a policy, for ``what``; where the policy has people that is an event."""

    def __init__(self, what: str, in_force: Policy) -> None:
        self._what = what
        self._in_force = in_force
        self._who = principal(in_force)
        self._answer = decide(Request(self._who, "log.read", Tier.PUBLIC), in_force)

    def check_whole(self, events: Iterable[Event]) -> None:
        """Refused unless all ``events`` may be read."""
        if not all(map(self.may_see, events)):
            raise Refused(self._answer.reason, self._answer.rule)

    def verified(self) -> list[Event]:
        """The events of the log that may be read; it is verified first, for a damaged one must not be written to.

        LogError where it is damaged, LogUnavailable where there is none or the reading cannot be recorded.
        """
        verified = verify(log_reader())
        self.note()
        return list(self._readable(verified.events))

    def events(self) -> Iterator[Event]:
        """The events that may be read, one by one and not verified; errors as `verified`."""
        return self._readable(self._noted().events())

    def lines(self) -> Iterator[str]:
        """The lines of these events as they were hashed; errors as `verified`."""
        reader = self._noted()
        if self._answer.allowed:
            return reader.lines()
        return (canonical_json(event).decode() for event in self._readable(reader.events()))

    def answers(self, query: Query, done: Callable[[float], None] | None = None) -> list[Access]:
        """The answer to ``query`` out of the events that may be read, not verified; errors as `verified`.

        Of a large log only the records that may answer are read; ``done`` hears of what is indexed for that.
        """
        reader = self._noted()
        found = find(reader, query, done)
        if found is None:
            return list(accesses(self._readable(reader.events()), query))
        newest = list(reader.events(after=found.covered))
        for event in newest:
            found.classes.note(event)
        events = chain(reader.at(found.numbers), newest)
        return list(accesses(self._readable(events), query, found.classes))

    def origin(self) -> str:
        """The name of the log, as its own checkpoint says; errors as `verified`."""
        return log_reader().checkpoint.partition("\n")[0]

    def _noted(self) -> LogReader:
        log_reader()
        self.note()
        return log_reader()

    def note(self) -> None:
        """Record the reading where the policy has people; errors as `record`."""
        if any(layer.principals is not None for layer in granting_layers(self._in_force)):
            whose = "all" if self._answer.allowed else "own"
            record("log.read", self._in_force, what=self._what, whose=whose, rule=self._answer.rule)

    def _readable(self, events: Iterable[Event]) -> Iterator[Event]:
        left_out = 0
        for event in events:
            if self.may_see(event):
                yield event
            else:
                left_out += 1
        if left_out:
            why = self._answer.reason.removeprefix("privguard: ")
            tell([f"privguard: {left_out} events of others are left out: {why}"])

    def may_see(self, event: Event) -> bool:
        """Whether ``event`` may be read: the account's own, or any by the policy's leave."""
        return self._answer.allowed or (event.get("principal") or {}).get("id") == self._who.id
