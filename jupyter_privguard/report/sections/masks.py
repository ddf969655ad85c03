"""Which masks were used, their class in ISO/IEC 20889, and what each keeps and destroys."""

from __future__ import annotations

from typing import NamedTuple

from ...masking.operator import OPERATORS
from ...model import Operator
from ..blocks import Block, Cell, Paragraph, code, lines, plain
from ..context import Context
from ..section import Section
from ..shown import ShownColumn
from ..tables import table
from ..words import count, few, mask, query

__all__ = ["KEEPS", "SECTION"]


class _Utility(NamedTuple):
    keeps: str
    destroys: str


KEEPS: dict[Operator, _Utility] = {
    Operator.CLEAR: _Utility("everything", "nothing"),
    Operator.ROUND: _Utility("order and size, roughly", "the exact value"),
    Operator.SHIFT: _Utility("the days between two dates of one person, and the time of day", "the date itself"),
    Operator.GENERALISE: _Utility("the band, year or region", "the exact value, and what tells values of a band apart"),
    Operator.PARTIAL: _Utility("the ends that people know a number by", "the rest of the value, and joins on it"),
    Operator.FPE: _Utility("equality, length and form", "the value for whoever has no key, size and order"),
    Operator.ENCRYPT: _Utility("equality, and the value for whoever has the keys", "form, size and order"),
    Operator.SURROGATE: _Utility("equality, and what kind of value it is", "the value, size and order"),
    Operator.TOKEN: _Utility("equality: joins, groups and counts come out the same", "the value, form, size and order"),
    Operator.REDACT: _Utility("which cells are filled", "everything else"),
}
"""What each mask keeps of a column's use, and what it destroys."""
_READING = (
    "The classes are those of ISO/IEC 20889. What a mask keeps and destroys is said in general; for one table "
    "`privguard mask` measures it. Masked data that keeps equality tells who appears twice, and is personal data still."
)
_NONE = "No cell showed a column of a table, so no mask was used on one."


def _build(context: Context) -> list[Block]:
    used: dict[str, list[ShownColumn]] = {}
    for column in context.shown:
        if column.is_sensitive:
            used.setdefault(column.action, []).append(column)
    if not used:
        return [Paragraph(plain(_NONE))]
    order = [operator.value for operator in Operator]
    found = sorted(used.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    headings = ["Mask", "ISO/IEC 20889", "Keeps", "Destroys", "Way back", "Classified columns", "Events"]
    rest = query(context.experiment.name, "--how", "shown")
    return [Paragraph(plain(_READING), "note"), *table("Masks that were used", headings, found, _row, rest=rest)]


def _row(item: tuple[str, list[ShownColumn]]) -> list[Cell]:
    name, columns = item
    known = OPERATORS.get(Operator(name)) if name in set(Operator) else None
    keeps, destroys = KEEPS[known.name] if known else ("not known to this version", "not known to this version")
    labels = {(column.dataset, column.label) for column in columns}
    kinds = sorted({column.entity for column in columns})
    more = plain(f" and {len(kinds) - 8:,} kinds more") if len(kinds) > 8 else ()
    return [
        lines([code(name), plain(mask(name))]),
        plain(known.iso_20889 if known else "not known to this version"),
        plain(keeps),
        plain(destroys),
        plain(_way_back(name, known is not None and known.is_reversible)),
        (*plain(f"{count(len(labels), 'column')}: "), *code(", ".join(kinds[:8])), *more),
        few(seq for column in columns for seq in column.seqs),
    ]


def _way_back(name: str, is_reversible: bool) -> str:
    if name == Operator.CLEAR:
        return "not needed"
    if is_reversible:
        return "with the keys"
    return "by reveal, one at a time" if name in (Operator.TOKEN, Operator.SURROGATE) else "none"


SECTION = Section(order=34, id="masks", title="Masks and what they keep", build=_build)
