"""Models in ONNX: which of their constants are rows that a model was fitted on, and the texts that they hold.

Fields and operators as in ``onnx.proto3`` and the operators of ``ai.onnx.ml``; the library is not needed. Support
vectors are an attribute. Neighbours, outliers, imputers and Gaussian processes have their rows as a constant to which
the distance of the input is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .found import Kept
from .limits import CUT, MOST_CELLS, MOST_OPERATIONS, Budget, Unreadable
from .wire import Message, fractions, message, wholes

__all__ = ["Onnx", "read_onnx"]

_DEEPEST = 16
_MOST_COLUMNS = 300
_TYPES = {
    1: "<f4",
    2: "u1",
    3: "i1",
    4: "<u2",
    5: "<i2",
    6: "<i4",
    7: "<i8",
    10: "<f2",
    11: "<f8",
    12: "<u4",
    13: "<u8",
}
"""Of tensors by number, those of numbers; 8 are texts."""
_STRING = 8
_PASSED_ON = frozenset("Add Cast Div Identity Mul Reshape Sub Transpose Unsqueeze".split())
"""Operators that leave a row a row."""


@dataclass(slots=True)
class Onnx:
    """What a file of ONNX holds, as far as it could be read."""

    kept: list[Kept] = field(default_factory=list)
    texts: list[str] = field(default_factory=list, repr=False)
    """Documentation, metadata, and other texts that are no list."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Tensor:
    dims: tuple[int, ...]
    kind: int
    fields: Message = field(repr=False)


def read_onnx(data: bytes, *, most: int = MOST_OPERATIONS, most_cells: int = MOST_CELLS) -> Onnx:
    """What the model in ``data`` keeps; ``most`` is how many fields are read."""
    read = _Reader(Budget(most), most_cells)
    try:
        read.model(memoryview(data))
    except Unreadable as reason:
        read.found.problem = str(reason)
    read.found.kept += read.rows()
    return read.found


class _Reader:
    def __init__(self, budget: Budget, most_cells: int) -> None:
        self._budget = budget
        self._most = most_cells
        self._left = MOST_CELLS
        self._tensors: dict[str, _Tensor] = {}
        self._nodes: list[tuple[str, list[str], list[str]]] = []
        """Operator, inputs, outputs."""
        self._inputs: list[str] = []
        self.found = Onnx()

    def model(self, data: memoryview) -> None:
        """A ``ModelProto``."""
        told = message(data, self._budget)
        self._texts(told, 6)
        for one in _inner(told, 14):
            self._texts(message(one, self._budget), 1, 2)
        for one in _inner(told, 7):
            self._graph(one, 0)
        for one in _inner(told, 25):
            self._body(message(one, self._budget), 7, 0)

    def _graph(self, data: memoryview, depth: int) -> None:
        if depth > _DEEPEST:
            raise Unreadable(f"its graphs are nested deeper than {_DEEPEST} levels")
        told = message(data, self._budget)
        self._texts(told, 10)
        for one in _inner(told, 5):
            self._tensor(one)
        names = [_text(message(one, self._budget), 1) for one in _inner(told, 11)]
        self._inputs = self._inputs or names
        self._body(told, 1, depth)

    def _body(self, told: Message, number: int, depth: int) -> None:
        for one in _inner(told, number):
            node = message(one, self._budget)
            operator = _text(node, 4)
            self._texts(node, 6)
            outputs = [_said(part) for part in _inner(node, 2)]
            self._nodes.append((operator, [_said(part) for part in _inner(node, 1)], outputs))
            attributes = {_text(each, 1): each for part in _inner(node, 5) for each in [message(part, self._budget)]}
            for name, attribute in attributes.items():
                self._attribute(operator, name, attribute, outputs, depth)
            self._vectors(operator, attributes)

    def _attribute(self, operator: str, name: str, told: Message, outputs: list[str], depth: int) -> None:
        self._texts(told, 4, 13)
        listed = [_said(part) for part in _inner(told, 9)]
        if listed:
            self._list(operator, name, listed)
        for one in (*_inner(told, 5), *_inner(told, 10)):
            self._tensor(one, operator, outputs[0] if outputs else name)
        for one in (*_inner(told, 6), *_inner(told, 11)):
            self._graph(one, depth + 1)

    def _tensor(self, data: memoryview, operator: str = "", name: str = "") -> None:
        told = message(data, self._budget)
        kind = next((one for one in told.get(2, []) if isinstance(one, int)), 0)
        name = _text(told, 8) or name
        self._texts(told, 12)
        if told.get(13):
            self.found.problem = "it keeps arrays in files of their own, which are not part of it"
        if kind == _STRING:
            self._list(operator, name, [_said(part) for part in _inner(told, 6)])
        elif kind in _TYPES:
            self._tensors[name] = _Tensor(tuple(wholes(told.get(1, []), self._budget, 16)), kind, told)

    def _list(self, operator: str, name: str, texts: list[str]) -> None:
        where = _word(operator), _word(name)
        told = texts[: self._rows_left(len(texts), 1)]
        self.found.kept.append(Kept(*where, len(texts), 1, (_word(name).strip("_"),), (told,)))

    def _rows_left(self, rows: int, columns: int) -> int:
        """How many rows of so many columns may still be told of this file."""
        wanted = min(self._most, rows)
        told = min(wanted, self._left // columns)
        self._left -= told * columns
        if told < wanted:
            self.found.problem = self.found.problem or CUT
        return told

    def _vectors(self, operator: str, attributes: dict[str, Message]) -> None:
        """Support vectors, which lie one behind the other; how many there are stands beside them."""
        if "support_vectors" not in attributes:
            return
        cells = fractions(attributes["support_vectors"].get(7, []), "f")
        per_class = attributes.get("vectors_per_class", {}).get(8, [])
        one = attributes.get("n_supports", {}).get(3, [])
        rows = sum(wholes(per_class or one, self._budget, 10_000))
        if 0 < rows <= len(cells):
            self.found.kept.append(self._kept(operator, "support_vectors", np.array(cells), (rows, len(cells) // rows)))

    def rows(self) -> Iterator[Kept]:
        """Constants to which distances are computed, directly or after they were scaled."""
        origins = {name: name for name, one in self._tensors.items() if len(one.dims) == 2 and min(one.dims) > 0}
        told: set[str] = set()
        for operator, inputs, outputs in self._nodes:
            known = [origins[name] for name in inputs if name in origins]
            if operator in ("Scan", "CDist") or "dist" in operator.lower():
                for name in known:
                    if name not in told and self._tensors[name].kind in (1, 10, 11):
                        told.add(name)
                        yield from self._of_tensor(operator, name)
            elif operator in _PASSED_ON and inputs and inputs[0] in origins and self._are_constant(inputs[1:], origins):
                origins |= dict.fromkeys(outputs, origins[inputs[0]])

    def _are_constant(self, names: list[str], origins: dict[str, str]) -> bool:
        return all(name in self._tensors or name in origins for name in names)

    def _of_tensor(self, operator: str, name: str) -> Iterator[Kept]:
        one = self._tensors[name]
        cells = _numbers(one)
        if cells.size >= one.dims[0] * one.dims[1] > 0:
            yield self._kept(operator, name, cells, (one.dims[0], one.dims[1]))

    def _kept(self, operator: str, name: str, cells: Any, shape: tuple[int, int]) -> Kept:
        rows, columns = shape
        table = cells[: rows * columns].reshape(shape)
        labels = tuple(self._inputs[:_MOST_COLUMNS]) if len(self._inputs) == columns else ()
        width = min(columns, _MOST_COLUMNS)
        told = self._rows_left(rows, width)
        parts = tuple(table[:told, at].astype(float).tolist() for at in range(width))
        return Kept(_word(operator), _word(name), rows, columns, labels, tuple(map(_tidy, parts)), is_rows=True)

    def _texts(self, told: Message, *numbers: int) -> None:
        for number in numbers:
            self.found.texts += [_said(one) for one in _inner(told, number)]


def _numbers(one: _Tensor) -> Any:
    raw = b"".join(bytes(part) for part in _inner(one.fields, 9))
    if raw:
        kind = np.dtype(_TYPES[one.kind])
        return np.frombuffer(raw, kind, count=len(raw) // kind.itemsize)
    form, number = ("d", 10) if one.kind == 11 else ("f", 4)
    return np.array(fractions(one.fields.get(number, []), form))


def _inner(told: Message, number: int) -> list[memoryview]:
    return [one for one in told.get(number, []) if not isinstance(one, int)]


def _text(told: Message, number: int) -> str:
    return next((_said(one) for one in _inner(told, number)), "")


def _said(data: memoryview) -> str:
    return bytes(data).decode("utf-8", "replace")


def _word(name: str) -> str:
    """A name of the code; anything else could be a value."""
    return name if name.isascii() and name.isidentifier() and len(name) <= 60 else ""


def _tidy(values: list[Any]) -> list[Any]:
    there = [one for one in values if one == one]
    if all(one.is_integer() and abs(one) < 2**53 for one in there):
        return [int(one) if one == one else None for one in values]
    return values
