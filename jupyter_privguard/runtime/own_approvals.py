"""What others answered to the requests of this account: what stands now, and what the log does not tell of yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ..keys.keyring import KeyRing
from ..model import Approval
from ..policy.approvals import LONGEST_TERM, OPEN_FOR, Asked, Question, State, as_approval, judged, time_text
from ..policy.rules import Policy
from ..settings import Home
from .events import log_reader, safe_text
from .exchange import TIERS, Exchange, Filed, Form
from .log import has_log

__all__ = ["OwnApprovals", "Safe", "Told", "exchange_in", "exchange_of", "fields_of", "note"]

_LOOKED_BACK = LONGEST_TERM + OPEN_FOR + timedelta(days=1)
"""Events of requests that are older tell of nothing that could still stand."""

_Q = TypeVar("_Q", bound=Question)

Safe = Callable[[str | None], str | None]
"""Masks what looks like a value in a text that goes into the log or onto a screen."""


class OwnApprovals:
    """What others have approved for the account of a session; see `guard.approved.Approvals`."""

    def __init__(self, at: Home, ring: KeyRing, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._at = at
        self._ring = ring
        self._clock = clock
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._told = Told(at)

    def now(self) -> datetime:
        """The time, which does not go back while this session runs."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    def given(self, in_force: Policy) -> tuple[Approval, ...]:
        """The approvals that stand now, and those that have expired. StateError where the folder cannot be trusted."""
        now = self.now()
        found = (as_approval(one.asked, judged(one.asked, one.answers, in_force, now)) for one in self._own(in_force))
        # What the log says is over stays so, whatever the clock says now.
        return tuple(a for a in found if a is not None and (a.expires <= now or a.id not in self._told.ended))

    def note(self, in_force: Policy, append: Callable[..., Any]) -> None:
        """Record answers and ends that the log does not tell of yet. LogUnavailable if that cannot be done."""
        own, now = self._own(in_force), self.now()
        if own:
            note(own, in_force, append, self._safe(in_force), self._told.keys(now), now)

    def _safe(self, in_force: Policy) -> Safe:
        return lambda text: safe_text(text, in_force, self._ring) if text else text

    def _own(self, in_force: Policy) -> list[Filed[Asked]]:
        return exchange_of(in_force, self._at).requests(by=os.geteuid())


# --- events ---------------------------------------------------------------------------------------

_Key = tuple[str, str, str | None, str | None]


class Told:
    """What the log tells of requests already; each event is read once."""

    def __init__(self, at: Home) -> None:
        self._at = at
        self._seq = 0
        self._keys: set[_Key] = set()

    @property
    def ended(self) -> set[str]:
        """The requests of which the log said, at the last look, that they are over."""
        return {request for action, request, _, _ in self._keys if action == "approval.expire"}

    def keys(self, now: datetime) -> set[_Key]:
        """Action, request, by whom and until when of each event on a request."""
        if has_log(self._at):
            reader = log_reader(self._at)
            for event in reader.events(after=self._seq) if self._seq else reader.since(now - _LOOKED_BACK):
                self._seq = max(self._seq, int(event["seq"]))
                if str(event["action"]).startswith("approval.") and event["outcome"] == "ok":
                    self._keys.add((event["action"], event["approval"], event.get("by"), event.get("until")))
        return self._keys


def note(
    own: Iterable[Filed[Asked]],
    in_force: Policy,
    append: Callable[..., Any],
    safe: Safe,
    told: set[_Key],
    now: datetime,
) -> None:
    """Record what happened to the requests ``own`` by others, and their ends, once each."""
    for asked, answers in own:
        standing = judged(asked, answers, in_force, now)
        happened: list[tuple[str, str | None, str | None, str | None]] = [
            (answer.action, answer.by, time_text(answer.until) if answer.until else None, answer.reason)
            for answer in sorted(answers, key=lambda answer: answer.at)
            if answer.by != asked.by and answer.by in standing.answered_by
        ]
        if standing.state is State.EXPIRED and standing.expires is not None:
            happened.append(("approval.expire", None, time_text(standing.expires), None))
        for action, by, until, reason in happened:
            if (action, asked.id, by, until) not in told:
                extra = {"by": by} if by is not None else {}
                append(action, **(fields_of(asked, safe) | {"reason": safe(reason), "until": until} | extra))
                told.add((action, asked.id, by, until))


def exchange_of(in_force: Policy, at: Home) -> Exchange[Asked]:
    """Where requests for what roles do not give lie; see `exchange_in`."""
    return exchange_in(in_force, at, TIERS)


def exchange_in(in_force: Policy, at: Home, form: Form[_Q]) -> Exchange[_Q]:
    """Where requests and answers of a ``form`` lie: the first folder that a layer names, else one of this account."""
    named = next((layer.approvals_folder for layer in in_force.layers if layer.approvals_folder), None)
    if named:
        return Exchange(Path(named), is_shared=True, form=form)
    return Exchange(at.approvals, is_shared=False, form=form)


def fields_of(asked: Asked, safe: Safe) -> dict[str, Any]:
    """A request as the log has it. What it says may hold values."""
    return {
        "approval": asked.id,
        "for": asked.by,
        "tier": asked.tier.label,
        "data_set": safe(asked.dataset),
        "columns": [safe(column) for column in asked.columns],
        "experiment": safe(asked.experiment),
        "purpose": safe(asked.purpose),
        "reason": safe(asked.reason),
        "minutes": int(asked.term.total_seconds()) // 60,
    }
