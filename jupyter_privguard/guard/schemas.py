"""Tables met before, by their labels: a part of one is recognised and keeps its verdicts.

``df.head()`` has too few rows to tell what its columns are, ``df.loc[0]`` lies on its side, and a
``describe()`` holds no row at all. Their labels say which table they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Number
from typing import Any

from ..frames import FrameView, Kind
from ..model import ColumnVerdict
from .assess import Classification, is_clear
from .datasets import Dataset

__all__ = ["Schema", "Schemas"]

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Schema:
    """The verdicts and kinds of the columns of one table, by label."""

    verdicts: Mapping[str, ColumnVerdict]
    kinds: Mapping[str, Kind]
    origin: Dataset

    @classmethod
    def of(cls, seen: FrameView, classification: Classification, origin: Dataset) -> Schema:
        """The schema of the table ``seen``."""
        kinds = {v.column: seen.kind(position) for position, v in enumerate(classification)}
        return cls({v.column: v for v in classification}, kinds, origin)

    def applied_to(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with this table's verdicts, except where ``found`` is the stricter one.

        A column of another kind than here is another column: ``df.isna()`` holds nobody's age.
        """
        columns = []
        for position, verdict in enumerate(found):
            known = self.verdicts.get(verdict.column)
            if known is None or not _alike(self.kinds[verdict.column], seen.kind(position)):
                known = verdict
            columns.append(verdict if verdict.is_sensitive and not known.is_sensitive else known)
        return replace(found, columns=tuple(columns))

    def verdict_of(self, found: ColumnVerdict, kind: Kind) -> ColumnVerdict:
        """The verdict on what has the label of one of these columns, if it is of its kind too."""
        return self.verdicts[found.column] if _alike(self.kinds[found.column], kind) else found

    def explains(self, verdict: ColumnVerdict, kind: Kind) -> bool:
        """Whether a column of this table has the label and kind of ``verdict``'s."""
        return verdict.column in self.kinds and _alike(self.kinds[verdict.column], kind)

    def applied_to_statistics(self, found: Classification) -> Classification:
        """As `applied_to`, for a table whose numbers are statistics of these columns, of whatever kind."""
        columns = (self.verdicts.get(verdict.column, verdict) for verdict in found)
        return replace(found, columns=tuple(columns))

    def is_row(self, labels: Sequence[str], values: Sequence[Any]) -> bool:
        """Whether ``values`` may be one row of this table, not a statistic of each of its columns."""
        texts = [v for label, v in zip(labels, values, strict=True) if self.kinds[label] is Kind.TEXT and not _null(v)]
        numbers = [v for label, v in zip(labels, values, strict=True) if self.kinds[label] in _NUMBERS and not _null(v)]
        return all(isinstance(v, str) for v in texts) and all(
            isinstance(v, Number) and not isinstance(v, bool) for v in numbers
        )


_NUMBERS = (Kind.INTEGER, Kind.NUMBER)


def _alike(one: Kind, other: Kind) -> bool:
    return one is other or (one in _NUMBERS and other in _NUMBERS) or Kind.OTHER in (one, other)


def _null(value: Any) -> bool:
    return value is None or value != value


class Schemas:
    """The last tables that held something sensitive."""

    def __init__(self) -> None:
        self._schemas: dict[frozenset[str], Schema] = {}

    def remember(self, seen: FrameView, classification: Classification, origin: Dataset) -> None:
        """Keep the verdicts of a table, if any of them masks something."""
        if all(map(is_clear, classification)):
            return
        key = frozenset(v.column for v in classification)
        self._schemas.pop(key, None)  # the newest goes to the end
        self._schemas[key] = Schema.of(seen, classification, origin)
        if len(self._schemas) > _REMEMBERED:
            del self._schemas[next(iter(self._schemas))]

    def forget(self, origin: Dataset) -> None:
        """Drop what is known of the table ``origin``: it is about to be judged anew."""
        self._schemas = {key: schema for key, schema in self._schemas.items() if schema.origin is not origin}

    def origins_of(self, label: str) -> list[Dataset]:
        """The tables that have a column of this label in which something is masked."""
        found = (schema for schema in self._schemas.values() if label in schema.verdicts)
        return [schema.origin for schema in found if not is_clear(schema.verdicts[label])]

    def of_part(self, labels: Iterable[str]) -> Schema | None:
        """The newest table that has all of ``labels``; None if there are none, or no such table."""
        wanted = set(labels)
        if not wanted:
            return None
        return next((s for key, s in reversed(self._schemas.items()) if key.issuperset(wanted)), None)

    def verdict_on(self, found: ColumnVerdict, kind: Kind) -> ColumnVerdict:
        """The verdict on the newest column of the label and kind of ``found``; ``found`` if there is none."""
        schema = self.of_part([found.column])
        return schema.verdict_of(found, kind) if schema is not None else found
