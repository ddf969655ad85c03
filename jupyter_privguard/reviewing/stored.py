"""What a model in memory keeps of its training data: rows, and lists of values that were categories or words.

Goes through the attributes of estimators and of what they hold, to any depth. Nothing is called: properties of
anybody's model may compute, and fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..frames import FrameView, explicit_view, frame_of, view
from ..frames.stored.places import FEATURE_NAMES, keeps_rows

__all__ = ["StoredTable", "stored_tables"]

_MOST_ROWS = 20_000
_MOST_COLUMNS = 300
_MOST_THINGS = 200_000
_MOST_TABLES = 200
_FLAT = (str, bytes, int, float, complex, type(None), type)
_OF_NUMBERS = frozenset("numpy scipy pandas polars pyarrow torch".split())
"""Packages whose objects are data and not parts of a model."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A matrix, table or list that a model keeps."""

    where: str
    """Class and attribute, as ``KNeighborsClassifier._fit_X``."""
    rows: int
    columns: int
    is_rows: bool
    """Whether they are rows of the training data; else values of one column of it."""
    view: FrameView | None = field(repr=False)
    """Its first rows; None where they cannot be read, as in a sparse matrix."""


def stored_tables(model: Any) -> list[StoredTable]:
    """What ``model`` keeps, each thing once."""
    found: list[StoredTable] = []
    for one in _walk(model):
        if one.where.endswith("Tree.data") and any((one.rows, one.columns) == (it.rows, it.columns) for it in found):
            continue  # a tree over the rows of the estimator that has it
        found.append(one)
        if len(found) == _MOST_TABLES:
            break
    return found


def _walk(model: Any) -> Iterator[StoredTable]:
    todo: list[tuple[Any, str, str, tuple[str, ...]]] = [(model, "", "", ())]
    seen: set[int] = set()
    kept = []  # so that no number of one that is gone is another's
    while todo and len(seen) < _MOST_THINGS:
        obj, owner, attribute, names = todo.pop()
        if isinstance(obj, _FLAT) or id(obj) in seen:
            continue
        seen.add(id(obj))
        kept.append(obj)
        table = _table(obj, owner, attribute, names)
        if table is not None:
            yield table
        todo += reversed(list(_parts(obj, owner, attribute, names)))


def _parts(
    obj: Any, owner: str, attribute: str, names: tuple[str, ...]
) -> Iterator[tuple[Any, str, str, tuple[str, ...]]]:
    package = type(obj).__module__.partition(".")[0]
    if isinstance(obj, Mapping):
        yield from ((value, owner, attribute, names) for value in list(obj.values()))
    elif isinstance(obj, (list, tuple)):
        is_named = attribute == "categories_" and len(names) == len(obj)
        yield from ((one, owner, attribute, (names[at],) if is_named else names) for at, one in enumerate(obj))
    elif package == "numpy" and getattr(getattr(obj, "dtype", None), "hasobject", False):
        yield from ((one, owner, attribute, names) for one in obj.ravel()[:_MOST_ROWS].tolist())
    elif package not in _OF_NUMBERS:
        told = _attributes(obj)
        own = _names(told.get(FEATURE_NAMES)) or names
        yield from ((value, type(obj).__name__, name, own) for name, value in told.items() if name != FEATURE_NAMES)


def _attributes(obj: Any) -> dict[str, Any]:
    """What is in the object itself; of a tree of neighbours the points that it is made of."""
    if type(obj).__name__.rstrip("0123456789") in ("KDTree", "BallTree"):
        return {"data": _tried(lambda: obj.get_arrays()[0])}
    found = _tried(lambda: vars(obj))
    return dict(found) if isinstance(found, dict) else {}


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value.tolist())) if hasattr(value, "tolist") else ()


def _table(obj: Any, owner: str, attribute: str, names: tuple[str, ...]) -> StoredTable | None:
    where, is_rows = f"{owner}.{attribute}", keeps_rows(owner, attribute)
    if not owner:
        return None
    if isinstance(obj, Mapping):
        return _listed(list(obj), where, attribute)
    if isinstance(obj, (list, tuple, set, frozenset)):
        return _listed(list(obj), where, attribute)
    if type(obj).__module__.partition(".")[0] in ("pandas", "polars"):
        seen = _tried(lambda: explicit_view(obj))
        return None if seen is None else StoredTable(where, seen.rows, len(seen.labels), True, seen)
    shape = _tried(lambda: tuple(obj.shape))
    if not shape or not hasattr(obj, "dtype"):
        return StoredTable(where, len(obj), 1, True, None) if is_rows and _tried(lambda: len(obj)) else None
    return _array(obj, where, attribute, names, is_rows)


def _array(obj: Any, where: str, attribute: str, names: tuple[str, ...], is_rows: bool) -> StoredTable | None:
    rows, columns = int(obj.shape[0]), int(obj.shape[1]) if len(obj.shape) > 1 else 1
    if not rows or not columns:
        return None
    if not is_rows:
        texts = _tried(lambda: obj.ravel()[:_MOST_ROWS].tolist()) if obj.dtype.kind in "UO" else None
        label = names[0] if attribute == "categories_" and len(names) == 1 else attribute
        return _listed(texts or [], where, label)
    if not hasattr(obj, "tolist"):
        return StoredTable(where, rows, columns, is_rows, None)
    wide = min(columns, _MOST_COLUMNS)
    labels = list(names) if len(names) == columns else [f"column {place + 1}" for place in range(columns)]
    flat = obj[:_MOST_ROWS].reshape(min(rows, _MOST_ROWS), -1)
    cells = {label: _whole(flat[:, place].tolist()) for place, label in zip(range(wide), labels, strict=False)}
    return StoredTable(where, rows, columns, is_rows, _tried(lambda: view(frame_of(cells))))


def _listed(values: list[Any], where: str, label: str) -> StoredTable | None:
    """A list of texts: what categories and words were."""
    if len(values) < 2 or not all(isinstance(one, str) for one in values):
        return None
    seen = _tried(lambda: view(frame_of({label.strip("_") or "values": values[:_MOST_ROWS]})))
    return StoredTable(where, len(values), 1, False, seen)


def _whole(values: list[Any]) -> list[Any]:
    """Whole numbers as such: matrices of features have fractions alone."""
    if all(isinstance(one, float) and (one != one or (one.is_integer() and abs(one) < 2**53)) for one in values):
        return [None if one != one else int(one) for one in values]
    return values


def _tried(ask: Any) -> Any:
    """What an attribute of anybody's model says; None where it fails."""
    try:
        return ask()
    except Exception:  # noqa: BLE001 - as above: its words may quote values
        return None
