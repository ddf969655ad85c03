"""Which data was loaded, which classes people gave to columns, what was seen under which mask, what was masked."""

from __future__ import annotations

from collections import Counter

from ..blocks import Block, Cell, Paragraph, Table, badge, code, events, plain, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..shown import ShownColumn, shown_columns
from ..words import count, data_class, mask, moment, names, seqs

__all__ = ["SECTION"]


def _build(context: Context) -> list[Block]:
    return [*_loaded(context), *_said(context), *_shown(context), *_masked(context)]


def _loaded(context: Context) -> list[Block]:
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in context.of("data.load"):
        groups.setdefault((event["dataset"]["name"], event["dataset"].get("source") or ""), []).append(event)
    if not groups:
        return [Paragraph(plain("No load of a table is recorded for this experiment."))]
    rows = [_loaded_row(name, source, found) for (name, source), found in groups.items()]
    columns = ["Data set", "Source", "Rows", "Classified columns", "Other columns", "Events"]
    return [Table("Data that was loaded, as it was last classified", columns, rows)]


def _loaded_row(name: str, source: str, found: list[Event]) -> list[Cell]:
    last = found[-1]["dataset"]
    classified = [column["label"] for column in last["columns"] if column["class"] != "none"]
    others = [column["label"] for column in last["columns"] if column["class"] == "none"]
    rows = last.get("rows")
    return [
        code(name),
        code(source) if source else plain("made in the notebook"),
        plain(rows if rows is not None else "not known"),
        names(classified),
        names(others),
        events(seqs(found)),
    ]


def _said(context: Context) -> list[Block]:
    """Classes that a person gave to columns, in this session or stored by an earlier one; none: no table."""
    rows = [_said_row(event) for event in context.of("class.change")]
    if not rows:
        return []
    columns = ["Data set", "Column", "From", "To", "Shows", "Outcome", "By", "When (UTC)", "Kept", "Events"]
    return [Table("Classes that a person gave to columns or asked to give", columns, rows)]


def _said_row(event: Event) -> list[Cell]:
    stored = event.get("said") or {}
    shows = "as much or less" if event.get("direction") == "raise" else "more"
    return [
        code(str(event.get("dataset") or "a result")),
        code(str(event.get("column"))),
        code(str(event.get("before"))),
        code(str(event.get("after"))),
        plain(shows),
        badge(event["outcome"]),
        who(str(stored.get("by") or event["principal"]["id"])),
        plain(moment(stored.get("since") or event["time"])),
        plain("for all sessions" if event.get("saved") else "in this session"),
        events([event["seq"]]),
    ]


def _shown(context: Context) -> list[Block]:
    found = shown_columns(context.runs)
    if not found:
        return [Paragraph(plain("No cell of this experiment showed a column of a table."))]
    rows: list[list[Cell]] = []
    for dataset in dict.fromkeys(column.dataset for column in found):
        own = [column for column in found if column.dataset == dataset]
        labels = list(dict.fromkeys(column.label for column in own))
        own.sort(key=lambda column: labels.index(column.label))  # one column's masks and tiers stand together
        rows += [_shown_row(column) for column in own if column.is_sensitive]
        rows += _rest(dataset, [column for column in own if not column.is_sensitive])
    headings = ["Data set", "Column", "Holds", "Was shown", "Tier", "Times", "Rows at most", "Events"]
    return [Table("Columns that were shown, and under which mask", headings, rows)]


def _shown_row(column: ShownColumn) -> list[Cell]:
    return [
        code(column.dataset),
        code(column.label),
        (*code(column.entity), *plain(f" {data_class(column.data_class)}")),
        plain(mask(column.action)),
        plain(column.tier),
        plain(column.times),
        plain(column.rows),
        events(column.seqs),
    ]


def _rest(dataset: str, rest: list[ShownColumn]) -> list[list[Cell]]:
    """One row for all columns that hold nothing classified: they are many and matter little."""
    if not rest:
        return []
    labels = dict.fromkeys(column.label for column in rest)
    tiers = ", ".join(dict.fromkeys(column.tier for column in rest))
    found = sorted({seq for column in rest for seq in column.seqs})
    shown = ", ".join(dict.fromkeys(mask(column.action) for column in rest))
    return [
        [
            code(dataset),
            names(labels),
            plain(data_class("none")),
            plain(shown),
            plain(tiers),
            plain(max(column.times for column in rest)),
            plain(max(column.rows for column in rest)),
            events(found),
        ]
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
        rows.append([code(entity), plain(number), plain(count(len(own), "cell")), events(seqs(own))])
    return [Table("Values that were masked, by what they were", ["Kind of value", "Masked", "In", "Events"], rows)]


SECTION = Section(order=30, id="columns", title="What was seen", build=_build)
