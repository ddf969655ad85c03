"""How often each value of a column occurs, and its numbers as an array; for every engine alike."""

from __future__ import annotations

from typing import Any, NamedTuple

from .bands import seconds_of
from .codes import Codes
from .engine import FrameView

__all__ = ["Counted", "counted", "numbers"]

# `Any` in this file is a numpy array or a cell value; numpy is not imported before the first table is there.


class Counted(NamedTuple):
    """The cells of one column; exact, every row is counted."""

    nulls: int
    """Rows without a value."""
    sizes: Any
    """Rows of each distinct value, in order of first appearance."""


def counted(view: FrameView, position: int) -> Counted:
    """The nulls and the sizes of the groups of equal cells; in the order of `FrameView.distinct`."""
    import numpy as np

    codes = view.codes(position)
    sizes = np.bincount(codes.values, minlength=max(1, codes.count))
    return Counted(int(sizes[0]), sizes[_in_order(codes)])


def numbers(view: FrameView, position: int) -> Any:
    """One float a row: a number, or seconds since 1970 (UTC) for a date; NaN for null and anything else."""
    import numpy as np

    found = view.numbers(position)
    if found is not None:
        return found
    codes = view.codes(position)
    by_code = np.full(max(1, codes.count), np.nan)
    by_code[_in_order(codes)] = seconds_of(view.distinct(position))
    return by_code[codes.values]


def _in_order(codes: Codes) -> Any:
    """The codes that occur, but for that of null, in order of first appearance."""
    import numpy as np

    rows = len(codes.values)
    first = np.full(max(1, codes.count), rows, dtype=np.intp)
    first[codes.values[::-1]] = np.arange(rows - 1, -1, -1)  # the last write, that of the first row, stays
    there = np.flatnonzero(first[1:] < rows) + 1
    return there[np.argsort(first[there], kind="stable")]
