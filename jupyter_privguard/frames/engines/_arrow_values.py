"""The values of one Arrow column: distinct ones out, masked ones back in, nulls and type kept."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..codes import Codes, paired
from ..engine import Kind, Mapper
from ..sampling import thinned_out
from ..values import kind_of, same

__all__ = ["codes_of", "distinct", "first", "kind_of_type", "mapped", "numbers_of", "strided", "thinned"]

# `Any` in this file is a cell value, which is of any type, or an object of pyarrow, which has no types.


def kind_of_type(arrow_type: Any) -> Kind:
    """What a column of this type holds; nested types, times of day and durations are `Kind.OTHER`."""
    plain = _plain_type(arrow_type)
    return next((kind for test, kind in _KINDS if test(plain)), Kind.OTHER)


def first(column: Any, size: int) -> list[Any]:
    """The first ``size`` known values of a chunked array."""
    return list(islice(_known(scalar.as_py() for scalar in _plain(column).drop_null()), size))


def strided(column: Any, step: int) -> list[Any]:
    """Every ``step``-th cell of a chunked array, nulls included."""
    found: list[Any] = []
    start = 0
    for chunk in column.chunks:  # of many chunks, taking from all at once would copy them into one
        places = range(-start % step, len(chunk), step)
        start += len(chunk)
        if places:
            found += _taken(chunk, places).to_pylist()
    return found


def _taken(chunk: Any, places: range) -> Any:
    try:
        return chunk.take(pa.array(places))
    except pa.ArrowNotImplementedError:  # views and runs, in some versions
        return _plain_chunk(chunk).take(pa.array(places))


def thinned(values: Iterable[Any], size: int) -> list[Any]:
    """The known ones among ``values``, at most ``size``."""
    known = list(_known(values))
    return [known[place] for place in thinned_out(len(known), size)]


def _known(values: Iterable[Any]) -> Iterator[Any]:
    return (value for value in values if value is not None and not (isinstance(value, float) and value != value))


def distinct(column: Any) -> list[Any]:
    """Distinct known values in order of first appearance; nested ones count one by one."""
    return _encoded(_plain(column))[1]


def codes_of(column: Any) -> Codes:
    """Codes from 0, which is null, and how many there may be."""
    codes, values = _encoded(_plain(column))
    return Codes(codes + 1, len(values) + 1)


def numbers_of(column: Any) -> Any:
    """Numbers as floats and points in time as seconds since 1970, UTC; None for other types."""
    plain = _plain(column)
    kind = kind_of_type(plain.type)
    if kind is Kind.DATETIME:
        plain = plain.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
    elif kind not in (Kind.INTEGER, Kind.NUMBER):
        return None
    return np.asarray(plain.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def mapped(column: Any, mapper: Mapper, beside: Any = None) -> tuple[Any, int]:
    """A new chunked array with each distinct value replaced, and how many cells that changed.

    Nulls stay null and NaN stays NaN where the type can hold it. The type stays where every masked
    value is of its kind, else the values are other numbers or text. With ``beside``, another column of
    the table, the mapper gets each distinct pair of a value and what stands beside it.
    """
    plain = _plain(column)
    codes, old = _encoded(plain)
    if beside is None:
        new = mapper(list(old))
    else:
        codes, both = paired(codes, old, *_encoded(_plain(beside)))
        old, new = [value for value, _ in both], mapper(list(both))
    if len(new) != len(old):
        raise ValueError("a mapper must return as many values as it got")
    differs = np.fromiter((not same(a, b) for a, b in zip(old, new, strict=True)), dtype=bool, count=len(new))
    changed = int(differs[codes[codes >= 0]].sum()) if len(new) else 0
    return _filled(column, plain, codes, new), changed


def _filled(column: Any, plain: Any, codes: Any, new: list[Any]) -> Any:
    masked = _array_of(plain.type, new)
    places = pa.array(codes, mask=codes < 0)
    parts, start = [], 0
    for chunk in column.chunks:  # chunk by chunk, so that no chunk of long texts becomes too long for its type
        parts.append(masked.take(places.slice(start, len(chunk))))
        start += len(chunk)
    out = pa.chunked_array(parts, type=masked.type)
    if pa.types.is_dictionary(column.type):
        # Only masked values that occur are in the dictionary; without an order, which is a hint.
        return out.dictionary_encode()
    if masked.type != plain.type:
        return out
    if pa.types.is_floating(out.type):
        out = pc.if_else(pc.fill_null(pc.is_nan(plain), False), plain, out)
    return out.cast(column.type) if _is_view(column.type) else out


def _array_of(arrow_type: Any, new: list[Any]) -> Any:
    """The masked values as an array of this type; of another one where they do not fit."""
    if not new:
        return pa.nulls(0, arrow_type)
    kind = kind_of_type(arrow_type)
    wanted = {Kind.INTEGER, Kind.NUMBER} if kind is Kind.NUMBER else {kind} - {Kind.OTHER}
    # Text is never read as a date or number: that would be a false value.
    fitting = [arrow_type] if all(kind_of(value) in wanted for value in new) else []
    if pa.types.is_nested(arrow_type) and all(isinstance(value, (list, dict)) for value in new):
        fitting = [arrow_type]  # what does not fit raises: text is never read as anything else here either
    if fitting and pa.types.is_decimal(arrow_type):
        new = [decimal.Decimal(str(value)) for value in new]
    for candidate in (*fitting, None):
        try:
            return pa.array(new, type=candidate)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            continue  # out of the type's range, or of several kinds
    return pa.array([str(value) for value in new], type=pa.string())


def _encoded(plain: Any) -> tuple[Any, list[Any]]:
    """A code a row (−1 for null and NaN), and the distinct values."""
    if pa.types.is_float16(plain.type):
        plain = plain.cast(pa.float32())  # not every version compares them as they are
    if pa.types.is_floating(plain.type):
        plain = pc.if_else(pc.is_nan(plain), pa.scalar(None, plain.type), plain)
    if pa.types.is_null(plain.type):
        return np.full(len(plain), -1, dtype=np.intp), []
    try:
        encoded = plain.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, pa.ArrowTypeError):  # nested: nothing to compare
        known = plain.is_valid().to_numpy()
        codes = np.full(len(plain), -1, dtype=np.intp)
        codes[known] = np.arange(np.count_nonzero(known))
        return codes, [value for value in plain.to_pylist() if value is not None]
    if not encoded.num_chunks:
        return np.empty(0, dtype=np.intp), []
    # All chunks have one dictionary.
    parts = [pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    return np.concatenate(parts).astype(np.intp), encoded.chunk(encoded.num_chunks - 1).dictionary.to_pylist()


def _plain(column: Any) -> Any:
    """The column without what only is another form of writing it down: dictionaries, runs, extensions."""
    plain_type = _plain_type(column.type)
    if plain_type == column.type:
        return column
    return pa.chunked_array([_plain_chunk(chunk) for chunk in column.chunks], type=plain_type)


def _plain_chunk(chunk: Any) -> Any:
    if isinstance(chunk.type, pa.BaseExtensionType):
        return _plain_chunk(chunk.storage)
    if pa.types.is_dictionary(chunk.type):
        return _plain_chunk(chunk.dictionary_decode())
    if pa.types.is_run_end_encoded(chunk.type):
        return _plain_chunk(pc.run_end_decode(chunk))
    return chunk.cast(_plain_type(chunk.type)) if _is_view(chunk.type) else chunk


def _plain_type(arrow_type: Any) -> Any:
    if isinstance(arrow_type, pa.BaseExtensionType):
        return _plain_type(arrow_type.storage_type)
    if pa.types.is_dictionary(arrow_type) or pa.types.is_run_end_encoded(arrow_type):
        return _plain_type(arrow_type.value_type)
    if pa.types.is_string_view(arrow_type):
        return pa.large_string()
    return pa.large_binary() if pa.types.is_binary_view(arrow_type) else arrow_type


def _is_view(arrow_type: Any) -> bool:
    return bool(pa.types.is_string_view(arrow_type) or pa.types.is_binary_view(arrow_type))


_KINDS: tuple[tuple[Any, Kind], ...] = (
    (pa.types.is_string, Kind.TEXT),
    (pa.types.is_large_string, Kind.TEXT),
    (pa.types.is_boolean, Kind.BOOLEAN),
    (pa.types.is_integer, Kind.INTEGER),
    (pa.types.is_floating, Kind.NUMBER),
    (pa.types.is_decimal, Kind.NUMBER),
    (pa.types.is_date, Kind.DATETIME),
    (pa.types.is_timestamp, Kind.DATETIME),
    (pa.types.is_binary, Kind.BYTES),
    (pa.types.is_large_binary, Kind.BYTES),
    (pa.types.is_fixed_size_binary, Kind.BYTES),
)
