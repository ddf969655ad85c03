"""The models that the log tells of, and the answers of others, recorded when they are first seen."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime
from typing import Any

from ..policy.approvals import judged, time_text
from ..policy.rules import Policy
from ..registry.asking import ModelAsked
from ..registry.files import asked_bytes, parse_asked
from ..registry.records import Registry
from ..settings import Home, account_name
from .events import log_reader
from .exchange import Exchange, Form
from .log import has_log
from .own_approvals import Safe, exchange_in

__all__ = ["model_exchange", "models_in", "note_answers"]

MODELS: Form[ModelAsked] = Form("model", asked_bytes, parse_asked, is_signed=True)
"""Requests to approve a model."""


def models_in(at: Home) -> Registry:
    """The models that the log of ``at`` tells of; which of them are approved is for everybody to know.

    LogUnavailable or LogError where the log cannot be read.
    """
    if not has_log(at):
        return Registry()
    reader = log_reader(at)
    return Registry.of(reader.events(), reader.vkey)


def model_exchange(in_force: Policy, at: Home) -> Exchange[ModelAsked]:
    """Where requests to approve models and their answers lie."""
    return exchange_in(in_force, at, MODELS)


def note_answers(
    in_force: Policy,
    at: Home,
    append: Callable[..., Any],
    safe: Safe,
    *,
    of: Container[str] = (),
    found: Registry | None = None,
) -> Registry:
    """Record what others answered to the requests of this account, and to those on the models ``of``; once each.

    ``found`` is what the log tells, where it has been read to its end already. The models as the log tells of them
    then. StateError where the folder cannot be trusted.
    """
    found, now = models_in(at) if found is None else found, datetime.now(UTC)
    told = {
        (one.id, by, until)
        for one in found.approvals.values()
        for by, until in [*((g.by, g.until) for g in one.grants), *((by, None) for by, _ in one.denials)]
    }
    is_new = False
    for asked, answers in model_exchange(in_force, at).requests():
        if asked.by != account_name() and asked.model not in of:
            continue
        standing = judged(asked, answers, in_force, now)
        for answer in sorted(answers, key=lambda one: one.at):
            until = time_text(answer.until) if answer.until is not None else None
            if answer.by not in standing.answered_by or (asked.id, answer.by, until) in told:
                continue
            told.add((asked.id, answer.by, until))
            is_new = True
            needed = {"needed": 2 if in_force.needs_two_people else 1} if answer.is_grant else {}
            said = {"by": answer.by, "answered": time_text(answer.at), "reason": safe(answer.reason), **needed}
            signed = {"until": until, "key": answer.key, "signature": answer.signature} if answer.is_grant else {}
            append("model.approve" if answer.is_grant else "model.deny", **asked.fields(), **said, **signed)
    return models_in(at) if is_new else found
