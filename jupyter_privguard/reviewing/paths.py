"""Records within records and lists of records, as fields with one cell a row, and back again.

A field within lists has all its values of a row in one cell, a list in the order in which they stand. Where every
record of a list has a name and a value, as explanations of single features do, each name is a field of its own. A
record whose keys are ids themselves has them as a field too. Pure; values are moved, never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import InputError
from .telling import is_id

__all__ = ["MOST_NESTED", "Path", "checked", "flat", "is_list", "named", "restored"]

MOST_NESTED = 20
"""Records and lists within one another beyond which an output is refused: nobody could judge it."""
Path = tuple[Any, ...]
"""The keys on the way to a value; `_EACH` stands for the places of a list, `_KEYS` for keys that are data."""


class _Mark:
    def __init__(self, text: str) -> None:
        self.text = text


_EACH, _KEYS = _Mark("[]"), _Mark("key")
_NAMES = ("feature", "name", "column", "variable", "field", "attribute", "feature_name", "input")
_VALUES = ("value", "feature_value", "raw_value", "actual", "data", "raw")


def is_list(value: Any) -> bool:
    """Whether ``value`` is a list as JSON has them."""
    return isinstance(value, (list, tuple))


def checked(value: Any, depth: int = 0) -> Any:
    """``value`` with arrays and their scalars as lists and numbers; InputError for what is nested too deeply."""
    if depth > MOST_NESTED:
        raise InputError(f"privguard: this output is nested more than {MOST_NESTED} deep; pass a flat one.")
    if isinstance(value, Mapping):
        return {key: checked(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([checked(inner, depth + 1) for inner in value]) if type(value) in (list, tuple) else value
    if hasattr(type(value), "tolist"):  # numpy's, and pandas' in a record
        return checked(value.tolist(), depth)
    return value


def flat(value: Any, before: Path = ()) -> dict[Path, Any]:
    """The fields of ``value``, a record, by path; cells of those within lists are lists."""
    found: dict[Path, Any] = {}
    for path, leaf in _leaves(value, before):
        if _is_repeated(path):
            found.setdefault(path, []).append(leaf)
        else:
            found[path] = leaf
    return found


def restored(value: Any, new: Mapping[Path, Any]) -> Any:
    """``value`` with the cells of ``new`` in the places that `flat` took them from."""
    return _again(value, (), {path: iter(cell) if _is_repeated(path) else cell for path, cell in new.items()})


def named(paths: Sequence[Path]) -> dict[Path, str]:
    """A text for each path, no two alike: labels may have dots, and 1 and "1" are two."""
    found: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        name = ""
        for part in path:
            text = part.text if isinstance(part, _Mark) else str(part)
            name += text if part is _EACH or not name else f".{text}"
        while name in taken:
            name += "'"
        found[path] = name
        taken.add(name)
    return found


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value:
        if _are_ids(value):
            for key, inner in value.items():
                yield (*path, _KEYS), key
                yield from _leaves(inner, (*path, _EACH))
        else:
            for key, inner in value.items():
                yield from _leaves(inner, (*path, key))
    elif is_list(value) and any(isinstance(one, Mapping) or is_list(one) for one in value) and _holds_record(value):
        pairs = _pairs(value)
        for at, one in enumerate(value):
            if pairs is None:
                yield from _leaves(one, (*path, _EACH))
            else:
                yield from _pair_leaves(one, (*path, _EACH), (*path, pairs[at][0]), pairs[at][1])
    else:
        yield path, value


def _pair_leaves(record: Mapping[Any, Any], each: Path, own: Path, key: str) -> Iterator[tuple[Path, Any]]:
    for name, inner in record.items():
        yield from _leaves(inner, own if name == key else (*each, name))


def _again(value: Any, path: Path, new: Mapping[Path, Any]) -> Any:
    if isinstance(value, Mapping) and value:
        if _are_ids(value):
            made: dict[Any, Any] = {}
            for inner in value.values():
                key = next(new[*path, _KEYS])
                while key in made:  # two that a mask made alike
                    key = f"{key}'"
                made[key] = _again(inner, (*path, _EACH), new)
            return made
        return {key: _again(inner, (*path, key), new) for key, inner in value.items()}
    if is_list(value) and any(isinstance(one, Mapping) or is_list(one) for one in value) and _holds_record(value):
        pairs = _pairs(value)
        return type(value)(
            _again(one, (*path, _EACH), new)
            if pairs is None
            else {
                name: _again(inner, (*path, pairs[at][0]) if name == pairs[at][1] else (*path, _EACH, name), new)
                for name, inner in one.items()
            }
            for at, one in enumerate(value)
        )
    return next(new[path]) if _is_repeated(path) else new[path]


def _is_repeated(path: Path) -> bool:
    return any(part is _EACH or part is _KEYS for part in path)


def _holds_record(value: Any) -> bool:
    return isinstance(value, Mapping) or (is_list(value) and any(_holds_record(one) for one in value))


def _pairs(records: Sequence[Any]) -> list[tuple[str, str]] | None:
    """Of records that are a name and a value: the name, and the key of the value; None of others."""
    found = []
    for record in records:
        if not isinstance(record, Mapping):
            return None
        keys = {str(key).casefold(): key for key in record}
        name = next((record[keys[one]] for one in _NAMES if one in keys and isinstance(record[keys[one]], str)), None)
        value = next((keys[one] for one in _VALUES if one in keys), None)
        if name is None or value is None or _holds_record(record[value]):
            return None
        found.append((name, value))
    return found if len({name for name, _ in found}) == len(found) else None


def _are_ids(record: Mapping[Any, Any]) -> bool:
    """Whether the keys of ``record`` are ids of something and no names of fields."""
    return all(is_id(str(key)) for key in record)
