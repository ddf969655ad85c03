"""What was seen under which mask, and what was masked."""

from __future__ import annotations

from collections import Counter

from ..blocks import Block, Cell, Paragraph, Table, code, plain
from ..context import Context
from ..section import Section
from ..shown import ShownColumn
from ..tables import table
from ..words import count, data_class, few, mask, names, query, seqs

__all__ = ["SECTION"]


def _build(context: Context) -> list[Block]:
    return [*_shown(context), *_masked(context)]


def _shown(context: Context) -> list[Block]:
    found = context.shown
    if not found:
        return [Paragraph(plain("No cell of this experiment showed a column of a table."))]
    items: list[list[ShownColumn]] = []
    for dataset in dict.fromkeys(column.dataset for column in found):
        own = [column for column in found if column.dataset == dataset]
        places = {label: place for place, label in enumerate(dict.fromkeys(column.label for column in own))}
        own.sort(key=lambda column: places[column.label])  # one column's masks and tiers stand together
        items += [[column] for column in own if column.is_sensitive]
        rest = [column for column in own if not column.is_sensitive]
        items += [rest] if rest else []
    headings = ["Data set", "Column", "Holds", "Was shown", "Tier", "Times", "Rows at most", "Events"]
    caption = "Columns that were shown, and under which mask"
    return table(caption, headings, items, _row, rest=query(context.experiment.name, "--how", "shown"))


def _row(columns: list[ShownColumn]) -> list[Cell]:
    return _shown_row(columns[0]) if columns[0].is_sensitive else _rest(columns)


def _shown_row(column: ShownColumn) -> list[Cell]:
    return [
        code(column.dataset),
        code(column.label),
        (*code(column.entity), *plain(f" {data_class(column.data_class)}")),
        plain(mask(column.action)),
        plain(column.tier),
        plain(column.times),
        plain(column.rows),
        few(column.seqs),
    ]


def _rest(rest: list[ShownColumn]) -> list[Cell]:
    """One row for all columns of a data set that hold nothing classified: they are many and matter little."""
    return [
        code(rest[0].dataset),
        names(dict.fromkeys(column.label for column in rest)),
        plain(data_class("none")),
        plain(", ".join(dict.fromkeys(mask(column.action) for column in rest))),
        plain(", ".join(dict.fromkeys(column.tier for column in rest))),
        plain(max(column.times for column in rest)),
        plain(max(column.rows for column in rest)),
        few(seq for column in rest for seq in column.seqs),
    ]


def _masked(context: Context) -> list[Block]:
    runs = [event for event in context.runs if event.get("masked")]
    totals = Counter[str]()
    for event in runs:
        totals.update(event["masked"])
    if not totals:
        return [Paragraph(plain("No value had to be masked."))]
    rows: list[list[Cell]] = []
    for entity, number in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        own = [event for event in runs if event["masked"].get(entity)]
        rows.append([code(entity), plain(number), plain(count(len(own), "cell")), few(seqs(own))])
    return [Table("Values that were masked, by what they were", ["Kind of value", "Masked", "In", "Events"], rows)]


SECTION = Section(order=30, id="columns", title="What was seen", build=_build)
