"""The sensitive columns of living tables by label, and their numbers and dates as text is compared with them.

Nothing is read of a column before a value of its label was taken out, or a text names it. Not thread-safe: the
session holds the lock.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

from ..._chance import LIKELY
from ...frames import FrameView, view
from ...model import FREE_TEXT, ColumnVerdict
from ..columns.assess import column_names, is_clear
from ..columns.datasets import Dataset
from ..columns.evidence import values_of
from ..columns.naming import TableNames
from ..columns.verdicts import Classification
from ..tables.masked_copies import is_masked_already
from .written_values import dates_of, number_of

__all__ = ["GoneColumn", "KnownColumn", "KnownColumns", "is_one_of", "statistics_of"]

_MOST_ROWS = 2_000_000
_MOST_ORDERED = 500_000
_MOST_GONE = 200
_MOST_RARE = 20_000
_PLACES = 6
_SAMPLED = 100
_SHORT = 60
"""Characters of a text that counts as one value."""


class KnownColumn:
    """One sensitive column of a living table."""

    def __init__(
        self, verdict: ColumnVerdict, seen: FrameView, at: int, facts: Dataset, label: str, *, state: object
    ) -> None:
        self.verdict = verdict
        self.at = at
        self.label = label
        self.rows = seen.rows
        self.facts = facts
        self.state = state

    @property
    def seen(self) -> FrameView | None:
        """Its table, while that lives and is as it was."""
        table = self.facts.table() if self.facts.table is not None else None
        seen = view(table) if table is not None else None
        return seen if seen is not None and _state_of(seen) == self.state else None

    @cached_property
    def values(self) -> frozenset[Any]:
        """Its distinct values; nothing of what cannot be compared, and of a table of very many rows."""
        return (values_of(self.facts, self.label) if self.rows <= _MOST_ROWS else None) or frozenset()

    def holds(self, values: Iterable[Any]) -> bool:
        """Whether all of ``values`` stand in it."""
        try:
            return self.values.issuperset(values)
        except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
            return False

    @cached_property
    def _sample(self) -> list[Any]:
        seen = self.seen
        return seen.sample(self.at, _SAMPLED) if seen is not None else []

    @cached_property
    def numbers(self) -> dict[float, Any]:
        """Its values by the numbers that they are; nothing for a column in which hardly any is one."""
        if not any(number_of(value) is not None for value in self._sample):
            return {}
        return {number: value for value in self.values if (number := number_of(value)) is not None}

    @cached_property
    def days(self) -> dict[int, Any]:
        """Its values by the days that they are, or may be; nothing for a column in which hardly any is one."""
        if not any(map(dates_of, self._sample)):
            return {}
        return {day: value for value in self.values for day in dates_of(value)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Its values that are short texts, of a column of neither numbers nor dates."""
        if self.numbers or self.days:
            return frozenset()
        return frozenset(value for value in self.values if type(value) is str and len(value) <= _SHORT)

    def admit(self, values: Iterable[Any]) -> None:
        """``values`` are said to stand in it: only a column whose table is gone has to believe that."""

    @cached_property
    def places(self) -> int:
        """With how many decimals its numbers are written."""
        numbers = list(self.numbers)[:1000]
        return next((p for p in range(_PLACES) if all(round(n, p) == n for n in numbers)), _PLACES)

    @cached_property
    def low(self) -> float:
        """The least number."""
        return min(self.numbers)

    @cached_property
    def high(self) -> float:
        """The greatest number."""
        return max(self.numbers)

    @cached_property
    def cells(self) -> float:
        """How many different numbers there could be between least and greatest."""
        scale = 10**self.places
        if self.places == _PLACES:
            return float((self.high - self.low) * scale + 1)
        step = math.gcd(*(round((number - self.low) * scale) for number in self.numbers))
        return (self.high - self.low) * scale / step + 1 if step else 1.0

    @cached_property
    def statistics(self) -> tuple[float, ...]:
        """What is nobody's own; see `statistics_of`."""
        seen = self.seen
        return statistics_of(seen, self.at) if seen is not None else ()

    @cached_property
    def neighbours(self) -> frozenset[tuple[float, float]]:
        """Which number follows which, row by row; nothing for a table of very many rows."""
        seen = self.seen if self.rows <= _MOST_ORDERED else None
        raw = seen.numbers(self.at) if seen is not None else None
        known = raw.tolist() if raw is not None else []
        return frozenset(pairwise(known))


class GoneColumn(KnownColumn):
    """A column of a table that is gone: what was taken out under its label is believed to be from there."""

    def __init__(self, verdict: ColumnVerdict, label: str) -> None:
        self.verdict = verdict
        self.at = 0
        self.label = label
        self.rows = 0
        self.facts = Dataset()
        self.state = None
        self.values = frozenset()
        self.numbers, self.days, self.words = {}, {}, frozenset()
        self.places, self.low, self.high, self.cells = _PLACES, -math.inf, math.inf, math.inf
        self.statistics, self.neighbours = (), frozenset()

    def holds(self, values: Iterable[Any]) -> bool:
        """Nobody can tell."""
        return True

    def admit(self, values: Iterable[Any]) -> None:
        """``values`` stand in it."""
        words = []
        for value in values:
            number = number_of(value)
            if number is not None:
                self.numbers[number] = value
            elif days := dates_of(value):
                self.days.update(dict.fromkeys(days, value))
            elif type(value) is str and len(value) <= _SHORT:
                words.append(value)
        self.words = self.words.union(words)


def _state_of(seen: FrameView) -> object:
    """That of a table; a single column is looked at through a new table each time, which tells nothing."""
    return seen.state() if seen.heads else seen.rows


def statistics_of(seen: FrameView, at: int) -> tuple[float, ...]:
    """Count, sum, mean, median and deviations of a column of numbers; of another one the counts."""
    from statistics import median

    raw = seen.numbers(at)
    known = [number for number in (raw.tolist() if raw is not None else ()) if math.isfinite(number)]
    if not known:
        return (float(seen.rows),)
    mean = math.fsum(known) / len(known)
    total = math.fsum((number - mean) ** 2 for number in known)
    found = [len(known), seen.rows, len(set(known)), math.fsum(known), mean, median(known)]
    found += [math.sqrt(total / max(1, len(known) - less)) for less in (0, 1)]
    return tuple(map(float, found))


def is_one_of(statistics: Iterable[float], number: float, places: int) -> bool:
    """Whether ``number``, written with so many decimals, is one of ``statistics``, rounded or cut."""
    scale = 10**places
    return any(round(one, places) == number or math.floor(one * scale) == number * scale for one in statistics)


class KnownColumns:
    """By label the sensitive columns of the tables that live and were looked at."""

    def __init__(self, names: TableNames, of_gone: Callable[[str], ColumnVerdict | None] | None = None) -> None:
        """``of_gone`` tells of the column of a label whose table is gone."""
        self._names = names
        self._of_gone = of_gone
        self._gone: dict[str, GoneColumn] = {}
        self._state: list[tuple[int, Classification | None]] = []
        self._by_label: dict[str, list[KnownColumn]] = {}
        self._tables: list[list[KnownColumn]] = []
        self._lowered: set[Hashable] = set()
        """Labels of columns that somebody shows in clear: what tables that are gone held is no reason to mask them."""
        self.notes: dict[str, GoneColumn] = {}
        """By label the columns of texts about persons; what such a column is said to hold, it holds."""
        self.harmless: set[Hashable] = set()
        """Labels that no sensitive column has."""

    def look(self) -> None:
        """Look at the tables anew, if one has come, gone or changed."""
        tables = self._names.datasets.tables()
        state = [(id(table), self._names.datasets.of(table).classification) for table in tables]
        if len(state) == len(self._state) and all(
            one[0] == other[0] and one[1] is other[1] for one, other in zip(state, self._state, strict=True)
        ):
            return
        kept = {(id(c.facts), c.at): c for columns in self._by_label.values() for c in columns}
        self._by_label, self._tables, self._lowered = {}, [], set()
        clear: set[Hashable] = set()
        for table in tables:
            facts = self._names.datasets.of(table)
            found, seen = facts.classification, view(table)
            if found is None or seen is None or facts.exact is not None or len(found) != len(seen.labels):
                continue
            own: list[KnownColumn] = []
            now = _state_of(seen)
            for at, label in enumerate(column_names(seen)):
                verdict = found[at]
                if is_clear(verdict) or is_masked_already(verdict):
                    clear.add(label)
                    self._lowered.update([label] if at in found.alone else [])
                elif verdict.entity == FREE_TEXT:
                    if label not in self.notes or self.notes[label].verdict is not verdict:
                        self.notes[label] = GoneColumn(verdict, label)
                else:
                    before = kept.get((id(facts), at))
                    if before is None or before.verdict is not verdict or before.state != now:
                        before = KnownColumn(verdict, seen, at, facts, label, state=now)
                    own.append(before)
                    self._by_label.setdefault(label, []).append(before)
            if own:
                self._tables.append(own)
        self._state = state
        self.harmless.clear()
        self.harmless.update(clear.difference(self._by_label))

    @property
    def labels(self) -> list[str]:
        """The labels of all of them."""
        return list(self._by_label)

    def of(self, label: Hashable) -> list[KnownColumn]:
        """The columns of this label; where none lives, one that is gone."""
        name = label if type(label) is str else str(label)
        own = self._by_label.get(name)
        if own is not None or self._of_gone is None or label is None or name in self._lowered:
            return own or []
        verdict = self._of_gone(name)
        if verdict is None or verdict.entity == FREE_TEXT:  # of notes only what stands in them is anybody's
            return []
        if name not in self._gone or self._gone[name].verdict is not verdict:
            if len(self._gone) >= _MOST_GONE:
                self._gone.clear()
            self._gone[name] = GoneColumn(verdict, name)
        return [self._gone[name]]

    def of_rare_values(self) -> list[KnownColumn]:
        """The columns of short tables whose numbers or dates are hardly anything else's."""
        found = []
        for own in self._tables:
            for column in own if own[0].rows <= _MOST_RARE else ():
                days = column.days
                density = len(column.numbers) / column.cells if column.numbers else 1.0
                if density <= LIKELY or (days and len(days) / (max(days) - min(days) + 1) <= LIKELY):
                    found.append(column)
        return found

    def tables(self) -> Iterator[tuple[FrameView, list[KnownColumn]]]:
        """The tables that have such columns and still are as they were, with them."""
        for own in self._tables:
            seen = own[0].seen
            if seen is not None:
                yield seen, own
