"""The events that the other sections link to, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..blocks import Block, EventList, EventRow, Paragraph, plain
from ..context import Context
from ..details import details
from ..experiments import Event
from ..section import Section
from ..words import clock, count

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
    return [Paragraph(plain(text)), EventList("Events", headings, list(_rows(listed)))]


def _rows(found: Sequence[Event]) -> Iterator[EventRow]:
    """One row an event, but one for the beginning and the end of a cell."""
    starts = {event["run"]: event["seq"] for event in found if event["action"] == "cell.start"}
    ended = {event.get("run") for event in found if event["action"] == "cell.run"}
    for event in found:
        if event["action"] != "cell.start" or event["run"] not in ended:
            yield _row(event, starts.get(event.get("run") or ""))


def _row(event: Event, start: int | None) -> EventRow:
    principal = event["principal"]
    told, proof = details(event)
    return EventRow(
        seq=event["seq"],
        start=start if event["action"] == "cell.run" else None,
        time=clock(event["time"]),
        action=event["action"],
        outcome=event["outcome"],
        account=principal["id"],
        assurance=principal["assurance"],
        details=told,
        proof=proof,
    )


SECTION = Section(order=60, id="events", title="Events", build=_build)
