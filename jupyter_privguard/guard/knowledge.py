"""What a session knows: the tables it met, their classes, and the values in them.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from ..frames import FrameView, described, row_labels, view
from ..frames.watch import Exact
from ..model import ColumnVerdict
from ..policy.rules import Policy
from .assess import Classification, assess
from .datasets import Dataset, Datasets, name_of_source
from .known import KnownValues
from .schemas import Schema, Schemas

__all__ = ["Knowledge"]

_FREE_TEXT = "FREE_TEXT_WITH_PII"
"""What stands in it is found by patterns and by other columns; a whole note is no value to look for."""
_STATISTICS = 16
"""Most rows of a ``describe()``."""
_WIDEST = 2000
"""Rows of a table that may be another one on its side."""


class Knowledge:
    """Learns from every table that came into being, at the latest before the next text leaves."""

    def __init__(self, policy: Policy) -> None:
        self.values = KnownValues()
        self._policy = policy
        self._datasets = Datasets()
        self._pending: list[Any] = []
        self._namespace: Mapping[str, Any] = {}
        self._schemas = Schemas()

    def watch(self, namespace: Mapping[str, Any]) -> None:
        """Tables in ``namespace``, the user's variables, are known too."""
        self._namespace = namespace

    def loaded(self, obj: Any, source: str | None) -> None:
        """``obj`` came into being, from ``source`` if it was read. It is looked at later."""
        self._pending.append(obj)
        facts = self._datasets.of(obj)
        facts.is_root = True
        if source:
            facts.source, facts.name = source, name_of_source(source)

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """``obj`` holds statistics of ``source``."""
        facts = self._datasets.of(obj)
        facts.exact, facts.source_table = exact, weakref.ref(source)

    def facts(self, obj: Any) -> Dataset:
        """What is known about the table ``obj``."""
        return self._datasets.of(obj)

    def classification(self, obj: Any, seen: FrameView) -> Classification:
        """The verdicts on ``obj``; its sensitive values are known from now on."""
        facts = self._datasets.of(obj)
        state = seen.state()
        if facts.classification is None or facts.state != state:
            facts.classification = self._assess(seen, facts)
            facts.state = state
            facts.logged = False
            self._learn(seen, facts)
        return facts.classification

    def _assess(self, seen: FrameView, facts: Dataset) -> Classification:
        found = assess(seen, policy=self._policy, dataset=facts.name, source=facts.source)
        if facts.is_root:
            return found
        if facts.exact is None and seen.rows <= _STATISTICS:
            facts.exact = described(seen)  # a description that went through round() or a selection
        source = facts.source_table() if facts.source_table is not None else None
        origin = view(source) if source is not None else None
        if origin is not None:
            return Schema({v.column: v for v in self.classification(source, origin)}, self.facts(source)).applied_to(
                found
            )
        schema = self._schemas.of_part(v.column for v in found.columns[: seen.width])
        if schema is None:
            return found
        facts.origin = schema.origin
        return schema.applied_to(found)

    def _learn(self, seen: FrameView, facts: Dataset) -> None:
        """Remember the sensitive values of a table, and what its labels mean."""
        if facts.classification is None or facts.exact is not None:
            return
        for position, verdict in enumerate(facts.classification):
            if verdict.is_sensitive and verdict.action.get("public") != "clear" and verdict.entity != _FREE_TEXT:
                self.values.learn(verdict.entity, seen.distinct(position))
        if facts.origin is None:
            self._schemas.remember((str(label) for label in seen.labels), facts.classification, facts)

    def verdicts_of_rows(self, seen: FrameView) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row.

        Recognised by its row labels: all of them are column labels of one table met before.
        """
        if not 0 < seen.rows <= _WIDEST or len(seen.labels) == seen.width:
            return {}
        names = [str(label) for label in row_labels(seen)]
        schema = self._schemas.of_part(names)
        if schema is None:
            return {}
        return {row: schema.verdicts[name] for row, name in enumerate(names) if schema.verdicts[name].is_sensitive}

    def learn(self) -> None:
        """Look at the tables that came into being or changed since the last look."""
        pending, self._pending = self._pending, []
        for obj in pending:
            seen = view(obj)
            if seen is not None:
                self.classification(obj, seen)
        for _, obj, seen in self.tables():
            self.classification(obj, seen)

    def tables(self) -> Iterator[tuple[str, Any, FrameView]]:
        """(variable, table, view) of the tables among the user's variables."""
        for name, value in list(self._namespace.items()):
            if not name.startswith("_"):
                seen = view(value)
                if seen is not None:
                    yield name, value, seen

    def variable_of(self, obj: Any) -> str | None:
        """The user's variable that holds ``obj``."""
        return next((k for k, v in list(self._namespace.items()) if v is obj and not k.startswith("_")), None)
