"""What a session knows: the tables it met, their classes, and the values in them.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ..classification.spans import find_spans
from ..errors import StateError
from ..frames import FrameView, Kind, first_column, row_labels, view
from ..frames.watch import Exact
from ..model import ColumnVerdict
from ..policy.decide import hides_as_much
from ..policy.rules import Policy
from .assess import Classification, assess, column_names, is_clear
from .datasets import Dataset, Datasets, name_of_source
from .deciding import Deciding, entity_of
from .derived import DerivedTables
from .known import KnownValues, as_text
from .numbers import KnownNumbers
from .overrides import Column, DataSet
from .pins import DomainPins
from .released import Released
from .schemas import Schema, Schemas

__all__ = ["Knowledge"]

_FREE_TEXT = "FREE_TEXT_WITH_PII"
"""What stands in it is found by patterns and by other columns; a whole note is no value to look for."""


class Knowledge:
    """Learns from every table that came into being, at the latest before the next text leaves."""

    def __init__(self, policy: Policy, deciding: Deciding, *, pins: DomainPins | None = None) -> None:
        self.values = KnownValues()
        self.numbers = KnownNumbers()
        self.released = Released(partial(find_spans, patterns=policy.all_patterns))
        self._policy = policy
        self._deciding = deciding
        self._pins = pins
        self._datasets = Datasets()
        self._pending: list[Any] = []
        self._namespace: Mapping[str, Any] = {}
        self._schemas = Schemas()
        self._derived = DerivedTables(policy, self._schemas, self.numbers, self._schema_of_source)

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
        table, revision = seen.state(), self._deciding.overrides.revision
        state = (table, revision, self.data_set(obj) if self._deciding.overrides else None)
        before = facts.classification
        if before is None or facts.state != state:
            is_same = before is not None and isinstance(facts.state, tuple) and facts.state[0] == table
            if is_same:  # what was said of columns has changed, and with it perhaps what is known of others
                self._schemas.forget(facts)
            is_own = is_same and facts.origin is None and facts.exact is None
            facts.classification = self._assess(obj, seen, facts, is_own=is_own)
            facts.state = state
            facts.logged = facts.logged and is_same and before == facts.classification
            self._learn(obj, seen, facts)
            return facts.classification
        return before

    def data_set(self, obj: Any) -> DataSet | None:
        """What people call the table ``obj``: its data set, that of the table it is a part of, or its variable."""
        facts = self._datasets.of(obj)
        owner = _owner(facts)
        if owner.source:
            return DataSet(owner.name or name_of_source(owner.source))
        name = owner.name or (self.variable_of(obj) if owner is facts else None)
        return DataSet(name, is_variable=True) if name else None

    def keep_names(self) -> None:
        """Tables that have no name yet keep that of their variable."""
        for name, obj, _ in self.tables():
            facts = self._datasets.of(obj)
            if facts.origin is None and facts.name is None:
                facts.name = name

    def _assess(self, obj: Any, seen: FrameView, facts: Dataset, *, is_own: bool) -> Classification:
        found = self._assessed(seen, facts)
        found = self._derived.judged(found, seen, facts, is_own=is_own)
        labels = column_names(seen)
        is_own = facts.origin is None and facts.exact is None
        dataset = self.data_set(obj) if self._deciding.overrides else None
        if is_own:
            found = self._deciding.on_own(found, labels, dataset)
        if facts.is_root:
            return found
        # A column of statistics is judged by the one it is about, which may have another label.
        places = list(enumerate(labels))[0 if facts.exact is None else seen.width :]
        return self._deciding.on_part(
            found,
            places,
            None if is_own else dataset,
            lambda at, label: self._lowered(label, lambda: seen.distinct(at)),
        )

    def _assessed(self, seen: FrameView, facts: Dataset) -> Classification:
        try:
            return assess(seen, policy=self._policy, dataset=facts.name, source=facts.source, pins=self._pins)
        except StateError as error:
            # Which domain a token has must not decide whether a table's values are known.
            self._pins = None
            print(f"{error} Until then tokens have the policy's domains.", file=sys.stderr)
            return self._assessed(seen, facts)

    def _lowered(self, label: str, distinct: Callable[[], list[Any]]) -> Column | None:
        """The lowered column of which the ``distinct`` values are a part; None if they may be another one's."""
        if not self.released.has(label):
            return None
        values = distinct()
        for column in self.released.columns_of(label, values):
            holders = [*self.values.columns_with(values), *self.numbers.columns_with(values)]
            others = [c for c in holders if isinstance(c, Column) and c.label == label and c != column]
            if any(as_text(value) is None and not isinstance(value, float) for value in values):  # dates, and the like
                named = (self._name_of(origin) for origin in self._schemas.origins_of(label))
                others += [Column(dataset, label) for dataset in named if dataset != column.dataset]
            if not others:
                return column
        return None

    def _name_of(self, facts: Dataset) -> DataSet | None:
        owner = _owner(facts)
        return DataSet(owner.name, is_variable=not owner.source) if owner.name else None

    def _schema_of_source(self, facts: Dataset) -> Schema | None:
        """The verdicts on the table that statistics are about, while it lives."""
        source = facts.source_table() if facts.source_table is not None else None
        origin = view(source) if source is not None else None
        if origin is None:
            return None
        return Schema.of(origin, self.classification(source, origin), self.facts(source))

    def _learn(self, obj: Any, seen: FrameView, facts: Dataset) -> None:
        """Remember the sensitive values of a table, and what its labels mean."""
        found = facts.classification
        if found is None or facts.exact is not None:
            return
        dataset = self.data_set(obj)
        columns = [Column(dataset, label) for label in column_names(seen)]
        for position, verdict in enumerate(found):
            if not is_clear(verdict) and verdict.entity != _FREE_TEXT:
                values = seen.distinct(position)
                self.values.learn(verdict.entity, values, column=columns[position], is_derived=not facts.is_root)
        if facts.origin is None:
            lowered = self._lowered_in(found)
            for position in lowered:
                self.released.learn(columns[position], seen.distinct(position), clear=position in found.released)
            for position, verdict in enumerate(found):
                if verdict.is_sensitive and seen.kind(position) in (Kind.INTEGER, Kind.NUMBER):
                    self.numbers.learn(verdict, seen.distinct(position), column=columns[position])
            # Another table may look the same: what this one shows more of is no reason to show more of that.
            guarded = (found.replaced[at] if at in lowered else verdict for at, verdict in enumerate(found))
            self._schemas.remember(seen, replace(found, columns=tuple(guarded)), facts)

    def _lowered_in(self, found: Classification) -> set[int]:
        """The positions of which some tier sees more because a person said so."""
        return {
            at
            for at, verdict in found.replaced.items()
            if not hides_as_much(entity_of(verdict), entity_of(found[at]), self._policy)
        }

    def changed(
        self, obj: Any, seen: FrameView, verdicts: Mapping[int, ColumnVerdict], *, is_raised: bool, is_released: bool
    ) -> None:
        """The columns of ``obj``, all of one label, count as ``verdicts`` from now on: what is known follows.

        ``is_raised``: nobody sees more than before; ``is_released``: everybody sees what is masked on its own.

        The overrides must say so already. What was learned from a lowered column is forgotten, also where it was
        read into a table that is gone; what other columns hold too stays known.
        """
        facts = self._datasets.of(obj)
        position, verdict = next(iter(verdicts.items()))
        column = Column(self.data_set(obj), column_names(seen)[position])
        values = [value for at in verdicts for value in seen.distinct(at)]
        entity = None if is_clear(verdict) or verdict.entity == _FREE_TEXT else verdict.entity
        back = self.released.forget(column)
        sources = self._sources(column, values, facts)
        self.values.judge(column, entity, values=values, sources=sources, first=is_raised)
        self.numbers.judge(column, verdict if verdict.is_sensitive else None)
        if entity is not None:
            self.values.learn(entity, back, column=column)
        if is_released:
            # For a part of a table that is gone this is the proof that it is the lowered column.
            self.released.learn(column, values, clear=True)
        self.classification(obj, seen)
        self.learn()

    def _sources(self, column: Column, values: list[Any], facts: Dataset) -> list[Hashable]:
        """The other columns that a table's column came from, as far as that shows: same label, all of its values."""
        holders = self.values.columns_with(values)
        return [
            holder
            for holder in holders
            if isinstance(holder, Column)
            and holder != column
            and holder.label == column.label
            and (holder.dataset is None or not facts.is_root)
        ]

    def verdicts_of_rows(self, obj: Any, seen: FrameView) -> dict[int, ColumnVerdict]:
        """For a table turned on its side (``df.loc[0]``, ``df.T``): the verdicts by row."""
        verdicts = self._derived.verdicts_of_rows(seen, self.facts(obj).exact)
        if not verdicts or seen.width > 1 or not self.released:
            return verdicts
        names, cells = [str(label) for label in row_labels(seen)], first_column(seen)
        return {
            row: verdict
            for row, verdict in verdicts.items()
            if self._lowered(names[row], partial(list, cells[row : row + 1])) is None
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


def _owner(facts: Dataset) -> Dataset:
    """The table that ``facts`` are about, or the one that it is a part of."""
    met = {id(facts)}
    while facts.origin is not None and id(facts.origin) not in met:
        facts = facts.origin
        met.add(id(facts))
    return facts
