"""Whose values these are: what proves that a table is a part of another one, and that a column was lowered.

A label proves nothing, and neither does what was forgotten in the meantime. Where the values could be those of
another column that is hidden, they are taken for its own.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from ...frames import FrameView, view
from ...model import FREE_TEXT
from ..overrides.statements import Column
from ..texts.known import Hit, KnownValues, as_text
from .assess import column_names, is_clear
from .datasets import Dataset
from .naming import TableNames
from .released import Released
from .schemas import Schema

__all__ = ["Evidence", "values_of"]

_LOOKED_AT, _WIDEST = 64, 200
"""Values of a column, and columns of a table, that are looked at to find where it comes from."""


@dataclass(frozen=True, slots=True)
class _Hider:
    """A column that is hidden."""

    facts: Dataset | None
    """Its table; None where several tables have this name and label."""
    is_complete: bool
    """Whether all of its values that are texts or whole numbers are known values."""


class Evidence:
    """Compares the values of columns."""

    def __init__(self, values: KnownValues, names: TableNames) -> None:
        self._values = values
        self._names = names
        self._hiding: dict[str, dict[Column, _Hider]] = {}

    def known_in(self, text: str) -> list[Hit]:
        """The known values in ``text``."""
        return self._values.find(text)

    def source_of(self, seen: FrameView) -> str | None:
        """Where a table was read from in which all hidden values of a column of ``seen`` stand; None if in none."""
        for at in range(min(len(seen.labels), _WIDEST)):
            for holder in self._values.columns_with(seen.sample(at, _LOOKED_AT)):
                if isinstance(holder, Column) and holder.dataset is not None and holder.dataset.source:
                    return holder.dataset.source
        return None

    # --- parts ----------------------------------------------------------------------------------

    def proves(self, seen: FrameView, schema: Schema) -> bool:
        """Whether the values of ``seen`` are those of ``schema``'s table: all that are hidden, or else all."""
        from ...classification.classifier import shown_label  # not needed before the first table

        labels = seen.labels
        shared = [
            (at, label, schema.verdicts[called])
            for at, label in enumerate(column_names(seen))
            if (labels[at] is not None or at < seen.width)
            and (called := label if labels[at] is not None else shown_label(None)) in schema.verdicts
        ]
        hidden = [one for one in shared if not is_clear(one[2]) and one[2].entity != FREE_TEXT]
        is_proven = False
        held = _held_by(schema.origin)
        for at, label, _ in hidden or shared:
            values = seen.distinct(at)
            answer = self._holds(schema.origin, held, label, values) if values else None
            if answer is False:
                return False
            is_proven = is_proven or answer is True
        return is_proven

    def _holds(self, facts: Dataset, held: _Held | None, label: str, values: Collection[Any]) -> bool | None:
        """Whether a table's columns called ``label`` hold all of ``values``; None where nobody can tell.

        ``held`` is what it holds, while it lives.
        """
        own = held(label) if held is not None else None
        if own is not None:
            try:
                return own.issuperset(values)
            except Exception:  # noqa: BLE001 - a cell may be any object, whose own code may raise anything
                return None
        column = Column(self._names.data_set(facts), label)
        texts = {text for text in map(as_text, values) if text is not None}
        if column.dataset is None or not texts or not self._values.has(column):
            return None
        return column in self._values.columns_with(texts)

    # --- lowered columns ------------------------------------------------------------------------

    def hides(self, column: Column, facts: Dataset, entity: str) -> None:
        """The ``column`` of a table of its own, which holds ``entity``, is hidden."""
        hider = _Hider(facts, is_complete=facts.is_root and entity != FREE_TEXT)
        columns = self._hiding.setdefault(column.label, {})
        before = columns.get(column)
        if before is not None and before.facts is not facts:
            hider = _Hider(None, before.is_complete and hider.is_complete)
        elif before is not None:
            hider = replace(hider, is_complete=before.is_complete and hider.is_complete)
        columns[column] = hider

    def shows(self, column: Column) -> None:
        """Nobody hides ``column`` any more."""
        self._hiding.get(column.label, {}).pop(column, None)

    def forget(self, facts: Dataset) -> None:
        """What this table hides is hidden by one that is all of it."""
        for label, columns in self._hiding.items():
            self._hiding[label] = {column: hider for column, hider in columns.items() if hider.facts is not facts}

    def lowered(self, label: str, distinct: Callable[[], list[Any]], released: Released) -> Column | None:
        """The ``released`` column of which the ``distinct`` values are a part; None if they may be another one's."""
        if not released.has(label):
            return None
        values = distinct()
        for column in released.columns_of(label, values):
            others = ((c, hider) for c, hider in self._hiding.get(label, {}).items() if c != column)
            if not any(self._may_hold(other, hider, values) for other, hider in others):
                return column
        return None

    def _may_hold(self, column: Column, hider: _Hider, values: Collection[Any]) -> bool:
        held = values_of(hider.facts, column.label) if hider.facts is not None else None
        if held is not None:
            return held.issuperset(values)
        if hider.is_complete and all(as_text(value) is not None for value in values):
            return column in self._values.columns_with(values)
        return True


_Held = Callable[[str], frozenset[Any] | None]


def values_of(facts: Dataset, label: str) -> frozenset[Any] | None:
    """The distinct values of a table's columns called ``label``, while it lives."""
    held = _held_by(facts)
    return None if held is None else held(label)


def _held_by(facts: Dataset) -> _Held | None:
    """Gives by label the distinct values of a table's columns as they are now; None where it is gone."""
    table = facts.table() if facts.table is not None else None
    seen = view(table) if table is not None else None
    if seen is None:
        return None
    state = seen.state()
    if facts.values is None or facts.values[0] != state:
        facts.values = (state, {})
    known = facts.values[1]
    places: dict[str, list[int]] = {}

    def held(label: str) -> frozenset[Any] | None:
        if label not in known:
            if not places:  # made at the first need: a look at each label
                for at, name in enumerate(column_names(seen)):
                    places.setdefault(name, []).append(at)
            try:
                known[label] = frozenset(value for at in places.get(label, ()) for value in seen.distinct(at))
            except Exception:  # noqa: BLE001 - as above: it cannot be hashed, or whatever
                known[label] = None
        return known[label]

    return held
