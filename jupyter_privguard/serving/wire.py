"""JSON in and out, in the forms of MLflow's scoring protocol: what a request holds, and what an answer says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from ..errors import InputError
from ..frames import frame_of
from ..reviewing.forms import rows_of
from ..reviewing.paths import checked

__all__ = ["INPUTS", "as_json", "feature_names", "inputs_in", "parsed", "row_count"]

INPUTS = ("dataframe_split", "dataframe_records", "instances", "inputs")
"""Where the inputs of a request stand, one of them."""
_MOST_ROWS = 10_000


def parsed(body: bytes) -> Mapping[str, Any]:
    """The request in ``body``; InputError for what is no JSON object, or nested too deeply."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InputError("privguard: the request is no JSON; send one object, in UTF-8.") from None
    if not isinstance(found, dict):
        raise InputError(f"privguard: the request is no object; send one with {', '.join(INPUTS)}.")
    return dict(checked(found))


def _no_number(text: str) -> float:
    raise ValueError("no number of JSON")


def inputs_in(request: Mapping[str, Any]) -> Any:
    """The inputs: a table where they have names, else lists as they are. InputError for none, or too many rows."""
    given = [name for name in INPUTS if name in request]
    unknown = sorted(set(request) - {*INPUTS, "params"})
    if len(given) != 1 or unknown:
        raise InputError(f"privguard: a request has exactly one of {', '.join(INPUTS)}, and nothing else but params.")
    found = request[given[0]]
    if given[0] == "dataframe_split":
        found = {name: found[name] for name in ("columns", "data") if name in found} if _is_record(found) else None
        if not found or len(found) < 2:
            raise InputError("privguard: dataframe_split has `columns` and `data`.")
    if not isinstance(found, (list, Mapping)) or not found:
        raise InputError(f"privguard: {given[0]} holds no rows.")
    rows = rows_of(found)
    table = bool(rows.columns) and not any(name.isdigit() or name == "output" for name in rows.columns)
    made = frame_of({name: list(values) for name, values in rows.columns.items()}) if table else found
    if row_count(made) > _MOST_ROWS:
        raise InputError(f"privguard: a request has at most {_MOST_ROWS:,} rows; send several.")
    return made


def _is_record(value: Any) -> bool:
    return isinstance(value, Mapping)


def row_count(inputs: Any) -> int:
    """How many rows ``inputs`` have; 1 of a single record or value."""
    if isinstance(inputs, Mapping):
        columns = list(inputs.values())
        return len(columns[0]) if columns and all(isinstance(one, (list, tuple)) for one in columns) else 1
    if isinstance(inputs, (str, bytes)) or not hasattr(inputs, "__len__"):
        return 1
    return len(inputs)


def feature_names(inputs: Any) -> list[str]:
    """What the inputs are called; empty where they have no names."""
    if isinstance(inputs, Mapping):
        return [str(name) for name in inputs]
    if isinstance(inputs, (list, tuple)):
        rows = [row for row in inputs if isinstance(row, Mapping)]
        return list(dict.fromkeys(str(name) for row in rows for name in row))
    labels = getattr(inputs, "columns", None)
    return [] if labels is None or callable(labels) else [str(label) for label in labels]


def as_json(output: Any) -> Any:
    """``output`` as JSON has it: tables as records, arrays as lists, NaN and infinities as null, objects as text."""
    if hasattr(output, "to_dict") and hasattr(output, "columns"):
        return (
            [as_json(row) for row in output.to_dict("records")]
            if hasattr(output, "iloc")
            else as_json(output.to_dicts())
        )
    for name in ("to_dicts", "to_pylist", "tolist", "to_list"):
        if not isinstance(output, (str, int, float)) and callable(getattr(output, name, None)):
            return as_json(getattr(output, name)())
    if hasattr(type(output), "tolist"):
        return as_json(output.tolist())
    if isinstance(output, Mapping):
        return {str(key): as_json(value) for key, value in output.items()}
    if isinstance(output, (list, tuple, set, frozenset)):
        return [as_json(value) for value in output]
    if isinstance(output, float):
        return output if isfinite(output) else None
    return output if output is None or isinstance(output, (str, bool, int)) else str(output)
