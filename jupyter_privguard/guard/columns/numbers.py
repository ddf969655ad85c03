"""The numbers and dates that stand in sensitive columns: a column made of them is recognised under any name.

`df.rename(columns={"income": "x"})`, a pivot, a group's maximum and `income.astype(str)` have no
label that says what they hold. One number proves nothing, because it may be equal by chance. So
the question is asked for a whole column, and answered with yes only if chance is ruled out.
Dates are numbers of days here.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Any

from ..._amounts import amount_of
from ..._chance import LIKELY, log_chance
from ...model import ColumnVerdict
from ..texts.written_values import dates_of

__all__ = [
    "KnownNumbers",
    "KnownNumbersAndDays",
    "are_days",
    "as_mixed",
    "day_of",
    "days_of",
    "is_mixed",
    "number_in",
    "numbers_in",
]

_REMEMBERED = 50
_DECIMALS = 6
_EXACT = 2**53
_COMPACT = len("19890305")
_CHANCE = 0.001
"""Columns that are as likely as this to hold known numbers by accident are left alone."""
_PART_CHANCE = 1e-6
_BELOW = 0.001
_WIDE = 1000.0
"""How far the ends of a column are apart of which others are hardly the ends by chance."""
_MIXED = "numbers of a known column, beside others"
_ROUND = 1000
_FEWEST = 4
"""Numbers that tell by themselves of which column a part of a list is."""


class _Column:
    """The distinct numbers of one column, and how densely they lie."""

    def __init__(self, verdict: ColumnVerdict, numbers: frozenset[float]) -> None:
        self.verdict = verdict
        self.numbers = numbers
        self.low, self.high = min(numbers), max(numbers)
        # Between low and high a number of the same step is in the column with this chance.
        step = _step(numbers)
        self.density = min(1.0, len(numbers) / ((self.high - self.low) / step + 1)) if step else 0.0


class KnownNumbers:
    """Learns sensitive columns of numbers. Not thread-safe: the session holds the lock."""

    def __init__(self, readings: Callable[[Any], Iterable[float]] | None = None) -> None:
        """``readings`` gives all numbers that a cell may be; without it numbers and texts of numbers are read."""
        self._readings = readings
        self._columns: OrderedDict[Hashable, _Column] = OrderedDict()

    def __len__(self) -> int:
        return len(self._columns)

    def learn(self, verdict: ColumnVerdict, values: Iterable[Any], *, column: Hashable) -> None:
        """Remember the distinct ``values`` of a ``column``; the newest columns count."""
        if self._readings is None:
            numbers = _numbers_of(values)
        else:
            numbers = frozenset(chain.from_iterable(map(self._readings, values)))
        if len(numbers) > 1:
            self._columns.pop(column, None)
            self._columns[column] = _Column(verdict, numbers)
            if len(self._columns) > _REMEMBERED:
                self._columns.popitem(last=False)

    def judge(self, column: Hashable, verdict: ColumnVerdict | None) -> None:
        """``verdict`` is the one on ``column`` from now on; None forgets its numbers."""
        known = self._columns.get(column)
        if known is None:
            return
        if verdict is not None:
            known.verdict = replace(verdict, column=known.verdict.column)
        else:
            del self._columns[column]

    def columns(self) -> list[tuple[ColumnVerdict, frozenset[float], float]]:
        """Verdict, distinct numbers and density of each known column."""
        return [(column.verdict, column.numbers, column.density) for column in self._columns.values()]

    def verdict_of(self, values: Iterable[Any]) -> ColumnVerdict | None:
        """The verdict on the known column that all of ``values`` come from, if that is no accident."""
        if not self._columns:
            return None
        numbers, tries = set[float](), 1
        for value in values:
            readings = self._readings_of(value)
            if not readings:
                return None
            numbers.add(next(filter(self._is_known, readings), readings[0]) if len(readings) > 1 else readings[0])
            tries = max(tries, len(readings))
        if not numbers:
            return None
        for column in reversed(self._columns.values()):
            if min(1.0, tries * column.density) ** len(numbers) <= _CHANCE and numbers <= column.numbers:
                return column.verdict
        return self._verdict_of_mixed(numbers)

    def _readings_of(self, value: Any) -> tuple[float, ...]:
        if self._readings is not None:
            return tuple(self._readings(value))
        number = number_in(value)
        return () if number is None else (number,)

    def _is_known(self, number: float) -> bool:
        return any(number in column.numbers for column in self._columns.values())

    def _verdict_of_mixed(self, numbers: set[float]) -> ColumnVerdict | None:
        """The verdict on the column that most of ``numbers`` come from, where each comes from one, as in a `melt`."""
        held = [(len(numbers & column.numbers), column) for column in self._columns.values()]
        if not all(any(number in column.numbers for _, column in held) for number in numbers):
            return None
        chance = 0.0
        for number in numbers:
            density = sum(column.density for _, column in held if column.low <= number <= column.high)
            if density <= 0:
                chance = -math.inf
            elif density < 1:
                chance += math.log(density)
        return max(held, key=itemgetter(0))[1].verdict if chance <= math.log(_PART_CHANCE) else None

    def verdict_of_part(
        self, values: Iterable[Any], *, with_round: bool = True
    ) -> tuple[ColumnVerdict, frozenset[float]] | None:
        """The verdict on the known column that far more of ``values`` come from than by chance, and these values.

        Not ``with_round``: whole thousands prove nothing, for anybody may write them.
        """
        numbers = numbers_in(values)
        if not with_round:
            numbers = {number for number in numbers if number % _ROUND}
        for column in reversed(self._columns.values()):
            hits = numbers & column.numbers
            if len(hits) < _FEWEST or column.density >= 1:
                continue
            among = sum(column.low <= number <= column.high for number in numbers)
            if log_chance(len(hits), among, column.density) <= math.log(_PART_CHANCE):
                return column.verdict, frozenset(hits)
        return None

    def holds_any(self, values: Iterable[Any]) -> bool:
        """Whether any of ``values`` stands in a known column in which a number hardly stands by chance."""
        numbers = numbers_in(values)
        return any(c.density <= LIKELY and not numbers.isdisjoint(c.numbers) for c in self._columns.values())

    def verdict_of_bounds(self, least: float, greatest: float) -> ColumnVerdict | None:
        """The verdict on the known column whose smallest or largest number bands of these bounds tell, as `qcut` does.

        The lowest band begins a little below the smallest number, so that it holds it.
        """
        for column in reversed(self._columns.values()):
            span = column.high - column.low
            begins = 0 <= column.low - least <= max(_BELOW, _BELOW * span) + 1e-9
            if span >= _WIDE and (greatest == column.high or begins):
                return column.verdict
        return None

    def verdict_called(self, label: str, values: Iterable[Any]) -> ColumnVerdict | None:
        """The verdict on the known column called ``label`` in which all of ``values`` stand; None if there is none."""
        numbers = {number_in(value) for value in values}
        for column in reversed(self._columns.values()):
            if column.verdict.column == label and numbers <= column.numbers:
                return column.verdict
        return None


class KnownNumbersAndDays(KnownNumbers):
    """The same, and beside them sensitive columns of dates."""

    def __init__(self) -> None:
        super().__init__()
        self.days = KnownNumbers(days_of)

    def judge(self, column: Hashable, verdict: ColumnVerdict | None) -> None:
        """See `KnownNumbers.judge`."""
        super().judge(column, verdict)
        self.days.judge(column, verdict)


def _numbers_of(values: Iterable[Any]) -> frozenset[float]:
    values = list(values)
    kinds = set(map(type, values))
    if kinds == {float} or (kinds == {int} and max(map(abs, values)) < _EXACT):  # most columns, at once
        return frozenset(filter(math.isfinite, map(float, values)))
    return frozenset(numbers_in(values))


def as_mixed(verdict: ColumnVerdict) -> ColumnVerdict:
    """``verdict`` on a column in which other numbers stand beside those of the known one."""
    return replace(verdict, evidence=(_MIXED,))


def is_mixed(verdict: ColumnVerdict) -> bool:
    """Whether a column holds other numbers as well: they tell nothing of columns that hold them too."""
    return verdict.evidence == (_MIXED,)


def numbers_in(values: Iterable[Any]) -> set[float]:
    """The numbers in ``values``, and those that are written as texts."""
    return {number for number in map(number_in, values) if number is not None}


def day_of(value: Any) -> float | None:
    """The date that a cell is, as the number of a day; None if it is none. Of ``05/03/1989`` the day comes first."""
    return next(iter(days_of(value)), None)


def are_days(values: Sequence[Any]) -> bool:
    """Whether ``values`` are dates, all of them; not where there are none."""
    return bool(values) and all(day_of(value) is not None for value in values)


def days_of(value: Any) -> Iterable[float]:
    """All days that a cell may be: of ``05/03/1989`` two, of ``19890305`` one, which in a column is no chance."""
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and len(text) == _COMPACT and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return map(float, dates_of(text))


def _step(numbers: frozenset[float]) -> float:
    """What all numbers are multiples of; 0 if they have more decimals than people write."""
    if all(map(float.is_integer, numbers)):
        return float(math.gcd(*map(int, numbers)))
    for places in range(1, _DECIMALS + 1):
        if all(round(number, places) == number for number in numbers):
            scale = int(10**places)
            return math.gcd(*(round(number * scale) for number in numbers)) / scale
    return 0.0


def number_in(value: Any) -> float | None:
    """The number that a cell is, or that is written in it as a text; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return amount_of(value) if isinstance(value, str) else None
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
