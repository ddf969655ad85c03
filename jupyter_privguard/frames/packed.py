"""Numbers packed into bytes: those that come from a known column are found and rounded in place, whatever they are in.

The bytes say nothing of their types, so all of the usual ones are tried. That numbers come from a column is taken as
shown when far more of them stand in it than chance would have: all numbers of the bytes together, or a row of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from .._chance import log_chance

__all__ = ["NumberColumn", "rounded"]

_TYPES = ("<i4", "<i8", "<f8", "<f4", "<i2", "<u2", "<u4")
_CHANCE = 1e-6
_PICKLES = tuple(b"\x80" + bytes([version]) for version in range(2, 6))
_FEWEST = 4
"""Different numbers that prove something at least."""
_SMALL = 1000
"""A column of whole numbers below that (ages, counts) is never looked for."""
_LONGEST_UNALIGNED = 1 << 20


class NumberColumn(NamedTuple):
    """The distinct numbers of a column."""

    numbers: Collection[float]
    density: float
    """How likely any number between the least and the greatest of them is one."""


def rounded(data: bytes, columns: Sequence[NumberColumn]) -> bytes | None:
    """``data`` with numbers of ``columns`` rounded to two digits; the same object if there are none.

    None where they stand in a pickle each by itself, so that they cannot be changed in place.
    """
    found = [(column, _sorted(column.numbers)) for column in columns if _is_telling(column)]
    if not found or len(data) < 2 * _FEWEST:
        return data
    if data.startswith(_PICKLES) and _is_pickled(data, found):
        return None
    for kind in _TYPES:
        size = int(kind[-1])
        offsets = range(size if len(data) <= _LONGEST_UNALIGNED else 1)
        for offset in offsets:
            for column, numbers in found:
                changed = _rounded_as(data, kind, offset, column, numbers)
                if changed is not None:
                    return rounded(changed, columns)
    return data


def _is_pickled(data: bytes, columns: Sequence[tuple[NumberColumn, Any]]) -> bool:
    """Whether the lone numbers of a pickle are those of a column. It is read, not executed."""
    import pickletools

    import numpy as np

    numbers = []
    try:
        for _, number, _ in pickletools.genops(data):
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                numbers.append(float(number))
    except (ValueError, OverflowError):  # it is cut off, or none; or the number is too long
        pass
    values = np.asarray(numbers)
    return any(
        _is_whole(values, near, hits, column.density)
        for column, known in columns
        for near, hits in (_places(values, known),)
        if len(hits) >= _FEWEST
    )


def _is_telling(column: NumberColumn) -> bool:
    return column.density < 0.9 and max(map(abs, column.numbers)) >= _SMALL


def _sorted(numbers: Collection[float]) -> Any:
    import numpy as np

    return np.sort(np.fromiter(numbers, dtype="f8", count=len(numbers)))


def _rounded_as(data: bytes, kind: str, offset: int, column: NumberColumn, numbers: Any) -> bytes | None:
    import numpy as np

    size = int(kind[-1])
    count = (len(data) - offset) // size
    if count < _FEWEST:
        return None
    values = np.frombuffer(data, dtype=kind, count=count, offset=offset)
    known = np.unique(numbers.astype(kind)) if kind == "<f4" else numbers
    near, hits = _places(values, known)
    if len(hits) < _FEWEST:
        return None
    proven = hits if _is_whole(values, near, hits, column.density) else _in_rows(values, hits, column.density, count)
    if not len(proven):
        return None
    changed = np.frombuffer(data, dtype=np.uint8).copy()
    view = changed[offset : offset + count * size].view(kind)
    low, high = (np.iinfo(kind).min, np.iinfo(kind).max) if kind[1] in "iu" else (-math.inf, math.inf)
    view[proven] = np.clip(_two_digits(view[proven].astype("f8")), low, high).astype(kind)
    return changed.tobytes()


def _places(values: Any, known: Any) -> tuple[Any, Any]:
    """Where ``values`` lie between the least and the greatest of the sorted ``known``, and where they are one of them.

    Those that rounding would not change are left out.
    """
    import numpy as np

    with np.errstate(invalid="ignore"):
        near = np.flatnonzero((values >= known[0]) & (values <= known[-1]))
    place = np.minimum(np.searchsorted(known, values[near]), len(known) - 1)
    is_hit = (known[place] == values[near]) & (_two_digits(values[near].astype("f8")) != values[near])
    return near, near[is_hit]


def _is_whole(values: Any, near: Any, hits: Any, density: float) -> bool:
    """Whether the numbers as a whole are the column's: a large share of all, and far more than by chance."""
    import numpy as np

    different, among, whole = np.unique(values[hits]), len(np.unique(values[near])), len(np.unique(values))
    if len(different) < _FEWEST or len(different) < 0.3 * whole or _is_range(different):
        return False
    return log_chance(len(different), among, density) <= math.log(_CHANCE)


def _in_rows(values: Any, hits: Any, density: float, count: int) -> Any:
    """Those of the ``hits`` that stand in unbroken rows, each too long for chance."""
    import numpy as np

    proven = [row for row in _rows(hits) if _is_proof(np.unique(values[row]), density, count)]
    return np.concatenate(proven) if proven else hits[:0]


def _rows(hits: Any) -> Iterator[Any]:
    import numpy as np

    yield from (row for row in np.split(hits, np.flatnonzero(np.diff(hits) != 1) + 1) if len(row) >= _FEWEST)


def _is_proof(different: Any, density: float, count: int) -> bool:
    if len(different) < _FEWEST or _is_range(different):
        return False
    return math.log(count) + len(different) * math.log(max(density, 1e-12)) <= math.log(_CHANCE)


def _is_range(different: Any) -> bool:
    """Whether sorted numbers are those that count something: each is one more than the one before."""
    import numpy as np

    return bool((np.diff(different) == 1).all())


def _two_digits(values: Any) -> Any:
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        unit = 10.0 ** (np.floor(np.log10(np.abs(values))) - 1)
        return np.where(values == 0, values, np.round(values / unit) * unit)
