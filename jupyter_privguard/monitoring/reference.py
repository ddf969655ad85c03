"""How the inputs were distributed that a model was reviewed on: bands of numbers, and categories that many share.

Nothing of a single person stays: ends of bands are rounded to two digits, the outermost have ``k`` people beyond them,
and only categories of ``k`` people and more are kept. Pure; loads nothing heavy.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Real
from typing import Any

__all__ = ["Feature", "drift", "has_moved", "is_null", "reference"]

_BANDS = 10
_MOST_CATEGORIES = 20
_MUCH = 0.25
_ONE_IN_A_THOUSAND = 3.0902
"""The quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One input. Band 0 and the last one are beyond what is usual; a feature without bands is looked at for nulls."""

    name: str
    nulls: int
    """Per mille of the reference."""
    ends: tuple[float, ...] = ()
    """Of a number: where the bands end, the lowest usual value first and the highest last."""
    categories: tuple[str, ...] = ()
    expected: tuple[int, ...] = ()
    """Of each band, per mille of those that are not null."""

    @property
    def bands(self) -> int:
        """How many there are; 0 where only nulls are looked at."""
        return len(self.expected)

    def band(self, value: Any) -> int:
        """Where ``value``, which is not null, belongs; what is of another kind is beyond what is usual."""
        if self.ends:
            return bisect_right(self.ends, float(value)) if _is_number(value) else self.bands - 1
        text = str(value)
        return self.categories.index(text) + 1 if text in self.categories else 0

    @property
    def outer(self) -> tuple[int, ...]:
        """The bands beyond what is usual."""
        return (0, self.bands - 1) if self.ends else (0,)


def reference(
    columns: Mapping[str, Sequence[Any]], *, personal: Collection[str] = (), measures: Collection[str] = (), k: int
) -> tuple[Feature, ...]:
    """A feature for each of ``columns``; ``k`` is how many people have to share what is kept.

    Of those that are ``personal`` only nulls are looked at, and in the ``measures`` among them numbers too.
    """
    found = []
    for name, values in columns.items():
        there = [value for value in values if not is_null(value)]
        are_numbers = bool(there) and all(_is_number(value) for value in there)
        bare = Feature(name, _per_mille(len(values) - len(there), len(values)))
        if name in personal and not (are_numbers and name in measures):
            found.append(bare)
        else:
            found.append(_with_shares(_numbers(bare, there, k) if are_numbers else _kinds(bare, there, k), there))
    return tuple(found)


def is_null(value: Any) -> bool:
    """Whether ``value`` is missing: None, NaN or what a table library has for them."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA says neither yes nor no
        return type(value).__name__ == "NAType"


def drift(expected: Sequence[int], counts: Sequence[int]) -> float:
    """The population stability index of ``counts`` against ``expected``; see `has_moved` for what is much."""
    total, wanted = sum(counts), sum(expected)
    if not total or not wanted:
        return 0.0
    least = max(0.001, 0.5 / total)  # an empty band counts as half a person: its logarithm would be infinite
    pairs = [(max(was / wanted, least), max(now / total, least)) for was, now in zip(expected, counts, strict=True)]
    return sum((now - was) * math.log(now / was) for was, now in pairs)


def has_moved(expected: Sequence[int], counts: Sequence[int]) -> bool:
    """Whether a `drift` is 0.25 and more, as is usual, and more than chance makes of so few people.

    By chance alone the index times the people is distributed as chi-squared; one in a thousand is larger than what is
    allowed (the quantile by Wilson and Hilferty).
    """
    people, free = sum(counts), max(len(counts) - 1, 1)
    step = 2 / (9 * free)
    by_chance = free * (1 - step + _ONE_IN_A_THOUSAND * math.sqrt(step)) ** 3 / people if people else math.inf
    return drift(expected, counts) >= max(_MUCH, by_chance)


def _numbers(feature: Feature, values: list[Any], k: int) -> Feature:
    ends = _ends(sorted(float(value) for value in values), k)
    return replace(feature, ends=ends, expected=(0,) * (len(ends) + 1) if ends else ())


def _kinds(feature: Feature, values: list[Any], k: int) -> Feature:
    found = Counter(str(value) for value in values)
    shared = tuple(sorted(text for text, count in found.items() if count >= k))
    if not shared or len(found) > _MOST_CATEGORIES:
        return feature
    return replace(feature, categories=shared, expected=(0,) * (len(shared) + 1))


def _with_shares(feature: Feature, values: list[Any]) -> Feature:
    if not feature.bands:
        return feature
    counts = Counter(feature.band(value) for value in values)
    return replace(feature, expected=tuple(_per_mille(counts[band], len(values)) for band in range(feature.bands)))


def _ends(numbers: list[float], k: int) -> tuple[float, ...]:
    """Ends of bands of about equally many; empty for too few numbers, or for one value alone."""
    inner = [number for number in numbers[k - 1 : len(numbers) - k + 1] if math.isfinite(number)]
    if len(inner) < _BANDS * k:
        return ()
    cuts = [_rounded(inner[len(inner) * band // _BANDS], math.floor) for band in range(_BANDS)]
    ends = sorted({*cuts, _rounded(inner[-1], math.ceil)})
    # What is equal to the highest usual value is usual.
    return (*ends[:-1], math.nextafter(ends[-1], math.inf)) if len(ends) > 1 else ()


def _rounded(number: float, how: Any) -> float:
    if number == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(number))) - 1)
    return float(how(number / step) * step)


def _is_number(value: Any) -> bool:
    return isinstance(value, (Real, Decimal)) and not isinstance(value, bool)


def _per_mille(part: int, whole: int) -> int:
    return round(1000 * part / whole) if whole else 0
