"""What the log says where a column's class was changed. Values become their masks here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model import Decision
from ...policy.grants import SELF
from ...policy.masks import hides_as_much
from ...policy.rules import Policy
from .deciding import Applied
from .statements import Column

__all__ = ["applied_fields", "change_fields", "is_by_self"]

Safe = Callable[[str | None], str | None]
"""Masks what is a known value, or has the look of one."""
_LONGEST = 200


def is_by_self(answer: Decision) -> bool:
    """What nobody granted the person could have granted to themselves, whoever wrote the policy."""
    return answer.allowed and answer.rule == SELF


def change_fields(
    column: Column,
    before: str,
    after: str,
    answer: Decision,
    safe: Safe,
    *,
    is_raise: bool,
    saved: bool,
    said: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What ``class.change`` says of one column; ``said``: who said it and when, where a stored word is applied."""
    return {
        "dataset": safe(column.dataset.name if column.dataset else None),
        "column": safe(column.label),
        "before": before,
        "after": after,
        "direction": "raise" if is_raise else "lower",
        "saved": saved,
        "said": said,
        "reason": safe(answer.reason) or None,
    }


def applied_fields(one: Applied, policy: Policy, safe: Safe) -> dict[str, Any]:
    """What ``class.change`` says where a stored override is applied."""
    is_raise = hides_as_much(one.before, one.override.entity, policy)
    said_then = {"by": (safe(one.override.by) or "")[:_LONGEST], "since": one.override.since}
    return change_fields(
        one.column, one.before, one.override.entity, one.answer, safe, is_raise=is_raise, saved=True, said=said_then
    )
