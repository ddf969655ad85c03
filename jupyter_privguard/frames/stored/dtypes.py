"""numpy's types of cells, as pickles tell them."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from .nodes import Built, Named, Node, Pairs

__all__ = ["dtype_of", "is_of_objects", "is_wrapper", "shape_of", "size_in_bytes"]

_CODE = re.compile(r"[|<>=]?(?:[biufcSUVO]\d{1,9}|[?bBhHiIlLqQefdgFDGSUVO]|[Mm]8(?:\[\w{1,12}\])?)\Z")
_DEEPEST = 8
_MOST_DIMENSIONS = 32


def is_wrapper(node: Built) -> bool:
    """Whether it is joblib's mark that the bytes of an array follow."""
    maker = node.maker
    return isinstance(maker, Named) and maker.name == "NumpyArrayWrapper" and maker.module.startswith("joblib")


def is_of_objects(node: Node) -> bool:
    """Whether cells of this type are objects, which have a stream of their own."""
    return dtype_of(node).hasobject


def size_in_bytes(dtype: Node, shape: Node) -> int:
    """How long an array of this type and shape is; ValueError where they are none."""
    return int(dtype_of(dtype).itemsize) * math.prod(shape_of(shape))


def shape_of(node: Node) -> tuple[int, ...]:
    """The length of each dimension; ValueError where it is none."""
    if not isinstance(node, (tuple, list)) or len(node) > _MOST_DIMENSIONS:
        raise ValueError
    if not all(isinstance(one, int) and 0 <= one < 2**48 for one in node):
        raise ValueError
    return tuple(node)


def dtype_of(node: Node, depth: int = 0) -> np.dtype[Any]:
    """The type; ValueError for what is none, or one that is not known."""
    if not isinstance(node, Built) or node.is_made_by != "dtype" or not node.args or depth > _DEEPEST:
        raise ValueError
    code = "V1" if isinstance(node.args[0], Named) else node.args[0]  # a record, whose state tells its fields
    state = node.states[-1] if node.states else ()
    if not isinstance(code, str) or not _CODE.match(code) or not isinstance(state, tuple):
        raise ValueError
    if len(state) > 5 and isinstance(state[3], tuple) and isinstance(state[4], Pairs):
        return _of_fields(state[3], state[4], state[5], depth)
    if len(state) > 2 and state[2] is not None:
        raise ValueError  # a small array in each cell
    made: np.dtype[Any] = np.dtype(code + _unit(state) if code in ("M8", "m8") else code)
    return made.newbyteorder(state[1]) if len(state) > 1 and state[1] in ("<", ">") else made


def _of_fields(names: tuple[Node, ...], fields: Pairs, size: Node, depth: int) -> np.dtype[Any]:
    told = {key: value for key, value in fields.pairs if isinstance(key, str) and isinstance(value, tuple)}
    formats = [dtype_of(told[name][0], depth + 1) for name in names]
    offsets = [told[name][1] for name in names]
    return np.dtype({"names": list(names), "formats": formats, "offsets": offsets, "itemsize": size})


def _unit(state: tuple[Node, ...]) -> str:
    """The unit of times, as ``[us]``."""
    if len(state) > 8 and isinstance(state[8], tuple) and len(state[8]) == 2 and isinstance(state[8][1], tuple):
        unit = state[8][1][0]
        name = unit.decode("ascii", "replace") if isinstance(unit, bytes) else str(unit)
        if re.fullmatch("[A-Za-z]{1,2}", name):
            return f"[{name}]"
    return "[ns]"
