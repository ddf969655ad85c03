"""Columns as small integers: equal cells have equal codes, so that groups of rows can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Codes", "GroupSizes", "Pairs", "Shared", "group_sizes", "paired", "pairs", "shared"]

# `Any` in this file is a numpy array; numpy is not imported before the first table is there.

_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Codes:
    """One code a row, from 0 to ``count - 1``; null has a code like any value."""

    values: Any
    """Integers, one a row; never written to."""
    count: int
    """How many codes there may be; at least the number of distinct cells."""


class GroupSizes(NamedTuple):
    """What the sizes of groups of equal rows say. Of no rows both numbers are 0."""

    smallest: int
    """Rows in the smallest group."""
    unique: int
    """Rows that are alone in their group."""


class Pairs(NamedTuple):
    """Two columns as one."""

    codes: Any
    """One integer a row: the number of its pair; −1 where the first column is null."""
    first: Any
    """The code in the first column of each pair."""
    second: Any
    """The code in the second column of each pair."""


def pairs(first: Any, second: Any) -> Pairs:
    """Pairs of the codes of two columns, one a row, −1 for null; a pair counts whose first is not null."""
    import numpy as np

    known = first >= 0
    width = int(second.max(initial=-1)) + 2
    joined = first[known].astype(np.int64) * width + (second[known] + 1)
    distinct, which = np.unique(joined, return_inverse=True)
    codes = np.full(len(first), -1, dtype=np.intp)
    codes[known] = which.ravel()
    return Pairs(codes, distinct // width, distinct % width - 1)


def paired(codes: Any, values: list[Any], beside: Any, others: list[Any]) -> tuple[Any, list[tuple[Any, Any]]]:
    """The code of a pair for each row, −1 where the first column is null, and the distinct pairs of values.

    ``codes`` and ``beside`` are the codes of two columns (−1 for null), ``values`` and ``others`` what
    they stand for. Beside a value stands None where the second column is null.
    """
    found = pairs(codes, beside)
    first = [values[code] for code in found.first.tolist()]
    second = [others[code] if code >= 0 else None for code in found.second.tolist()]
    return found.codes, list(zip(first, second, strict=True))


class Shared(NamedTuple):
    """What two columns of one table say of each other; information in bits a row (Shannon)."""

    before: float
    """Information in the first column."""
    both: float
    """Information in the first column that the second has too."""
    is_one_to_one: bool
    """Whether equal cells of either are equal in the other."""


def shared(first: Codes, second: Codes) -> Shared:
    """How much of the first column the second still tells; exact, over all rows, null being a value."""
    import numpy as np

    if not len(first.values):
        return Shared(0.0, 0.0, is_one_to_one=True)
    joined = first.values.astype(np.int64) * second.count + second.values
    sizes = [np.unique(keys, return_counts=True)[1] for keys in (first.values, second.values, joined)]
    before, after, together = (_entropy(counts, len(joined)) for counts in sizes)
    is_one_to_one = len(sizes[0]) == len(sizes[1]) == len(sizes[2])
    return Shared(before, max(0.0, before + after - together), is_one_to_one)


def _entropy(counts: Any, rows: int) -> float:
    import numpy as np

    shares = counts / rows
    return float(-(shares * np.log2(shares)).sum()) + 0.0  # no negative zero


def group_sizes(columns: Sequence[Codes]) -> GroupSizes:
    """Smallest group and unique rows when rows are grouped by all of ``columns``; exact.

    Columns have the same length; ValueError if there are none. No value is looked at.
    """
    if not columns:
        raise ValueError("rows cannot be grouped by no column")
    keys, count = columns[0].values, columns[0].count
    for column in columns[1:]:
        if count * column.count >= _LARGEST:
            keys, count = _renumbered(keys)
        keys, count = _joined(keys, column, count * column.count), count * column.count
    return _counted(keys, count) if len(keys) else GroupSizes(0, 0)


def _joined(keys: Any, column: Codes, count: int) -> Any:
    import numpy as np

    joined = keys.astype(np.int32 if count < 2**31 else np.int64)
    joined *= column.count
    joined += column.values.astype(joined.dtype)
    return joined


def _renumbered(keys: Any) -> tuple[Any, int]:
    """The same groups under numbers without gaps."""
    import numpy as np

    found, codes = np.unique(keys, return_inverse=True)
    return codes, len(found)


def _counted(keys: Any, count: int) -> GroupSizes:
    import numpy as np

    if count <= len(keys):  # a table of counts is smaller than what it counts
        sizes = np.bincount(keys)
        sizes = sizes[sizes > 0]
        return GroupSizes(int(sizes.min()), int(np.count_nonzero(sizes == 1)))
    # Sorted rather than hashed: nearly all groups differ, and numpy sorts integers by vector instructions.
    ordered = np.sort(keys)
    begins = np.empty(len(ordered) + 1, dtype=bool)
    begins[0] = begins[-1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:-1])
    unique = int(np.count_nonzero(begins[1:] & begins[:-1]))
    return GroupSizes(1 if unique else int(np.diff(np.flatnonzero(begins)).min()), unique)
