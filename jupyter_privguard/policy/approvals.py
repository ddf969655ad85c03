"""Requests for what roles do not give, the answers of others, and what stands. Pure: bytes and values, no files.

Who wrote a request or an answer is told by whoever read it; nothing in here believes what a file says of that.
A request is called by its own digest, so what was looked at is what is answered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple, Protocol

from .._canonical import canonical_json
from ..model import Approval, Decision, Principal, Request, Tier
from .documents import LARGEST, document_in, line_or_none, one_line, time_in, time_text
from .grants import decide_right, granting_layers, refused
from .rules import Policy

__all__ = [
    "DEFAULT_TERM",
    "LARGEST",
    "LONGEST_TERM",
    "OPEN_FOR",
    "Answer",
    "Asked",
    "Question",
    "Standing",
    "State",
    "answer_bytes",
    "approvers",
    "as_approval",
    "asked_bytes",
    "covers",
    "decide_answer",
    "id_of",
    "judged",
    "parse_answer",
    "parse_asked",
    "parse_term",
    "term_text",
    "time_text",
]

DEFAULT_TERM = timedelta(hours=8)
LONGEST_TERM = timedelta(days=30)
OPEN_FOR = timedelta(days=7)
"""How long a request waits for answers."""
_SKEW = timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""
_MOST_COLUMNS = 100
_ID = re.compile(r"[0-9a-f]{24}")
_TERM = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class State(StrEnum):
    """What has become of a request."""

    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    EXPIRED = "expired"


class Question(Protocol):
    """What somebody else has to answer, whatever it is about."""

    @property
    def id(self) -> str:
        """Its own digest."""

    @property
    def by(self) -> str:
        """Who asks."""

    @property
    def tier(self) -> Tier:
        """The tier that whoever answers needs themselves."""

    @property
    def right(self) -> str:
        """The action that answering is."""

    @property
    def term(self) -> timedelta:
        """For how long at most."""

    @property
    def at(self) -> datetime:
        """When it was asked."""


class Asked(NamedTuple):
    """A request, and who made it."""

    id: str
    by: str
    tier: Tier
    dataset: str
    columns: tuple[str, ...]
    experiment: str | None
    purpose: str | None
    reason: str
    term: timedelta
    """For how long, from the answer on."""
    at: datetime

    @property
    def right(self) -> str:
        """The action that answering it is."""
        return "approve"

    def named(self) -> Asked:
        """The request with its id. ValueError for what no request may say."""
        return parse_asked(asked_bytes(self), by=self.by)


class Answer(NamedTuple):
    """An answer, and who gave it."""

    request: str
    """The id of what is answered."""
    by: str
    is_grant: bool
    at: datetime
    until: datetime | None
    """When the grant ends; None for a refusal."""
    reason: str | None = None
    key: str | None = None
    """The verifier key of whoever answered, where answers of this kind are signed."""
    signature: str | None = None
    """By that key, in base64."""

    @property
    def action(self) -> str:
        """What the log calls it."""
        return "approval.grant" if self.is_grant else "approval.deny"

    def checked(self) -> Answer:
        """The answer itself. ValueError for what no answer may say."""
        return parse_answer(answer_bytes(self), by=self.by)


class Standing(NamedTuple):
    """What a request amounts to now."""

    state: State
    answered_by: tuple[str, ...] = ()
    """Whose answers count."""
    expires: datetime | None = None
    """When it ends, or ended; of a pending request when it lapses."""
    missing: int = 0
    """How many more people must approve."""


# --- files ----------------------------------------------------------------------------------------


def asked_bytes(asked: Asked) -> bytes:
    """The file of a request; its id and author are no part of it."""
    return canonical_json(
        {
            "version": 1,
            "tier": asked.tier.label,
            "dataset": asked.dataset,
            "columns": list(asked.columns),
            "experiment": asked.experiment,
            "purpose": asked.purpose,
            "reason": asked.reason,
            "minutes": int(asked.term.total_seconds()) // 60,
            "at": time_text(asked.at),
        }
    )


def id_of(data: bytes) -> str:
    """What a request with these bytes is called."""
    return hashlib.sha256(data).hexdigest()[:24]


def parse_asked(data: bytes, *, by: str) -> Asked:
    """The request in a file that ``by`` wrote; ValueError if it is none."""
    found = document_in(
        data, {"version", "tier", "dataset", "columns", "experiment", "purpose", "reason", "minutes", "at"}
    )
    tier, columns, minutes = Tier.parse(one_line(found["tier"])), found["columns"], found["minutes"]
    if tier is Tier.PUBLIC or not isinstance(columns, list) or len(columns) > _MOST_COLUMNS:
        raise ValueError("tier or columns")
    if type(minutes) is not int or not 0 < minutes <= LONGEST_TERM // timedelta(minutes=1):
        raise ValueError("minutes")
    return Asked(
        id=id_of(data),
        by=by,
        tier=tier,
        dataset=one_line(found["dataset"]),
        columns=tuple(map(one_line, columns)),
        experiment=line_or_none(found["experiment"]),
        purpose=line_or_none(found["purpose"]),
        reason=one_line(found["reason"]),
        term=timedelta(minutes=minutes),
        at=time_in(found["at"]),
    )


def answer_bytes(answer: Answer, *, is_signed: bool = False) -> bytes:
    """The file of an answer, of a kind that is signed or of one that is not."""
    said = {
        "version": 1,
        "request": answer.request,
        "answer": "grant" if answer.is_grant else "deny",
        "at": time_text(answer.at),
        "until": time_text(answer.until) if answer.until is not None else None,
        "reason": answer.reason,
    }
    return canonical_json(said | {"key": answer.key, "signature": answer.signature} if is_signed else said)


def parse_answer(data: bytes, *, by: str, is_signed: bool = False) -> Answer:
    """The answer in a file that ``by`` wrote; ValueError if it is none of that kind."""
    of_the_signed = {"key", "signature"} if is_signed else set()
    found = document_in(data, {"version", "request", "answer", "at", "until", "reason"} | of_the_signed)
    is_grant = found["answer"] == "grant"
    if found["answer"] not in ("grant", "deny") or is_grant != (found["until"] is not None):
        raise ValueError("answer")
    if not isinstance(found["request"], str) or not _ID.fullmatch(found["request"]):
        raise ValueError("request")
    return Answer(
        request=found["request"],
        by=by,
        is_grant=is_grant,
        at=time_in(found["at"]),
        until=time_in(found["until"]) if is_grant else None,
        reason=line_or_none(found["reason"]),
        key=line_or_none(found.get("key")),
        signature=line_or_none(found.get("signature")),
    )


def parse_term(text: str, *, longest: timedelta = LONGEST_TERM) -> timedelta:
    """``30m``, ``8h``, ``2d``; ValueError for anything else, or more than ``longest``."""
    found = _TERM.fullmatch(text.strip())
    term = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found is not None else timedelta()
    if not timedelta() < term <= longest:
        raise ValueError(f"a time is a number and m, h or d, as in 8h, and at most {longest.days}d")
    return term


def term_text(term: timedelta) -> str:
    """A time as `parse_term` reads it."""
    minutes = int(term.total_seconds()) // 60
    for unit, length in (("d", 24 * 60), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


# --- who may answer -------------------------------------------------------------------------------


def decide_answer(who: Principal, asked: Question, policy: Policy) -> Decision:
    """Whether ``who`` may grant ``asked``: by a role, and never one's own."""
    if who.id == asked.by:
        return refused("approval.self", "this request is your own; somebody else has to answer it.")
    return _by_right(who, asked, policy) or Decision(allowed=True, rule="built-in")


def _by_right(who: Principal, asked: Question, policy: Policy) -> Decision | None:
    return decide_right(Request(who, asked.right, asked.tier), policy)


def approvers(policy: Policy, *, tier: Tier, besides: str, right: str = "approve") -> dict[str, str]:
    """By account, but for ``besides``, the role by which it may answer a request for ``tier``."""
    named = [name for layer in granting_layers(policy) for name in layer.principals or {}]
    found = {}
    for name in dict.fromkeys(named):  # a key that means a group is nobody's name
        answer = decide_right(Request(Principal(name), right, tier), policy)
        if name != besides and answer is not None and answer.allowed:
            found[name] = answer.rule.removeprefix("roles.").removesuffix(".approve")
    return found


# --- what stands ----------------------------------------------------------------------------------


def judged(asked: Question, answers: Iterable[Answer], policy: Policy, at: datetime) -> Standing:
    """What ``asked`` amounts to at ``at`` under the ``policy`` in force.

    A refusal beats every grant. It counts from whoever asked, and from whom any one layer lets answer: a policy
    that somebody adds can take no refusal back. A grant counts from whom all of them let.
    """
    answers = [answer for answer in answers if answer.request == asked.id]
    denied = [a.by for a in answers if not a.is_grant and _may_deny(a.by, asked, policy)]
    if denied:
        return Standing(State.DENIED, tuple(dict.fromkeys(denied)))
    ends = _ends(asked, answers, policy, at)
    needed = 2 if policy.needs_two_people else 1
    if asked.at > at + _SKEW:  # made with another clock than this one
        return Standing(State.EXPIRED)
    chosen = sorted(ends, key=lambda who: ends[who], reverse=True)[:needed]
    if len(chosen) < needed:
        lapses = min([asked.at + OPEN_FOR, *ends.values()])
        state = State.PENDING if at < lapses else State.EXPIRED
        return Standing(state, tuple(chosen), lapses, needed - len(chosen) if state is State.PENDING else 0)
    expires = min(ends[who] for who in chosen)
    return Standing(State.GRANTED if at < expires else State.EXPIRED, tuple(chosen), expires)


def _may_deny(who: str, asked: Question, policy: Policy) -> bool:
    if who == asked.by:
        return True
    rights = (_by_right(Principal(who), asked, layer) for layer in _one_by_one(policy))
    return any(right is None or right.allowed for right in rights)


def _one_by_one(policy: Policy) -> Sequence[Policy]:
    return [replace(layer, also=()) for layer in granting_layers(policy)]


def _ends(asked: Question, answers: Iterable[Answer], policy: Policy, at: datetime) -> dict[str, datetime]:
    """By approver when their leave ends: of several answers of one the shortest counts, so that none lengthens."""
    ends: dict[str, datetime] = {}
    for answer in answers:
        if answer.until is None or not answer.at - _SKEW <= at:
            continue  # a clock that was set back does not bring forward what was granted later
        is_in_time = asked.at - _SKEW <= answer.at <= asked.at + OPEN_FOR
        if not is_in_time or not answer.at < answer.until <= answer.at + asked.term:
            continue
        if decide_answer(Principal(answer.by), asked, policy).allowed:
            ends[answer.by] = min(ends.get(answer.by, answer.until), answer.until)
    return ends


def as_approval(asked: Asked, standing: Standing) -> Approval | None:
    """The leave that a granted request is, or was until it expired; None for any other."""
    if standing.state not in (State.GRANTED, State.EXPIRED) or standing.expires is None or not standing.answered_by:
        return None
    return Approval(
        id=asked.id,
        principal=asked.by,
        tier=asked.tier,
        dataset=asked.dataset,
        columns=asked.columns,
        experiment=asked.experiment,
        approvers=standing.answered_by,
        expires=standing.expires,
        purpose=asked.purpose,
    )


def covers(approval: Approval, names: Iterable[str | None], label: str) -> bool:
    """Whether ``approval`` is for the column ``label`` of a data set with one of these names or sources."""
    is_named = any(
        name is not None and (name == approval.dataset or fnmatchcase(name, approval.dataset)) for name in names
    )
    return is_named and (not approval.columns or label in approval.columns)
