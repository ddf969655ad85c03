"""Who worked at which tier, what others approved, which plain values were looked up, and what was refused and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..blocks import Block, Cell, Paragraph, badge, code, events, lines, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import cell_name, clock, count, few, names, query, seqs

__all__ = ["SECTION"]

_READING = (
    "A tier is asked for, never taken. “Self” counts the cells whose person could have written the grant; an approval "
    "is somebody else's leave, for a while, for some columns."
)
_REVEALS = ("reveal", "data.unseal")
_WHY = {
    "": "no reason recorded",
    "a notebook's shell": "a program that a notebook starts looks nothing up",
    "approval.self": "nobody answers what they ask for themselves",
    "built-in": "no role gives it",
    "no handle": "what was named is no handle",
    "no way to ask": "it was asked for in other words, or elsewhere, than a cell of a notebook allows",
    "reveal rate": "more was looked up than is answered within an hour",
}
"""What the rules mean that are in no policy."""


def _build(context: Context) -> list[Block]:
    return [*_tiers(context), *_approvals(context), *_reveals(context), *_refusals(context)]


def _tiers(context: Context) -> list[Block]:
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in context.runs:
        groups.setdefault((event["principal"]["id"], event.get("tier") or "none"), []).append(event)
    if not groups:
        return [Paragraph(plain("No cell ran, so no tier was asked for."))]
    headings = ["Account", "Tier", "Cells", "Of these self", "By approval", "Refused", "Granted by", "Events"]
    rest = query(context.experiment.name, "--action", "cell.run")
    blocks = table("Tiers that cells asked for", headings, list(groups.items()), _tier_row, rest=rest)
    return [Paragraph(plain(_READING), "note"), *blocks]


def _tier_row(item: tuple[tuple[str, str], list[Event]]) -> list[Cell]:
    (person, tier), own = item
    ran = [event for event in own if event["outcome"] != "refused"]
    return [
        who(person),
        plain(tier),
        plain(len(ran)),
        plain(sum(event["principal"]["assurance"] == "self" for event in ran)),
        plain(sum(bool(event.get("approval")) for event in ran)),
        plain(len(own) - len(ran)),
        names(dict.fromkeys(str(event["rule"]) for event in ran if event.get("rule")), most=4),
        few(seqs(own)),
    ]


# --- approvals ------------------------------------------------------------------------------------


@dataclass
class _Story:
    asked: Event | None = None
    granted: list[Event] = field(default_factory=list)
    denied: list[Event] = field(default_factory=list)
    ended: list[Event] = field(default_factory=list)
    used: list[Event] = field(default_factory=list)

    @property
    def all(self) -> list[Event]:
        """Every event of it, by ``seq``."""
        first = [self.asked] if self.asked else []
        return sorted([*first, *self.granted, *self.denied, *self.ended, *self.used], key=lambda event: event["seq"])


def _stories(context: Context) -> dict[str, _Story]:
    found: dict[str, _Story] = {}
    for event in context.listed:
        action = event["action"]
        if action in ("cell.run",):
            for id_ in event.get("approval") or ():
                found.setdefault(str(id_), _Story()).used.append(event)
        elif action.startswith("approval.") and event["outcome"] == "ok":
            story = found.setdefault(str(event.get("approval")), _Story())
            if action == "approval.request":
                story.asked = event
            else:
                by = {"approval.grant": story.granted, "approval.deny": story.denied, "approval.expire": story.ended}
                by[action].append(event)
    return found


def _approvals(context: Context) -> list[Block]:
    found = _stories(context)
    if not found:
        return [Paragraph(plain("Nobody asked for an approval, and none was used."))]
    headings = ["Approval", "Asked", "For", "Answered", "Until", "Used in", "Events"]
    rest = query(context.experiment.name, "--action", "approval.*")
    return table("Approvals, from request to end", headings, list(found.items()), _story_row, rest=rest)


def _story_row(item: tuple[str, _Story]) -> list[Cell]:
    id_, story = item
    told = story.all[0]
    until = next((str(event["until"]) for event in story.granted if event.get("until")), "")
    ended = [plain("ended")] if story.ended else []
    named = next((event for event in story.all if event["action"].startswith("approval.")), None)
    return [
        proof(id_),
        (*who(str((named or {}).get("for") or told["principal"]["id"])), *plain(f" {clock(told['time'])}")),
        _asked_for(named),
        lines([*_answers("granted", story.granted), *_answers("denied", story.denied)]) or badge("no answer"),
        lines([*([plain(until.replace("T", " ").removesuffix("Z"))] if until else []), *ended]) or plain("-"),
        plain(count(len(story.used), "cell")),
        few(seqs(story.all)),
    ]


def _asked_for(event: Event | None) -> Cell:
    if event is None:
        return plain("no event tells")
    reason = f"; {event['reason']}" if event.get("reason") and event["action"] == "approval.request" else ""
    columns = names(event.get("columns") or (), most=6) if event.get("columns") else plain("all columns")
    data_set = code(str(event.get("data_set")))
    return (*plain(f"{event.get('tier')} of "), *data_set, *plain(": "), *columns, *plain(reason))


def _answers(word: str, answers: Iterable[Event]) -> list[Cell]:
    people: dict[str, bool] = {}
    for event in answers:
        by = str(event.get("by") or event["principal"]["id"])
        people[by] = people.get(by, False) or event["principal"]["assurance"] == "self"
    marked = {True: (*plain(" "), *badge("self")), False: ()}
    return [(*badge(word), *plain(" by "), *who(name), *marked[is_self]) for name, is_self in people.items()]


# --- reveals and refusals -------------------------------------------------------------------------


def _reveals(context: Context) -> list[Block]:
    found = [event for event in context.listed if event["action"] in _REVEALS and event["outcome"] == "ok"]
    if not found:
        return [Paragraph(plain("No plain value was looked up, and no sealed file was opened."))]
    headings = ["When (UTC)", "Account", "What", "Reason", "Event"]
    rest = query(context.experiment.name, "--action", "reveal")
    return table(
        "Plain values that were looked up, and sealed files that were opened", headings, found, _reveal, rest=rest
    )


def _reveal(event: Event) -> list[Cell]:
    dataset = event.get("dataset") or {}
    what = code(str(dataset.get("name"))) if dataset else (*proof(str(event.get("handle"))), *_domain(event))
    alone = (*plain(" "), *badge("self")) if event["principal"]["assurance"] == "self" else ()
    return [
        plain(clock(event["time"])),
        (*who(event["principal"]["id"]), *alone),
        what,
        plain(event.get("reason") or "none given"),
        events([event["seq"]]),
    ]


def _domain(event: Event) -> Cell:
    return (*plain(" "), *code(str(event["domain"]))) if event.get("domain") else ()


def _refusals(context: Context) -> list[Block]:
    found = [event for event in context.listed if event["outcome"] == "refused"]
    if not found:
        return [Paragraph(plain("Nothing was refused."))]
    headings = ["When (UTC)", "Account", "What was asked", "Why it was refused", "Event"]
    rest = query(context.experiment.name, "--outcome", "refused")
    return table("What was refused, and why", headings, found, _refusal, rest=rest)


def _refusal(event: Event) -> list[Cell]:
    tier = plain(f" at tier {event['tier']}") if event.get("tier") else ()
    cell = (*plain(" "), *code(cell_name(event))) if event.get("cell") else ()
    rule = event.get("rule")
    why = event.get("refusal") or _WHY.get(rule or "", f"by `{rule}` of the policy")
    return [
        plain(clock(event["time"])),
        who(event["principal"]["id"]),
        (*code(event["action"]), *cell, *tier),
        plain(why),
        events([event["seq"]]),
    ]


SECTION = Section(order=42, id="grants", title="Tiers, grants and refusals", build=_build)
