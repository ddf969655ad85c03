"""A table on its way to a screen: its masked copy, what was masked, and the line that says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._listing import first_of
from ...frames import FrameView
from ...model import Tier
from ...policy.rules import Policy
from ..columns.assess import Classification, masks_for
from .copying import Copying, Judged
from .masked_copies import is_masked_already

__all__ = ["Legends", "Shown", "show_table"]

_LISTED = 8
"""Columns that a legend names."""
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """What to render instead of a table."""

    native: Any
    """A copy of the same type; the table itself if nothing had to be changed."""
    changed: bool
    masked: Mapping[str, int] = field(default_factory=dict)
    legend: str = ""
    fix: Callable[[str], str] = str
    """Puts the true size back into a rendered text."""
    opened: tuple[str, ...] = ()
    """The values of columns that approvals open, as texts."""


def show_table(
    seen: FrameView,
    judged: Judged,
    how: Copying,
    *,
    whole: bool = False,
    opened: Collection[int] = (),
    legends: Legends | None = None,
) -> Shown:
    """What a tier may see of the table ``seen``; only the rows that a display can show are masked, unless ``whole``.

    ``opened`` are the positions that the tier sees by an approval only; ``legends`` are those made before.
    """
    if judged.exact is not None and judged.exact.group_size == 0:
        return Shown(seen.native, changed=False)  # statistics of nobody
    copied = how.copy(seen, judged, whole=whole, opened=opened)
    if not copied.changed:
        return Shown(seen.native, changed=False)
    return Shown(
        copied.native,
        changed=True,
        masked=copied.masked,
        legend=(legends or Legends()).legend(judged.columns, how.tier, how.policy, opened),
        fix=copied.fix,
        opened=copied.opened,
    )


class Legends:
    """The last ones, by the very verdicts that they are about."""

    def __init__(self) -> None:
        self._made: deque[tuple[Classification, object, str]] = deque(maxlen=_KEPT)

    def legend(self, columns: Classification, tier: Tier, policy: Policy, opened: Collection[int]) -> str:
        """The line that says what ``tier`` sees of ``columns``."""
        state = (tier, policy.sha256, tuple(opened))
        for about, kept, text in self._made:
            if about is columns and kept == state:
                return text
        text = _legend(columns, tier, policy, opened)
        self._made.appendleft((columns, state, text))
        return text


def _legend(classification: Classification, tier: Tier, policy: Policy, opened: Collection[int]) -> str:
    masks = masks_for(classification, tier, policy)
    parts = [f"{classification[p].column}: {m.operator.value}" for p, m in sorted(masks.items())]
    by_approval = [classification[at].column for at in sorted(opened)]
    approved = f"by approval: {', '.join(by_approval[:_LISTED])}" if by_approval else ""
    if approved and not parts:
        return f"privguard: {approved}"
    if not parts and any(map(is_masked_already, classification)):
        return "privguard: masked already"
    if not parts:
        return f"privguard: labels masked at tier {tier.label}"
    listed = first_of(parts, _LISTED)
    unsure = [
        f"{v.column}?" for v in classification if v.ASKS_FROM <= v.confidence < v.ACTS_FROM and v.entity != "NONE"
    ]
    doubt = f"; not sure about {', '.join(unsure[:_LISTED])}" if unsure else ""
    return f"privguard: tier {tier.label} sees {listed}{doubt}{'; ' if approved else ''}{approved}"
