"""Requests for a tier: made, listed and answered from the panel, by the rules that hold on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from ..errors import InputError, PrivguardError
from ..model import Tier
from ..policy.approvals import LONGEST_TERM, parse_term, term_text
from ..runtime.approvals import Known
from ..settings import account_name
from .people import person
from .problems import Problem
from .routes import PrivguardHandler

__all__ = ["RequestHandler", "RequestsBase", "RequestsHandler"]

_ASKED = frozenset({"tier", "dataset", "columns", "experiment", "purpose", "reason", "for"})
_ANSWERED = frozenset({"grant", "reason", "for"})
_LONGEST = 500
_MOST_COLUMNS = 100


class GivenAnswer(NamedTuple):
    """What a body says of a request."""

    is_grant: bool
    reason: str
    term: timedelta | None
    """For how long, where that is said."""


class RequestsBase(PrivguardHandler):
    """What routes of requests share: what a body may be. Whom only the server's identity provider knows is refused."""

    command = "privguard approval"
    """What does the same in a terminal."""

    def problem(self, error: PrivguardError) -> Problem:
        """With a hint on requests where that of the error's kind speaks of exports."""
        hints = {
            "unusable_input": f"`{self.command} list` in a terminal shows the requests that there are.",
            "refused": "The policy decides who may ask and answer; ask the person who wrote it.",
        }
        found = super().problem(error)
        return replace(found, hint=hints.get(found.code, found.hint))

    def given_answer(self, *, longest: timedelta = LONGEST_TERM) -> GivenAnswer:
        """The answer that was sent, for at most ``longest``. InputError if it is none."""
        body = self.body(_ANSWERED)
        is_grant = body.get("grant")
        if not isinstance(is_grant, bool):
            raise InputError("privguard: grant is true or false.")
        term = _term(body["for"], longest=longest) if is_grant and body.get("for") is not None else None
        return GivenAnswer(is_grant, _text(body, "reason"), term)

    def body(self, keys: frozenset[str]) -> dict[str, Any]:
        """The JSON object that was sent. InputError if it is none, or has other keys."""
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not set(body) <= keys:
            raise InputError(f"privguard: the body is not a JSON object of {', '.join(sorted(keys))}.")
        return body


class RequestsHandler(RequestsBase):
    """``GET requests``: those of this account and those it may answer; ``POST requests``: one more."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """The oldest first; texts that look like a value are masked."""
        await self.answer(self._known)

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Body: ``tier``, ``dataset``, ``reason``, and if wished ``columns``, ``experiment``, ``purpose``, ``for``."""
        await self.answer(self._ask)

    def _known(self) -> dict[str, Any]:
        if person(self).id != account_name():
            return {"available": False, "requests": []}
        return {"available": True, "requests": [_told(known) for known in runtime.known_requests()]}

    def _ask(self) -> dict[str, Any]:
        body = self.body(_ASKED)
        columns = body.get("columns") or []
        if not isinstance(columns, list) or len(columns) > _MOST_COLUMNS:
            raise InputError(f"privguard: columns is not a list of at most {_MOST_COLUMNS} names.")
        made = runtime.request_approval(
            tier=_tier(body.get("tier")),
            dataset=_text(body, "dataset"),
            columns=[_text({"columns": column}, "columns") for column in columns],
            experiment=_text_or_none(body, "experiment"),
            purpose=_text_or_none(body, "purpose"),
            reason=_text(body, "reason"),
            term=_term(body.get("for", "8h")),
        )
        return {"id": made.asked.id, "message": made.what_now}


class RequestHandler(RequestsBase):
    """``POST requests/<id>``: grant or refuse a request of somebody else, or take back one's own."""

    @web.authenticated
    @authorized
    async def post(self, request_id: str) -> None:
        """Body: ``grant``, ``reason``, and if wished ``for``, a shorter time than was asked for."""
        await self.answer(lambda: self._answered(request_id))

    def _answered(self, request_id: str) -> dict[str, Any]:
        is_grant, reason, term = self.given_answer()
        return _told(runtime.answer_request(request_id, is_grant=is_grant, term=term, reason=reason))


def _told(known: Known) -> dict[str, Any]:
    return {**known.told(), "by": known.asked.by, "for": term_text(known.asked.term)}


# `Any` below is what a body holds.


def _tier(value: Any) -> Tier:
    if value not in (Tier.INTERNAL.label, Tier.COMPLIANCE.label):
        raise InputError("privguard: tier is internal or compliance.")
    return Tier.parse(value)


def _term(value: Any, *, longest: timedelta = LONGEST_TERM) -> timedelta:
    try:
        return parse_term(value if isinstance(value, str) else "", longest=longest)
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST or not value.isprintable():
        raise InputError(f"privguard: {key} is one line of at most {_LONGEST} characters, and not blank.")
    return value


def _text_or_none(body: dict[str, Any], key: str) -> str | None:
    return None if body.get(key) in (None, "") else _text(body, key)
