"""Columns as small integers: equal cells have equal codes, so that groups of rows can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Codes", "GroupSizes", "group_sizes"]

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
