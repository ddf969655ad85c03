"""Texts that tables became, before and after a column's class was changed.

What is left of a text from before is masked as it was then. A table that is printed anew has its text masked as
its columns are now, and the older text, which may be the same, has no say in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from ..sight import Sight
from .renderings import Rendering, Renderings

__all__ = ["TableTexts"]

_KEPT = 20


class TableTexts:
    """The last texts that tables became. Not thread-safe: the session holds the lock."""

    def __init__(self) -> None:
        self._all: deque[Rendering] = deque(maxlen=_KEPT)
        self._fresh: list[Rendering] = []
        """Those made since the last change, oldest first; empty where nothing was ever changed."""
        self._now = Renderings()
        self._before: Renderings | None = None

    def add(self, rendering: Rendering) -> None:
        """Remember a text."""
        self._now.add(rendering)
        self._all.append(rendering)
        if self._before is not None:
            self._fresh = [*self._fresh[1 - _KEPT :], rendering]

    def settle(self, running: Collection[str]) -> None:
        """Let go of the tables of all runs but those that are still ``running``."""
        for texts in (self._now, self._before):
            if texts is not None:
                texts.settle(running)
        self._all = deque((r for r in self._all if r.is_needed), maxlen=_KEPT)

    def changed(self) -> None:
        """A column's class was changed: what was remembered up to now is from before."""
        before = Renderings()
        for rendering in self._all:
            before.add(rendering)
        self._before, self._now, self._fresh = before, Renderings(), []

    def exchanged(self, text: str, sight: Sight) -> str:
        """``text`` with whole tables in it, however indented or quoted, and single lines of them masked."""
        if self._before is None:
            return self._now.exchanged(text, sight)
        for rendering in reversed(self._fresh):
            before, found, after = text.partition(rendering.raw) if rendering.raw else (text, "", "")
            if found:
                return self.exchanged(before, sight) + rendering.masked(sight) + self.exchanged(after, sight)
        return self._before.exchanged(self._now.exchanged(text, sight), sight)
