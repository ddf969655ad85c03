"""What a session knows: the tables it met, their classes, and the values in them.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..frames import FrameView, Kind, described, first_column, row_labels, view
from ..frames.watch import Exact, Statistic
from ..model import ColumnVerdict
from ..policy.rules import Policy
from .assess import Classification, acting, assess
from .datasets import SMALLEST_GROUP, Dataset, Datasets, name_of_source
from .known import KnownValues
from .numbers import KnownNumbers
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
        self.numbers = KnownNumbers()
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
            return self._with_numbers(found, seen, range(seen.width))
        if facts.exact is None and seen.rows <= _STATISTICS:
            facts.exact = described(seen)  # a description that went through round() or a selection
        schema = (
            self._schema_of_source(facts)
            or self._schemas.of_part(v.column for v in found.columns[: seen.width])
            or self._schemas.of_part(_sources(facts.exact))
        )
        if schema is not None:
            facts.origin = schema.origin
            if facts.exact is None:
                found = schema.applied_to(found, seen)
            elif facts.exact.columns is None:
                found = schema.applied_to_statistics(found)
            else:
                found = self._of_sources(found, seen, schema, facts.exact.columns)
        if facts.exact is None:
            found = self._with_origins(found, seen, schema)
        return self._with_levels(found, seen)

    def _of_sources(
        self, found: Classification, seen: FrameView, schema: Schema, about: Mapping[Hashable, Statistic]
    ) -> Classification:
        """``found`` with each column of statistics judged by the column it is about."""
        columns = list(found)
        for position, label in enumerate(seen.labels[: seen.width]):
            known = schema.verdicts.get(str(about[label].source)) if label in about else None
            if known is not None:
                columns[position] = replace(acting(known, self._policy), column=found[position].column)
        return replace(found, columns=tuple(columns))

    def _with_levels(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` with index levels (``value_counts()``, group keys) judged by the column they are named after."""
        columns = list(found)
        for position in range(seen.width, len(columns)):
            if not columns[position].is_sensitive:
                columns[position] = self._schemas.verdict_on(columns[position], seen.kind(position))
        return replace(found, columns=tuple(columns))

    def _with_origins(self, found: Classification, seen: FrameView, schema: Schema | None) -> Classification:
        """``found`` with columns that no one table explains judged by where their label or values come from."""
        columns = list(found)
        unexplained = []
        for position, verdict in enumerate(found):
            if verdict.is_sensitive or (schema is not None and schema.explains(verdict, seen.kind(position))):
                continue
            kind = seen.kind(position)
            by_label = self._schemas.verdict_on(verdict, kind) if schema is None else verdict
            if by_label is not verdict:
                columns[position] = by_label
            else:
                unexplained.append(position)
        return self._with_numbers(replace(found, columns=tuple(columns)), seen, unexplained)

    def _with_numbers(self, found: Classification, seen: FrameView, positions: Iterable[int]) -> Classification:
        """``found`` with those of the columns ``positions`` that hold a known column's numbers judged as it is."""
        if not self.numbers:
            return found
        columns = list(found)
        kinds = {p: seen.kind(p) for p in positions if not found[p].is_sensitive}
        samples = {p: seen.sample(p) for p, kind in kinds.items() if kind in (Kind.INTEGER, Kind.NUMBER, Kind.TEXT)}
        for position, known in self._by_values(samples).items():
            verdict = acting(known, self._policy)
            columns[position] = replace(verdict, column=found[position].column)
        return replace(found, columns=tuple(columns))

    def _by_values(self, samples: Mapping[int, list[Any]]) -> dict[int, ColumnVerdict]:
        """Verdicts on the columns whose values prove where they are from; all of a pivot may prove it together."""
        found = {position: self.numbers.verdict_of(sample) for position, sample in samples.items()}
        if len(samples) > 1 and not any(found.values()):
            together = self.numbers.verdict_of([value for sample in samples.values() for value in sample])
            found = dict.fromkeys(samples, together)
        return {position: verdict for position, verdict in found.items() if verdict is not None}

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
            for position, verdict in enumerate(facts.classification):
                if verdict.is_sensitive and seen.kind(position) in (Kind.INTEGER, Kind.NUMBER):
                    self.numbers.learn(verdict, seen.distinct(position))
            self._schemas.remember(seen, facts.classification, facts)

    def verdicts_of_rows(self, obj: Any, seen: FrameView) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row.

        Recognised by its row labels: all of them are column labels of one table met before.
        Statistics of columns (``df.isna().mean()``) have the same labels and are no row.
        """
        exact = self.facts(obj).exact
        if exact is not None and exact.columns is not None:
            return {}
        if not 0 < seen.rows <= _WIDEST or len(seen.labels) == seen.width:
            return {}
        if exact is not None and exact.rows is not None and not set(exact.rows).intersection(seen.labels):
            return {}
        names = [str(label) for label in row_labels(seen)]
        schema = self._schemas.of_part(names)
        cells = first_column(seen)
        if schema is None or not schema.is_row(names, cells):
            return {}
        # Of many rows a number is nobody's own any more; a sum of texts still holds all of them.
        own = exact is None or exact.rows is not None or exact.group_size < SMALLEST_GROUP
        return {
            row: schema.verdicts[name]
            for row, (name, cell) in enumerate(zip(names, cells, strict=True))
            if schema.verdicts[name].is_sensitive and (own or isinstance(cell, str))
        }

    def learn(self) -> None:
        """Look at the tables that came into being or changed since the last look."""
        pending, self._pending = self._pending, []
        for obj in pending:
            self._readable(obj)
        for _ in self.tables():
            pass

    def tables(self) -> Iterator[tuple[str, Any, FrameView]]:
        """(variable, table, view) of the tables among the user's variables, all of them classified."""
        for name, value in list(self._namespace.items()):
            if not name.startswith("_"):
                seen = self._readable(value)
                if seen is not None:
                    yield name, value, seen

    def _readable(self, obj: Any) -> FrameView | None:
        """The view of a table that could be classified; None for one that could not.

        That one (a label whose own code fails) is withheld when it is shown, and must not take
        every other output with it.
        """
        try:
            seen = view(obj)
            if seen is not None:
                self.classification(obj, seen)
        except Exception:  # noqa: BLE001 - whatever is in a table may raise whatever it likes
            return None
        return seen

    def variable_of(self, obj: Any) -> str | None:
        """The user's variable that holds ``obj``."""
        return next((k for k, v in list(self._namespace.items()) if v is obj and not k.startswith("_")), None)


def _sources(exact: Exact | None) -> set[str]:
    """Labels of the columns that a table of statistics is about."""
    about = exact.columns if exact is not None and exact.columns is not None else {}
    return {str(statistic.source) for statistic in about.values()}
