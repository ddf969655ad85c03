"""numpy's own files: one array behind a header, which is read and not run."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
from numpy.lib.format import descr_to_dtype

from .dtypes import shape_of
from .kept import kept_values
from .limits import MOST_CELLS, Unreadable
from .pickles import Pickled, read_pickle
from .values import Values, values_in

__all__ = ["MAGIC", "read_npy", "values_of_npy"]

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_DAMAGED = (ValueError, TypeError, LookupError, ArithmeticError, SyntaxError, MemoryError, RecursionError)


def read_npy(data: bytes) -> Pickled:
    """What the array in ``data`` holds; Unreadable where there is none.

    Of one of objects what the pickle behind its header holds.
    """
    start = _of_objects(data)
    if start:
        return read_pickle(data[start:])
    kept, _, problem = kept_values(values_of_npy(data), MOST_CELLS)
    return Pickled(tuple(kept), (), (), b"", problem)


def values_of_npy(data: bytes) -> Values:
    """The array in ``data``; Unreadable where there is none, or one of objects."""
    try:
        dtype, shape, is_fortran, start = _header(data)
        cells = np.frombuffer(data, dtype, count=math.prod(shape), offset=start)
        return values_in(cells.reshape(shape or (1,), order="F" if is_fortran else "C"))
    except _DAMAGED:
        raise Unreadable("it cannot be read as an array of numpy") from None


def _of_objects(data: bytes) -> int:
    """Where the pickle of an array of objects begins; 0 for another one."""
    try:
        dtype, _, _, start = _header(data)
        return start if dtype.hasobject else 0
    except _DAMAGED:
        return 0


def _header(data: bytes) -> tuple[np.dtype[Any], tuple[int, ...], bool, int]:
    """Type, shape, whether columns come first, and where the cells begin."""
    width = 2 if data[6:7] == b"\1" else 4
    size = int.from_bytes(data[8 : 8 + width], "little")
    start = 8 + width + size
    if not data.startswith(MAGIC) or size > _LONGEST_HEADER or start > len(data):
        raise ValueError
    told = ast.literal_eval(data[8 + width : start].decode("latin-1"))
    return descr_to_dtype(told["descr"]), shape_of(told["shape"]), bool(told["fortran_order"]), start
