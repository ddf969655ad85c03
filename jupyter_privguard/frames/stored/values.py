"""Arrays of one or more dimensions as pickles hold them, and single values: decoded cell by cell, none of it run."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .dtypes import dtype_of, shape_of
from .nodes import Block, Built, Node, Pairs, Storage

__all__ = [
    "Values",
    "array_of",
    "as_bytes",
    "is_scalar",
    "listed",
    "numbers",
    "plain",
    "source_of",
    "sparse_shape",
    "values_in",
]

_DEEP = 4
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Values:
    """An array: rows by columns, what has more dimensions in one row each."""

    rows: int
    columns: int
    kind: str
    """``text``, ``whole``, ``fraction``, ``object`` or ``other``."""
    cells: Any
    """An array of numpy with ``rows`` rows, or a sequence of nodes row by row."""
    labels: tuple[str, ...] = ()
    is_by_column: bool = False
    """Whether a sequence goes column by column."""
    source: Node = None
    """The text or bytes in the stream that it was made of, if there are any."""

    def column(self, place: int, most: int) -> list[Any]:
        """At most so many values of one column, as plain ones; what is none is None."""
        if isinstance(self.cells, np.ndarray):
            found = self.cells[:most, place].tolist() if self.cells.ndim > 1 else self.cells[:most].tolist()
            return _tidy(found)
        cells = self.cells[:most]
        if self.columns > 1:
            start = place * self.rows
            by_column = self.cells[start : start + min(most, self.rows)]
            cells = by_column if self.is_by_column else self.cells[place :: self.columns][:most]
        return [plain(one) for one in cells]


def listed(items: Sequence[Node]) -> Values:
    """A list as one column."""
    kinds = {type(one) for one in items[:1000]}
    kind = "whole" if kinds == {int} else "fraction" if kinds <= {int, float} else "object"
    return Values(len(items), 1, kind, items)


def array_of(node: Node) -> Values | None:
    """The array that ``node`` is; None for anything else. ValueError and the like for one that is damaged."""
    if isinstance(node, Values):
        return node
    if isinstance(node, Block):
        return _of_bytes(node.data, node.dtype, node.shape, node.order == "F")
    if not isinstance(node, Built) or not isinstance(node.args, tuple):
        return None
    if node.is_made_by == "_frombuffer" and len(node.args) == 4:
        data, dtype, shape, order = node.args
        return _of_bytes(data, dtype, shape, order == "F")
    if node.is_made_by == "_reconstruct" and node.states:
        return _restored(node.states[-1])
    if node.is_made_by in ("_rebuild_tensor", "_rebuild_tensor_v2") and isinstance(node.args[0], Storage):
        return _of_storage(*node.args[:4])
    return None


def _of_storage(storage: Storage, offset: Node, shape: Node, strides: Node) -> Values:
    """A tensor: of its storage no more than there is, so that none is larger than what was read."""
    size, steps = shape_of(shape), shape_of(strides)
    cells = numbers(storage.kind, storage.load())
    last = offset + sum((length - 1) * step for length, step in zip(size, steps, strict=True))
    if not isinstance(offset, int) or offset < 0 or math.prod(size) > cells.size or last >= cells.size:
        raise ValueError
    width = cells.itemsize
    seen = np.lib.stride_tricks.as_strided(
        cells[offset:], size or (1,), [step * width for step in steps] or [width], writeable=False
    )
    return values_in(seen)


def numbers(kind: str, data: bytes) -> np.ndarray[Any, Any]:
    """The numbers of a storage; those of sixteen bits that numpy does not know as ones of thirty-two."""
    if kind != "bf16":
        return np.frombuffer(data, kind if kind == "?" else f"<{kind}", count=len(data) // np.dtype(kind).itemsize)
    wide = np.frombuffer(data, "<u2", count=len(data) // 2).astype("<u4") << 16
    return wide.view("<f4")


def _restored(state: Node) -> Values | None:
    """The array of a state as numpy writes it, behind a version or not."""
    if not isinstance(state, tuple) or len(state) < 4:
        return None
    shape, dtype, is_fortran, data = state[-4:]
    if isinstance(data, list):
        size = shape_of(shape)
        rows = size[0] if size else 1
        if math.prod(size) > len(data):
            raise ValueError
        return Values(rows, math.prod(size[1:]), "object", data, is_by_column=bool(is_fortran))
    return _of_bytes(data, dtype, shape, bool(is_fortran))


def _of_bytes(data: Node, dtype: Node, shape: Node, is_fortran: bool) -> Values:
    kind, size = dtype_of(dtype), shape_of(shape)
    cells = np.frombuffer(as_bytes(data), kind, count=math.prod(size)).reshape(
        size or (1,), order="F" if is_fortran else "C"
    )
    return replace(values_in(cells), source=source_of(data))


def values_in(cells: np.ndarray[Any, Any]) -> Values:
    """The values of an array; one with fields has a column for each of them."""
    kind = cells.dtype
    if kind.names:
        if not any(kind[name].kind in "US" for name in kind.names):
            return Values(cells.size, len(kind.names), "other", cells.reshape(-1))
        inner = [cells.reshape(-1)[name] for name in kind.names if kind[name].names is None]
        told = tuple(name for name in kind.names if kind[name].names is None)
        flat = [value for column in inner for value in _as_values(column).ravel().tolist()]
        kind = "text" if any(isinstance(value, str) for value in flat) else "fraction"
        return Values(cells.size, len(told), kind, flat, told, is_by_column=True)
    return _of_array(_as_values(cells))


def _of_array(cells: np.ndarray[Any, Any]) -> Values:
    rows = cells.shape[0]
    flat = cells.reshape(rows, -1) if cells.ndim != 1 and cells.size else cells
    kinds = {"U": "text", "S": "text", "O": "text", "i": "whole", "u": "whole", "f": "fraction"}
    return Values(rows, flat.shape[1] if flat.ndim > 1 else 1, kinds.get(cells.dtype.kind, "other"), flat)


def _as_values(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Texts for bytes and times, numbers as they are."""
    if cells.dtype.kind == "S":
        return np.char.decode(cells, "utf-8", "replace")
    if cells.dtype.kind == "M":
        return np.datetime_as_string(cells)
    return cells


def as_bytes(node: Node) -> bytes:
    """The bytes that ``node`` is, or would be made of; ValueError where it is none."""
    source = source_of(node)
    if isinstance(source, str):
        return source.encode("latin-1")
    return b"" if source is None else bytes(source)


def source_of(node: Node) -> Node:
    """The text or bytes that bytes would be made of; None for no bytes at all."""
    for _ in range(_DEEP):
        if isinstance(node, (bytes, memoryview, str)):
            return node
        if not isinstance(node, Built) or not isinstance(node.args, tuple) or not node.args:
            return None
        node = node.args[0]
    raise ValueError


def plain(node: Node) -> Any:
    """The text, number or date that ``node`` is; None for anything else."""
    if isinstance(node, (str, int, float)):
        return node
    if isinstance(node, bytes):
        return node.decode("utf-8", "replace")
    if not isinstance(node, Built) or not isinstance(node.args, tuple) or not node.args:
        return None
    try:
        return _of_call(node.is_made_by, node.args)
    except (ValueError, TypeError, IndexError, KeyError, OverflowError):
        return None


def _of_call(name: str, args: tuple[Node, ...]) -> Any:
    if name == "scalar" and len(args) == 2:
        return _tidy(np.frombuffer(as_bytes(args[1]), dtype_of(args[0]), count=1).tolist())[0]
    if name in ("date", "datetime"):
        raw = as_bytes(args[0])
        return datetime.date(raw[0] * 256 + raw[1], raw[2] & 0x7F, raw[3]).isoformat()
    if name == "Decimal" and isinstance(args[0], str):
        return args[0]
    return as_bytes(node).decode() if name in ("str_", "bytes_") and (node := args[0]) else None


def is_scalar(node: Node) -> bool:
    """Whether ``node`` is one value, or none."""
    return node is None or isinstance(node, (str, int, float, bytes)) or plain(node) is not None


def sparse_shape(node: Node) -> tuple[int, int] | None:
    """Rows and columns of a sparse matrix of scipy; None for anything else."""
    if not isinstance(node, Built) or "sparse" not in node.of_class.module:
        return None
    for state in node.states:
        for key, value in state.pairs if isinstance(state, Pairs) else ():
            if key in ("_shape", "shape") and isinstance(value, tuple) and len(value) == 2:
                rows, columns = shape_of(value)
                return rows, columns
    return None


def _tidy(values: list[Any]) -> list[Any]:
    """Fractions that are whole numbers as such, and no complex ones."""
    found = [None if isinstance(one, (complex, tuple, bytes)) or one != one else one for one in values]
    if all(one is None or (isinstance(one, float) and one.is_integer() and abs(one) < _EXACT) for one in found):
        return [None if one is None else int(one) for one in found]
    return found
