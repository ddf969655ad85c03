"""What people did by a right that others do not have, so that somebody can look over it. Pure; loads nothing heavy.

Looking up records, opening sealed files, keys, showing more of a column, cells at the highest tier or by approval,
predictions at the highest tier, approvals, the policy, reading what others did, the end of an experiment: refused
attempts count too. Who asks, grants and looks up may be one person; the list is for somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..model import Tier
from .experiments import Event

__all__ = ["Act", "PersonsActs", "acts", "by_person", "on_what"]

_ACTIONS = frozenset(
    """
    reveal data.unseal key.create key.rotate key.destroy bearer.issue bearer.revoke
    approval.request approval.grant approval.deny approval.expire
    policy.change experiment.close model.request model.approve model.deny model.alias
    """.split()
)
_OF_MODELS = frozenset("model.request model.approve model.deny model.alias".split())
_ANSWERS = frozenset("approval.grant approval.deny model.approve model.deny".split())
_SELF = "self"


@dataclass(frozen=True, slots=True)
class Act:
    """One act as the log tells it; its texts may be shown."""

    seq: int
    time: str
    who: str
    """Who did it; of an answer that the one who asked has recorded, whoever answered."""
    assurance: str
    """``self``: whoever recorded it could have given themselves the right to it."""
    action: str
    outcome: str
    id: str
    """Of the key, handle or approval; may be empty."""
    what: str
    """On what, in a few words; may be empty."""
    reason: str

    @property
    def is_by_self(self) -> bool:
        """Whether it rests on a right that the person could have given themselves."""
        return self.assurance == _SELF


class PersonsActs(NamedTuple):
    """How often one person did such things."""

    who: str
    done: int
    done_by_self: int
    """Of ``done`` those with assurance ``self``."""
    grants: int
    grants_by_self: int
    """Of ``grants`` those with assurance ``self``."""
    refused: int
    """Attempts that did not succeed."""
    seqs: tuple[int, ...]


def acts(events: Iterable[Event]) -> list[Act]:
    """The acts in ``events`` (in log order). A cell counts once, at its end if it has one."""
    found = list(events)
    ended = {event.get("run") for event in found if event["action"] == "cell.run"}
    told: set[tuple[object, ...]] = set()
    return [_act(event) for event in found if _counts(event, ended) and not _is_repeated(event, told)]


def by_person(found: Iterable[Act]) -> list[PersonsActs]:
    """What ``found`` amounts to for each person, who did most first. Waiting and expiry are nobody's act."""
    grouped: dict[str, list[Act]] = {}
    for act in found:
        if act.action != "approval.expire":
            grouped.setdefault(act.who, []).append(act)
    return sorted((_persons(who, own) for who, own in grouped.items()), key=lambda one: (-one.done, one.who))


def on_what(event: Event) -> tuple[str, str]:
    """An id and a few words on what an event acted; empty texts for one that is no such act or says nothing of it."""
    action = event["action"]
    if action == "reveal":
        return str(event.get("handle") or ""), str(event.get("domain") or "")
    if action.startswith("key."):
        return str(event.get("key_id") or ""), ""
    if action.startswith("bearer."):
        return str(event.get("bearer") or ""), f"for {event.get('for')}, until {event.get('until')}"
    if action.startswith("approval."):
        return str(event.get("approval") or ""), _approval(event)
    if action in _OF_MODELS:
        return str(event.get("approval") or ""), _model(event)
    return "", _words(event)


def _words(event: Event) -> str:
    action = event["action"]
    if action == "data.unseal":
        return str((event.get("dataset") or {}).get("name") or "")
    if action == "class.change":
        column = f"{event.get('dataset') or 'a result'}.{event.get('column')}"
        return f"{column}: {event.get('before')} to {event.get('after')}"
    if action == "experiment.close":
        return str(event.get("experiment"))
    if action == "log.read":
        return f"everybody's events, for {event.get('what')}"
    if action == "model.predict":
        return f"a prediction of {event.get('deployment') or event.get('model')} at tier {event.get('tier')}"
    if action == "policy.change":
        return "now in use" if event.get("after") else "could not be used"
    return ""


def _counts(event: Event, ended: set[object]) -> bool:
    action = event["action"]
    if action in ("cell.run", "cell.start"):
        is_lent = event.get("tier") == Tier.COMPLIANCE.label or bool(event.get("approval"))
        return is_lent and (action == "cell.run" or event.get("run") not in ended)
    if action == "log.read":
        return bool(event.get("whose") == "all")
    if action == "model.predict":
        return bool(event.get("tier") == Tier.COMPLIANCE.label)
    return action in _ACTIONS or (action == "class.change" and event.get("direction") == "lower")


def _is_repeated(event: Event, told: set[tuple[object, ...]]) -> bool:
    """Whether a log has the same answer twice: of whoever gave it, and of whoever asked for it."""
    if event["action"] not in _ANSWERS or event["outcome"] != "ok":
        return False
    key = (event["action"], event.get("approval"), _who(event), event.get("until"))
    is_known = key in told
    told.add(key)
    return is_known


def _act(event: Event) -> Act:
    is_cell = event["action"] in ("cell.run", "cell.start")
    id_, what = on_what(event)
    return Act(
        seq=event["seq"],
        time=event["time"],
        who=_who(event),
        assurance=event["principal"]["assurance"],
        action=event["action"],
        outcome=event["outcome"],
        id=id_,
        what=_cell(event) if is_cell else what,
        # What they said; why it was refused is the record's word, and stands where refusals are listed.
        reason=str(event.get("reason") or event.get("refusal") or ""),
    )


def _cell(event: Event) -> str:
    number = (event.get("cell") or {}).get("execution_count")
    approvals = ", ".join(event.get("approval") or ())
    by = f", by approval {approvals}" if approvals else ""
    return f"cell [{' ' if number is None else number}] at tier {event['tier']}{by}"


def _who(event: Event) -> str:
    said = event.get("said") or {}
    return str(event.get("by") or said.get("by") or event["principal"]["id"])


def _approval(event: Event) -> str:
    columns = ", ".join(event.get("columns") or ()) or "all columns"
    until = f", until {event['until']}" if event.get("until") else ""
    return f"for {event.get('for')}: tier {event.get('tier')} of {event.get('data_set')}, {columns}{until}"


def _model(event: Event) -> str:
    of = f"version {event['version']} of {event.get('model')}" if event.get("version") else str(event.get("model"))
    until = f", until {event['until']}" if event.get("until") else ""
    return f"{of} as {event.get('alias')}{until}"


def _persons(who: str, own: list[Act]) -> PersonsActs:
    done = [act for act in own if act.outcome not in ("refused", "error")]
    grants = [act for act in done if act.action in ("approval.grant", "model.approve")]
    return PersonsActs(
        who=who,
        done=len(done),
        done_by_self=sum(act.is_by_self for act in done),
        grants=len(grants),
        grants_by_self=sum(act.is_by_self for act in grants),
        refused=len(own) - len(done),
        seqs=tuple(act.seq for act in own),
    )
