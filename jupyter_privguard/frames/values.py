"""What kind a single cell value is, whichever library held it."""

from __future__ import annotations

import datetime
import decimal
import numbers
from typing import Any

from .engine import Kind

__all__ = ["kind_of", "same"]

_PYTHON_KINDS: tuple[tuple[type | tuple[type, ...], Kind], ...] = (
    (str, Kind.TEXT),
    (bool, Kind.BOOLEAN),  # before the whole numbers, of which it is one
    ((bytes, bytearray, memoryview), Kind.BYTES),
    (numbers.Integral, Kind.INTEGER),
    ((numbers.Real, decimal.Decimal), Kind.NUMBER),
    ((datetime.date, datetime.datetime), Kind.DATETIME),
)


def kind_of(value: Any) -> Kind:  # Any: a cell value, which is of any type
    """The kind of a value by its own type: a Python object, or a numpy scalar that is also a number."""
    own = type(value)  # isinstance would ask the value for its __class__, which may be anything
    return next((kind for python_type, kind in _PYTHON_KINDS if issubclass(own, python_type)), Kind.OTHER)


def same(old: Any, new: Any) -> bool:  # Any: as above
    """Whether a masked value is still the value it was; a doubt counts as a change."""
    if old is new:
        return True
    try:
        return type(old) is type(new) and bool(old == new)
    except Exception:  # noqa: BLE001 - any object's own comparison
        return False
