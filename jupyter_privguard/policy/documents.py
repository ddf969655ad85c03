"""Files in which accounts ask and answer: one form only, of single lines and whole seconds. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from .._canonical import canonical_json

__all__ = ["LARGEST", "document_in", "line_or_none", "one_line", "time_in", "time_text"]

LARGEST = 16 * 1024
"""Bytes of a request or an answer."""
_LONGEST_TEXT = 500


def document_in(data: bytes, keys: set[str]) -> dict[str, Any]:
    """What stands in a file of a request or an answer, which has these ``keys``; ValueError for anything else."""
    if len(data) > LARGEST:
        raise ValueError("too large")
    try:
        found = json.loads(data.decode("utf-8"))
        # One form only: no doubled keys, no floats, no second spelling that another reader takes otherwise.
        is_canonical = isinstance(found, dict) and canonical_json(found) == data
    except (RecursionError, TypeError) as error:
        raise ValueError("no such document") from error
    if not is_canonical or found.keys() != keys or type(found["version"]) is not int or found["version"] != 1:
        raise ValueError("no such document")
    return dict(found)


def one_line(value: Any) -> str:  # Any: what stands in a file
    """A text of such a file: one line, at most 500 characters, not blank; ValueError for anything else."""
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT or not value.isprintable():
        raise ValueError("text")
    return value


def line_or_none(value: Any) -> str | None:
    """`one_line`, or None."""
    return None if value is None else one_line(value)


def time_text(at: datetime) -> str:
    """A time as files and the log have it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_in(value: Any) -> datetime:
    """A time as `time_text` writes it; ValueError for anything else."""
    if not isinstance(value, str) or len(value) != len("2000-01-01T00:00:00Z"):
        raise ValueError("time")
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
