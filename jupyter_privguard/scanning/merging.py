"""Findings of a file that is looked at part by part: those of one column are one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .findings import MOST_VALUES, Edit, Finding

__all__ = ["merged"]

_COUNTED = re.compile(r"\A[\d,]+ values such as ")


class _Column:
    """What the parts tell of one column."""

    def __init__(self, first: Finding, *, with_edits: bool) -> None:
        self._first = first
        self._with_edits = with_edits
        self._count = 0
        self._sure = 0
        self._values: list[str] = []
        self._edits: list[Edit] = []

    def add(self, one: Finding) -> None:
        self._count += one.count
        self._sure = max(self._sure, one.confidence)
        if self._with_edits:
            self._values += one.values
            self._edits += one.edits
        else:
            self._values = [*{*self._values, *one.values}]
            self._edits = self._edits or [*one.edits[:1]]

    def finding(self) -> Finding:
        """One finding of all."""
        first = self._first
        if self._count == first.count:
            return first
        values = tuple(self._values)
        if len(set(values)) > MOST_VALUES:
            values = (hashlib.sha256("".join(sorted(set(values))).encode()).hexdigest(),)
        said = f"{self._count:,} values such as {_COUNTED.sub('', first.excerpt)}"
        edits = tuple(self._edits)
        return replace(first, excerpt=said, count=self._count, confidence=self._sure, edits=edits, values=values)


def merged(found: Iterable[Finding], *, with_edits: bool = False) -> Iterator[Finding]:
    """``found``, with one finding for all of a column and an entity; the others pass as they come.

    Without ``with_edits`` it keeps one edit, which says that it can be taken out, however many there are.
    """
    columns: dict[tuple[str, str, str, str], _Column] = {}
    for one in found:
        if not one.place.column:
            yield one
            continue
        key = (one.place.member, one.place.part, one.place.column, one.entity)
        columns.setdefault(key, _Column(one, with_edits=with_edits)).add(one)
    yield from (column.finding() for column in columns.values())
