"""What ran: every cell of the experiment, and what left the notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..blocks import Block, Cell, Fold, Mark, Paragraph, badge, code, events, lines, plain
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import cell_name, claim, clock, count, listed, names, query

__all__ = ["SECTION"]

_SCRUBBED = (
    "Literals and comments were taken out of the code before it was logged: a text stands as “…” and a number as 0. "
    "Names are kept."
)


def _build(context: Context) -> list[Block]:
    return [*_ran(context), *_unfinished(context), *_sinks(context)]


def _ran(context: Context) -> list[Block]:
    if not context.runs:
        return [Paragraph(plain("No cell of this experiment has ended."))]
    starts: dict[str, list[int]] = {}
    for event in context.of("cell.start"):
        starts.setdefault(event["run"], []).append(event["seq"])
    headings = ["Cell", "Code without its literals", "Data it used", "Masked", "Events"]

    def row(event: Event) -> list[Cell]:
        return _row(event, starts.get(event.get("run") or "", []))

    rest = query(context.experiment.name, "--action", "cell.run", "--format", "json")
    ran = table("Cells that ran", headings, context.runs, row, rest=rest, layout="cells")
    outcomes = listed(Counter(event["outcome"] for event in context.runs))
    summary = f"{count(len(context.runs), 'cell')}, with the code: {outcomes}"
    return [Fold(summary, [Paragraph(plain(_SCRUBBED), "note"), *ran])]


def _row(event: Event, starts: list[int]) -> list[Cell]:
    source = (event.get("cell") or {}).get("source") or ""
    return [
        lines([_what(event), _outcome(event), _asked(event)]),
        (Mark("pre", source.strip("\n")),) if source.strip() else plain("none"),
        lines([_used(dataset) for dataset in event.get("datasets") or ()]) or plain("none"),
        plain(sum((event.get("masked") or {}).values()) or "none"),
        events([*starts, event["seq"]]),
    ]


def _what(event: Event) -> Cell:
    return (*code(cell_name(event)), *plain(f" {clock(event['time'])}"))


def _outcome(event: Event) -> Cell:
    return (*badge(event["outcome"]), *plain(f" {_duration(event)}"))


def _asked(event: Event) -> Cell:
    purpose, reason = event.get("purpose"), event.get("reason")
    return (
        *plain(f"{event.get('tier') or 'no tier'}, "),
        *(code(purpose) if purpose else plain("no purpose")),
        *(plain(f"; reason given: {reason}") if reason else ()),
    )


def _duration(event: Event) -> str:
    duration = event.get("duration_ms")
    if duration is None:
        return ""
    return f"{duration} ms" if duration < 1000 else f"{duration // 1000}.{duration % 1000 // 100} s"


def _used(dataset: Mapping[str, Any]) -> Cell:
    how = ", ".join(dataset.get("how") or ())
    return (*code(dataset["name"]), *plain(f" {how}: " if how else ": "), *names(dataset.get("columns") or ()))


def _unfinished(context: Context) -> list[Block]:
    found = context.unfinished
    if not found:
        return []
    text = f"{count(len(found), 'cell')} began and had no end in the log when this file was made:"
    return [Paragraph(claim(text, found), "note")]


def _sinks(context: Context) -> list[Block]:
    found = [(event, sink) for event in context.runs for sink in event.get("sinks") or ()]
    if not found:
        return [Paragraph(plain("No cell wrote a file, opened a connection or started a program."))]
    headings = ["Kind", "Target", "Cell", "Bytes", "Remark", "Events"]
    rest = query(context.experiment.name, "--action", "cell.run", "--format", "json")
    return table("Files written, connections opened, programs started", headings, found, _sink_row, rest=rest)


def _sink_row(found: tuple[Event, Mapping[str, Any]]) -> list[Cell]:
    event, sink = found
    more = sink.get("count")
    target = (
        plain(f"{more:,} more of this kind") if isinstance(more, int) else code(str(sink.get("target") or "not known"))
    )
    size = sink.get("bytes")
    return [
        plain(sink["kind"]),
        target,
        code(cell_name(event)),
        plain(size if isinstance(size, int) else "not known"),
        plain(_remark(sink)),
        events([event["seq"]]),
    ]


def _remark(sink: Mapping[str, Any]) -> str:
    """What is not known of it, and what a model in it keeps."""
    said = ["what it read and wrote is not known"] if sink.get("unseen") else []
    for one in sink.get("stored") or ():
        rows, held = one.get("rows"), ", ".join(map(str, one.get("entities") or ()))
        said.append(f"{one.get('where')} keeps {rows:,} rows of training data" + (f" with {held}" if held else ""))
    return "; ".join([*said, *(["not read to its end"] if sink.get("partly_read") else [])])


SECTION = Section(order=40, id="cells", title="What ran", build=_build)
