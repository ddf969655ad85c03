"""Cells that hold more than one value: lists, records, arrays. What is in them, and how to change it."""

from __future__ import annotations

import datetime
import numbers
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

__all__ = [
    "WITHOUT_TEXT",
    "Fields",
    "fields_of",
    "flat",
    "has_fields",
    "is_nested",
    "leaves",
    "names_in",
    "texts_in",
    "with_each",
    "with_leaves",
]

# `Any` in this file is a cell value, or a part of one, which is of any type.

WITHOUT_TEXT = (numbers.Number, datetime.date, datetime.time, datetime.timedelta, type(None))
"""Types of values that can have no text in them, whatever they are."""

_SEQUENCES = (list, tuple, set, frozenset)
_DEEPEST = 20
"""Levels that are looked into; what lies deeper, or holds itself, is one value."""
_MOST_FIELDS = 64
_LONGEST_ROW = 16
"""Parts of a list that may mean something by their places; longer ones are lists of the same."""


def is_nested(kind: type) -> bool:
    """Whether cells of this type hold several values."""
    return issubclass(kind, (*_SEQUENCES, Mapping)) or _is_array(kind)


def _is_array(kind: type) -> bool:
    # No cell can be an array before somebody has imported it, and another thread may be about to.
    return issubclass(kind, getattr(sys.modules.get("numpy"), "ndarray", ()))


def leaves(cell: Any) -> Iterator[tuple[str, Any]]:
    """(field, value) of everything in ``cell`` that is not null; the field is empty outside of records.

    Fields of records within records are joined by dots. A list of pairs whose first parts are texts, as
    Arrow gives maps, is read both ways. A cell that is not nested is its only leaf.
    """
    return _leaves(cell, "", 0)


def _leaves(cell: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    kind = type(cell)
    if cell is None or (issubclass(kind, float) and cell != cell):
        return
    if depth >= _DEEPEST or not is_nested(kind):
        yield path, cell
    elif issubclass(kind, Mapping):
        for key, value in cell.items():
            yield from _leaves(value, f"{path}.{_name(key)}" if path else _name(key), depth + 1)
    elif _is_array(kind):
        parts = cell.tolist()
        yield from _leaves(parts, path, depth + 1) if isinstance(parts, list) else ((path, parts),)
    else:
        if _is_map(cell):
            for key, value in cell:
                yield from _leaves(value, f"{path}.{key}" if path else key, depth + 1)
        for part in cell:
            yield from _leaves(part, path, depth + 1)


def _name(key: Any) -> str:
    return str.__str__(key) if issubclass(type(key), str) else "key" if is_nested(type(key)) else str(key)


def _is_map(cell: Any) -> bool:
    """Whether these are pairs of a text and something, as Arrow writes maps."""
    return issubclass(type(cell), list) and bool(cell) and all(_is_pair(part) for part in cell)


def _is_pair(part: Any) -> bool:
    return type(part) is tuple and len(part) == 2 and type(part[0]) is str


def _keys(cell: Any, depth: int = 0) -> Iterator[Any]:
    """The keys of all records in ``cell``: they may be values themselves."""
    kind = type(cell)
    if depth >= _DEEPEST or not is_nested(kind):
        return
    if issubclass(kind, Mapping):
        yield from cell
    for part in _nested_parts(list(cell.values()) if issubclass(kind, Mapping) else cell):
        yield from _keys(part, depth + 1)


def has_fields(cell: Any) -> bool:
    """Whether there are records in ``cell``, or it is nested too deep to tell."""
    return _has_fields(cell, 0)


def _has_fields(cell: Any, depth: int) -> bool:
    kind = type(cell)
    if not is_nested(kind):
        return False
    if issubclass(kind, Mapping) or depth >= _DEEPEST or _is_map(cell):
        return True
    return any(_has_fields(part, depth + 1) for part in _nested_parts(cell))


def _nested_parts(cell: Any) -> list[Any]:
    """The parts of a list or array that are nested themselves; a vector is not gone through number by number."""
    if _is_array(type(cell)):
        if cell.dtype != object and cell.dtype.names is None and cell.ndim < 2:
            return []
        cell = cell.tolist()
    if not isinstance(cell, _SEQUENCES):
        return []
    kinds = {kind for kind in set(map(type, cell)) if is_nested(kind)}
    return [part for part in cell if type(part) in kinds] if kinds else []


def texts_in(cell: Any) -> list[str]:
    """All texts in a cell but the names of its fields."""
    return [value for _, value in leaves(cell) if issubclass(type(value), str)]


def names_in(cell: Any) -> list[str]:
    """The names of all fields of the records in a cell that are texts."""
    return [key for key in _keys(cell) if issubclass(type(key), str)]


def flat(cells: Iterable[Any], most: int | None = None) -> list[Any]:
    """The values of all cells, at most ``most`` of a nested one; of records all fields."""
    out: list[Any] = []
    for cell in cells:
        if is_nested(type(cell)):
            out += (value for _, value in islice(leaves(cell), most))
        else:
            out.append(cell)
    return out


class Fields(NamedTuple):
    """The values of a nested column, apart by field."""

    plain: list[Any]
    """What stands in no record; cells that are not nested too."""
    records: dict[str, list[Any]]
    """The values of each field of the records, and under ``keys`` the names of their fields.

    Where all cells are lists of one short length, their parts by place; of lists in which texts are mixed
    with other things, the texts.
    """


def fields_of(cells: Sequence[Any], most: int | None = None) -> Fields:
    """What stands in ``cells`` by field; at most ``most`` values of one cell, and of equal cells one.

    The same family beside each of its orders is one family: what repeats because of that is no category.
    """
    plain: list[Any] = []
    records: dict[str, list[Any]] = {}
    met: set[object] = set()
    for cell in cells:
        if not is_nested(type(cell)):
            plain.append(cell)
            continue
        found = list(islice(leaves(cell), most))
        looks = _looks(found)
        if looks in met:
            continue
        met.add(looks)
        for path, value in found:
            if not path:
                plain.append(value)
            elif path in records or len(records) < _MOST_FIELDS:
                records.setdefault(path, []).append(value)
            else:
                records.setdefault("other fields", []).append(value)
        if keys := list(islice(_keys(cell), most)):
            records.setdefault("keys", []).extend(keys)
    return Fields(plain, records or _by_place(plain, cells))


def _by_place(plain: list[Any], cells: Sequence[Any]) -> dict[str, list[Any]]:
    parts = [cell.tolist() if _is_array(type(cell)) else cell for cell in cells]
    first = len(parts[0]) if parts and issubclass(type(parts[0]), (list, tuple)) else 0
    if 1 < first <= _LONGEST_ROW and all(_is_row(part, first) for part in parts):
        return {f"part {place + 1}": [part[place] for part in parts] for place in range(first)}
    texts = [value for value in plain if issubclass(type(value), str)]
    return {"texts": texts} if 0 < len(texts) < len(plain) else {}


def _is_row(part: Any, length: int) -> bool:
    return (
        issubclass(type(part), (list, tuple)) and len(part) == length and not any(map(is_nested, set(map(type, part))))
    )


def _looks(found: list[tuple[str, Any]]) -> object:
    """Equal for equal cells; for a value that cannot be told, equal to nothing."""
    try:
        return repr(found)
    except (Exception, SystemExit):  # noqa: BLE001 - a value's own code may raise anything
        return object()


def with_leaves(cell: Any, new: Iterator[Any]) -> Any:
    """``cell``, in which there are no records, with the next of ``new`` instead of each leaf; nulls stay.

    Lists, tuples and sets stay what they are, arrays become lists.
    """
    return with_each(cell, lambda _: next(new))


def with_each(cell: Any, change: Callable[[Any], Any]) -> Any:
    """As `with_leaves`, with what ``change`` makes of each leaf; records become dicts with the names they had.

    What is nested too deep to look into goes to ``change`` as it is.
    """
    return _rebuilt(cell, change, 0)


def _rebuilt(cell: Any, change: Callable[[Any], Any], depth: int) -> Any:
    kind = type(cell)
    if cell is None or (issubclass(kind, float) and cell != cell):
        return cell
    if depth >= _DEEPEST or not is_nested(kind):
        return change(cell)
    if issubclass(kind, Mapping):
        return {key: _rebuilt(value, change, depth + 1) for key, value in cell.items()}
    parts = cell.tolist() if _is_array(kind) else cell
    if not isinstance(parts, _SEQUENCES):
        return change(parts)
    done = [_rebuilt(part, change, depth + 1) for part in parts]
    made = next((plain for plain in (tuple, set, frozenset) if issubclass(kind, plain)), list)
    return made(done)
