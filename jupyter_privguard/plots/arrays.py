"""Arrays as charts carry them: lists, numpy arrays, and plotly's numbers packed in base64."""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Sequence
from typing import Any

__all__ = ["flat", "is_array", "rows_of"]

_CODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d", "i8": "q", "u8": "Q"}


def is_array(value: Any) -> bool:
    """Whether ``value`` holds values of many: a numpy array, packed numbers, or a list of no records."""
    if isinstance(value, dict):
        return "bdata" in value and "dtype" in value
    if isinstance(value, (list, tuple)):
        return bool(value) and not any(isinstance(item, dict) for item in value)
    return hasattr(value, "dtype") and hasattr(value, "tolist") and bool(getattr(value, "ndim", 0))


def rows_of(value: Any) -> list[Any]:
    """An array as lists of Python's own objects; of two dimensions a list of lists."""
    if isinstance(value, dict):
        return _unpacked(value)
    if isinstance(value, (list, tuple)):
        return [rows_of(item) if is_array(item) else _plain(item) for item in value]
    listed = value.astype(str) if getattr(value.dtype, "kind", "") == "M" else value
    return list(listed.tolist())


def flat(rows: Sequence[Any]) -> list[Any]:
    """All values of an array, row by row."""
    out: list[Any] = []
    for item in rows:
        if isinstance(item, list):
            out += flat(item)
        else:
            out.append(item)
    return out


def _plain(item: Any) -> Any:
    return item.item() if hasattr(item, "dtype") and hasattr(item, "item") else item


def _unpacked(packed: dict[str, Any]) -> list[Any]:
    code = _CODES.get(str(packed["dtype"]).lstrip("<|"))
    if code is None:
        raise ValueError("numbers of a type that is not known")
    data = packed["bdata"]
    numbers = array(code)
    numbers.frombytes(base64.b64decode(data) if isinstance(data, str) else bytes(data))
    if sys.byteorder == "big":
        numbers.byteswap()
    shape = packed.get("shape")
    values: list[Any] = numbers.tolist()
    sizes = [int(size) for size in (shape.split(",") if isinstance(shape, str) else shape or ())]
    for size in reversed(sizes[1:]):
        values = [values[at : at + size] for at in range(0, len(values), size)]
    return values
