"""The seven points, as the newest checklist found them when it tried them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..blocks import Block, Cell, Paragraph, badge, events, plain
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import claim, moment, query

__all__ = ["POINTS", "SECTION", "PointRow", "rows"]

POINTS = (
    "no plain identifier in model output",
    "keyed hash with a deployment key that is stored safely",
    "every access recorded by the platform plane",
    "each prediction logged with masked ids",
    "log immutable and kept for the retention term",
    "highest tier only for the compliance role",
    "scans prove no exposure",
)
"""The points, in their order; the first has the number 1."""
_STATUS = ("evidenced", "partial", "not evidenced")


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point, as an event tells of it."""

    point: str
    status: str
    reason: str
    seqs: tuple[int, ...]


def rows(found: Iterable[Event]) -> list[PointRow]:
    """The points of the newest of these ``checklist`` events, in their order; what is no point is left out."""
    newest = max(found, key=lambda event: event["seq"], default=None)
    told = newest.get("points") if newest is not None else None
    made = []
    for one in told if isinstance(told, list) else ():
        number, status = (one.get("point"), one.get("status")) if isinstance(one, dict) else (None, None)
        if isinstance(number, int) and 1 <= number <= len(POINTS) and status in _STATUS:
            seqs = one.get("seqs")
            numbers = tuple(seq for seq in seqs if isinstance(seq, int)) if isinstance(seqs, list) else ()
            made.append(PointRow(f"{number} {POINTS[number - 1]}", str(status), str(one.get("reason") or ""), numbers))
    return made


def _build(context: Context) -> list[Block]:
    found = context.of("checklist")
    if not found:
        return [Paragraph(plain("`privguard checklist` was not run: none of its seven points was tried."))]
    newest = found[-1]
    listed = {event["seq"] for event in context.listed}

    def row(one: PointRow) -> list[Cell]:
        here = [seq for seq in one.seqs if seq in listed]
        others = [seq for seq in one.seqs if seq not in listed]
        beside = plain(f" and {', '.join(map(str, others))}, not of this experiment") if others else ()
        marks = (*events(here), *beside) if here or others else plain("none")
        return [plain(one.point), badge(one.status), plain(one.reason), marks]

    head = f"Tried on {moment(newest['time'])}. It supports evidence at that moment, and decides nothing."
    rest = query(context.experiment.name, "--action", "checklist")
    made = table("The seven points", ["Point", "Status", "Why", "Events"], rows(found), row, rest=rest)
    return [Paragraph(claim(head, [newest])), *made]


SECTION = Section(order=49, id="checklist", title="Checklist", build=_build)
