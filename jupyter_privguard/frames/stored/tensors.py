"""Tensors: those of `torch.save`, whose numbers are members of a zip file beside the pickle, and those of safetensors.

Formats as in PyTorch's ``torch/serialization.py`` and ``_utils.py``, and in "Safetensors: Format".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from .dtypes import shape_of
from .kept import kept_from
from .limits import Unreadable
from .nodes import OPAQUE, Built, Named, Node, Pairs, Storage
from .pickles import Pickled, read_pickle
from .values import numbers, values_in

__all__ = ["read_safetensors", "read_torch"]

_TYPES = {
    "Double": "f8",
    "Float": "f4",
    "Half": "f2",
    "BFloat16": "bf16",
    "Long": "i8",
    "Int": "i4",
    "Short": "i2",
    "Char": "i1",
    "Byte": "u1",
    "Bool": "?",
}
_OF_SAFETENSORS = {
    "F64": "f8",
    "F32": "f4",
    "F16": "f2",
    "BF16": "bf16",
    "I64": "i8",
    "I32": "i4",
    "I16": "i2",
    "I8": "i1",
    "U8": "u1",
    "U16": "u2",
    "U32": "u4",
    "U64": "u8",
    "BOOL": "?",
}
_LONGEST_HEAD = 100 * 2**20


def read_torch(data: bytes, storage: Callable[[str], bytes]) -> Pickled:
    """What the pickle of a checkpoint holds; ``storage`` gives the numbers of a tensor by their key, or Unreadable."""
    missing: list[str] = []

    def load(key: str) -> bytes:
        try:
            return storage(key)
        except Unreadable as reason:
            missing.append(str(reason))
            return b""

    def outside(name: Node) -> Node:
        if not isinstance(name, tuple) or len(name) < 3 or name[0] != "storage" or not isinstance(name[2], str):
            return OPAQUE
        kind = name[1].name.removesuffix("Storage") if isinstance(name[1], Named) else ""
        return Storage(_TYPES.get(kind, "u1"), lambda: load(name[2]))

    read = read_pickle(data, outside=outside)
    problem = read.problem or (f"not all of its tensors were looked at: {missing[0]}" if missing else "")
    return Pickled(read.kept, read.texts, read.codes, read.rest, problem)


def read_safetensors(data: bytes) -> Pickled:
    """What a file of safetensors holds: names, texts beside them, tensors of whole numbers or of rows.

    Unreadable where it is none.
    """
    size = int.from_bytes(data[:8], "little")
    try:
        if not 2 <= size <= min(_LONGEST_HEAD, len(data) - 8):
            raise ValueError
        told = json.loads(data[8 : 8 + size])
        notes = told.pop("__metadata__", None) or {}
        texts = [str(part) for pair in notes.items() for part in pair]
        found = [(name, _tensor(about, memoryview(data)[8 + size :])) for name, about in told.items()]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable("it cannot be read as safetensors") from None
    root = Built(Named("safetensors", "Tensors"), (), states=[Pairs(list(found))])
    kept, _, problem = kept_from([root])
    return Pickled(tuple(kept), (*texts, *told), (), b"", problem)


def _tensor(about: dict[str, Any], data: memoryview) -> Node:
    kind, shape = _OF_SAFETENSORS.get(about["dtype"], ""), shape_of(about["shape"])
    start, end = about["data_offsets"]
    if not kind or not 0 <= start <= end <= len(data):
        return OPAQUE
    cells = numbers(kind, bytes(data[start:end]))
    return values_in(cells[: math.prod(shape)].reshape(shape or (1,))) if cells.size >= math.prod(shape) else OPAQUE
