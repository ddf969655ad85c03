"""Which column of a table that was read a column's values come from, as far as that can be proven.

A label proves nothing: code may put one column's values under another one's name. So a table counts as it was read
only while its columns look as they did then, and a part of it only where all values of the column stand in the
read column of that label. Where nobody can tell, nothing is proven.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...frames import FrameView, view
from ..overrides.statements import Column
from ..texts.known import KnownValues, as_text
from .assess import column_names, is_clear
from .datasets import Dataset, name_of_source
from .evidence import values_of
from .naming import TableNames

__all__ = ["Provenance"]

_LOOKED_AT = 64
"""Values of a column that must be as they were read."""
_WIDEST = 500
"""Columns of a table that are looked at."""

IsCovered = Callable[[Iterable[str | None], str], bool]
"""Whether a column of that label, of a data set with these names, is one of those that are asked for."""


class Provenance:
    """Looks at tables when they were read, and again when it matters."""

    def __init__(self, names: TableNames, values: KnownValues) -> None:
        self._names = names
        self._values = values
        self._changed: set[Column] = set()
        """Read columns that were changed in place: known values of theirs may be another column's."""

    def read(self, obj: Any, facts: Dataset) -> None:
        """The table ``obj`` of ``facts`` was read just now."""
        seen = view(obj)
        facts.as_read = {} if seen is None else _prints(seen, column_names(seen)[: min(seen.width, _WIDEST)])

    def look(self, seen: FrameView, facts: Dataset) -> None:
        """The values of a table that was read are about to be learned."""
        if facts.as_read:
            now, dataset = _prints(seen, facts.as_read), self._names.data_set(facts)
            self._changed |= {Column(dataset, label) for label, one in facts.as_read.items() if now.get(label) != one}

    def shows(self, obj: Any, seen: FrameView, at: int, label: str, is_covered: IsCovered) -> bool:
        """Whether the values of the column at ``at``, called ``label``, are surely those of a covered one."""
        facts = self._names.datasets.of(obj)
        if facts.exact is not None:
            return False
        if facts.source:
            return is_covered(_names_of(facts), label) and _is_as_read(seen, facts, label)
        if facts.is_root:
            return False
        try:
            values = seen.distinct(at)
            is_part = self._is_of_living(label, values, is_covered) or self._is_of_gone(label, values, is_covered)
            return is_part and not self._may_be_of_another(values, is_covered)
        except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
            return False

    def _is_of_living(self, label: str, values: list[Any], is_covered: IsCovered) -> bool:
        for table in self._names.datasets.tables():
            facts, seen = self._names.datasets.of(table), view(table)
            if seen is None or not facts.source or not is_covered(_names_of(facts), label):
                continue
            held = values_of(facts, label) if _is_as_read(seen, facts, label) else None
            if held is not None and values and held.issuperset(values):
                return True
        return False

    def _is_of_gone(self, label: str, values: list[Any], is_covered: IsCovered) -> bool:
        if not all(as_text(value) is not None for value in values):
            return False
        read = [
            holder
            for holder in self._values.columns_with(values)
            if isinstance(holder, Column) and holder.dataset is not None and not holder.dataset.is_variable
        ]
        covered = [column for column in read if _is_known_as(column, is_covered)]
        return len(covered) == len(read) and any(c.label == label and c not in self._changed for c in covered)

    def _may_be_of_another(self, values: list[Any], is_covered: IsCovered) -> bool:
        """Whether a hidden column that is not covered holds all of ``values`` too: few of them prove little."""
        for table in self._names.datasets.tables():
            facts, seen = self._names.datasets.of(table), view(table)
            if seen is None or not facts.source or facts.classification is None:
                continue
            names = _names_of(facts)
            labels = column_names(seen)[: seen.width]
            for label, verdict in zip(labels, facts.classification, strict=False):
                if not is_clear(verdict) and not is_covered(names, label):
                    held = values_of(facts, label)
                    if held is None or held.issuperset(values):
                        return True
        return False


def _is_known_as(column: Column, is_covered: IsCovered) -> bool:
    dataset = column.dataset
    return dataset is not None and is_covered((dataset.name, dataset.source or None), column.label)


def _names_of(facts: Dataset) -> tuple[str | None, ...]:
    source = facts.source or ""
    return (name_of_source(source), source, facts.place or None)


def _is_as_read(seen: FrameView, facts: Dataset, label: str) -> bool:
    before = facts.as_read.get(label)
    return before is not None and _prints(seen, [label]).get(label) == before


def _prints(seen: FrameView, labels: Iterable[str]) -> dict[str, int]:
    """By label, of those that one column has, what changes with the column's values."""
    wanted, own = set(labels), column_names(seen)[: seen.width]
    return {
        label: found
        for at, label in enumerate(own)
        if label in wanted and own.count(label) == 1 and (found := _print(seen, at)) is not None
    }


def _print(seen: FrameView, at: int) -> int | None:
    try:
        values = seen.sample(at, _LOOKED_AT)
        return hash((seen.rows, tuple((type(value).__name__, value) for value in values)))
    except Exception:  # noqa: BLE001 - as above
        return None
