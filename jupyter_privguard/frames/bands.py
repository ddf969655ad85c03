"""Numbers and dates in bands: edges on a round grid, and where persons stand behind the rows no band of few of them.

An end band is closed only where no row lies beyond the grid's next line; so neither a smallest or largest value is
told, nor in which band a lonely one lies. Bands of one column never overlap: the difference of two tells of nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, isclose, isfinite, log10
from numbers import Real
from typing import Any

from .._later import later

__all__ = ["Bands", "are_round_bands", "banded", "bounds_of", "calendar", "ends_of", "seconds_of"]

# `Any` in this file is a numpy array or a cell value; numpy is not imported before the first table is there.

_MOST_BANDS = 10
_NUMBER = r"([+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|inf))"
_WRITTEN = later(rf"[\[(]{_NUMBER}, {_NUMBER}[\])]")
_YEAR_S, _MONTH_S = 31_557_600, 2_629_800


@dataclass(frozen=True, slots=True)
class Bands:
    """Rows by band: the first below the first edge, each next one from its edge on, to below the next edge."""

    edges: tuple[float, ...]
    """At least one, ascending."""
    counts: tuple[int, ...]
    """Rows; one more than edges."""
    low: float | None
    """No row is below it; None: the first band is open."""
    high: float | None
    """No row is at it or above; None: the last band is open."""

    def ends(self) -> list[tuple[float | None, float | None]]:
        """Lower and upper end of each band."""
        inner = list(self.edges)
        return list(zip([self.low, *inner], [*inner, self.high], strict=True))


def banded(
    numbers: Any,
    *,
    smallest: int,
    least_width: float = 0.0,
    lowest: float | None = None,
    highest: float | None = None,
) -> Bands | None:
    """The finite ones of ``numbers``, an array or list, in at most some ten bands of at least ``smallest`` rows each.

    ``least_width`` of a band; no edge is below ``lowest`` nor above ``highest``: what lies beyond is one open band.
    With ``smallest`` 1 empty bands are told too. None where no edge has enough rows on both sides.
    """
    import numpy as np

    numbers = np.asarray(numbers, dtype=np.float64)
    known = numbers[np.isfinite(numbers)]
    if len(known) < 2 * smallest:
        return None
    ends = np.partition(known, [smallest - 1, len(known) - smallest])
    low, high = float(ends[smallest - 1]), float(ends[len(known) - smallest])
    width = _round_width((high - low) / _MOST_BANDS, least_width)
    if width <= 0 or high / width > 2**52:  # all alike, or apart by less than a float can tell
        return None
    grid = [line * width for line in range(floor(low / width) + 1, floor(high / width) + 1)]
    edges = [edge for edge in grid if (lowest is None or edge >= lowest) and (highest is None or edge <= highest)]
    if not edges:
        return None
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1).tolist()
    first, last = edges[0] - width, edges[-1] + width
    is_low = float(known.min()) >= first and (lowest is None or first >= lowest)
    is_high = float(known.max()) < last and (highest is None or last <= highest)
    kept = _merged(edges, counts, smallest) if smallest > 1 else (edges, counts)
    return Bands(tuple(kept[0]), tuple(kept[1]), first if is_low else None, last if is_high else None)


def _round_width(wanted: float, least: float) -> float:
    """One, two or five times a power of ten, at least ``least``, which is of that form or a multiple of it."""
    if wanted <= least:
        return least
    power = 10.0 ** floor(log10(wanted))
    # 10 times in case of rounding; a multiple of ``least``, so that no band is cut finer than that.
    width = next(step * power for step in (1, 2, 5, 10, 20) if step * power >= wanted)
    return width if least == 0 else least * -(-width // least)


def _merged(edges: Sequence[float], counts: Sequence[int], smallest: int) -> tuple[list[float], list[int]]:
    """Bands of fewer rows than ``smallest`` joined with the smaller neighbour; both ends have enough."""
    edges, counts = list(edges), list(counts)
    while min(counts) < smallest:
        at = counts.index(min(counts))
        is_left = at > 0 and (at == len(counts) - 1 or counts[at - 1] <= counts[at + 1])
        left = at - 1 if is_left else at
        counts[left : left + 2] = [counts[left] + counts[left + 1]]
        del edges[left]
    return edges, counts


def calendar(seconds: Any, *, smallest: int, least: str = "D") -> tuple[str, Any]:
    """The unit that fits points in time (seconds since 1970), ``Y``, ``M`` or ``D``, and each as a number of it.

    Years count from the year 0, months and days from 1970. By all but the ``smallest`` rows at each end: how far
    a lonely one lies away is not told. ``least`` is the finest unit that may be chosen.
    """
    import numpy as np

    known = np.sort(seconds[np.isfinite(seconds)])
    span = float(known[-smallest] - known[smallest - 1]) if len(known) >= 2 * smallest else 0.0
    unit = "Y" if least == "Y" or span > 4 * _YEAR_S else "M" if least == "M" or span > 4 * _MONTH_S else "D"
    out = np.full(len(seconds), np.nan)
    is_known = np.isfinite(seconds)
    out[is_known] = seconds[is_known].astype("datetime64[s]").astype(f"datetime64[{unit}]").astype(np.int64)
    return unit, out + 1970 if unit == "Y" else out


def seconds_of(values: Iterable[Any]) -> list[float]:
    """Numbers as floats and dates as seconds since 1970, UTC; NaN for anything else."""
    import datetime

    from .engine import Kind
    from .values import kind_of

    def one(value: Any) -> float:
        kind = kind_of(value)
        try:
            if kind in (Kind.INTEGER, Kind.NUMBER):
                return float(value)
            if kind is Kind.DATETIME:
                if not isinstance(value, datetime.datetime):
                    value = datetime.datetime(value.year, value.month, value.day)
                if value.tzinfo is None:
                    value = value.replace(tzinfo=datetime.UTC)
                return float((value - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)).total_seconds())
        except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
            return float("nan")
        return float("nan")

    return [one(value) for value in values]


def bounds_of(values: Iterable[Any]) -> tuple[float, float] | None:
    """The least and the greatest bound of ``values``; None where they are no intervals of numbers, or texts of some."""
    ends = ends_of(values)
    return (min(ends), max(ends)) if ends else None


def ends_of(values: Iterable[Any]) -> list[float]:
    """Both bounds of each of ``values``; nothing where they are no intervals of numbers, or texts of some."""
    ends: list[float] = []
    for one in values:
        own = _ends_of_one(one)
        if own is None:
            return []
        ends += own
    return ends


def _ends_of_one(value: Any) -> tuple[float, float] | None:
    if type(value) is str:  # as polars calls the bands of `cut` and `hist`
        written = _WRITTEN.fullmatch(value)
        return (float(written[1]), float(written[2])) if written is not None else None
    if type(value).__name__ == "Interval" and isinstance(value.left, Real) and isinstance(value.right, Real):
        return float(value.left), float(value.right)
    return None


def are_round_bands(values: Iterable[Any]) -> bool:
    """Whether all of ``values``, and there are some, are intervals with bounds such as 0, 30, 250,000 or infinity.

    Such bounds somebody has chosen; bounds that were made of the values, as quantiles are, have more digits. Each
    interval is at least as wide as the first digit of its bounds counts: 30 to 40, not 30 to 35.
    """
    listed = list(values)
    return bool(listed) and all((ends := _ends_of_one(one)) is not None and _are_round(*ends) for one in listed)


def _are_round(left: float, right: float) -> bool:
    if not (_is_round_number(left) and _is_round_number(right)):
        return False
    most = max((abs(end) for end in (left, right) if isfinite(end)), default=0.0)
    if not most:
        return True
    power = floor(log10(most))
    if 10.0**power == most and right - left < most:
        power -= 1  # what lies between 50,000 and 100,000 has five digits
    return right - left >= 10.0**power


def _is_round_number(number: float) -> bool:
    if not number or not isfinite(number):
        return True
    digits = number / 10.0 ** (floor(log10(abs(number))) - 1)
    return isclose(digits, round(digits)) and round(digits) % 5 == 0
