"""What a pandas object looks like, told without a look at every label: the same until somebody changes it."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

__all__ = ["state_of"]

# `Any` in this file is one of pandas' own arrays, of whatever type.


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
    return tuple(map(_address, values))


def _address(values: Any) -> int:
    """Where an array lies; one of Arrow's is never written to: another one is put in its place."""
    return id(getattr(values, "_pa_array", values))


def _cells(values: Any) -> tuple[int, ...]:
    """Checksums of the memory that an array may be written to in: of objects, which ones they are."""
    parts = [values, *(getattr(values, name, None) for name in ("_ndarray", "_data", "_mask"))]
    return tuple(crc32(part.tobytes()) for part in parts if isinstance(part, np.ndarray))
