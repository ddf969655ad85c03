"""Numbers, dates and short words that a cell took out of tables, found again in what it shows.

Such a value is never looked for because it is known: in a long column every fourth number may be one. It is
looked for in the outputs of a cell that took it out of its table, or named the person it belongs to, or wrote its
label before it, and masked as its column is. What was typed into the cell is no secret.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import islice, pairwise
from typing import Any

from ...frames import FrameView, row_cells, row_labels, view
from ...frames.rows import first_rows
from ...frames.takes import Takes, Whole
from ..columns.assess import column_names
from ..columns.numbers import KnownNumbers
from ..texts.known import Hit
from ..texts.known_columns import GoneColumn, KnownColumn, KnownColumns, statistics_of
from ..texts.labelled_values import labelled_values, labels_in
from ..texts.people_rows import PeopleRows
from ..texts.spelling import without_colours
from ..texts.written_values import dates_in_pieces, number_of, written_in
from .cell_source import CellSource
from .columns import Found, TakenColumn
from .notes import said_in

__all__ = ["CellTaken"]

_LONGEST = 2_000_000
"""Characters of one text in which numbers are looked at."""
_WIDEST = 500
"""Rows of a table that may be another one on its side."""
_SHORT = 2000
"""Values that are looked at one by one where no column of their label is known."""


class CellTaken:
    """What one cell took out of tables, and what of it stands in a text.

    Not thread-safe: the session holds the lock.
    """

    def __init__(self) -> None:
        self.takes = Takes()
        """Filled while the cell runs."""
        self.sources: set[str] = set()
        """Variables out of which it may have taken anything."""
        self._columns: dict[int, TakenColumn] = {}
        self._people = PeopleRows()
        self._seen_ones: dict[Hashable, int] = {}
        self._seen_wholes: dict[int, int] = {}
        self._seen_statistics = 0

    @property
    def columns(self) -> list[TakenColumn]:
        """The columns that something was taken out of, as far as `renew` looked."""
        return list(self._columns.values())

    def forget(self) -> None:
        """Let go of everything: tables, too, live as long as they are noted here."""
        self.takes = Takes()
        self._columns, self._people = {}, PeopleRows()
        self._seen_ones, self._seen_wholes, self._seen_statistics = {}, {}, 0

    def find(
        self,
        text: str,
        hits: Collection[Hit],
        columns: KnownColumns,
        source: CellSource,
        is_found_anyway: Callable[[str], bool],
    ) -> list[Found]:
        """What in ``text``, in which the known values ``hits`` are, came out of one of ``columns``; see `renew`."""
        if hits:
            self._people.meet(hits, columns, self._take_out)
        pieces = dates_in_pieces(text[:_LONGEST])
        text = without_colours(text)
        labelled = labels_in(text, columns)
        if not (self._columns or labelled or (hits and self._people)):
            return []
        text = _with_gaps(text[:_LONGEST], hits)
        taken = _Places(hits)
        written = heapq.merge(written_in(text), pieces, key=lambda one: one.start)
        tokens = [one for one in written if not taken.meets(one.start, one.end) and not source.has(one)]
        found = [one for column in self.columns for one in column.find(text, tokens, source, is_found_anyway)]
        if hits and self._people:
            found += self._people.beside(hits, tokens)
        found += labelled_values(labelled, tokens)
        return _apart(one for one in found if not taken.meets(one.start, one.end))

    # --- what was taken out ---------------------------------------------------------------------------

    def renew(
        self, columns: KnownColumns, numbers: KnownNumbers, k: int, know: Callable[[str, list[str]], None]
    ) -> None:
        """Look at what was taken out since the last look; groups of fewer than ``k`` rows tell of their rows.

        ``know`` gets an entity and values of it that stood in texts about persons.
        """
        takes = self.takes
        if not takes:
            return
        for label, values in list(takes.ones.items()):
            before = self._seen_ones.get(label, 0)
            if len(values) > before:
                new = list(islice(tuple(values), before, None))
                self._seen_ones[label] = before + len(new)
                self._add(label, new, columns.of(label), single=True)
                self._add_unknown(label, new, columns, numbers)
                self._add_notes(label, new, columns, know)
        for at, whole in enumerate(list(takes.wholes)):
            rows = -1 if whole.rows is None else whole.rows()
            if self._seen_wholes.get(at) != rows:
                self._seen_wholes[at] = rows
                self._add_whole(whole, rows, columns, numbers, k)
                self._add_all_notes(whole, columns, know)
        if len(takes.statistics) > self._seen_statistics:
            self._add_statistics(columns, k)

    def _of(self, column: KnownColumn) -> TakenColumn:
        return self._columns.setdefault(id(column), TakenColumn(column))

    def _take_out(self, column: KnownColumn, values: Iterable[Any]) -> None:
        self._add(column.label, values, [column], single=True)

    def _add(self, label: Hashable, values: Iterable[Any], own: Sequence[KnownColumn], *, single: bool) -> None:
        """``values`` stood under ``label``, in one of the columns ``own``."""
        values = list(values)
        for at, column in enumerate(own):
            taken = self._columns.get(id(column)) or TakenColumn(column)
            if isinstance(column, GoneColumn) and at:  # it is believed, so of it is only what nobody else has
                values = [value for value in values if not any(other.holds([value]) for other in own[:at])]
            if taken.add(values):
                self._columns[id(column)] = taken
                taken.has_single = taken.has_single or single

    def _add_unknown(
        self, label: Hashable, values: list[Any], columns: KnownColumns, numbers: KnownNumbers, *, single: bool = True
    ) -> None:
        """Under a label that no column has values are judged by the numbers that are known, and by rare ones alone."""
        if columns.of(label) or label in columns.clear or not 0 < len(values) <= _SHORT:
            return
        verdict = numbers.verdict_of(values)
        own = columns.of(verdict.column) if verdict is not None else columns.of_rare_values()
        self._add(label, values, own, single=single)

    def _add_whole(self, whole: Whole, rows: int, columns: KnownColumns, numbers: KnownNumbers, k: int) -> None:
        seen = view(whole.table) if whole.table is not None else None
        if seen is None:
            for column in columns.of(whole.label):
                self._of(column).add_all()
            return
        if whole.label is None and rows < 0:
            self._add_rows(seen, columns)
        names = column_names(seen)
        for at, name in enumerate(names if whole.label is None else [str(whole.label)]):
            own = columns.of(name)
            if not own and (name in columns.clear or seen.rows > _SHORT):
                continue
            same = [column for column in own if rows < 0 and _SHORT < seen.rows == column.rows]
            for column in same:
                self._of(column).add_all()
            part = seen if rows < 0 or same else view(first_rows(whole.table, rows))
            if part is not None and not same:
                self._add_part(name, part, at, columns, numbers, k)

    def _add_notes(
        self, label: Hashable, texts: Iterable[Any], columns: KnownColumns, know: Callable[[str, list[str]], None]
    ) -> None:
        column = columns.notes.get(str(label))
        if column is None:
            return
        said, born = said_in(texts)
        for entity, values in said.items():
            know(entity, values)
        if born:
            column.admit(born)
            self._add(label, born, [column], single=True)

    def _add_all_notes(self, whole: Whole, columns: KnownColumns, know: Callable[[str, list[str]], None]) -> None:
        seen = view(whole.table) if whole.table is not None and columns.notes else None
        for at, name in enumerate(column_names(seen) if seen is not None else ()):
            label = name if whole.label is None else whole.label
            if seen is not None and str(label) in columns.notes:
                self._add_notes(label, seen.distinct(at), columns, know)

    def _add_rows(self, seen: FrameView, columns: KnownColumns) -> None:
        """A table on its side (``df.T``) has columns as rows."""
        labels = row_labels(seen) if seen.rows <= _WIDEST else []
        for row, label in enumerate(labels):
            if type(label) is str and columns.of(label):
                self._add(label, row_cells(seen, row), columns.of(label), single=False)

    def _add_part(
        self, name: str, part: FrameView, at: int, columns: KnownColumns, numbers: KnownNumbers, k: int
    ) -> None:
        """A column called ``name`` was taken out: where one known column holds all of it, it is from there."""
        values, own = part.distinct(at), columns.of(name)
        if len(own) > 1:
            own = [column for column in own if column.holds(values)] or own
        self._add(name, values, own, single=False)
        self._add_unknown(name, values, columns, numbers, single=False)
        found = statistics_of(part, at) if part.rows >= k else ()
        for column in own:
            if id(column) in self._columns:
                self._columns[id(column)].aggregates.update(found)

    def _add_statistics(self, columns: KnownColumns, k: int) -> None:
        """Those of few rows tell of each, and those of nearly the same rows of the few by which they differ."""
        all_of_them = list(self.takes.statistics)
        for label, rows, value in all_of_them[self._seen_statistics :]:
            number = number_of(value)
            for column in columns.of(label) if rows < k and number is not None else ():
                self._of(column).statistics[number or 0.0] = value
        self._seen_statistics = len(all_of_them)
        sizes: dict[Hashable, set[int]] = {}
        for label, rows, _ in all_of_them:
            sizes.setdefault(label, set()).add(rows)
        for label, counts in sizes.items():
            ordered = sorted(counts)
            if any(0 < more - less < k for less, more in pairwise(ordered)):
                for column in columns.of(label):
                    self._of(column).add_all()


class _Places:
    """Where known values stand in a text."""

    def __init__(self, hits: Collection[Hit]) -> None:
        ordered = sorted(hits, key=lambda hit: hit.start)
        self._starts = [hit.start for hit in ordered]
        self._ends = [hit.end for hit in ordered]

    def meets(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with this place."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._ends[at] > start


def _with_gaps(text: str, hits: Iterable[Hit]) -> str:
    """``text`` with blanks for ``hits`` that stand against letters or digits: these are words of their own then."""
    parts, done = [], 0
    for start, end in sorted((hit.start, hit.end) for hit in hits if hit.end <= len(text)):
        if start >= done and (text[end : end + 1].isalnum() or text[max(0, start - 1) : start].isalnum()):
            parts += [text[done:start], " " * (end - start)]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _apart(found: Iterable[Found]) -> list[Found]:
    """``found`` in order, without what overlaps; the longer of two that begin alike."""
    chosen: list[Found] = []
    for one in sorted(found, key=lambda found: (found.start, found.start - found.end)):
        if not chosen or one.start >= chosen[-1].end:
            chosen.append(one)
    return chosen
