"""Requests to approve a model that wait, and their answers: recorded, and signed where they approve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, Refused
from ..policy.approvals import Answer, State, decide_answer, judged, time_text
from ..registry.asking import ModelAsked, Reviewed, signature_of
from ..registry.digest import directory_digest
from ..settings import account_name
from .approvals import acting_account, checked_answer, may_answer, records_of
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
        is_answerer = decide_answer(who, asked, in_force).allowed
        if standing.state is State.PENDING and (is_own or is_answerer):
            found.append(OpenRequest(asked, safe(asked.reason) or "", standing.missing, is_own, is_answerer))
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
    decision = may_answer(who, asked, in_force, is_grant=is_grant)
    if not decision.allowed:
        said = {"by": who.id, "answered": time_text(now), "reason": safe(reason)}
        append(action, outcome="refused", rule=decision.rule, **asked.fields(), **said)
        raise Refused(decision.reason, decision.rule)
    answer = checked_answer(filed, in_force, is_grant=is_grant, term=term, reason=reason, by=who.id, now=now)
    if is_grant:
        _check_review(asked, reason)
        _check_files(asked, directory_digest(files) if files is not None else sha256)
    needed = 2 if in_force.needs_two_people else 1
    answer = _recorded(asked, answer, action, decision.rule, needed, safe, append)
    exchange.answer(answer)
    standing = judged(asked, (*filed.answers, answer), in_force, now)
    return asked, standing.state, standing.expires


def _check_review(asked: ModelAsked, reason: str | None) -> None:
    if asked.reviewed is not Reviewed.PASSED and not (reason or "").strip():
        what = "a review that blocked it" if asked.reviewed is Reviewed.BLOCKED else "no review"
        raise InputError(f"privguard: this request rests on {what}, so say with --reason why you approve it anyway.")


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
