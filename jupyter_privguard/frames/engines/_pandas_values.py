"""The values of one pandas column: distinct ones out, masked ones back in, nulls and dtype kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from ..codes import Codes, paired
from ..engine import Kind, Mapper
from ..values import kind_of, same

__all__ = [
    "as_python",
    "codes_of",
    "distinct",
    "kind_of_dtype",
    "known_of",
    "mapped",
    "numbers_of",
    "plain_array",
    "usual_kind",
]

# `Any` in this file is a cell value, which is of any type, or one of pandas' loosely typed arrays.


def kind_of_dtype(dtype: Any) -> Kind | None:
    """What a column of this dtype holds; None when only the values can tell."""
    if isinstance(dtype, pd.CategoricalDtype):
        dtype = dtype.categories.dtype
    return next((kind for test, kind in _KINDS if test(dtype)), None)


def usual_kind(values: list[Any]) -> Kind:
    """What most of the values are."""
    kinds = [kind_of(value) for value in values]
    return max(dict.fromkeys(kinds), key=kinds.count) if kinds else Kind.OTHER


def distinct(values: pd.Series[Any]) -> tuple[Any, list[Any]]:
    """Codes (−1 for null) and distinct values; values that cannot be hashed count one by one."""
    codes, uniques = _factorized(values)
    found = uniques.tolist()
    if any(issubclass(kind, np.generic) for kind in set(map(type, found))):  # no look at each of a million texts
        found = [as_python(value) for value in found]
    return codes, found


def codes_of(values: pd.Series[Any]) -> Codes:
    """Codes from 0, which is null, and how many there may be."""
    if values.dtype == np.bool_:  # two values and no null: faster than hashing a million of them
        return Codes(values.to_numpy().astype(np.intp) + 1, 3)
    codes, uniques = _factorized(values)
    return Codes(codes + 1, len(uniques) + 1)


def numbers_of(values: pd.Series[Any]) -> Any:
    """Numbers as floats and points in time as seconds since 1970, UTC; None for other dtypes, as that of objects."""
    kind = None if isinstance(values.dtype, pd.CategoricalDtype) else kind_of_dtype(values.dtype)
    if kind in (Kind.INTEGER, Kind.NUMBER):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    if kind is not Kind.DATETIME or isinstance(values.dtype, pd.ArrowDtype):
        return None
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    moments = values.to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64).astype(np.float64))


def _factorized(values: pd.Series[Any]) -> tuple[Any, Any]:
    """Codes (−1 for null) and distinct values as an array or Series."""
    try:
        codes, uniques = pd.factorize(values)
        return codes, uniques if (codes >= 0).any() else uniques[:0]  # pandas 2 counts Arrow's null as a value
    except (Exception, SystemExit):  # noqa: BLE001 - a cell may be any object, whose hash or comparison may raise anything
        items = values.tolist()
        known = np.flatnonzero(is_known(values))
        codes = np.full(len(items), -1, dtype=np.intp)
        codes[known] = np.arange(len(known))
        found = np.empty(len(known), dtype=object)
        for place, position in enumerate(known):
            found[place] = items[position]  # one by one: of a list, pandas 2 asks each object for an array
        return codes, pd.Series(found, dtype=object)


def plain_array(values: pd.Series[Any]) -> Any:
    """The cells without labels, not copied: what is done to few cells of many columns costs less so."""
    return values.to_numpy() if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biufO" else values.array


def known_of(array: Any) -> Any:
    """The cells of an array that are not null."""
    return array if isinstance(array, np.ndarray) and array.dtype.kind in "biu" else array[is_known(array)]


def is_known(values: Any) -> Any:
    """Which cells of an array or Series are not null; one that cannot be asked, as a signalling NaN, is known."""
    try:
        return np.asarray(pd.notna(values), dtype=bool)
    except (Exception, SystemExit):  # noqa: BLE001 - a cell's own code may raise anything
        return np.array([not _is_null(value) for value in values.tolist()], dtype=bool)


def _is_null(value: Any) -> bool:
    try:
        return types.is_scalar(value) and bool(pd.isna(value))
    except Exception:  # noqa: BLE001 - see above
        return False


def mapped(values: pd.Series[Any], mapper: Mapper, beside: pd.Series[Any] | None = None) -> tuple[Any, int]:
    """A new array with each distinct value replaced, and how many cells that changed.

    Nulls stay what they are; the dtype stays where every masked value is of its kind, else the
    array is one of objects. With a column ``beside`` the mapper gets distinct pairs.
    """
    codes, old = distinct(values)
    if beside is None:
        new = mapper(list(old))
    else:
        codes, both = paired(codes, old, *distinct(beside))
        old, new = [value for value, _ in both], mapper(list(both))
    if len(new) != len(old):
        raise ValueError("a mapper must return as many values as it got")
    known = codes >= 0
    differs = np.fromiter((not same(a, b) for a, b in zip(old, new, strict=True)), dtype=bool, count=len(new))
    changed = int(differs[codes[known]].sum()) if len(new) else 0
    return _filled(values, codes, known, new), changed


def _filled(values: pd.Series[Any], codes: Any, known: Any, new: list[Any]) -> Any:
    if isinstance(values.dtype, pd.CategoricalDtype):
        # Only masked values that occur become categories; unordered, since an order is a hint.
        places: dict[Any, int] = {}
        moved = np.fromiter((places.setdefault(value, len(places)) for value in new), dtype=np.intp, count=len(new))
        taken = np.full(len(codes), -1, dtype=np.intp)
        taken[known] = moved[codes[known]]
        return pd.Categorical.from_codes(taken, categories=pd.Index(list(places)))
    masked = np.empty(len(new), dtype=object)
    for position, value in enumerate(new):
        masked[position] = value
    for dtype in (values.dtype, *_wider(values.dtype)) if _fits(values.dtype, new) else ():
        try:
            array: Any = pd.Series(masked, dtype=dtype).array
            return array.take(codes) if known.all() else array.take(codes, allow_fill=True)
        except (TypeError, ValueError, OverflowError, NotImplementedError):
            continue  # out of the type's range, or a type that cannot be built from objects
    out = np.empty(len(codes), dtype=object)
    out[known] = masked[codes[known]]
    if not known.all():
        out[~known] = values[~known].to_numpy(dtype=object)
    return out


def _wider(dtype: Any) -> list[Any]:
    """64 bits for numbers of 32: a masked number of ten digits may be larger than they can hold."""
    if not types.is_integer_dtype(dtype) or getattr(dtype, "itemsize", 0) != 4:
        return []
    if isinstance(dtype, pd.ArrowDtype):
        import pyarrow as pa

        return [pd.ArrowDtype(pa.int64())]
    return [pd.Int64Dtype()] if types.is_extension_array_dtype(dtype) else [np.dtype(np.int64)]


def _fits(dtype: Any, new: list[Any]) -> bool:
    """Whether all masked values are of the dtype's own kind: text is never read as a date or number."""
    kind = kind_of_dtype(dtype)
    if kind is not None:
        wanted = {Kind.INTEGER, Kind.NUMBER} if kind is Kind.NUMBER else {kind}
        return all(kind_of(value) in wanted for value in new)
    if not isinstance(dtype, pd.ArrowDtype):
        return False
    if str(dtype).startswith(("list", "large_list", "fixed_size_list", "struct", "map")):
        return all(isinstance(value, (list, dict)) for value in new)
    return "string" in str(dtype) and all(isinstance(value, str) for value in new)


def as_python(value: Any) -> Any:
    """``value`` as Python's own type where it is a numpy scalar; anything else as it is."""
    return value.item() if issubclass(type(value), np.generic) else value


_KINDS: tuple[tuple[Callable[[Any], bool], Kind], ...] = (
    (types.is_bool_dtype, Kind.BOOLEAN),
    (types.is_integer_dtype, Kind.INTEGER),
    (types.is_float_dtype, Kind.NUMBER),
    (types.is_datetime64_any_dtype, Kind.DATETIME),
    (lambda dtype: isinstance(dtype, pd.StringDtype), Kind.TEXT),
)
