"""The forms in which models hand out what they say, as rows with named fields and back again.

Records, lists of records, columns, the split form of pandas, and the envelopes of scoring services: ``predictions``
of TensorFlow Serving and MLflow, ``fields`` and ``values`` of IBM watsonx. Nested records are flattened to paths with
dots. Pure; values are moved, never looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError
from .paths import MOST_NESTED, checked, flat, is_list, named, restored

__all__ = ["MOST_NESTED", "Rows", "rows_of"]

_ENVELOPES = ("predictions", "outputs", "instances", "dataframe_records", "results", "data", "rows", "items")
_SPLITS = ("dataframe_split", "inputs")
_TABLES = (("columns", "data"), ("fields", "values"))
_ONLY = "output"
"""What a bare value is called."""
_AS_JSON = ("{", "[", '"')


@dataclass(frozen=True)
class Rows:
    """An output as columns, and what makes it what it was again."""

    columns: Mapping[str, list[Any]]
    """Field or path → its value in each row; None where a row has none."""
    back: Callable[[Mapping[str, list[Any]]], Any]
    """The output with other values in the same fields, those of ``beside`` too."""
    beside: Mapping[str, list[Any]] = field(default_factory=dict)
    """What stands beside the rows in their envelope, as columns of one row; no name is in both."""


def rows_of(output: Any) -> Rows:
    """The rows in ``output``, which is JSON as text or bytes, or lists, records and plain values.

    Other texts are one value. InputError for JSON that is broken, for what is nested too deeply, and for objects of
    other kinds.
    """
    if isinstance(output, (str, bytes, bytearray)):
        text = _decoded(output)
        if not text.lstrip().startswith(_AS_JSON):
            return Rows(
                {_ONLY: [text]}, lambda new: new[_ONLY][0] if isinstance(output, str) else new[_ONLY][0].encode()
            )
        found = _rows(_parsed(text))
        return Rows(found.columns, lambda new: _written(found.back(new), output), found.beside)
    return _rows(output)


def _rows(output: Any) -> Rows:
    plain = checked(output)
    if isinstance(plain, Mapping):
        return _of_record(plain)
    if is_list(plain):
        return _of_list(list(plain), type(plain))
    if plain is None or isinstance(plain, (str, bool, int, float)):
        return Rows({_ONLY: [plain]}, lambda new: new[_ONLY][0])
    raise InputError(
        f"privguard: an output of type {type(output).__name__} cannot be reviewed; pass a DataFrame, a record, a list, "
        "JSON or a model."
    )


def _written(output: Any, before: str | bytes | bytearray) -> str | bytes:
    text = json.dumps(output, ensure_ascii=False)
    return text if isinstance(before, str) else text.encode()


def _decoded(text: str | bytes | bytearray) -> str:
    try:
        return text if isinstance(text, str) else bytes(text).decode()
    except UnicodeDecodeError:
        raise InputError("privguard: these bytes are no text in UTF-8; pass the output itself, or JSON.") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("privguard: this text is no JSON; pass the output itself, or JSON that is whole.") from None


def _of_record(output: Mapping[Any, Any]) -> Rows:
    for name in _SPLITS:
        if isinstance(output.get(name), Mapping) and _is_table(output[name]):
            return _within(output, name, _of_record(output[name]))
    for names, values in _TABLES:
        if is_list(output.get(names)) and is_list(output.get(values)):
            return _of_split(output, names, values)
    if _are_columns(output):
        return Rows(
            {str(label): list(values) for label, values in output.items()},
            lambda new: {label: type(values)(new[str(label)]) for label, values in output.items()},
        )
    for name in _ENVELOPES:
        if is_list(output.get(name)):
            return _within(output, name, _of_list(list(output[name]), type(output[name])))
    one = _of_records([output], list)
    return Rows(one.columns, lambda new: one.back(new)[0])


def _are_columns(output: Mapping[Any, Any]) -> bool:
    """Whether ``output`` has a list of as many values for each field, and is no envelope of one list."""
    if not output or not all(map(is_list, output.values())) or any(map(_holds_records, output.values())):
        return False
    is_envelope = len(output) == 1 and any(name in output for name in _ENVELOPES)
    return not is_envelope and len(set(map(len, output.values()))) == 1 and len(set(map(str, output))) == len(output)


def _is_table(record: Mapping[Any, Any]) -> bool:
    return any(is_list(record.get(names)) and is_list(record.get(values)) for names, values in _TABLES)


def _is_envelope(record: Mapping[Any, Any]) -> bool:
    """Whether ``record`` holds rows and is none itself."""
    return _is_table(record) or any(isinstance(record.get(name), Mapping) for name in _SPLITS)


def _within(output: Mapping[Any, Any], name: str, inner: Rows) -> Rows:
    return _beside(output, (name,), inner, lambda new: {name: inner.back(new)})


def _beside(
    output: Mapping[Any, Any],
    names: Sequence[str],
    inner: Rows,
    put: Callable[[Mapping[str, list[Any]]], Mapping[str, Any]],
) -> Rows:
    """The rows of ``inner`` within ``output``; what stands there beside ``names`` is judged and masked too."""
    rest = {key: value for key, value in output.items() if key not in names}
    other = _of_records([rest], list)
    apart = {name: _apart(name, inner) for name in other.columns}

    def back(new: Mapping[str, list[Any]]) -> Any:
        made = other.back({name: new[apart[name]] for name in other.columns})[0]
        done = put(new)
        keys = iter(made.items())  # in order; keys that are data have other names now
        return {key: value for one in output for key, value in ([(one, done[one])] if one in names else [next(keys)])}

    return Rows(inner.columns, back, {**inner.beside, **{apart[name]: other.columns[name] for name in other.columns}})


def _apart(name: str, inner: Rows) -> str:
    while name in inner.columns or name in inner.beside:
        name += "'"
    return name


def _of_split(output: Mapping[Any, Any], names: str, values: str) -> Rows:
    labels, table = [str(label) for label in output[names]], [list(row) for row in output[values] if is_list(row)]
    if len(table) != len(output[values]) or any(len(row) != len(labels) for row in table):
        raise InputError(f"privguard: the rows under `{values}` have not one value for each of `{names}`.")
    if len(set(labels)) != len(labels):
        raise InputError(f"privguard: two of `{names}` are called alike; a review needs one name for each field.")
    inner = _of_records([dict(zip(labels, row, strict=True)) for row in table], list)
    if not table:
        inner = Rows({label: [] for label in labels}, lambda _: [])

    def put(new: Mapping[str, list[Any]]) -> Mapping[str, Any]:
        return {values: [[row[label] for label in labels] for row in inner.back(new)], names: output[names]}

    return _beside(output, (names, values), inner, put)


def _of_list(output: list[Any], kind: type) -> Rows:
    if len(output) == 1 and isinstance(output[0], Mapping) and _is_envelope(output[0]):
        inside = _of_record(output[0])
        return Rows(inside.columns, lambda new: kind([inside.back(new)]), inside.beside)
    if output and all(isinstance(row, Mapping) for row in output):
        return _of_records(output, kind)
    if any(_holds_records(row) for row in output):
        one = _of_records([{_ONLY: output}], list)
        return Rows(one.columns, lambda new: kind(one.back(new)[0][_ONLY]))
    if output and all(is_list(row) for row in output) and len({len(row) for row in output}) == 1 and output[0]:
        columns = {str(at): [row[at] for row in output] for at in range(len(output[0]))}
        return Rows(columns, lambda new: kind(map(type(output[0]), _turned(new, columns))))
    return Rows({_ONLY: output}, lambda new: kind(new[_ONLY]))


def _holds_records(value: Any) -> bool:
    return isinstance(value, Mapping) or (is_list(value) and any(map(_holds_records, value)))


def _turned(new: Mapping[str, list[Any]], columns: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
    return zip(*(new[name] for name in columns), strict=True)


def _of_records(output: Sequence[Mapping[Any, Any]], kind: type) -> Rows:
    cells = [flat(row) if row else {} for row in output]
    paths = list(dict.fromkeys(path for row in cells for path in row))
    names = named(paths)
    columns = {names[path]: [row.get(path) for row in cells] for path in paths}

    def back(new: Mapping[str, list[Any]]) -> Any:
        return kind(
            restored(row, {path: new[names[path]][at] for path in cells[at]}) if row else row
            for at, row in enumerate(output)
        )

    return Rows(columns, back)
