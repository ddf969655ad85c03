"""Tables of pandas as pickles hold them: blocks of cells, labels, columns of Arrow and categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .nodes import Built, Node, Pairs
from .values import Values, array_of, as_bytes, plain, source_of

__all__ = ["Table", "column_of", "is_index", "table_of"]

_MOST_COLUMNS = 2_000
_DEEPEST = 12
_FRAMES = frozenset("DataFrame Series GeoDataFrame GeoSeries".split())
_WIDTHS = {"string": 4, "utf8": 4, "binary": 4, "large_string": 8, "large_utf8": 8, "large_binary": 8}
_NUMBERS = {
    **{f"{sign}int{bits}": f"{code}{bits // 8}" for sign, code in (("", "i"), ("u", "u")) for bits in (8, 16, 32, 64)},
    "double": "f8",
    "float": "f4",
    "float64": "f8",
    "float32": "f4",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Labels, and where the values of each stand: an array and the number of its column."""

    rows: int
    labels: tuple[str, ...]
    parts: tuple[tuple[Values, int], ...]


def table_of(node: Node) -> Table | None:
    """The table of pandas that ``node`` is; None for anything else. ValueError and the like for a damaged one."""
    if not isinstance(node, Built) or node.of_class.name not in _FRAMES:
        return None
    told = _told(node)
    manager = told.get("_mgr", told.get("_data"))
    if not isinstance(manager, Built):
        return None
    axes, blocks = _manager(manager)
    if len(axes) == 1:  # of a Series the one column, however its rows are numbered
        blocks = [(blocks[0][0], [0])]
    parts: dict[int, tuple[Values, int]] = {}
    for values, places in blocks:
        for at, place in enumerate(places):
            if len(parts) < _MOST_COLUMNS and place < _MOST_COLUMNS:
                parts[place] = (values, -1) if len(places) == 1 else (values, at)
    labels = _labels(axes[0]) if len(axes) > 1 else [str(told.get("_name") or "")]
    order = sorted(parts)
    named = [(labels[place] if place < len(labels) else "", _row(*parts[place])) for place in order]
    index = column_of(axes[-1]) if axes else None
    if index is not None and index.kind in ("text", "object"):
        named.append((_name(axes[-1]) or "index", (index, 0)))
    rows = max((part[0].rows for _, part in named), default=0)
    return Table(rows, tuple(label for label, _ in named), tuple(part for _, part in named))


def _row(values: Values, place: int) -> tuple[Values, int]:
    """A block has its columns as rows: one of them, as a column."""
    if place < 0 and values.columns == 1:
        return values, 0
    at, width = max(place, 0), values.columns
    if isinstance(values.cells, np.ndarray):
        return Values(width, 1, values.kind, values.cells[at], source=values.source), 0
    cells = values.cells[at :: values.rows] if values.is_by_column else values.cells[at * width : (at + 1) * width]
    return Values(width, 1, values.kind, cells, source=values.source), 0


def _manager(node: Built) -> tuple[list[Node], list[tuple[Values, list[int]]]]:
    if isinstance(node.args, tuple) and len(node.args) == 2:
        blocks, axes = node.args
        found = [_block(one) for one in (blocks if isinstance(blocks, tuple) else (blocks,))[:_MOST_COLUMNS]]
        return list(axes), found
    state = node.states[-1]
    if len(state) >= 4:
        for _, told in state[3].pairs:
            fields = dict(told.pairs)
            return list(fields["axes"]), [_old_block(dict(one.pairs)) for one in fields["blocks"][:_MOST_COLUMNS]]
    axes, values = state[0], state[1]
    return list(axes), [(_values(values[0]), [0])]


def _block(node: Node) -> tuple[Values, list[int]]:
    values, places = node.args[:2]
    return _values(values), _places(places)


def _old_block(told: dict[Node, Node]) -> tuple[Values, list[int]]:
    return _values(told["values"]), _places(told["mgr_locs"])


def _values(node: Node) -> Values:
    found = column_of(node)
    if found is None:
        raise ValueError
    return found


def _places(node: Node) -> list[int]:
    """The columns of a block: a slice, or their numbers."""
    if isinstance(node, Built) and node.is_made_by == "slice":
        start, stop, step = node.args
        return list(range(start, min(stop, start + _MOST_COLUMNS * (step or 1)), step or 1))
    found = array_of(node)
    return [] if found is None else found.column(0, _MOST_COLUMNS)


def _labels(index: Node) -> list[str]:
    told = _index(index)
    if told is None:
        return []
    if "levels" in told:
        return _of_levels(told)
    found = column_of(told.get("data"))
    if found is None:
        return []
    return ["" if one is None else str(one) for one in found.column(0, _MOST_COLUMNS)]


def _of_levels(told: dict[str, Node]) -> list[str]:
    """Labels of several levels, one after the other with blanks between."""
    levels = [
        _values(level).column(0, _MOST_COLUMNS) if not _index(level) else _labels(level) for level in told["levels"]
    ]
    codes = [_values(one).column(0, _MOST_COLUMNS) for one in told["codes" if "codes" in told else "labels"]]
    return [
        " ".join(str(level[code]) for level, code in zip(levels, row, strict=True) if 0 <= code < len(level))
        for row in zip(*codes, strict=True)
    ]


def _index(node: Node) -> dict[str, Node] | None:
    if isinstance(node, Built) and node.is_made_by in ("_new_Index", "_new_DatetimeIndex") and len(node.args) == 2:
        told = node.args[1]
        return {key: value for key, value in told.pairs if isinstance(key, str)} if isinstance(told, Pairs) else None
    return None


def is_index(node: Node) -> bool:
    """Whether ``node`` is an Index of pandas."""
    return _index(node) is not None


def _name(index: Node) -> str:
    told = _index(index) or {}
    name = told.get("name")
    return name if isinstance(name, str) else ""


def _told(node: Built) -> dict[str, Node]:
    return {
        key: value
        for state in node.states
        if isinstance(state, Pairs)
        for key, value in state.pairs
        if isinstance(key, str)
    }


def column_of(node: Node, depth: int = 0) -> Values | None:
    """The array, the array of pandas, Arrow's, or the Index that ``node`` is; None for anything else."""
    if depth > _DEEPEST:
        raise ValueError
    found = array_of(node)
    if found is not None or not isinstance(node, Built):
        return found
    if (told := _index(node)) is not None:
        return column_of(told["data"], depth + 1) if "data" in told else None
    if node.is_made_by == "__pyx_unpickle_NDArrayBacked" and node.states:
        return _backed(node.states[-1], depth)
    told = _told(node)
    for name in ("_pa_array", "_data", "_ndarray"):
        if name in told:
            return _arrow(told[name]) if name == "_pa_array" else column_of(told[name], depth + 1)
    return _arrow(node)


def _backed(state: Node, depth: int) -> Values | None:
    dtype, inner = state[0], state[1]
    codes = column_of(inner, depth + 1)
    if isinstance(dtype, Built) and dtype.of_class.name == "CategoricalDtype" and codes is not None:
        categories = column_of(_told(dtype).get("categories"), depth + 1)
        if categories is not None:  # what is kept are the categories; the codes only say which row has which
            return Values(codes.rows, 1, categories.kind, categories.cells, source=categories.source)
    return codes


def _arrow(node: Node) -> Values | None:
    """A column of Arrow: texts or numbers, in one or several pieces."""
    if isinstance(node, Built) and node.is_made_by == "chunked_array":
        pieces = [one for one in map(_arrow, node.args[0][:100]) if one is not None]
        longest = max(pieces, key=lambda one: one.rows, default=None)
        return None if longest is None else Values(sum(one.rows for one in pieces), 1, longest.kind, longest.cells)
    if not isinstance(node, Built) or node.is_made_by != "_restore_array":
        return None
    kind, length, _, offset, buffers = node.args[0][:5] if len(node.args) == 1 else node.args[:5]
    name = kind.args[0] if isinstance(kind, Built) and kind.args else ""
    name = name if isinstance(name, str) else ""
    if name in _NUMBERS and len(buffers) == 2:
        cells = np.frombuffer(as_bytes(buffers[1]), _NUMBERS[name])[offset : offset + length]
        return Values(length, 1, "fraction" if name[0] in "df" else "whole", cells)
    width = _WIDTHS.get(name) or (_WIDTHS.get(kind.is_made_by) if isinstance(kind, Built) else None)
    if width is None or len(buffers) != 3:
        return None
    ends = np.frombuffer(as_bytes(buffers[1]), f"<i{width}")[offset : offset + length + 1].tolist()
    return Values(length, 1, "text", _Texts(as_bytes(buffers[2]), ends), source=source_of(buffers[2]))


class _Texts:
    """Texts that lie one behind the other, and where each ends; cut out when they are asked for."""

    def __init__(self, data: bytes, ends: list[int]) -> None:
        self._data, self._ends = data, ends

    def __getitem__(self, part: slice) -> list[Any]:
        pairs = list(zip(self._ends, self._ends[1:], strict=False))[part]
        return [plain(self._data[max(start, 0) : max(end, 0)]) for start, end in pairs]
