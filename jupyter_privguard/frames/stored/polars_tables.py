"""Tables of polars as pickles hold them: a stream of Arrow, which is read with pyarrow."""

from __future__ import annotations

import io
from typing import Any

from .frames import ARROW_STREAM, frames_in
from .limits import Unreadable
from .nodes import Built, Node
from .tables import Table
from .values import Values

__all__ = ["arrow_in", "is_of_polars", "polars_table"]

_TABLES = frozenset({"DataFrame", "Series", "LazyFrame"})
_BEGINS = b"\xff\xff\xff\xff"
_TEXTS, _WHOLE, _FRACTION = "OUTM", "iu", "f"


def is_of_polars(node: Node) -> bool:
    """Whether ``node`` is a table of polars."""
    if not isinstance(node, Built) or node.of_class.name not in _TABLES:
        return False
    return node.of_class.module.partition(".")[0] == "polars"


def arrow_in(node: Built) -> bytes:
    """The bytes of its rows; Unreadable where they are not a stream of Arrow, as those of lazy tables are not."""
    state = next((one for one in node.states if isinstance(one, bytes)), b"")
    if not state.startswith(_BEGINS):
        raise Unreadable("it keeps a table of polars in a form that is not read: collect lazy ones")
    return state


def polars_table(data: bytes) -> Table:
    """The table in the bytes of `arrow_in`; Unreadable where there is none, or pyarrow is not there."""
    try:
        frames = list(frames_in(ARROW_STREAM, io.BytesIO(data)))
    except Unreadable:
        raise Unreadable("it keeps a table of polars that cannot be read; that needs pyarrow") from None
    labels = tuple(str(label) for label in frames[0].columns) if frames else ()
    parts = [_values([frame.iloc[:, at] for frame in frames]) for at in range(len(labels))]
    return Table(sum(map(len, frames)), labels, tuple((part, 0) for part in parts))


def _values(pieces: list[Any]) -> Values:  # of pandas
    cells = [_plain(value) for piece in pieces for value in piece.tolist()]
    kind = pieces[0].dtype.kind
    said = "whole" if kind in _WHOLE else "fraction" if kind in _FRACTION else "object"
    return Values(len(cells), 1, said, cells)


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value if isinstance(value, (str, int, float, bytes)) else str(value)
