"""What was taken out of one column, found again in a text.

Where so much was taken out that a number may well be equal by chance, chance must be ruled out for all numbers of
the text together: by how many they are, by their order, or because the cell picks single values. Statistics over
enough rows stay.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from ..._chance import LIKELY, are_no_chance
from ..._later import later
from ...model import ColumnVerdict
from ..texts.known_columns import KnownColumn, is_one_of
from ..texts.written_values import Written, dates_of, number_of, written_in
from .cell_source import CellSource

__all__ = ["Found", "TakenColumn"]

_DENSE = 0.5
"""So many of all possible numbers may be in a column from which a cell picks single values."""
_MOST_WORDS = 2000
_SHORTEST_WORD = 3
_LONGEST_TEXT = 80
_BETWEEN = 12
_NO_LIST = later(r"[^\W\d_]|%|\d\.\d")
"""Words and quantiles name the number behind them; places in a list do not."""


class Found(NamedTuple):
    """A value in a text: where, and how its column is masked."""

    start: int
    end: int
    verdict: ColumnVerdict
    value: Any


class _Equal(NamedTuple):
    """A number in a text that is equal to one that was taken out."""

    at: Written
    number: float
    places: int
    value: Any


class TakenColumn:
    """What was taken out of one column by one cell."""

    def __init__(self, column: KnownColumn) -> None:
        self.column = column
        self.numbers: dict[float, Any] = {}
        self.days: dict[int, Any] = {}
        self.words: set[str] = set()
        self.statistics: dict[float, Any] = {}
        """Numbers about too few rows, which need not stand in the column."""
        self.aggregates: set[float] = set()
        """Statistics about enough rows that were taken out as a whole."""
        self.has_single = False
        """Whether single values were taken out, not only the column as a whole."""
        self._rounded: dict[int, tuple[int, Mapping[float, Any]]] = {}

    def add(self, values: Iterable[Any]) -> bool:
        """Whether any of ``values`` stands in the column: those do count as taken out."""
        column, has = self.column, False
        values = list(values)
        column.admit(values)
        for value in values:
            number = number_of(value)
            if number is not None:
                if number in column.numbers:
                    self.numbers[number] = column.numbers[number]
                    has = True
                continue
            days = [day for day in dates_of(value) if day in column.days]
            if days:
                self.days.update((day, column.days[day]) for day in days)
                has = True
            elif type(value) is str:
                has = self._add_text(value) or has
        return has

    def _add_text(self, value: str) -> bool:
        """A word of the column, or a text made of its numbers: the bounds of a band."""
        column = self.column
        if value in column.words:
            if len(self.words) < _MOST_WORDS and len(value) >= _SHORTEST_WORD:
                self.words.add(value)
            return True
        if len(value) > _LONGEST_TEXT or column.words:
            return False
        written = [one for one in written_in(value) if one.numbers or one.dates]
        numbers = [n for one in written for n, _ in one.numbers if n in column.numbers]
        days = [day for one in written for day in one.dates if day in column.days]
        self.numbers.update((n, column.numbers[n]) for n in numbers)
        self.days.update((day, column.days[day]) for day in days)
        return bool(numbers or days)

    def add_all(self) -> None:
        """The whole column was taken out."""
        self.numbers, self.days = dict(self.column.numbers), dict(self.column.days)
        if len(self.column.words) <= _MOST_WORDS:
            self.words = {word for word in self.column.words if len(word) >= _SHORTEST_WORD}

    def find(
        self, text: str, tokens: list[Written], source: CellSource, is_found_anyway: Callable[[str], bool]
    ) -> list[Found]:
        """What of it stands in ``text``, whose numbers and dates are ``tokens``."""
        found = self._of_few_rows(tokens) if self.statistics else []
        if self.numbers:
            found += self._numbers_in(text, tokens, picks=source.picks_single_values)
        if self.days:
            found += self._days_in(tokens)
        if self.words:
            found += self._words_in(text, source, is_found_anyway)
        return found

    def _found(self, at: Written, value: Any) -> Found:
        return Found(at.start, at.end, self.column.verdict, value)

    def _of_few_rows(self, tokens: list[Written]) -> list[Found]:
        found = []
        for one in tokens:
            for number, places in one.numbers:
                match = next((v for n, v in self.statistics.items() if number and round(n, places) == number), None)
                if match is not None:
                    found.append(self._found(one, match))
        return found

    def _days_in(self, tokens: list[Written]) -> list[Found]:
        days = ((one, next((day for day in one.dates if day in self.days), None)) for one in tokens)
        return [self._found(one, self.days[day]) for one, day in days if day is not None]

    def _words_in(self, text: str, source: CellSource, is_found_anyway: Callable[[str], bool]) -> list[Found]:
        return [
            Found(match.start(), match.end(), self.column.verdict, word)
            for word in list(self.words)
            if word in text and word not in source.words and not is_found_anyway(word)
            for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        ]

    def _numbers_in(self, text: str, tokens: list[Written], *, picks: bool) -> list[Found]:
        equal, possible = self._equal_in(tokens)
        if not equal:
            return []
        density = [self._density(hit.number, hit.places) for hit in equal]
        tries = Counter(min(places, self.column.places) for _, places in possible)
        sure = {
            hit.at.start
            for hit, share in zip(equal, density, strict=True)
            if share * (1 if self._is_exact(hit) else tries[hit.places]) <= LIKELY
        }
        if len(sure) < len(equal):
            equal = self._but_for_chance(text, equal, possible, density, sure, picks=picks)
        if not self.has_single and all(map(self._is_aggregate, equal)):
            return []
        return [self._found(hit.at, hit.value) for hit in equal]

    def _but_for_chance(
        self,
        text: str,
        equal: list[_Equal],
        possible: set[tuple[float, int]],
        density: list[float],
        sure: set[int],
        *,
        picks: bool,
    ) -> list[_Equal]:
        """``equal`` without numbers that may be equal by chance; ``sure`` are the places of those that are not."""
        doubtful = {(hit.number, hit.places) for hit in equal if hit.at.start not in sure}
        places_of = {hit.places for hit in equal if hit.at.start not in sure}
        shares = [self._density(number, places) for number, places in possible if places in places_of]
        if are_no_chance(sum(shares) / len(shares), len(shares), len(doubtful)):
            return equal
        kept = {hit.at.start for hit in self._in_order(equal)}
        kept |= {hit.at.start for hit, share in zip(equal, density, strict=True) if picks and share < _DENSE}
        return self._but_for_aggregates(text, [hit for hit in equal if hit.at.start in kept | sure])

    def _but_for_aggregates(self, text: str, equal: list[_Equal]) -> list[_Equal]:
        """``equal`` without numbers that may be a statistic, unless they stand in one list with values.

        Of five values one is their median: in a list of the five it is a value all the same.
        """
        is_value = [not self._is_aggregate(hit) for hit in equal]
        for order in (range(1, len(equal)), range(len(equal) - 2, -1, -1)):
            for at in order:
                other = at - 1 if order.step > 0 else at + 1
                left, right = sorted((equal[at].at, equal[other].at), key=lambda one: one.start)
                is_value[at] = is_value[at] or (is_value[other] and _is_in_list(text[left.end : right.start]))
        return [hit for hit, own in zip(equal, is_value, strict=True) if own]

    def _is_aggregate(self, hit: _Equal) -> bool:
        return is_one_of((*self.column.statistics, *self.aggregates), hit.number, hit.places)

    def _equal_in(self, tokens: list[Written]) -> tuple[list[_Equal], set[tuple[float, int]]]:
        """The numbers that are equal to one that was taken out, and all that the column could hold."""
        column = self.column
        low, high, most = column.low, column.high, column.places
        equal: list[_Equal] = []
        possible: set[tuple[float, int]] = set()
        for one in tokens:
            for number, places in one.numbers:
                if low <= number <= high and (places <= most or round(number, most) == number):
                    possible.add((number, places))
                    value = self._value(number, places)
                    if value is not None:
                        equal.append(_Equal(one, number, places, value))
                        break
        return equal, possible

    def _is_exact(self, hit: _Equal) -> bool:
        """Whether it is written with all its decimals: one that is rounded may be equal to many."""
        return hit.places >= self.column.places or (math.isinf(self.column.cells) and hit.number in self.numbers)

    def _density(self, number: float, places: int) -> float:
        """Which share of all numbers with so many decimals is one that was taken out, rounded to as many.

        Among balances with cents hardly any number is somebody's, but nearly every whole number is one of them rounded.
        """
        column = self.column
        if places >= column.places or (math.isinf(column.cells) and number in self.numbers):
            return len(self.numbers) / column.cells
        numbers = self._rounded_to(places)
        span = column.high - column.low if math.isfinite(column.cells) else max(map(abs, numbers))
        return min(1.0, len(numbers) / (span * 10.0**places + 1))

    def _value(self, number: float, places: int) -> Any:
        """The value that is ``number`` when it is written with so many decimals; None if there is none."""
        if number in self.numbers or places >= self.column.places:
            return self.numbers.get(number)
        return self._rounded_to(places).get(number)

    def _rounded_to(self, places: int) -> Mapping[float, Any]:
        """The values by the numbers that they are when they are written with so many decimals."""
        size, rounded = self._rounded.get(places, (0, {}))
        if size != len(self.numbers):
            size, rounded = len(self.numbers), {round(n, places): value for n, value in self.numbers.items()}
            self._rounded[places] = size, rounded
        return rounded

    def _in_order(self, equal: list[_Equal]) -> list[_Equal]:
        """Those that stand beside one another in the text as they do in the column, and the column's two ends."""
        column = self.column
        kept = {at for at, hit in enumerate(equal) if hit.number in (column.low, column.high)}
        pairs = column.neighbours if len(equal) > 1 else ()
        for at, (one, other) in enumerate(pairwise(equal)):
            if (one.number, other.number) in pairs or (other.number, one.number) in pairs:
                kept.update((at, at + 1))
        return [hit for at, hit in enumerate(equal) if at in kept]


def _is_in_list(between: str) -> bool:
    """Whether the numbers before and behind ``between`` stand in one list or column."""
    return len(between) <= _BETWEEN and _NO_LIST.search(between) is None
