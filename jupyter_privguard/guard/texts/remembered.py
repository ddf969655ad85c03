"""Texts that tables and charts became, as `tables.TableWatcher` and `Pictures` report them."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from ..cells.cell import CellRun
from ..knowledge import Knowledge
from ..sight import Sight
from ..tables.shower import TableShower
from ..withheld import Withholding
from .renderings import Rendering
from .table_texts import TableTexts

__all__ = ["RememberedTexts"]


class RememberedTexts:
    """Remembers such texts for the newest of the running cells, with what to show in their place."""

    def __init__(
        self,
        texts: TableTexts,
        shower: TableShower,
        knowledge: Knowledge,
        newest: Callable[[], CellRun | None],
        locked: Callable[[], threading.RLock],
        withhold: Withholding,
    ) -> None:
        self._texts = texts
        self._shower = shower
        self._knowledge = knowledge
        self._newest = newest
        self._locked = locked
        self._withhold = withhold

    def table(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """``obj`` became ``text``: keep how to render it masked, for the case that the text is shown."""
        if self._shower.is_rendering:
            return
        with self._locked():
            run = self._newest()
        if run is None:
            self._knowledge.loaded(obj, None)
        else:
            make = self._shower.renderer(obj, text, render, whole=whole)
            self._texts.add(Rendering(text, run.key, functools.partial(self._withhold.unless_made, make, run)))

    def chart(self, text: str, make: Callable[[Sight], str]) -> None:
        """A chart became ``text``: ``make`` makes the one to show in its place."""
        with self._locked():
            if (run := self._newest()) is not None:
                self._texts.add(Rendering(text, run.key, make))
