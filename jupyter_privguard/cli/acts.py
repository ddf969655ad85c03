"""How `privguard audit acts` prints: a table for people, JSON and CSV for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ..frames.spreadsheet import defused_csv
from ..report.acts import Act, PersonsActs
from .output import json_text, printable, table

__all__ = ["as_csv", "as_json", "as_table", "counted"]

_COLUMNS = ("seq", "time", "who", "assurance", "action", "outcome", "id", "what", "reason")


def as_table(found: Sequence[Act]) -> str:
    """Aligned columns, a line an act."""
    return table(_COLUMNS, [_cells(act) for act in found])


def as_json(found: Sequence[Act]) -> str:
    """A list of objects."""
    return json_text([asdict(act) for act in found])


def as_csv(found: Sequence[Act]) -> str:
    """A header and a row an act (RFC 4180); no cell is a formula to a spreadsheet."""
    return defused_csv(_COLUMNS, map(_cells, found))


def counted(person: PersonsActs) -> str:
    """One sentence on what one person did."""
    own = f", {person.done_by_self:,} of them with assurance self" if person.done else ""
    granted = (
        f"; approvals granted: {person.grants:,}, {person.grants_by_self:,} of them with assurance self"
        if person.grants
        else ""
    )
    refused = f"; without success: {person.refused:,}" if person.refused else ""
    return f"privguard: {printable(person.who)}: successful acts: {person.done:,}{own}{granted}{refused}."


def _cells(act: Act) -> list[str]:
    return [str(getattr(act, name)) for name in _COLUMNS]
