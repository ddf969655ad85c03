"""What cells take out of tables: noted while they run, and masked in what they show.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ...frames.takes import Taker, Takes
from ...keys.keyring import KeyRing
from ...model import Tier
from ...policy.rules import Policy
from ..cells.cell import CellOptions, CellRun
from ..columns.column_masks import mask_at
from ..knowledge import Knowledge
from ..texts.known import Hit
from ..texts.known_columns import KnownColumns
from .cell_source import CellSource
from .columns import Found
from .variables import TakenVariables

__all__ = ["Takings"]

_CACHE = 20_000
_LATE = 8
"""Cells that ended last, from which there may be late output."""
_NOTES = "notes"
"""The column that everything said in texts is from."""
_MEDIAN = "50%"
"""The row of a ``describe()`` that holds no row's own value where enough rows are described."""


class Takings:
    """Joins what hooks note to the cells that run, and finds it again in their outputs."""

    def __init__(self, knowledge: Knowledge, keyring: KeyRing) -> None:
        self._knowledge = knowledge
        self._keyring = keyring
        self._columns = KnownColumns(knowledge.names, knowledge.verdict_on_label)
        self._variables = TakenVariables(knowledge.names)
        self._answers: dict[tuple[Any, ...], str | None] = {}
        self._k = 0
        self._source: tuple[CellRun, CellSource] | None = None
        self._between = CellRun("", CellOptions(), "", 0)
        """Takes out what no cell does."""
        self._is_between_filled = False
        self._ended: deque[CellRun] = deque()
        self._own_words = threading.local()
        self.taker = Taker()
        self.taker.harmless = self._columns.harmless
        self.taker.is_statistic = self._is_statistic

    def begin(self, run: CellRun, k: int) -> None:
        """What is taken out from now on is taken out by ``run``, and by the cell that ran it if it is within one.

        ``k`` is the size of the smallest group of rows that tells nothing of them.
        """
        self._k = k
        self.taker.harmless.clear()  # until the tables that this cell makes are looked at
        if self.taker.now is None or self.taker.now is self._between.taken.takes:
            self._between.taken.forget()
            self._is_between_filled = False
        else:
            run.taken.takes = self.taker.now
        self.taker.now = run.taken.takes
        with suppress(Exception):  # tables and variables may hold any objects; what leaves is looked at once more
            self._columns.look()
            self._variables.use(run, self._source_of(run))

    def goes_on(self, run: CellRun) -> None:
        """More code of ``run`` is known."""
        self._source = None
        with suppress(Exception):  # as above
            self._variables.use(run, self._source_of(run))

    def end(self, run: CellRun, outer: CellRun | None) -> None:
        """``run`` takes out nothing any more."""
        self.taker.now = (outer or self._between).taken.takes
        self._is_between_filled = False
        if run.taken.takes:
            with suppress(Exception):  # as above
                self._look(run)
                self._variables.learn(run, self._source_of(run))
            if outer is None:
                run.taken.takes = Takes()  # it may hold tables
        self._ended.append(run)
        while len(self._ended) > _LATE:
            self._ended.popleft().taken.forget()

    def _is_statistic(self, table: Any, row: Hashable) -> bool:
        facts = self._knowledge.names.datasets.known(table)
        if facts is None or facts.exact is None or not 0 < self._k <= facts.exact.group_size:
            return False
        return facts.exact.rows is None or row in facts.exact.rows or row == _MEDIAN

    def hits(self, text: str, hits: list[Hit], *, run: CellRun | None, tier: Tier, policy: Policy) -> list[Hit]:
        """What else is to be masked in an output of ``run``, or of no cell, in which ``hits`` were found."""
        if getattr(self._own_words, "said", False):
            return []
        if run is None:
            run = self._nobodys()
        self._look(run)
        values = self._knowledge.values
        found = run.taken.find(text, hits, self._columns, self._source_of(run), lambda word: bool(values.find(word)))
        masked = []
        for one in found:
            shown = self._mask(one, tier, policy)
            if shown is not None:
                masked.append(Hit(one.start, one.end, one.verdict.entity, str(one.value), shown=shown))
        return masked

    @contextmanager
    def own_words(self) -> Iterator[None]:
        """While this thread shows what the guard itself has made of a table: its bands are no row's values."""
        self._own_words.said = True
        try:
            yield
        finally:
            self._own_words.said = False

    def _nobodys(self) -> CellRun:
        """What a debugger, a widget or a front end's own request shows may be in any variable."""
        if not self._is_between_filled:
            self._variables.use_all(self._between)
            self._is_between_filled = True
        return self._between

    def look(self, run: CellRun | None) -> None:
        """What ``run`` took out so far is known before a text of it is read."""
        self._look(run or self._nobodys())

    def _look(self, run: CellRun) -> None:
        self._columns.look(within_cell=True)
        self._variables.use_sources(run, self._source_of(run), self._columns.labels)
        run.taken.renew(self._columns, self._knowledge.numbers, self._k, self._know)

    def _know(self, entity: str, values: list[str]) -> None:
        self._knowledge.values.learn(entity, values, column=_NOTES)

    def _source_of(self, run: CellRun) -> CellSource:
        if self._source is None or self._source[0] is not run:
            self._source = run, CellSource(run.code)
        return self._source[1]

    def _mask(self, found: Found, tier: Tier, policy: Policy) -> str | None:
        """What stands for a value; None where the tier sees it as it is."""
        from ...masking.masker import mask_value

        verdict = found.verdict
        key = (self._keyring.key_id, policy.sha256, verdict.entity, verdict.domain, verdict.column, tier, found.value)
        if key not in self._answers:
            if len(self._answers) >= _CACHE:
                self._answers.clear()
            mask = mask_at(verdict, tier, policy)
            self._answers[key] = (
                None if mask is None else str(mask_value(found.value, mask, self._keyring, on_screen=True))
            )
        return self._answers[key]
