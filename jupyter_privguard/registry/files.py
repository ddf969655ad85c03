"""Requests to approve a model, and signed answers, as the files that accounts exchange."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from .._canonical import canonical_json
from ..errors import InputError
from ..policy.approvals import Answer, id_of
from ..policy.documents import document_in, line_or_none, one_line, time_in, time_text
from .asking import LONGEST, ModelAsked, Reviewed, check_name

__all__ = ["answer_bytes", "asked_bytes", "named", "parse_answer", "parse_asked"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{24}")
_ASKED = frozenset("version model model_version sha256 alias review review_sha256 reviewed reason minutes at".split())
_ANSWERED = frozenset("version request answer at until reason key signature".split())


def named(asked: ModelAsked) -> ModelAsked:
    """``asked`` with its id. ValueError for what no request may say."""
    return parse_asked(asked_bytes(asked), by=asked.by)


def asked_bytes(asked: ModelAsked) -> bytes:
    """The file of a request."""
    return canonical_json(
        {
            "version": 1,
            "model": asked.model,
            "model_version": asked.version,
            "sha256": asked.sha256,
            "alias": asked.alias,
            "review": asked.review,
            "review_sha256": asked.review_sha256,
            "reviewed": asked.reviewed.value,
            "reason": asked.reason,
            "minutes": int(asked.term.total_seconds()) // 60,
            "at": time_text(asked.at),
        }
    )


def parse_asked(data: bytes, *, by: str) -> ModelAsked:
    """The request in a file that ``by`` wrote; ValueError if it is none."""
    found = document_in(data, set(_ASKED))
    minutes, review, line = found["minutes"], found["review"], found["review_sha256"]
    if type(minutes) is not int or not 0 < minutes <= LONGEST // timedelta(minutes=1):
        raise ValueError("minutes")
    reviewed = Reviewed(one_line(found["reviewed"]))
    is_one = type(review) is int and review > 0 and isinstance(line, str) and bool(_SHA256.fullmatch(line))
    if is_one == (reviewed is Reviewed.NONE) or (not is_one and (review is not None or line is not None)):
        raise ValueError("review")
    if not isinstance(found["sha256"], str) or not _SHA256.fullmatch(found["sha256"]):
        raise ValueError("sha256")
    return ModelAsked(
        id=id_of(data),
        by=by,
        model=_name(found["model"]),
        version=_name(found["model_version"]),
        sha256=found["sha256"],
        alias=_name(found["alias"]),
        review=review,
        review_sha256=line,
        reviewed=reviewed,
        reason=one_line(found["reason"]),
        term=timedelta(minutes=minutes),
        at=time_in(found["at"]),
    )


def answer_bytes(answer: Answer) -> bytes:
    """The file of an answer."""
    return canonical_json(
        {
            "version": 1,
            "request": answer.request,
            "answer": "grant" if answer.is_grant else "deny",
            "at": time_text(answer.at),
            "until": time_text(answer.until) if answer.until is not None else None,
            "reason": answer.reason,
            "key": answer.key,
            "signature": answer.signature,
        }
    )


def parse_answer(data: bytes, *, by: str) -> Answer:
    """The answer in a file that ``by`` wrote; ValueError if it is none."""
    found = document_in(data, set(_ANSWERED))
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
        key=line_or_none(found["key"]),
        signature=line_or_none(found["signature"]),
    )


def _name(value: Any) -> str:  # Any: what stands in a file
    try:
        return check_name(one_line(value), "a name")
    except InputError:
        raise ValueError("name") from None
