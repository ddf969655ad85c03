"""Models as skops writes them: a schema in JSON beside arrays of numpy, told as what a pickle builds is told."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from .kept import kept_from
from .limits import MOST_CELLS, Budget, Unreadable
from .nodes import OPAQUE, Built, Named, Node, Pairs
from .npy import values_of_npy
from .pickles import Pickled

__all__ = ["SCHEMA", "members_of", "read_skops"]

SCHEMA = "schema.json"
_DEEPEST = 120
_MOST_SHAPE = 10_000
_LISTS = frozenset({"ListNode", "SetNode", "DefaultDictNode"})


def read_skops(members: Mapping[str, bytes], *, most_cells: int = MOST_CELLS) -> Pickled:
    """What the schema and the arrays among ``members`` hold; Unreadable where there is no schema."""
    try:
        schema = json.loads(members[SCHEMA])
    except (KeyError, ValueError, RecursionError):
        raise Unreadable("its schema cannot be read") from None
    reader = _Reader(members, Budget())
    root = reader.node(schema, 0)
    kept, _, problem = kept_from([root], most_cells=most_cells)
    return Pickled(tuple(kept), tuple(reader.texts), (), b"", problem)


def members_of(data: bytes, most: int) -> dict[str, bytes]:
    """The members of a zip file, ``most`` bytes of them in all; Unreadable where it is none, or has more."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                found[info.filename] = archive.open(info).read(most + 1)
                most -= len(found[info.filename])
                if most < 0:
                    raise Unreadable("unpacked it is too large to be looked at")
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError, NotImplementedError):
        raise Unreadable("it cannot be read as a zip archive") from None
    return found


class _Reader:
    def __init__(self, members: Mapping[str, bytes], budget: Budget) -> None:
        self._members, self._budget = members, budget
        self.texts: list[str] = []

    def node(self, told: Any, depth: int) -> Node:
        """What one node of the schema stands for, and all in it."""
        self._budget.spend()
        if not isinstance(told, dict) or depth > _DEEPEST:
            return OPAQUE
        kind, content = told.get("__loader__"), told.get("content")
        if kind == "JsonNode":
            return self._scalar(content)
        if kind == "DictNode" and isinstance(content, dict):
            return self._pairs(content, depth)
        if kind in _LISTS and isinstance(content, list):
            return [self.node(one, depth + 1) for one in content]
        if kind == "TupleNode" and isinstance(content, list):
            return tuple(self.node(one, depth + 1) for one in content)
        if kind == "NdArrayNode":
            return self._array(told, depth)
        if kind == "SparseMatrixNode":
            return self._sparse(told)
        made = Built(Named(str(told.get("__module__")), str(told.get("__class__"))), ())
        for part in ("content", "attrs", "args", "obj"):
            if isinstance(inner := told.get(part), dict) and "__loader__" in inner:
                made.states.append(self.node(inner, depth + 1))
        return made

    def _scalar(self, content: Any) -> Node:
        try:
            value = json.loads(content) if isinstance(content, str) else None
        except (ValueError, RecursionError):
            value = content
        if isinstance(value, str):
            self.texts.append(value)
        return value if isinstance(value, (str, int, float)) else None

    def _pairs(self, content: dict[str, Any], depth: int) -> Pairs:
        self.texts += content
        return Pairs([(key, self.node(value, depth + 1)) for key, value in content.items()])

    def _array(self, told: dict[str, Any], depth: int) -> Node:
        content = told.get("content")
        if isinstance(content, list):
            return [self.node(one, depth + 1) for one in content]
        try:
            return values_of_npy(self._members.get(str(told.get("file")), b""))
        except Unreadable:
            return OPAQUE

    def _sparse(self, told: dict[str, Any]) -> Node:
        """Of a sparse matrix how many rows and columns it has."""
        try:
            with zipfile.ZipFile(io.BytesIO(self._members.get(str(told.get("file")), b""))) as archive:
                shape = values_of_npy(archive.open("shape.npy").read(_MOST_SHAPE)).column(0, 2)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, NotImplementedError, Unreadable):
            return OPAQUE
        return Built(Named("scipy.sparse", "csr_matrix"), (), states=[Pairs([("_shape", tuple(shape))])])
