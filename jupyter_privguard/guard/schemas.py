"""Tables met before, by their labels: a part of one is recognised and keeps its verdicts.

``df.head()`` has too few rows to tell what its columns are, ``df.loc[0]`` lies on its side, and a
``describe()`` holds no row at all. Their labels say which table they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import ColumnVerdict
from .assess import Classification
from .datasets import Dataset

__all__ = ["Schema", "Schemas"]

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Schema:
    """The verdicts of one table by label."""

    verdicts: Mapping[str, ColumnVerdict]
    origin: Dataset

    def applied_to(self, found: Classification) -> Classification:
        """``found`` with this table's verdicts, except where ``found`` is the stricter one."""
        columns = []
        for verdict in found:
            known = self.verdicts.get(verdict.column, verdict)
            columns.append(verdict if verdict.is_sensitive and not known.is_sensitive else known)
        return Classification(tuple(columns), found.dataset)


class Schemas:
    """The last tables that held something sensitive."""

    def __init__(self) -> None:
        self._schemas: dict[frozenset[str], Schema] = {}

    def remember(self, labels: Iterable[str], classification: Classification, origin: Dataset) -> None:
        """Keep the verdicts of a table, if any of them masks something."""
        if not any(v.is_sensitive and v.action.get("public") != "clear" for v in classification):
            return
        key = frozenset(labels)
        self._schemas.pop(key, None)  # the newest goes to the end
        self._schemas[key] = Schema({v.column: v for v in classification}, origin)
        if len(self._schemas) > _REMEMBERED:
            del self._schemas[next(iter(self._schemas))]

    def of_part(self, labels: Iterable[str]) -> Schema | None:
        """The newest table that has all of ``labels``; None if there are none, or no such table."""
        wanted = set(labels)
        if not wanted:
            return None
        return next((s for key, s in reversed(self._schemas.items()) if key.issuperset(wanted)), None)
