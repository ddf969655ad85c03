"""Columns that the experiment loaded and had no use for: what the next one need not load."""

from __future__ import annotations

from ...audit.minimisation import Minimisation, declaration
from ..blocks import Block, Cell, Listing, Paragraph, Table, code, plain
from ..context import Context
from ..section import Section
from ..words import count, data_class, few, names

__all__ = ["SECTION"]

_NONE = "Every column that this experiment loaded was used: shown, filtered, joined, computed with, fitted or exported."
_READING = (
    "These columns were loaded and never shown, filtered, joined, computed with, fitted or exported by a cell of this "
    "experiment. They can be left where they are: name the others when you read the file, or declare them with "
    "%%secure --minimise. “Kept” marks what a frame that was made from the table still carries."
)


def _build(context: Context) -> list[Block]:
    found = context.unused
    if not found:
        return [Paragraph(plain(_NONE))]
    sensitive = sum(1 for one in found for column in one.unused if column.entity)
    blocks: list[Block] = [Paragraph(plain(_READING), "note")]
    if sensitive:
        blocks.append(Paragraph(plain(f"{count(sensitive, 'column')} to drop with sensitive data."), "warning"))
    headings = ["Data set", "Column", "Holds", "Kept", "Loaded in"]
    blocks.append(Table("Columns to drop", headings, [row for one in found for row in _rows(one, context)]))
    declared = [f"{one.dataset}: %%secure --minimise {declaration(one.used)}" for one in found if one.used]
    if declared:
        blocks.append(Listing("Declarations of what was used", "\n".join(declared)))
    return blocks


def _rows(one: Minimisation, context: Context) -> list[list[Cell]]:
    loads = few(context.linked(one.seqs))
    rows: list[list[Cell]] = [
        [
            code(one.dataset),
            code(column.label),
            (*code(column.entity), *plain(f" {data_class(column.data_class)}")),
            plain("yes" if column.is_kept else "no"),
            loads,
        ]
        for column in one.unused
        if column.entity
    ]
    rest = [column for column in one.unused if not column.entity]
    if rest:  # one row for all that holds nothing classified
        kept = sum(column.is_kept for column in rest)
        rows.append(
            [
                code(one.dataset),
                names(column.label for column in rest),
                plain(data_class("none")),
                plain("yes" if kept == len(rest) else f"{kept} of {len(rest)}" if kept else "no"),
                loads,
            ]
        )
    return rows


SECTION = Section(order=35, id="minimisation", title="Columns to drop", build=_build)
