"""What stands in a small pandas object, as something that is equal for equal cells and labels."""

from __future__ import annotations

import datetime
import decimal
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Content", "content_of"]

# `Any` in this file is one of pandas' own arrays, of whatever type, or a cell value.

_FIXED = frozenset(
    (
        *(str, int, float, complex, bool, bytes, type(None), decimal.Decimal, pd.Timestamp, pd.Timedelta),
        *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, type(pd.NaT), type(pd.NA)),
    )
)
"""Types whose values cannot be changed: the same object is the same value."""


@dataclass(frozen=True, slots=True)
class Content:
    """Equal for two objects of one type that hold the same; one that was not told apart is never called equal."""

    told: tuple[Any, ...]
    kept: list[Any] = field(compare=False, repr=False)
    """Objects that are told by their addresses, which are theirs as long as they live."""


def content_of(native: Any, half: int | None = None) -> Content | None:
    """What is in a DataFrame, Series or Index; None where only a look at each cell's own attributes could tell.

    ``half``: only what is in its first and last rows, as many of each; of an Index all counts.
    """
    kept: list[Any] = []
    try:
        if isinstance(native, pd.Index):
            return Content((type(native), *_of_index(native, kept)), kept)
        manager = native._mgr
        *columns, rows = manager.axes
        parts: list[Any] = [type(native), len(rows)]
        for axis in (*columns, *_ends(rows, half)):
            parts.append(_of_index(axis, kept))
        for block in manager.blocks:
            parts.append(np.asarray(block.mgr_locs.as_array).tobytes())
            parts += [_of_array(values, kept) for values in _ends(block.values, half)]
        if isinstance(native, pd.Series):
            parts.append(_of_objects([native.name], kept))
    except _Unknown:
        return None
    return Content(tuple(parts), kept)


def _ends(values: Any, half: int | None) -> tuple[Any, ...]:
    """Both ends of what has a place for each row; the rows of a block of several columns are its second axis."""
    if half is None:
        return (values,)
    if getattr(values, "ndim", 1) == 2:
        return values[:, :half], values[:, -half:]
    return values[:half], values[-half:]


class _Unknown(Exception):
    """Something whose content nobody can tell."""


def _of_index(index: Any, kept: list[Any]) -> tuple[Any, ...]:
    names = _of_objects(list(index.names), kept)
    if isinstance(index, pd.RangeIndex):
        return names, index.start, index.stop, index.step
    if isinstance(index, pd.MultiIndex):
        levels = (_of_index(level, kept) for level in index.levels)
        return names, *levels, *(np.asarray(codes).tobytes() for codes in index.codes)
    return names, type(index), _of_array(index._values, kept)


def _of_array(values: Any, kept: list[Any]) -> tuple[Any, ...]:
    dtype = values.dtype
    if isinstance(values, np.ndarray):
        if dtype.hasobject:
            return str(dtype), values.shape, _of_objects(values.ravel().tolist(), kept)
        return str(dtype), values.shape, values.tobytes()
    if isinstance(values, pd.Categorical):
        return "category", values.ordered, values.codes.tobytes(), _of_index(values.categories, kept)
    arrow = getattr(values, "_pa_array", None)
    if arrow is not None:
        cells = arrow.to_pylist()
        if not _FIXED.issuperset(map(type, cells)):
            raise _Unknown
        return str(dtype), tuple(cells)
    parts = [getattr(values, name, None) for name in ("_ndarray", "_data", "_mask")]
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if not arrays:
        raise _Unknown
    return str(dtype), *(_of_array(array, kept) for array in arrays)


def _of_objects(cells: list[Any], kept: list[Any]) -> tuple[int, ...]:
    if not _FIXED.issuperset(map(type, cells)):
        raise _Unknown
    kept += cells
    return tuple(map(id, cells))
