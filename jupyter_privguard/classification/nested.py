"""Columns of records and lists: fields, and places of short lists, are columns of a table of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..frames import frame_of, view
from ..frames.engine import FrameView
from ..frames.nested import fields_of, flat
from ..model import FREE_TEXT, ColumnVerdict, DataClass
from .evidence import Candidate

__all__ = ["of_records", "values_within"]

# `Any` in this file is a cell value.

Classify = Callable[[FrameView], Sequence[ColumnVerdict]]
_SEVERITY = (DataClass.CREDENTIAL, DataClass.SPECIAL, DataClass.HEALTH, DataClass.FINANCIAL, DataClass.PII)


def of_records(records: Mapping[str, list[Any]], classify: Classify) -> Candidate | None:
    """What a column of records holds by its fields; None where no field holds anything.

    What all fields that hold something agree on; of several classes the one that needs the most care; and
    text with values in it where they are merely personal, since no single entity describes such a record.
    """
    found = [verdict for verdict in _judged(records, classify) if verdict.is_sensitive]
    if not found:
        return None
    worst = min(found, key=lambda verdict: (_rank(verdict), -verdict.confidence))
    agreed = len({verdict.entity for verdict in found}) == 1
    entity = FREE_TEXT if worst.data_class is DataClass.PII and not agreed else worst.entity
    candidate = Candidate(entity, by_value=True)
    named = ", ".join(f"{verdict.column}: {verdict.entity}" for verdict in found[:8])
    candidate.support(max(verdict.confidence for verdict in found), f"fields: {named}")
    return candidate


def _rank(verdict: ColumnVerdict) -> int:
    return _SEVERITY.index(verdict.data_class) if verdict.data_class in _SEVERITY else len(_SEVERITY)


def values_within(cells: Sequence[Any], entity: str, classify: Classify) -> Iterator[tuple[str, list[Any]]]:
    """The entities in the ``cells`` of a nested column that holds ``entity``, and the values of each."""
    found = fields_of(cells)
    if entity != FREE_TEXT:
        yield entity, flat(found.plain)
    for verdict, values in zip(_judged(found.records, classify), found.records.values(), strict=True):
        if verdict.is_sensitive and verdict.entity != FREE_TEXT:
            yield verdict.entity, values


def _judged(records: Mapping[str, list[Any]], classify: Classify) -> Sequence[ColumnVerdict]:
    if not records:
        return ()
    longest = max(map(len, records.values()))
    seen = view(frame_of({name: [*values, *[None] * (longest - len(values))] for name, values in records.items()}))
    assert seen is not None  # noqa: S101 - a frame of ours
    return classify(seen)
