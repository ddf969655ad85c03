"""What approvals of others let a cell see: in tables, the columns that they name; nothing else.

Asked anew for each cell and each of its outputs, so that what has ended or was taken back meanwhile shows no more.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ...errors import PrivguardError, StateError
from ...model import Tier
from ...policy.decide import decide
from ...policy.grants import granting_layers
from ..columns.assess import column_names
from ..sight import PUBLIC, Sight

if TYPE_CHECKING:
    from ...frames import FrameView
    from ...model import Approval, Decision, Request
    from ...policy.rules import Policy
    from ..cells.cell import CellRun
    from ..columns.assess import Classification
    from ..knowledge import Knowledge

__all__ = ["Approvals", "Leave", "opened"]


class Approvals(Protocol):
    """Where a session learns what others have approved for its principal."""

    def now(self) -> datetime:
        """The time, UTC; it does not go back."""

    def given(self, in_force: Policy) -> tuple[Approval, ...]:
        """The approvals that stand now, and those that have expired. StateError where nobody can tell."""

    def note(self, in_force: Policy, append: Callable[..., Any]) -> None:
        """Record answers and ends that the log does not tell of yet. StateError as `given`."""


class Leave:
    """Decides with what ``approvals`` tell; without them by roles alone."""

    def __init__(self, approvals: Approvals | None) -> None:
        self._approvals = approvals

    def decided(self, request: Request, policy: Policy, append: Callable[..., Any]) -> Decision:
        """By roles, and where they do not give the tier by approvals: what others answered is recorded first.

        LogUnavailable if that cannot be done.
        """
        answer = decide(request, policy)
        speaks_of_people = any(layer.principals is not None for layer in granting_layers(policy))
        if answer.allowed or self._approvals is None or not speaks_of_people:
            return answer
        try:
            self._approvals.note(policy, append)
            return decide(self._now(request, policy, self._approvals), policy)
        except StateError as error:
            return answer._replace(
                reason=f"{answer.reason.removesuffix('.')}; {str(error).removeprefix('privguard: ')}"
            )

    @staticmethod
    def _now(request: Request, policy: Policy, approvals: Approvals) -> Request:
        given = approvals.given(policy)
        return request._replace(approvals=given, at=approvals.now())

    def sight(self, run: CellRun | None, policy: Policy) -> Sight:
        """What an output of ``run`` may show now; of no cell, or of a refused one, the least."""
        if run is None or run.refused:
            return PUBLIC
        if run.asked is None or self._approvals is None:
            return Sight.of(run.options.tier)
        own, begun_with = _own_tier(run.asked, policy), {approval.id for approval in run.approvals}
        try:
            answer = decide(self._now(run.asked, policy, self._approvals), policy)
        except PrivguardError:  # what nobody can look at does not stand
            return Sight.of(own)
        standing = tuple(one for one in answer.approvals if answer.allowed and one.id in begun_with)
        return Sight(own, run.options.tier, standing) if standing else Sight.of(own)


def _own_tier(request: Request, policy: Policy) -> Tier:
    """The highest tier, up to the one that was asked for, that roles give."""
    tiers = (tier for tier in sorted(Tier, reverse=True) if tier < request.tier)
    plain = request._replace(approvals=(), purpose=None, datasets=())
    return next((t for t in tiers if decide(plain._replace(tier=t), policy).allowed), Tier.PUBLIC)


def opened(
    sight: Sight, found: Classification, seen: FrameView, obj: Any, knowledge: Knowledge
) -> tuple[Classification, tuple[int, ...]]:
    """``found`` on the table ``obj`` as ``sight`` shows it at its tier, and the positions that approvals open."""
    columns, positions = list(found), []
    for at in _approved(sight, seen, obj, knowledge) if sight.approvals else ():
        action = columns[at].action
        now, then = action.get(sight.tier.label), action.get(sight.approved.label)
        if then is not None and now != then:
            columns[at] = replace(columns[at], action={**action, sight.tier.label: then})
            positions.append(at)
    return (replace(found, columns=tuple(columns)), tuple(positions)) if positions else (found, ())


def _approved(sight: Sight, seen: FrameView, obj: Any, knowledge: Knowledge) -> list[int]:
    from ...policy.approvals import covers  # asked for where there are approvals

    labels = column_names(seen)[: seen.width]
    number = Counter(labels)

    def is_covered(names: Iterable[str | None], label: str) -> bool:
        return any(covers(approval, names, label) for approval in sight.approvals)

    return [
        at
        for at, label in enumerate(labels)
        if number[label] == 1
        and any(not approval.columns or label in approval.columns for approval in sight.approvals)
        and knowledge.provenance.shows(obj, seen, at, label, is_covered)
    ]
