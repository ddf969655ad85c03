"""The events that the other sections link to, one a line."""

from __future__ import annotations

from ..acts import on_what
from ..blocks import Block, Cell, Paragraph, Table, badge, code, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..words import cell_name, clock, count, listed

__all__ = ["SECTION"]


def _build(context: Context) -> list[Block]:
    listed = context.listed
    first, last = listed[0]["time"][:10], listed[-1]["time"][:10]
    when = f"on {first}" if first == last else f"from {first} to {last}"
    text = (
        f"{count(len(listed), 'event')} {when} (UTC) bear on this experiment: its own, those of its sessions and of "
        "the deployment's keys, and acts by special rights that name no experiment. The log holds "
        f"{count(context.log.size - len(listed), 'other event')} besides."
    )
    headings = ["Event", "Time (UTC)", "What", "Outcome", "Account", "Assurance", "Details"]
    table = Table(
        "Events",
        headings,
        [_row(event) for event in listed],
        anchors=[f"event-{event['seq']}" for event in listed],
        layout="events",
    )
    return [Paragraph(plain(text)), table]


def _row(event: Event) -> list[Cell]:
    principal = event["principal"]
    return [
        plain(f"#{event['seq']}"),
        plain(clock(event["time"])),
        code(event["action"]),
        badge(event["outcome"]),
        who(principal["id"]),
        plain(principal["assurance"]),
        _details(event),
    ]


def _details(event: Event) -> Cell:
    action = event["action"]
    if action in ("cell.start", "cell.run"):
        masked = listed(event.get("masked") or {})
        text = f" at tier {event.get('tier')}" + (f"; masked {masked}" if masked else "")
        return (*plain("cell "), *code(cell_name(event)), *plain(text))
    if action == "data.load":
        dataset = event["dataset"]
        return (*code(dataset["name"]), *plain(f", {count(len(dataset['columns']), 'column')}"))
    if action == "guard.load":
        told = [("tier", event.get("tier")), ("version", event.get("version")), ("in a", event.get("host"))]
        text = ", ".join(f"{name} {value}" for name, value in told if value)
        return plain(f"{text}; {event['reason']}" if event.get("reason") else text)
    if action == "key.create":
        return (*plain("key "), *proof(event.get("key_id") or "not named"))
    if action == "report.export":
        return (*code(str(event.get("path"))), *plain(" with SHA-256 "), *proof(str(event.get("sha256"))))
    id_, what = on_what(event)
    said = plain("; ".join(filter(None, (what, event.get("reason")))))
    return (*proof(id_), *plain(" "), *said) if id_ else said


SECTION = Section(order=60, id="events", title="Events", build=_build)
