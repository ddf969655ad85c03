"""How much pieces of evidence are worth together.

Independent reasons for the same entity are combined as a noisy-or (Pearl 1988, 4.3.2): each has
its own chance to be wrong, and the verdict is wrong only if all are. What speaks against is a
factor below one. Nothing is ever certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["CEILING", "Candidate", "together"]

CEILING = 0.99


def together(scores: Iterable[float]) -> float:
    """Confidence in [0, 0.99] of independent scores in [0, 1] for one entity."""
    wrong = 1.0
    for score in scores:
        wrong *= 1.0 - min(max(score, 0.0), 1.0)
    return min(CEILING, 1.0 - wrong)


@dataclass(slots=True)
class Candidate:
    """An entity that a column may hold, while reasons for and against it are collected."""

    entity: str
    scores: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    factor: float = 1.0
    by_value: bool = False
    """Whether values alone prove it."""
    is_thin: bool = False
    """Whether the values that prove it are few."""

    def support(self, score: float, reason: str) -> None:
        """Add an independent reason for it."""
        self.scores.append(score)
        self.reasons.append(reason)

    def weaken(self, factor: float, reason: str) -> None:
        """Add a reason against it: the confidence is multiplied by ``factor``."""
        self.factor *= factor
        self.reasons.append(reason)

    def forgive(self, factor: float, reason: str) -> None:
        """Take back a reason against it, if it was one."""
        if reason in self.reasons:
            self.factor /= factor
            self.reasons.remove(reason)

    @property
    def by_checksum(self) -> bool:
        """Whether check digits prove it."""
        return self.by_value and any(reason.startswith("checksum") for reason in self.reasons)

    @property
    def confidence(self) -> float:
        """In [0, 0.99]."""
        return together(self.scores) * self.factor
