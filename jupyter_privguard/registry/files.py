"""Requests to approve a model as the files that accounts exchange."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from .._canonical import canonical_json
from ..errors import InputError
from ..policy.approvals import id_of
from ..policy.documents import document_in, one_line, time_in, time_text
from .asking import LONGEST, ModelAsked, Reviewed, check_name

__all__ = ["asked_bytes", "named", "parse_asked"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ASKED = frozenset("version model model_version sha256 alias review review_sha256 reviewed reason minutes at".split())


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


def _name(value: Any) -> str:  # Any: what stands in a file
    try:
        return check_name(one_line(value), "a name")
    except InputError:
        raise ValueError("name") from None
