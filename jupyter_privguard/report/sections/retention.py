"""How long the record is kept, by which setting, and how much of it lies where nobody can delete it."""

from __future__ import annotations

from ..blocks import Block, Cell, Facts, Paragraph, code, events, plain, proof
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import clock, count, query
from .endpoints import settings

__all__ = ["SECTION", "archived_to", "term"]

_YEAR = 365
_READING = (
    "This software deletes nothing of its record, and has no command for it: a term is how long an archive is locked. "
    "How long the data itself is kept, and when it is erased, is not known to the log."
)


def term(context: Context) -> tuple[str, Event | None]:
    """The policy's term for the record in words, and the event that tells of it."""
    found, told = settings(context)
    if told is None:
        return "the log does not tell", None
    days = found.get("retain_days")
    if not isinstance(days, int):
        return "no term in the policy; archives are locked for seven years", told
    years, rest = divmod(days, _YEAR)
    return (count(years, "year") if years and not rest else count(days, "day")), told


def archived_to(context: Context) -> int:
    """Up to which record the log lies in an archive; 0 for none."""
    ends = [event.get("last") for event in context.of("archive") if event["outcome"] == "ok"]
    return max((end for end in ends if isinstance(end, int)), default=0)


def _build(context: Context) -> list[Block]:
    says, told = term(context)
    done = archived_to(context)
    where = f"records 1 to {done:,} of {context.log.size:,}" if done else "nothing of this log"
    facts: list[tuple[str, Cell]] = [
        ("Term of the record", (*plain(f"{says} "), *events([told["seq"]])) if told else plain(says)),
        ("In an archive", plain(where)),
        ("Not in an archive", plain(count(max(context.log.size - done, 0), "record"))),
    ]
    return [Facts(facts), Paragraph(plain(_READING), "note"), *_segments(context)]


def _segments(context: Context) -> list[Block]:
    found = context.of("archive")
    if not found:
        return []
    headings = ["When (UTC)", "To", "Records", "Locked until", "SHA-256", "Event"]
    rest = query(context.experiment.name, "--action", "archive")
    return table("Segments in archives", headings, found, _row, rest=rest)


def _row(event: Event) -> list[Cell]:
    if event["outcome"] != "ok":
        return [plain(clock(event["time"])), plain(event["outcome"]), *[plain("-")] * 3, events([event["seq"]])]
    return [
        plain(clock(event["time"])),
        code(str(event.get("to"))),
        plain(f"{event.get('first')} to {event.get('last')}"),
        plain(str(event.get("retain_until") or "not told")[:10]),
        proof(str(event.get("sha256"))),
        events([event["seq"]]),
    ]


SECTION = Section(order=56, id="retention", title="Retention", build=_build)
