"""A table's own values, where nothing is known but the table: they may stand in its texts and labels."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ...frames import FrameView
from ...model import FREE_TEXT
from ..columns.verdicts import Classification, is_clear
from .known import KnownValues

__all__ = ["own_values", "texts_of_labels"]


def own_values(seen: FrameView, found: Classification, *, in_labels_alone: bool) -> KnownValues:
    """The values of the sensitive columns of ``seen``, of which ``found`` tells.

    ``in_labels_alone`` leaves out those that are no labels too, of which a long table has very many.
    """
    known = KnownValues()
    labels = frozenset(texts_of_labels(seen)) if in_labels_alone else None
    for at, verdict in enumerate(found):
        if is_clear(verdict) or verdict.entity == FREE_TEXT:
            continue
        with suppress(Exception):  # a cell may be any object, whose own code may raise anything
            values = seen.distinct(at)
            if labels is not None:
                values = [value for value in values if type(value) is str and value in labels]
            known.learn(verdict.entity, values, column=at, domain=verdict.domain)
    return known


def texts_of_labels(seen: FrameView) -> Iterable[str]:
    """The texts in the labels of a table and in the names of their levels."""
    for label in (*seen.labels, *(level.labels[0] for level in seen.heads)):
        parts = label if type(label) is tuple else (label,)
        yield from (part for part in parts if type(part) is str)
