"""The log as a table for a spreadsheet (RFC 4180): a column a field, a row an event.

A spreadsheet runs a cell that begins like a formula. Such cells get an apostrophe in front (OWASP,
"CSV injection"), so this format is for reading; the proof needs JSON Lines.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...frames.spreadsheet import defused_text

__all__ = ["COLUMNS", "rows"]

COLUMNS = (
    *("seq", "time", "action", "principal", "assurance", "session", "outcome", "reason", "policy_sha256"),
    *("notebook", "kernel", "tier", "purpose", "experiment", "run", "execution_count", "source"),
    *("datasets", "sinks", "masked", "duration_ms", "other"),
)
"""The header. ``datasets`` and ``sinks`` name things, ``masked`` counts, ``other`` is JSON of the rest."""


def rows(events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The header and a row for each event, UTF-8, ended by CR LF."""
    yield _encoded(COLUMNS)
    for event in events:
        record = _flat(event)
        yield _encoded([defused_text(record.get(column, "")) for column in COLUMNS])


def _flat(event: dict[str, Any]) -> dict[str, str]:
    rest = dict(event)
    principal, cell = _object(rest, "principal"), _object(rest, "cell")
    record = {
        "principal": _text(principal.pop("id", "")),
        "assurance": _text(principal.pop("assurance", "")),
        "execution_count": _text(cell.pop("execution_count", "")),
        "source": _text(cell.pop("source", "")),
        "datasets": _names(rest.pop("datasets", ()), "name"),
        "sinks": _names(rest.pop("sinks", ()), "target"),
        "masked": "; ".join(f"{entity} {count}" for entity, count in _object(rest, "masked").items()),
    }
    record |= {column: _text(rest.pop(column)) for column in COLUMNS if column in rest}
    rest |= {name: left for name, left in (("principal", principal), ("cell", cell)) if left}
    return record | {"other": json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else ""}


def _object(record: dict[str, Any], name: str) -> dict[str, Any]:
    found = record.pop(name, None)
    return dict(found) if isinstance(found, dict) else {}


def _names(items: Any, field: str) -> str:
    return "; ".join(_text(item.get(field, "") if isinstance(item, dict) else item) for item in items or ())


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _encoded(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()
