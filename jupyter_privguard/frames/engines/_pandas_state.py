"""What a pandas object looks like, told without a look at every label: the same until somebody changes it."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

__all__ = ["forget_dead_views", "same_columns", "state_of"]

# `Any` in this file is one of pandas' own arrays, of whatever type.

_TEXTS_ARE_OBJECTS = int(pd.__version__.partition(".")[0]) < 3
"""Before pandas 3 a column of texts is an array of objects, which is written to in place."""
_MOST_BLOCKS = 200
"""Parts of a table whose views are asked for each time; of wider tables none."""
_LOOKED_AT = 1_000_000
"""Cells of such an array that a look at a whole table costs at most: a few milliseconds."""


def state_of(native: Any) -> object:
    """Something that differs once the blocks of ``native`` were replaced, or cells or the index of a Series."""
    if isinstance(native, pd.Index):
        return id(native)  # it cannot be changed, but for its name
    manager = getattr(native, "_mgr", None)
    values = [block.values for block in getattr(manager, "blocks", ())]
    if isinstance(native, pd.Series):
        # It is one column, which is set in place as often as not, and may have a new index any time.
        return (*map(id, getattr(manager, "axes", ())), *map(_address, values), *map(_cells, values))
    # Blocks are replaced when columns are set; their addresses are all that a look costs.
    return (*map(_address, values), *_texts(values))


def same_columns(native: Any) -> object:
    """As `PandasView.state` without a look at the labels of columns; of a single column its size."""
    manager = getattr(native, "_mgr", None)
    if manager is None or not isinstance(native, pd.DataFrame):
        return len(native)
    columns, index = manager.axes
    values = [block.values for block in manager.blocks]
    forget_dead_views(native)
    return (id(columns), id(index), *index.names, *map(_address, values), *_texts(values))


def forget_dead_views(frame: pd.DataFrame) -> None:
    """Let pandas drop its weak references to columns and labels of ``frame`` that were looked at, and are gone.

    It gathers up to 500 for each part before it does, which over a thousand kept results are tens of megabytes.
    """
    manager = getattr(frame, "_mgr", None)
    blocks = getattr(manager, "blocks", ())
    if len(blocks) <= _MOST_BLOCKS:
        views = [getattr(block, "refs", None) for block in blocks]
        views += [getattr(axis, "_references", None) for axis in getattr(manager, "axes", ())]
        for one in views:
            if one is not None:
                one.has_reference()


def _address(values: Any) -> int:
    """Where an array lies; one of Arrow's is never written to: another one is put in its place."""
    return id(getattr(values, "_pa_array", values))


def _texts(arrays: list[Any]) -> tuple[int, ...]:
    """Checksums of which objects the cells of texts are, where another array does not tell; of long tables a part."""
    if not _TEXTS_ARE_OBJECTS:
        return ()
    return tuple(
        crc32(array.reshape(-1)[:: -(-array.size // _LOOKED_AT)].tobytes())
        for array in arrays
        if isinstance(array, np.ndarray) and array.dtype == np.object_ and array.size
    )


def _cells(values: Any) -> tuple[int, ...]:
    """Checksums of the memory that an array may be written to in: of objects, which ones they are."""
    parts = [values, *(getattr(values, name, None) for name in ("_ndarray", "_data", "_mask"))]
    return tuple(crc32(part.tobytes()) for part in parts if isinstance(part, np.ndarray))
