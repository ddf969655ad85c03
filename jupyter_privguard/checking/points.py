"""What a point of the checklist is, and what was found of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..errors import PrivguardError
from ..report.sections.checklist import POINTS

__all__ = ["NEWEST", "Found", "Point", "Status", "clause", "worst"]

NEWEST = 5
"""Events that a point names of those that bear on it, the newest ones."""


class Status(StrEnum):
    """How far a point is borne out."""

    EVIDENCED = "evidenced"
    PARTIAL = "partial"
    NOT = "not evidenced"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found of a point: a clause without a full stop, and the events behind it."""

    status: Status
    says: str
    seqs: tuple[int, ...] = ()
    is_broken: bool = False
    """Whether a log, or what keeps it, is damaged."""


@dataclass(frozen=True, slots=True)
class Point:
    """The answer to one point."""

    number: int
    status: Status
    reason: str
    """One sentence."""
    seqs: tuple[int, ...] = ()
    """Of the kernels' log."""
    is_broken: bool = False

    @property
    def title(self) -> str:
        """The point itself."""
        return POINTS[self.number - 1]

    def told(self) -> dict[str, Any]:
        """As the event has it."""
        return {
            "point": self.number,
            "status": self.status.value,
            "reason": self.reason,
            "seqs": list(self.seqs),
        }


def clause(error: PrivguardError) -> str:
    """What ``error`` says, as `Found` says it."""
    return str(error).removeprefix("privguard: ").rstrip(".")


def worst(number: int, found: Iterable[Found]) -> Point:
    """The point by all that was ``found`` of it: its status is the worst, and what says so comes first.

    What is good is said only where nothing is bad, so that sentence and events tell why.
    """
    all_found = list(found)
    order = (Status.NOT, Status.PARTIAL, Status.EVIDENCED)
    status = next((one for one in order if any(each.status is one for each in all_found)), Status.NOT)
    bad = [each for one in order[:2] for each in all_found if each.status is one]
    said = bad or all_found
    sentence = "; ".join(each.says for each in said) or "nothing was found"
    seqs = {seq for each in said for seq in each.seqs}
    return Point(
        number,
        status,
        f"{sentence[:1].upper()}{sentence[1:]}.",
        _newest(sorted(seqs)),
        any(each.is_broken for each in all_found),
    )


def _newest(seqs: Sequence[int]) -> tuple[int, ...]:
    return tuple(seqs[-3 * NEWEST :])
