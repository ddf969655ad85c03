"""Requests to approve a model, and their answers: recorded, and signed where they approve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, Refused
from ..policy.approvals import Answer, Standing, State, decide_answer, judged, term_text, time_text
from ..registry.asking import ModelAsked, Reviewed, signature_of
from ..registry.digest import directory_digest
from ..registry.records import Registry
from ..settings import account_name
from .approvals import acting_account, checked_answer, may_answer, records_of, standing_told
from .keys import log_key
from .model_log import model_exchange, note_answers
from .models import COMMAND
from .own_approvals import Safe
from .place import home, principal
from .sessions import policy_here

__all__ = ["ModelRequest", "answer_model", "model_requests", "open_requests"]


class ModelRequest(NamedTuple):
    """A request to approve a model, with what it amounts to."""

    asked: ModelAsked
    shown: ModelAsked
    """The same with texts that may be shown: a file may say what no request that was made here says."""
    standing: Standing
    is_own: bool
    may_answer: bool

    @property
    def missing(self) -> int:
        """How many more people must approve."""
        return self.standing.missing

    def told(self) -> dict[str, Any]:
        """As JSON: who asks for which files under which alias, and what became of it."""
        asked = self.shown
        return standing_told(self.standing, is_own=self.is_own, may_answer=self.may_answer) | {
            "id": asked.id,
            "by": asked.by,
            "model": asked.model,
            "version": asked.version,
            "alias": asked.alias,
            "sha256": asked.sha256,
            "reviewed": asked.reviewed.value,
            "reason": asked.reason,
            "for": term_text(asked.term),
            "asked": time_text(asked.at),
        }


def model_requests(found: Registry | None = None) -> list[ModelRequest]:
    """The requests of this account and those that it may answer, the oldest first; ``found`` is what the log tells.

    What others answered to those of this account is recorded, once. None for a person whom only a server knows.
    """
    in_force, at = policy_here(), home()
    who, now = principal(in_force), datetime.now(UTC)
    filed = model_exchange(in_force, at).requests() if who.id == account_name() else []
    if not filed:
        return []
    safe, append = records_of(in_force, at)
    if any(asked.by == who.id and answers for asked, answers in filed):
        note_answers(in_force, at, append, safe, found=found)
    known = []
    for asked, answers in filed:
        is_own, is_answerer = asked.by == who.id, decide_answer(who, asked, in_force).allowed
        if is_own or is_answerer:
            standing = judged(asked, answers, in_force, now)
            known.append(ModelRequest(asked, _shown(asked, safe), standing, is_own, is_answerer))
    return known


def open_requests(found: Registry | None = None) -> list[ModelRequest]:
    """Those of `model_requests` that wait for answers."""
    return [one for one in model_requests(found) if one.standing.state is State.PENDING]


def answer_model(
    request: str,
    *,
    is_grant: bool,
    term: timedelta | None = None,
    reason: str | None = None,
    files: Path | None = None,
    sha256: str | None = None,
) -> ModelRequest:
    """Approve or refuse a request; recorded, and where it approves signed by this account's log, before it counts.

    The request as it is then. ``files``, or the ``sha256`` of some that were read, are held against it. InputError
    where there is no such request, where the files are others, where names in it look like a value, and where it
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
    shown = _shown(asked, safe)
    decision = may_answer(who, asked, in_force, is_grant=is_grant)
    if not decision.allowed:
        said = {"by": who.id, "answered": time_text(now), "reason": safe(reason)}
        append(action, outcome="refused", rule=decision.rule, **shown.fields(), **said)
        raise Refused(decision.reason, decision.rule)
    answer = checked_answer(filed, in_force, is_grant=is_grant, term=term, reason=reason, by=who.id, now=now)
    if is_grant:
        _check_names(asked, shown)
        _check_review(asked, reason)
        _check_files(asked, directory_digest(files) if files is not None else sha256)
    needed = 2 if in_force.needs_two_people else 1
    answer = _recorded(shown, answer, action, decision.rule, needed, safe, append)
    exchange.answer(answer)
    standing = judged(asked, (*filed.answers, answer), in_force, now)
    may_answer_more = decide_answer(who, asked, in_force).allowed
    return ModelRequest(asked, shown, standing, who.id == asked.by, may_answer_more)


def _shown(asked: ModelAsked, safe: Safe) -> ModelAsked:
    return asked._replace(
        model=safe(asked.model) or "",
        version=safe(asked.version) or "",
        alias=safe(asked.alias) or "",
        reason=safe(asked.reason) or "",
    )


def _check_names(asked: ModelAsked, shown: ModelAsked) -> None:
    if asked.fields() != shown.fields():
        raise InputError(
            "privguard: the name of this model, version or alias looks like somebody's data, so the log cannot hold "
            "it; have it asked for under another name."
        )


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
