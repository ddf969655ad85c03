"""Requests to approve a model that wait, and their answers: recorded, and signed where they approve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, Refused
from ..model import Decision
from ..policy.approvals import Answer, State, decide_answer, judged, time_text
from ..policy.rules import Policy
from ..registry.asking import ModelAsked, Reviewed, signature_of
from ..registry.digest import directory_digest
from ..settings import account_name
from .approvals import acting_account, records_of
from .exchange import Filed
from .keys import log_key
from .model_log import model_exchange
from .models import COMMAND
from .own_approvals import Safe
from .place import home, principal
from .sessions import policy_here

__all__ = ["OpenRequest", "answer_model", "open_requests"]


class OpenRequest(NamedTuple):
    """A request that waits for answers."""

    asked: ModelAsked
    reason: str
    """As it may be shown."""
    missing: int
    is_own: bool
    may_answer: bool


def open_requests() -> list[OpenRequest]:
    """The requests that wait for answers, of this account and those that it may answer, the oldest first.

    None for a person whom only a server knows.
    """
    in_force, at = policy_here(), home()
    who, now = principal(in_force), datetime.now(UTC)
    filed = model_exchange(in_force, at).requests() if who.id == account_name() else []
    if not filed:
        return []
    safe, _ = records_of(in_force, at)
    found = []
    for asked, answers in filed:
        standing, is_own = judged(asked, answers, in_force, now), asked.by == who.id
        may_answer = decide_answer(who, asked, in_force).allowed
        if standing.state is State.PENDING and (is_own or may_answer):
            found.append(OpenRequest(asked, safe(asked.reason) or "", standing.missing, is_own, may_answer))
    return found


def answer_model(
    request: str,
    *,
    is_grant: bool,
    term: timedelta | None = None,
    reason: str | None = None,
    files: Path | None = None,
    sha256: str | None = None,
) -> tuple[ModelAsked, State, datetime | None]:
    """Approve or refuse a request; recorded, and where it approves signed by this account's log, before it counts.

    What was asked for, what that amounts to now, and until when. ``files``, or the ``sha256`` of some that were read,
    are held against the request. InputError where there is no such request, where the files are others, and where it
    rests on no passing review and no ``reason`` is given; Refused where the policy does not let this account answer.
    """
    in_force, at = policy_here(), home()
    safe, append = records_of(in_force, at)
    who = acting_account(in_force, command=COMMAND)
    exchange, now = model_exchange(in_force, at), datetime.now(UTC)
    exchange.check()
    filed = next((one for one in exchange.requests() if one.asked.id == request), None)
    if filed is None:
        raise InputError(
            f"privguard: there is no request to approve a model of that id in {exchange.folder}; `privguard model "
            "list` shows what there is."
        )
    asked, action = filed.asked, "model.approve" if is_grant else "model.deny"
    decision = decide_answer(who, asked, in_force)
    if not is_grant and who.id == asked.by:
        decision = Decision(allowed=True, rule="approval.own")  # whoever asked may take it back
    if not decision.allowed:
        said = {"by": who.id, "answered": time_text(now), "reason": safe(reason)}
        append(action, outcome="refused", rule=decision.rule, **asked.fields(), **said)
        raise Refused(decision.reason, decision.rule)
    answer = _checked(filed, in_force, is_grant=is_grant, term=term, reason=reason, by=who.id, now=now)
    if is_grant:
        _check_files(asked, directory_digest(files) if files is not None else sha256)
    needed = 2 if in_force.needs_two_people else 1
    answer = _recorded(asked, answer, action, decision.rule, needed, safe, append)
    exchange.answer(answer)
    standing = judged(asked, (*filed.answers, answer), in_force, now)
    return asked, standing.state, standing.expires


def _checked(
    filed: Filed[ModelAsked],
    in_force: Policy,
    *,
    is_grant: bool,
    term: timedelta | None,
    reason: str | None,
    by: str,
    now: datetime,
) -> Answer:
    asked, standing = filed.asked, judged(filed.asked, filed.answers, in_force, now)
    if is_grant and standing.state is State.DENIED:
        raise InputError("privguard: that request was denied, and a refusal stands; whoever needs it asks again.")
    if standing.state is State.EXPIRED:
        raise InputError("privguard: that request is over; whoever needs it asks again.")
    if term is not None and term > asked.term:
        raise InputError("privguard: an approval lasts as long as was asked for, or shorter; leave out --for.")
    if is_grant and asked.reviewed is not Reviewed.PASSED and not (reason or "").strip():
        what = "a review that blocked it" if asked.reviewed is Reviewed.BLOCKED else "no review"
        raise InputError(f"privguard: this request rests on {what}, so say with --reason why you approve it anyway.")
    now = now.replace(microsecond=0)  # as files have it
    answer = Answer(asked.id, by, is_grant, now, now + (term or asked.term) if is_grant else None, reason)
    if reason is not None and (not reason.strip() or len(reason) > 500 or not reason.isprintable()):
        raise InputError("privguard: a reason is one line of at most 500 characters, and not blank.")
    return answer


def _check_files(asked: ModelAsked, digest: str | None) -> None:
    if digest is not None and digest != asked.sha256:
        raise InputError(
            f"privguard: these are not the files that were asked for as version {asked.version} of {asked.model}: "
            "their digest no longer fits, so nothing was approved; have it asked for anew."
        )


def _recorded(
    asked: ModelAsked, answer: Answer, action: str, rule: str, needed: int, safe: Safe, append: Callable[..., Any]
) -> Answer:
    said: dict[str, Any] = {"by": answer.by, "answered": time_text(answer.at), "reason": safe(answer.reason)}
    said |= {"rule": rule}
    if answer.until is None:
        append(action, **asked.fields(), **said)
        return answer
    key = log_key(home())
    stated = asked.fields() | said | {"until": time_text(answer.until)}
    signature = signature_of(stated, key)
    append(action, **stated, needed=needed, key=key.vkey, signature=signature)
    return answer._replace(key=key.vkey, signature=signature)
