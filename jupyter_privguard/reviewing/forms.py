"""The forms in which models hand out what they say, as rows with named fields and back again.

Records, lists of records, columns, the split form of pandas, and the envelopes of scoring services: ``predictions``
of TensorFlow Serving and MLflow, ``fields`` and ``values`` of IBM watsonx. Nested records are flattened to paths with
dots. Pure; values are moved, never looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError

__all__ = ["MOST_NESTED", "Rows", "rows_of"]

MOST_NESTED = 20
"""Records within records beyond which an output is refused: nobody could judge it."""
_ENVELOPES = ("predictions", "outputs", "instances", "dataframe_records", "results", "data", "rows", "items")
_SPLITS = ("dataframe_split",)
_TABLES = (("columns", "data"), ("fields", "values"))
_ONLY = "output"
"""What a bare value is called."""


@dataclass(frozen=True)
class Rows:
    """An output as columns, and what makes it what it was again."""

    columns: Mapping[str, list[Any]]
    """Field or path → its value in each row; None where a row has none."""
    back: Callable[[Mapping[str, list[Any]]], Any]
    """The output with other values in the same fields."""
    rest: Mapping[str, Any]
    """What stands beside the rows in their envelope: the name of a model, a version."""


def rows_of(output: Any) -> Rows:
    """The rows in ``output``, which is JSON as text or bytes, or lists, records and plain values.

    InputError for JSON that is broken, for what is nested too deeply, and for objects of other kinds.
    """
    if isinstance(output, (str, bytes, bytearray)):
        found = rows_of(_parsed(output))
        return Rows(found.columns, lambda new: json.dumps(found.back(new), ensure_ascii=False), found.rest)
    if isinstance(output, Mapping):
        return _of_record(output)
    if isinstance(output, (list, tuple)):
        return _of_list(list(output), type(output))
    if output is None or isinstance(output, (bool, int, float)):
        return Rows({_ONLY: [output]}, lambda new: new[_ONLY][0], {})
    raise InputError(
        f"privguard: an output of type {type(output).__name__} cannot be reviewed; pass a DataFrame, a record, a list, "
        "JSON or a model."
    )


def _parsed(text: str | bytes | bytearray) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("privguard: this text is no JSON; pass the output itself, or JSON that is whole.") from None


def _of_record(output: Mapping[Any, Any]) -> Rows:
    for name in _SPLITS:
        if isinstance(output.get(name), Mapping):
            return _within(output, name, _of_record(output[name]))
    for names, values in _TABLES:
        if _is_list(output.get(names)) and _is_list(output.get(values)):
            return _of_split(output, names, values)
    for name in _ENVELOPES:
        if _is_list(output.get(name)):
            return _within(output, name, _of_list(list(output[name]), list))
    if output and all(_is_list(value) for value in output.values()) and len(set(map(len, output.values()))) == 1:
        columns = {str(label): list(values) for label, values in output.items()}
        return Rows(columns, lambda new: {label: new[str(label)] for label in output}, {})
    one = _of_list([output], list)
    return Rows(one.columns, lambda new: one.back(new)[0], {})


def _is_envelope(record: Mapping[Any, Any]) -> bool:
    """Whether ``record`` holds rows and is none itself."""
    split = any(_is_list(record.get(names)) and _is_list(record.get(values)) for names, values in _TABLES)
    return split or any(isinstance(record.get(name), Mapping) for name in _SPLITS)


def _within(output: Mapping[Any, Any], name: str, inner: Rows) -> Rows:
    rest = {str(key): value for key, value in output.items() if key != name}
    return Rows(inner.columns, lambda new: {**output, name: inner.back(new)}, {**rest, **inner.rest})


def _of_split(output: Mapping[Any, Any], names: str, values: str) -> Rows:
    labels, table = [str(label) for label in output[names]], [list(row) for row in output[values] if _is_list(row)]
    if len(table) != len(output[values]) or any(len(row) != len(labels) for row in table):
        raise InputError(f"privguard: the rows under `{values}` have not one value for each of `{names}`.")
    if len(set(labels)) != len(labels):
        raise InputError(f"privguard: two of `{names}` are called alike; a review needs one name for each field.")
    flat = [dict(zip(labels, row, strict=True)) for row in table]
    inner = _of_list(flat, list)

    def back(new: Mapping[str, list[Any]]) -> Any:
        return {**output, values: [[row[label] for label in labels] for row in inner.back(new)]}

    rest = {str(key): value for key, value in output.items() if key not in (names, values)}
    return Rows(inner.columns, back, rest)


def _of_list(output: list[Any], kind: type) -> Rows:
    if len(output) == 1 and isinstance(output[0], Mapping) and _is_envelope(output[0]):
        inside = _of_record(output[0])
        return Rows(inside.columns, lambda new: kind([inside.back(new)]), inside.rest)
    if output and all(isinstance(row, Mapping) for row in output):
        return _of_records(output, kind)
    if output and all(_is_list(row) for row in output) and len({len(row) for row in output}) == 1:
        width = len(output[0])
        columns = {str(at): [row[at] for row in output] for at in range(width)}
        if _holds_records(output):
            raise InputError("privguard: lists of lists of records have no fields; pass one list of records.")
        return Rows(columns, lambda new: kind(_rows(new, columns)), {})
    if len(output) == 1 and _is_list(output[0]) and output[0]:
        inner_rows = _of_list(list(output[0]), list)  # the values of one envelope within another
        return Rows(inner_rows.columns, lambda new: kind([inner_rows.back(new)]), inner_rows.rest)
    return Rows({_ONLY: output}, lambda new: kind(new[_ONLY]), {})


def _holds_records(rows: Iterable[Sequence[Any]]) -> bool:
    return any(isinstance(value, Mapping) for row in rows for value in row)


def _rows(new: Mapping[str, list[Any]], columns: Mapping[str, list[Any]]) -> list[list[Any]]:
    return [list(row) for row in zip(*(new[name] for name in columns), strict=True)]


def _of_records(output: Sequence[Mapping[Any, Any]], kind: type) -> Rows:
    flat = [_flat(row) for row in output]
    paths = list(dict.fromkeys(path for row in flat for path in row))
    names = _names(paths)
    columns = {names[path]: [row.get(path) for row in flat] for path in paths}

    def back(new: Mapping[str, list[Any]]) -> Any:
        return kind(
            _changed(row, {path: new[names[path]][at] for path in flat[at]}, ()) for at, row in enumerate(output)
        )

    return Rows(columns, back, {})


def _names(paths: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], str]:
    """A text for each path, no two alike: labels may have dots, and 1 and "1" are two."""
    found: dict[tuple[Any, ...], str] = {}
    for path in paths:
        name = ".".join(map(str, path))
        while name in found.values():
            name += "'"
        found[path] = name
    return found


def _flat(record: Mapping[Any, Any], before: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    if len(before) > MOST_NESTED:
        raise InputError(
            f"privguard: this output has records within records more than {MOST_NESTED} deep; pass a flat one."
        )
    found: dict[tuple[Any, ...], Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and value:
            found |= _flat(value, (*before, key))
        else:
            found[*before, key] = value
    return found


def _changed(record: Mapping[Any, Any], new: Mapping[tuple[Any, ...], Any], before: tuple[Any, ...]) -> dict[Any, Any]:
    return {
        key: new[*before, key] if (*before, key) in new else _changed(value, new, (*before, key))
        for key, value in record.items()
    }


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))
