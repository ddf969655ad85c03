"""How `privguard audit query` prints: a table for people, JSON, JSON Lines and CSV for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields

from .._listing import first_of
from ..audit.query import Access
from ..frames.spreadsheet import defused_csv
from .output import json_text, table

__all__ = ["as_csv", "as_json", "as_json_lines", "as_table"]

_IN_TABLE = ("seq", "time", "who", "action", "outcome", "tier", "dataset", "columns", "how", "shown", "why")
_MOST = 6
"""Columns that a cell of the table names; of more it says how many."""


def as_table(found: Sequence[Access]) -> str:
    """Aligned columns, a line an access; `shown` says under which mask, `why` purpose and reason."""
    return table(_IN_TABLE, [_row(access) for access in found])


def as_json(found: Sequence[Access]) -> str:
    """A list of objects."""
    return json_text([asdict(access) for access in found])


def as_json_lines(found: Sequence[Access]) -> str:
    """An object a line."""
    return "\n".join(json.dumps(asdict(access), ensure_ascii=False) for access in found)


def as_csv(found: Sequence[Access]) -> str:
    """A header and a row an access (RFC 4180); no cell is a formula to a spreadsheet."""
    names = [field.name for field in fields(Access)]
    return defused_csv(names, ([_cell(getattr(access, name)) for name in names] for access in found))


def _row(access: Access) -> list[str]:
    shown = sorted({mask.rpartition(": ")[2] for mask in access.masks})
    why = [access.purpose, access.reason]
    texts = [
        access.dataset,
        first_of(access.columns, _MOST),
        ", ".join(access.how),
        ", ".join(shown),
        "; ".join(filter(None, why)),
    ]
    time = access.time.partition(".")[0].replace("T", " ")
    return [str(access.seq), time, access.who, access.action, access.outcome, access.tier, *texts]


def _cell(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value
