"""Who is named in an output is known by it: what else stands in that person's row counts as taken out.

A name, an address or an id in a text is found anyway. Its rows are looked up in the tables that live, so many at
most, and once a cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable
from typing import Any

from ...frames import FrameView
from ...frames.rows import cells_at, rows_with
from ..taken.columns import Found
from .known import Hit
from .known_columns import KnownColumn, KnownColumns
from .written_values import Written, number_of

__all__ = ["PeopleRows"]

_MOST_PEOPLE = 500
"""Persons of one cell whose rows are looked up."""
_MOST_ROWS = 20
"""Rows of one person; a value that more rows hold does not tell whose they are."""
_FEWEST_NUMBERS = 1000
"""Numbers that a column could hold; of fewer, one somewhere in the text proves nothing."""
_NEAR = 200
"""Characters after a person within which a number may be about them."""

TakeOut = Callable[[KnownColumn, list[Any]], None]
"""Told of values in the row of a person that count as taken out of a column."""


class PeopleRows:
    """The rows of the persons that one cell named."""

    def __init__(self) -> None:
        self._people: set[str] = set()
        self._beside: dict[str, list[tuple[KnownColumn, float]]] = {}
        """By person the numbers in their rows that prove something only where they stand beside them."""

    def __bool__(self) -> bool:
        """Whether there are numbers to look for beside persons."""
        return bool(self._beside)

    def meet(self, hits: Iterable[Hit], columns: KnownColumns, take_out: TakeOut) -> None:
        """``hits`` are known values found in an output."""
        new: dict[str, set[str]] = {}
        for hit in hits:
            if len(self._people) < _MOST_PEOPLE and hit.value not in self._people:
                self._people.add(hit.value)
                new.setdefault(hit.entity, set()).add(hit.value)
        if not new:
            return
        for seen, own in columns.tables():
            for key in own if len(own) > 1 else ():
                texts = new.get(key.verdict.entity)
                if texts:
                    rows = rows_with(seen, key.at, texts, most=_MOST_ROWS * len(texts) + 1)
                    if 0 < len(rows) <= _MOST_ROWS * len(texts):
                        self._meet_rows(seen, rows, key, own, take_out)

    def _meet_rows(
        self, seen: FrameView, rows: list[int], key: KnownColumn, own: list[KnownColumn], take_out: TakeOut
    ) -> None:
        names = cells_at(seen, key.at, rows)
        for column in own:
            if column is key or not (column.numbers or column.days):
                continue
            cells = cells_at(seen, column.at, rows)
            if column.days or column.cells >= _FEWEST_NUMBERS:
                take_out(column, cells)
                continue
            for name, cell in zip(names, cells, strict=False):
                number = number_of(cell)
                if number is not None and type(name) is str:
                    self._beside.setdefault(name, []).append((column, number))

    def beside(self, hits: Collection[Hit], tokens: list[Written]) -> list[Found]:
        """Ages and the like of the persons ``hits`` that stand a little behind them, before the next person."""
        found: list[Found] = []
        ordered = sorted(hits, key=lambda hit: hit.start)
        starts = [one.start for one in tokens]
        for at, hit in enumerate(ordered):
            own = self._beside.get(hit.value)
            if not own:
                continue
            following = (other.start for other in ordered[at + 1 :] if other.entity == hit.entity)
            end = min(next(following, hit.end + _NEAR), hit.end + _NEAR)
            for one in tokens[bisect_left(starts, hit.end) : bisect_left(starts, end)]:
                numbers = [number for number, places in one.numbers if places <= 1]
                match = next(((column, number) for column, number in own if number in numbers), None)
                if match is not None:
                    column, number = match
                    found.append(Found(one.start, one.end, column.verdict, column.numbers.get(number, number)))
        return found
