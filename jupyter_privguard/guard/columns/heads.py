"""The verdicts on the labels of the last tables: most tables are shown many times, and so are their parts.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from ...frames import FrameView, heads_content
from ...model import ColumnVerdict
from ...policy.rules import Policy
from .assess import head_alone
from .labels import acts_on_labels

__all__ = ["Heads"]

_KEPT = 16

Verdicts = dict[int, ColumnVerdict]


class _Kept(NamedTuple):
    labels: object
    policy: Policy
    found: Verdicts


class Heads:
    """By level the verdicts that act on labels; remembered for levels without a name, which are judged alone."""

    def __init__(self) -> None:
        self._kept: deque[_Kept] = deque(maxlen=_KEPT)

    def verdicts(self, seen: FrameView, policy: Policy, of_named: Callable[[FrameView], ColumnVerdict]) -> Verdicts:
        """Those on the labels of ``seen``; ``of_named`` judges the labels of a level that has a name."""
        labels = heads_content(seen)
        for one in self._kept if labels is not None else ():
            if one.policy is policy and one.labels == labels:
                return one.found
        found, levels = Verdicts(), seen.heads
        for at, level in enumerate(levels):
            verdict = of_named(level) if level.labels[0] is not None else head_alone(level, policy)
            if verdict is not None and acts_on_labels(verdict, level):
                found[at] = verdict
        if labels is not None and all(level.labels[0] is None for level in levels):
            self._kept.appendleft(_Kept(labels, policy, found))
        return found
