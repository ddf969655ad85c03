"""Which data was loaded, what each column holds and why that is believed, and what people said of it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...model import TIER_LABELS
from ..blocks import Block, Cell, Fold, Paragraph, badge, code, events, plain, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import count, data_class, few, mask, moment, names, query, seqs

__all__ = ["SECTION", "LoadedColumn", "loaded_columns"]

_READING = (
    "“Sure” is how certain the classification was, from 0 to 100; from 70 on it acts. “Known by” names the kinds of "
    "evidence: the column's label, the form or check digit of its values, a dictionary, the other columns, or a "
    "person's or the policy's word."
)


@dataclass(frozen=True, slots=True)
class LoadedColumn:
    """One column of a data set, as its last load tells of it."""

    dataset: str
    source: str
    """Empty for a table that was made in the notebook."""
    label: str
    entity: str
    data_class: str
    confidence: int | None
    """Percent; None where the log does not tell."""
    evidence: tuple[str, ...]
    masks: tuple[str, ...]
    """The mask at each tier, the lowest first; empty where the log does not tell."""
    seqs: tuple[int, ...]
    """The loads."""

    @property
    def is_sensitive(self) -> bool:
        """Whether it holds anything classified."""
        return self.data_class != "none"


def loaded_columns(context: Context) -> list[LoadedColumn]:
    """The columns of all data sets, in order of data set and column."""
    found: list[LoadedColumn] = []
    for (name, source), loads in _data_sets(context).items():
        numbers = tuple(seqs(loads))
        for column in loads[-1]["dataset"].get("columns") or ():
            found.append(_column(name, source, column, numbers))
    return found


def _column(name: str, source: str, column: dict[str, Any], numbers: tuple[int, ...]) -> LoadedColumn:
    action = column.get("action")
    percent = column.get("confidence")
    return LoadedColumn(
        dataset=name,
        source=source,
        label=str(column.get("label")),
        entity=str(column.get("entity")),
        data_class=str(column.get("class")),
        confidence=percent if isinstance(percent, int) else None,
        evidence=tuple(column.get("evidence") or ()),
        masks=tuple(str(action.get(tier, "clear")) for tier in TIER_LABELS) if isinstance(action, dict) else (),
        seqs=numbers,
    )


def _data_sets(context: Context) -> dict[tuple[str, str], list[Event]]:
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in context.loads:
        dataset = event["dataset"]
        groups.setdefault((str(dataset["name"]), dataset.get("source") or ""), []).append(event)
    return groups


def _build(context: Context) -> list[Block]:
    return [*_loaded(context), *_columns(context), *_said(context)]


def _loaded(context: Context) -> list[Block]:
    groups = _data_sets(context)
    if not groups:
        if context.let_go:
            return _let_go(context)
        return [Paragraph(plain("No load of a table is recorded for this experiment."))]
    headings = ["Data set", "Source", "Rows", "Classified columns", "Other columns", "Events"]
    rest = query(context.experiment.name, "--action", "data.load")
    caption = "Data that was loaded, as it was last classified"
    return [*table(caption, headings, list(groups.items()), _loaded_row, rest=rest), *_let_go(context)]


def _let_go(context: Context) -> list[Block]:
    """The data sets of which nobody looked what they hold."""
    if not context.let_go:
        return []
    headings = ["Data set", "Source", "Rows", "Columns", "Events"]
    rows = [(name, runs) for name, runs in context.let_go.items()]
    rest = query(context.experiment.name, "--how", "loaded")
    caption = "Data that was read and let go within its cell, so that nobody looked what it holds"
    return table(caption, headings, rows, _let_go_row, rest=rest)


def _let_go_row(group: tuple[str, list[Event]]) -> list[Cell]:
    name, runs = group
    last = next(one for one in runs[-1]["datasets"] if str(one.get("name")) == name)
    return [
        code(name),
        code(last["source"]) if last.get("source") else plain("not known"),
        plain(last["rows"] if last.get("rows") is not None else "not known"),
        names(last.get("columns") or ()),
        few(seqs(runs)),
    ]


def _loaded_row(group: tuple[tuple[str, str], list[Event]]) -> list[Cell]:
    (name, source), found = group
    last = found[-1]["dataset"]
    columns = last.get("columns") or ()
    rows = last.get("rows")
    return [
        code(name),
        code(source) if source else plain("made in the notebook"),
        plain(rows if rows is not None else "not known"),
        names(column["label"] for column in columns if column["class"] != "none"),
        names(column["label"] for column in columns if column["class"] == "none"),
        few(seqs(found)),
    ]


def _columns(context: Context) -> list[Block]:
    found = [column for column in loaded_columns(context) if column.is_sensitive]
    if not found:
        return []
    headings = ["Data set", "Column", "Holds", "Sure", "Known by", "Public", "Internal", "Compliance", "Events"]
    rest = query(context.experiment.name, "--action", "data.load", "--format", "json")
    title = "Classified columns{}, and what each tier sees of them"
    read = [column for column in found if column.source]
    made = [column for column in found if not column.source]
    blocks: list[Block] = []
    if read:
        blocks += table(title.format(""), headings, read, _column_row, rest=rest)
    if made:  # they repeat what they were made from
        folded = table(title.format(" of tables made in the notebook"), headings, made, _column_row, rest=rest)
        blocks.append(Fold(f"{count(len(made), 'classified column')} of tables made in the notebook", folded))
    unsure = [column for column in found if column.confidence is not None and column.confidence < 70]
    if unsure:
        text = f"{count(len(unsure), 'column')} below 70 may hold what is named, and got no mask on that account. "
        blocks.append(Paragraph((*plain(text), *few(seq for one in unsure for seq in one.seqs)), "warning"))
    return [Paragraph(plain(_READING), "note"), *blocks]


def _column_row(column: LoadedColumn) -> list[Cell]:
    masks = [plain(mask(one)) for one in column.masks] or [plain("not told")] * len(TIER_LABELS)
    return [
        code(column.dataset),
        code(column.label),
        (*code(column.entity), *plain(f" {data_class(column.data_class)}")),
        plain("not told" if column.confidence is None else column.confidence),
        plain(", ".join(column.evidence) or "not told"),
        *masks,
        few(column.seqs),
    ]


def _said(context: Context) -> list[Block]:
    """Classes that a person gave to columns, in this session or stored by an earlier one; none: no table."""
    found = context.of("class.change")
    if not found:
        return [Paragraph(plain("Nobody gave a column another class than the one that was found."))]
    headings = ["Data set", "Column", "From", "To", "Shows", "Outcome", "By", "When (UTC)", "Kept", "Events"]
    rest = query(context.experiment.name, "--action", "class.change")
    return table("Classes that a person gave to columns or asked to give", headings, found, _said_row, rest=rest)


def _said_row(event: Event) -> list[Cell]:
    stored = event.get("said") or {}
    shows = "as much or less" if event.get("direction") == "raise" else "more"
    marked = (*plain(" "), *badge("self")) if event["principal"]["assurance"] == "self" else ()
    return [
        code(str(event.get("dataset") or "a result")),
        code(str(event.get("column"))),
        code(str(event.get("before"))),
        code(str(event.get("after"))),
        plain(shows),
        badge(event["outcome"]),
        (*who(str(stored.get("by") or event["principal"]["id"])), *marked),
        plain(moment(stored.get("since") or event["time"])),
        plain("for all sessions" if event.get("saved") else "in this session"),
        events([event["seq"]]),
    ]


SECTION = Section(order=14, id="inventory", title="Data inventory", build=_build)
