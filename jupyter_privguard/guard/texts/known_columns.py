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
from ...frames import FrameView, same_columns, view
from ...model import FREE_TEXT, ColumnVerdict
from ..columns.assess import column_names, is_clear
from ..columns.datasets import Dataset
from ..columns.evidence import values_of
from ..columns.naming import TableNames
from ..columns.numbers import is_mixed
from ..columns.verdicts import Classification
from ..tables.masked_copies import is_masked_already
from .written_values import dates_of, number_of

__all__ = ["GoneColumn", "KnownColumn", "KnownColumns", "is_one_of", "statistics_of"]

_MOST_ROWS = 2_000_000
_MOST_ORDERED = 500_000
_MOST_GONE = 200
_MOST_OTHERS = 100
"""Tables that no variable holds, as the results of cells, whose columns are looked at one by one."""
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
        return view(table) if table is not None and same_columns(table) == self.state else None

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


class _Table:
    """A living table as it was when it was looked at."""

    def __init__(self, facts: Dataset, found: Classification | None, state: object) -> None:
        self.facts = facts
        self.state = state
        self.own: list[KnownColumn] = []
        self.clear: set[Hashable] = set()
        self.lowered: set[Hashable] = set()
        self.mixed: set[Hashable] = set()
        """Labels under which somebody's numbers stand beside others."""
        self._found = found
        self._is_exact = facts.exact is not None

    def holds(self, table: Any, *, is_quick: bool) -> bool:
        """Whether ``table`` still is so; ``is_quick``: as far as its verdicts tell."""
        facts = self.facts
        is_same = facts.classification is self._found and (facts.exact is not None) == self._is_exact
        return is_same and (is_quick or same_columns(table) == self.state)


class KnownColumns:
    """By label the sensitive columns of the tables that live and were looked at."""

    def __init__(self, names: TableNames, of_gone: Callable[[str], ColumnVerdict | None] | None = None) -> None:
        """``of_gone`` tells of the column of a label whose table is gone."""
        self._names = names
        self._of_gone = of_gone
        self._gone: dict[str, GoneColumn] = {}
        self._known: dict[int, _Table] = {}
        """By the identity of their facts the tables that lived at the last look."""
        self._older: dict[str, ColumnVerdict] = {}
        """By label the verdicts on columns of tables that are older than those that are looked at one by one."""
        self._older_clear: set[Hashable] = set()
        self._older_mixed: set[Hashable] = set()
        self._by_label: dict[str, list[KnownColumn]] = {}
        self._tables: list[list[KnownColumn]] = []
        self._lowered: set[Hashable] = set()
        """Labels of columns that somebody shows in clear: what tables that are gone held is no reason to mask them."""
        self.notes: dict[str, GoneColumn] = {}
        """By label the columns of texts about persons; what such a column is said to hold, it holds."""
        self.harmless: set[Hashable] = set()
        """Labels under which nothing need be noted that is taken out; whoever lets a cell make tables empties it."""
        self.clear: frozenset[Hashable] = frozenset()
        """Labels of columns of which no sensitive one has that label, as of the last look."""

    def look(self, *, within_cell: bool = False) -> None:
        """Look at the tables anew that have come or changed, and forget those that went.

        ``within_cell``: of tables that no variable holds only those that have come or were judged anew.
        """
        known: dict[int, _Table] = {}
        is_same, others = True, 0
        for table, facts in [*self._names.datasets.newest(), *self._folded_variables()]:
            is_variable = self._names.is_variable(table)
            if not is_variable:
                others += 1
                if others > _MOST_OTHERS and self._fold(facts):
                    continue
            before = self._known.get(id(facts))
            if (
                before is None
                or before.facts is not facts
                or not before.holds(table, is_quick=within_cell and not is_variable)
            ):
                is_same = False
                before = self._looked_at(table, facts, before)
            known[id(facts)] = before
        if is_same and len(known) == len(self._known):
            return
        self._known = known
        self._by_label, self._tables, self._lowered = {}, [], set()
        clear, mixed = set(self._older_clear), set(self._older_mixed)
        for one in reversed(known.values()):
            clear |= one.clear
            mixed |= one.mixed
            self._lowered |= one.lowered
            for column in one.own:
                self._by_label.setdefault(column.label, []).append(column)
            if one.own:
                self._tables.append(one.own)
        self.clear = frozenset(clear.difference(self._by_label, self._older, mixed))
        self.harmless.clear()
        self.harmless.update(self.clear)

    def _fold(self, facts: Dataset) -> bool:
        """Look at the columns of an old table no longer one by one; False where they have to be.

        IPython keeps the result of every cell. Of those before the last ones it is known which labels hide something,
        and what is taken out under such a label is believed to be from there, as with tables that are gone.
        """
        found = facts.classification
        if found is None or found.alone or self._lowered:
            return False
        for verdict in found if facts.exact is None else ():
            if is_clear(verdict) or is_masked_already(verdict):
                self._older_clear.add(verdict.column)
            elif is_mixed(verdict):
                self._older_mixed.add(verdict.column)
            elif verdict.entity == FREE_TEXT:
                self.notes.setdefault(verdict.column, GoneColumn(verdict, verdict.column))
            else:
                self._older[verdict.column] = verdict
        self._names.datasets.fold(facts)
        return True

    def _folded_variables(self) -> Iterator[tuple[Any, Dataset]]:
        """Old tables that a variable holds again."""
        for table in self._names.tables():
            facts = self._names.datasets.known(table)
            if facts is not None and facts.is_folded:
                yield table, facts

    def _looked_at(self, table: Any, facts: Dataset, before: _Table | None) -> _Table:
        one = _Table(facts, facts.classification, same_columns(table))
        found, seen = facts.classification, view(table)
        if found is None or seen is None or facts.exact is not None or len(found) != len(seen.labels):
            return one
        kept = {c.at: c for c in before.own} if before is not None and before.facts is facts else {}
        for at, label in enumerate(column_names(seen)):
            verdict = found[at]
            if is_clear(verdict) or is_masked_already(verdict):
                one.clear.add(label)
                one.lowered.update([label] if at in found.alone else [])
            elif is_mixed(verdict):
                one.mixed.add(label)  # whose each number is, tells the column that it came from
            elif verdict.entity == FREE_TEXT:
                if label not in self.notes or self.notes[label].verdict is not verdict:
                    self.notes[label] = GoneColumn(verdict, label)
            else:
                column = kept.get(at)
                if column is None or column.verdict is not verdict or column.state != one.state:
                    column = KnownColumn(verdict, seen, at, facts, label, state=one.state)
                one.own.append(column)
        return one

    @property
    def labels(self) -> list[str]:
        """The labels of all of them."""
        return list({**self._by_label, **self._older})

    def of(self, label: Hashable) -> list[KnownColumn]:
        """The columns of this label; where none lives, or many did before, behind them one that is gone."""
        name = label if type(label) is str else str(label)
        own, older = self._by_label.get(name, []), self._older.get(name)
        if older is not None and name not in self._lowered:
            return [*own, self._gone_column(name, older)]
        if own or self._of_gone is None or label is None or name in self._lowered:
            return own
        verdict = self._of_gone(name)
        if verdict is None or verdict.entity == FREE_TEXT:  # of notes only what stands in them is anybody's
            return []
        return [self._gone_column(name, verdict)]

    def _gone_column(self, name: str, verdict: ColumnVerdict) -> GoneColumn:
        if name not in self._gone or self._gone[name].verdict is not verdict:
            if len(self._gone) >= _MOST_GONE:
                self._gone.clear()
            self._gone[name] = GoneColumn(verdict, name)
        return self._gone[name]

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
