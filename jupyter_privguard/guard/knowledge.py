"""What a session knows: the tables it met, their classes, and the values in them.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from ..frames import FrameView, described, first_column, row_labels, view
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

    def derived(self, obj: Any, source: Any) -> None:
        """``obj`` was made from ``source`` alone: rounded, sorted or cut statistics are still statistics."""
        known = self._datasets.known(source)
        if known is not None and known.exact is not None and obj is not source:
            facts = self._datasets.of(obj)
            facts.exact, facts.source_table = known.exact, known.source_table

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
        schema = self._schema_of_source(facts) or self._schemas.of_part(v.column for v in found.columns[: seen.width])
        if schema is not None:
            facts.origin = schema.origin
            found = schema.applied_to(found, seen) if facts.exact is None else schema.applied_to_statistics(found)
        return self._with_levels(found, seen)

    def _with_levels(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with index levels (``value_counts()``, group keys) judged by the column they are named after."""
        columns = list(found)
        for position in range(seen.width, len(columns)):
            schema = self._schemas.of_part([columns[position].column])
            if schema is not None and not columns[position].is_sensitive:
                columns[position] = schema.verdict_of_level(columns[position], seen.kind(position))
        return Classification(tuple(columns), found.dataset)

    def _schema_of_source(self, facts: Dataset) -> Schema | None:
        """The verdicts on the table that statistics are about, while it lives."""
        source = facts.source_table() if facts.source_table is not None else None
        origin = view(source) if source is not None else None
        if origin is None:
            return None
        return Schema.of(origin, self.classification(source, origin), self.facts(source))

    def _learn(self, seen: FrameView, facts: Dataset) -> None:
        """Remember the sensitive values of a table, and what its labels mean."""
        if facts.classification is None or facts.exact is not None:
            return
        for position, verdict in enumerate(facts.classification):
            if verdict.is_sensitive and verdict.action.get("public") != "clear" and verdict.entity != _FREE_TEXT:
                self.values.learn(verdict.entity, seen.distinct(position))
        if facts.origin is None:
            self._schemas.remember(seen, facts.classification, facts)

    def verdicts_of_rows(self, obj: Any, seen: FrameView) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row.

        Recognised by its row labels: all of them are column labels of one table met before.
        Statistics of columns (``df.isna().mean()``) have the same labels and are no row.
        """
        exact = self.facts(obj).exact
        if not 0 < seen.rows <= _WIDEST or len(seen.labels) == seen.width:
            return {}
        if exact is not None and (exact.rows is None or not set(exact.rows).intersection(seen.labels)):
            return {}
        names = [str(label) for label in row_labels(seen)]
        schema = self._schemas.of_part(names)
        if schema is None or not schema.is_row(names, first_column(seen)):
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
