"""pandas and numpy: masked columns in the types that they had."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from ..typed import number_in

__all__ = ["typed_array", "typed_copy"]

# `Any` in this file is a frame, Series, Index or array, whose types may be any.

_YEAR = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def typed_copy(masked: Any, raw: Any) -> Any:
    """As `frames.typed.typed_copy`."""
    if isinstance(raw, pd.Series):
        return _column(masked, raw)
    if not isinstance(raw, pd.DataFrame):
        return masked
    out = masked.copy(deep=False)
    for position in range(raw.shape[1]):
        out.isetitem(position, _column(masked.iloc[:, position], raw.iloc[:, position]))
    return out


def typed_array(rows: Any, raw: Any) -> Any:
    """As `frames.typed.typed_array`."""
    return np.array(rows, dtype=raw.dtype).reshape(raw.shape)


def _column(masked: pd.Series[Any], raw: pd.Series[Any]) -> pd.Series[Any]:
    if masked.dtype == raw.dtype:
        return masked
    kind = getattr(raw.dtype, "kind", "O")
    if isinstance(raw.dtype, pd.CategoricalDtype) or kind not in "iufbM":
        return masked
    values = [None if pd.isna(value) else _as_kind(value, kind) for value in masked]
    return pd.Series(values, index=masked.index, name=masked.name, dtype="object").astype(raw.dtype)


def _as_kind(value: Any, kind: str) -> Any:
    if kind == "b":
        return value if isinstance(value, bool) else False
    if kind == "M":
        return _day(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if kind == "f" or value == value else 0
    number = number_in(str(value))
    return number if kind == "f" else int(number)


def _day(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value
    found = _YEAR.match(str(value))
    return pd.Timestamp(found[0] if found else "1970")
