"""A table on its side that nobody has met upright: its row labels are the headers, and its values bear them out."""

from __future__ import annotations

from ...frames import FrameView, turned
from ...model import ColumnVerdict
from ...policy.rules import Policy
from .assess import Classification, assess
from .verdicts import is_clear

__all__ = ["verdicts_of_rows_alone"]

_MOST = 300
"""Rows of a table that may be columns of another one."""
_TEXTS = frozenset({"PERSON_NAME", "EMAIL_ADDRESS", "ADDRESS", "USERNAME", "IBAN"})
"""What is text in every row: counts and means of columns, which have the same labels, are none."""


def verdicts_of_rows_alone(seen: FrameView, found: Classification, policy: Policy) -> dict[int, ColumnVerdict]:
    """By row the verdicts on a table whose rows are columns; none for one that stands upright, or may do so.

    Labels alone do not tell: of the null counts of all columns each row would be called like somebody's data.
    """
    if not 0 < seen.rows <= _MOST or any(not is_clear(v) for v in found.columns[seen.width :]):
        return {}
    upright = turned(seen)
    if upright is None:
        return {}
    by_labels = assess(upright, policy=policy, header_only=True)
    if not any(verdict.is_sensitive for verdict in by_labels):
        return {}
    both = assess(upright, policy=policy)
    borne_out = [
        v.entity for v, label in zip(both, by_labels, strict=False) if v.is_sensitive and label.entity == v.entity
    ]
    if not _TEXTS.intersection(borne_out):
        return {}
    return {row: verdict for row, verdict in enumerate(both.columns[: upright.width]) if verdict.is_sensitive}
