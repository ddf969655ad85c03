"""Approvals from request to end: asked for, answered by another account, used, over; each step is an event.

Each account has a log of its own. What others answered is recorded in the log of whoever asked when it is first
seen there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, Refused
from ..model import Decision, Principal, Request, Tier
from ..policy.approvals import Answer, Asked, Question, Standing, State, decide_answer, judged, time_text
from ..policy.approvals import approvers as approvers_of
from ..policy.purposes import decide_purpose
from ..policy.rules import Policy
from ..settings import Home, account_name
from .events import record, safe_text
from .exchange import Filed
from .keys import keyring
from .own_approvals import Safe, Told, exchange_of, fields_of, note
from .place import home, principal, tell
from .sessions import policy_here, running_session

__all__ = [
    "Asking",
    "Known",
    "acting_account",
    "answer_request",
    "checked_answer",
    "known_requests",
    "may_answer",
    "records_of",
    "request_approval",
    "standing_told",
    "who_answers",
]


def standing_told(standing: Standing, *, is_own: bool, may_answer: bool) -> dict[str, Any]:
    """As JSON: what became of a request of whichever kind, and what this account is to it."""
    return {
        "state": standing.state.value,
        "missing": standing.missing,
        "is_own": is_own,
        "may_answer": may_answer,
        "until": time_text(standing.expires) if standing.expires is not None else None,
        "answered_by": list(standing.answered_by),
    }


class Known(NamedTuple):
    """A request with what it amounts to; its texts may be shown."""

    asked: Asked
    standing: Standing
    is_own: bool
    may_answer: bool

    def told(self) -> dict[str, Any]:
        """As JSON: who asks for what, since when and until when (null without an answer), and what became of it."""
        asked = self.asked
        return standing_told(self.standing, is_own=self.is_own, may_answer=self.may_answer) | {
            "id": asked.id,
            "tier": asked.tier.label,
            "dataset": asked.dataset,
            "columns": list(asked.columns),
            "experiment": asked.experiment,
            "purpose": asked.purpose,
            "reason": asked.reason,
            "asked": time_text(asked.at),
        }


class Asking(NamedTuple):
    """A request that was made."""

    asked: Asked
    approvers: dict[str, str]
    """Who may answer, and by which role."""
    needed: int
    """How many of them it takes."""
    folder: Path
    is_shared: bool

    @property
    def what_now(self) -> str:
        """In one sentence what happens now, and who can answer."""
        return who_answers(
            self.approvers,
            self.needed,
            right=f"`approve: true` and tier {self.asked.tier.label}",
            command=f"privguard approval grant {self.asked.id}",
            folder=self.folder,
            is_shared=self.is_shared,
        )


def request_approval(
    *,
    tier: Tier,
    dataset: str,
    columns: Iterable[str],
    experiment: str | None,
    purpose: str | None,
    reason: str,
    term: timedelta,
) -> Asking:
    """Ask for ``tier`` on columns of a data set; an event.

    InputError for what no request may say, Refused for a purpose that no cell can name and for a person whom only a
    server knows, StateError where the folder
    cannot be used, LogUnavailable or KeyStoreError where it cannot be recorded; then nothing was asked.
    """
    in_force, at = policy_here(), home()
    if tier is Tier.PUBLIC:
        raise InputError("privguard: tier public is everybody's; ask for internal or compliance.")
    safe, append = records_of(in_force, at)
    who = acting_account(in_force)
    exchange = exchange_of(in_force, at)
    exchange.check()
    asked = Asked("", who.id, tier, dataset, tuple(columns), experiment, purpose, reason, term, datetime.now(UTC))
    try:
        named = asked.named()
    except ValueError:
        raise InputError(
            "privguard: data set, columns, experiment, purpose and reason are one line of at most 500 characters each, "
            "and not blank; a request names at most 100 columns."
        ) from None
    decision = decide_purpose(Request(who, "run", Tier.PUBLIC, purpose, at=asked.at), in_force)
    if decision is not None:
        raise Refused(decision.reason, decision.rule)
    append("approval.request", **fields_of(named, safe))
    exchange.ask(named)
    return Asking(
        asked=named,
        approvers=approvers_of(in_force, tier=tier, besides=who.id),
        needed=2 if in_force.needs_two_people else 1,
        folder=exchange.folder,
        is_shared=exchange.is_shared,
    )


def answer_request(request: str, *, is_grant: bool, term: timedelta | None, reason: str | None) -> Known:
    """Grant or refuse the request called ``request``; recorded before it counts.

    InputError if there is none that waits for it, Refused if the policy does not let this account answer it, or if
    it is somebody whom only a server knows.
    """
    in_force, at = policy_here(), home()
    safe, append = records_of(in_force, at)
    who = acting_account(in_force)
    exchange, now = exchange_of(in_force, at), datetime.now(UTC)
    exchange.check()
    filed = next((one for one in exchange.requests() if one.asked.id == request), None)
    if filed is None:
        raise InputError(
            f"privguard: there is no request of that id in {exchange.folder}; `privguard approval list` shows what "
            "there is."
        )
    asked, action = filed.asked, "approval.grant" if is_grant else "approval.deny"
    fields = fields_of(asked, safe) | {"reason": safe(reason)}
    decision = may_answer(who, asked, in_force, is_grant=is_grant)
    if not decision.allowed:
        append(action, outcome="refused", rule=decision.rule, **fields)
        raise Refused(decision.reason, decision.rule)
    answer = checked_answer(filed, in_force, is_grant=is_grant, term=term, reason=reason, by=who.id, now=now)
    until = {"until": time_text(answer.until)} if answer.until is not None else {}
    append(action, rule=decision.rule, **fields, **until)
    exchange.answer(answer)
    standing = judged(asked, (*filed.answers, answer), in_force, now)
    return Known(_shown(asked, safe), standing, is_own=who.id == asked.by, may_answer=decision.allowed)


def who_answers(
    approvers: Mapping[str, str], needed: int, *, right: str, command: str, folder: Path, is_shared: bool
) -> str:
    """In one sentence who can answer what was asked, and by which ``command``; or what helps where nobody can.

    ``approvers`` are names and the roles that give them the ``right``, ``needed`` is how many of them it takes.
    """
    if not is_shared:
        return (
            f"privguard: asked, but nobody else can read it in {folder}; an administrator names a folder for "
            "all accounts under `approvals: {folder: …}` of the policy."
        )
    if not approvers:
        return (
            "privguard: asked, but the policy lets nobody else answer; an administrator can give somebody a role "
            f"with {right}."
        )
    named = ", ".join(f"{name} ({role})" for name, role in approvers.items())
    how_many = "two of them have to" if needed > 1 else "one of them has to"
    return f"privguard: asked; {how_many} answer within a week: {named}, with `{command}` or `deny`."


def may_answer(who: Principal, asked: Question, in_force: Policy, *, is_grant: bool) -> Decision:
    """Whether ``who`` may grant or refuse this; whoever asked may take it back."""
    if not is_grant and who.id == asked.by:
        return Decision(allowed=True, rule="approval.own")
    return decide_answer(who, asked, in_force)


def checked_answer(
    filed: Filed[Any],  # Any: of what kind the request is does not matter
    in_force: Policy,
    *,
    is_grant: bool,
    term: timedelta | None,
    reason: str | None,
    by: str,
    now: datetime,
) -> Answer:
    """The answer of ``by``; InputError where the request waits for none, or it says what no answer may."""
    asked, standing = filed.asked, judged(filed.asked, filed.answers, in_force, now)
    if is_grant and standing.state is State.DENIED:
        raise InputError("privguard: that request was denied, and a refusal stands; whoever needs it asks again.")
    if standing.state is State.EXPIRED:
        raise InputError("privguard: that request is over; whoever needs it asks again.")
    if term is not None and term > asked.term:
        raise InputError("privguard: an approval lasts as long as was asked for, or shorter; leave out --for.")
    now = now.replace(microsecond=0)  # as files have it
    until = now + (term or asked.term) if is_grant else None
    try:
        return Answer(asked.id, by, is_grant, now, until, reason).checked()
    except ValueError:
        raise InputError("privguard: a reason is one line of at most 500 characters, and not blank.") from None


def known_requests() -> list[Known]:
    """The requests of this account and those that it may answer, the oldest first, with texts that may be shown.

    None for a person whom only a server knows.
    """
    in_force, at = policy_here(), home()
    who, now = principal(in_force), datetime.now(UTC)
    filed = exchange_of(in_force, at).requests() if who.id == account_name() else []
    if not filed:
        return []
    safe, append = records_of(in_force, at)
    own = [one for one in filed if one.asked.by == who.id]
    note(own, in_force, append, safe, Told(at).keys(now), now)
    found = []
    for one in filed:
        is_answerer = decide_answer(who, one.asked, in_force).allowed
        if one.asked.by == who.id or is_answerer:
            standing = judged(one.asked, one.answers, in_force, now)
            found.append(Known(_shown(one.asked, safe), standing, one.asked.by == who.id, is_answerer))
    return found


def acting_account(in_force: Policy, *, command: str = "privguard approval") -> Principal:
    """Who acts, if that is the account of this process: a file's owner is its author, so nobody else can be one."""
    who = principal(in_force)
    if who.id != account_name():
        raise Refused(
            "privguard: requests are made and answered by accounts of the operating system, and you are known here by "
            f"name only; use `{command}` in a terminal of your own account.",
            "approval.account",
        )
    return who


def records_of(in_force: Policy, at: Home) -> tuple[Safe, Callable[..., Any]]:
    """What makes texts safe here, and what appends an event to the log of this process's guard, or of this account."""
    session = running_session()
    if session is not None:
        return session.safe, session.record
    ring, notices = keyring(at)
    tell(notices)

    def safe(text: str | None) -> str | None:
        return safe_text(text, in_force, ring) if text else text

    return safe, lambda action, outcome="ok", **fields: record(action, in_force, at=at, outcome=outcome, **fields)


def _shown(asked: Asked, safe: Safe) -> Asked:
    return asked._replace(
        dataset=safe(asked.dataset) or "",
        columns=tuple(safe(column) or "" for column in asked.columns),
        experiment=safe(asked.experiment),
        purpose=safe(asked.purpose),
        reason=safe(asked.reason) or "",
    )
