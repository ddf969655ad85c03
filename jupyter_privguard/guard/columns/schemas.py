"""Tables met before, by their labels: a part of one is recognised and keeps its verdicts.

``df.head()`` has too few rows to tell what its columns are, ``df.loc[0]`` lies on its side, and a
``describe()`` holds no row at all. Their labels say which table they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Number
from typing import Any

from ...frames import FrameView, Kind
from ...model import FREE_TEXT, ColumnVerdict
from ..overrides.deciding import is_said
from .assess import Classification, is_clear
from .datasets import Dataset
from .numbers import are_days, is_mixed

__all__ = ["Schema", "Schemas", "kind_of"]

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Schema:
    """The verdicts and kinds of the columns of one table, by label."""

    verdicts: Mapping[str, ColumnVerdict]
    kinds: Mapping[str, Kind]
    origin: Dataset
    doubled: frozenset[str] = frozenset()
    """Labels of several columns that hold different things; the verdict is that on one of the sensitive ones."""

    @classmethod
    def of(cls, seen: FrameView, classification: Classification, origin: Dataset) -> Schema:
        """The schema of the table ``seen``."""
        verdicts: dict[str, ColumnVerdict] = {}
        kinds: dict[str, Kind] = {}
        doubled = set()
        for position, verdict in enumerate(classification):
            known = verdicts.get(verdict.column)
            if known is not None and known.entity != verdict.entity:
                doubled.add(verdict.column)
                if known.is_sensitive:
                    continue
            verdicts[verdict.column], kinds[verdict.column] = verdict, kind_of(seen, position)
        return cls(verdicts, kinds, origin, frozenset(doubled))

    @property
    def mixed(self) -> frozenset[str]:
        """Labels of columns in which other numbers stand beside somebody's."""
        return frozenset(label for label, verdict in self.verdicts.items() if is_mixed(verdict))

    def without_mixed(self, kept: Collection[str]) -> Schema:
        """This one without its `mixed` columns but those ``kept``: of a column with other numbers they tell nothing."""
        verdicts = {at: verdict for at, verdict in self.verdicts.items() if at in kept or not is_mixed(verdict)}
        return replace(self, verdicts=verdicts, kinds={label: self.kinds[label] for label in verdicts})

    def applied_to(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with this table's verdicts, except where ``found`` is the stricter one.

        A column of another kind than here is another column: ``df.isna()`` holds nobody's age.
        """
        columns = []
        nameless = _nameless_levels(seen)
        for position, verdict in enumerate(found):
            known = None if position in nameless else self.verdicts.get(verdict.column)
            if known is None or not _alike(self.kinds[verdict.column], kind_of(seen, position)):
                known = verdict
            is_own = not known.is_sensitive or verdict.column in self.doubled
            columns.append(verdict if verdict.is_sensitive and is_own else known)
        return replace(found, columns=tuple(columns))

    def verdict_of(self, found: ColumnVerdict, kind: Kind) -> ColumnVerdict:
        """The verdict on what has the label of one of these columns, if it is of its kind too."""
        return self.verdicts[found.column] if _alike(self.kinds[found.column], kind) else found

    def explains(self, verdict: ColumnVerdict, kind: Kind) -> bool:
        """Whether a column of this table has the label and kind of ``verdict``'s."""
        return verdict.column in self.kinds and _alike(self.kinds[verdict.column], kind)

    def is_of_other_kind(self, verdict: ColumnVerdict, kind: Kind) -> bool:
        """Whether the column of this table that has the label of ``verdict``'s holds things of another kind."""
        return verdict.column in self.kinds and not _alike(self.kinds[verdict.column], kind)

    def applied_to_statistics(self, found: Classification, seen: FrameView) -> Classification:
        """As `applied_to`, for a table whose numbers are statistics of these columns, of whatever kind.

        Numbers about a column of words are how long they are, or how many: nobody's value.
        """
        nameless = _nameless_levels(seen)
        columns = []
        for position, verdict in enumerate(found):
            known = None if position in nameless else self.verdicts.get(verdict.column)
            is_of_words = known is not None and known.entity in _WORDS and self.kinds[verdict.column] is Kind.TEXT
            columns.append(verdict if known is None or (is_of_words and seen.kind(position) in _NUMBERS) else known)
        return replace(found, columns=tuple(columns))

    def is_row(self, labels: Sequence[str], values: Sequence[Any]) -> bool:
        """Whether ``values`` may be one row of this table, not a statistic of each of its columns."""
        texts = [v for label, v in zip(labels, values, strict=True) if self.kinds[label] is Kind.TEXT and not _null(v)]
        numbers = [v for label, v in zip(labels, values, strict=True) if self.kinds[label] in _NUMBERS and not _null(v)]
        return all(isinstance(v, str) for v in texts) and all(
            isinstance(v, Number) and not isinstance(v, bool) for v in numbers
        )


_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
_WORDS = frozenset({FREE_TEXT, *"PERSON_NAME EMAIL_ADDRESS ADDRESS CITY USERNAME DIAGNOSIS MEDICATION".split()})
"""Entities whose values are no numbers."""


def kind_of(seen: FrameView, position: int) -> Kind:
    """What a column holds: dates as well where they are written as texts."""
    kind = seen.kind(position)
    is_text = kind is Kind.TEXT and position < seen.width
    return Kind.DATETIME if is_text and are_days(seen.sample(position)) else kind


def _nameless_levels(seen: FrameView) -> frozenset[int]:
    """The positions of row labels without a name: they are no column, though that may have no name either."""
    labels = seen.labels
    return frozenset(at for at in range(seen.width, len(labels)) if labels[at] is None)


def _alike(one: Kind, other: Kind) -> bool:
    return one is other or (one in _NUMBERS and other in _NUMBERS) or Kind.OTHER in (one, other)


def _null(value: Any) -> bool:
    return value is None or value != value


class Schemas:
    """The last tables that held something sensitive."""

    def __init__(self) -> None:
        self._schemas: dict[tuple[frozenset[str], int], Schema] = {}

    def remember(self, seen: FrameView, classification: Classification, origin: Dataset) -> None:
        """Keep the verdicts of a table, if any of them masks something, in place of those on gone ones of its look."""
        if all(map(is_clear, classification)):
            return
        labels = frozenset(v.column for v in classification)
        gone = [key for key, schema in self._schemas.items() if key[0] == labels and _is_gone(schema.origin)]
        for key in (*gone, (labels, id(origin))):
            self._schemas.pop(key, None)
        self._schemas[labels, id(origin)] = Schema.of(seen, classification, origin)  # the newest goes to the end
        if len(self._schemas) > _REMEMBERED:
            del self._schemas[next(iter(self._schemas))]

    def renew(self, anew: Callable[[ColumnVerdict, Dataset], ColumnVerdict]) -> None:
        """Each verdict on a column of a table is ``anew`` of it from now on."""
        for key, schema in self._schemas.items():
            verdicts = {label: anew(verdict, schema.origin) for label, verdict in schema.verdicts.items()}
            self._schemas[key] = replace(schema, verdicts=verdicts)

    def forget(self, origin: Dataset) -> Schema | None:
        """Drop what is known of the table ``origin``, which is about to be judged anew; what was dropped last."""
        dropped = [schema for schema in self._schemas.values() if schema.origin is origin]
        self._schemas = {key: schema for key, schema in self._schemas.items() if schema.origin is not origin}
        return dropped[-1] if dropped else None

    def restore(self, schema: Schema | None) -> None:
        """What was dropped is still so."""
        if schema is not None:
            self._schemas[frozenset(schema.verdicts), id(schema.origin)] = schema

    def take_back(self, verdict: ColumnVerdict, entity: str, is_told: Callable[[Dataset], bool]) -> None:
        """Nobody says any more that the column of ``verdict`` holds ``entity``.

        Tables that had it from there have ``verdict``, but for those of which ``is_told`` says that somebody
        said something of theirs.
        """
        for key, schema in self._schemas.items():
            known = schema.verdicts.get(verdict.column)
            if known is not None and known.entity == entity and is_said(known) and not is_told(schema.origin):
                verdicts = {**schema.verdicts, verdict.column: verdict}
                self._schemas[key] = replace(schema, verdicts=verdicts)

    def all_of_part(self, labels: Iterable[str]) -> Iterator[Schema]:
        """The tables that have all of ``labels``, the newest first; none if there are no labels."""
        wanted = set(labels)
        if wanted:
            yield from (s for key, s in reversed(self._schemas.items()) if key[0].issuperset(wanted))

    def of_part(self, labels: Iterable[str]) -> Schema | None:
        """The newest table that has all of ``labels``; None if there are none, or no such table."""
        return next(self.all_of_part(labels), None)

    def verdict_on(self, found: ColumnVerdict, kind: Kind) -> ColumnVerdict:
        """The verdict on the newest column of the label and kind of ``found``; ``found`` if there is none."""
        alike = (s for s in self.all_of_part([found.column]) if not is_mixed(s.verdicts[found.column]))
        schema = next(alike, None)
        return schema.verdict_of(found, kind) if schema is not None else found


def _is_gone(facts: Dataset) -> bool:
    return facts.table is None or facts.table() is None
