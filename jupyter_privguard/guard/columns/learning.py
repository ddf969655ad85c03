"""What is learned from a table that was classified. Not thread-safe: the session holds the lock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ...frames import FrameView, Kind
from ...frames.nested import is_nested
from ...model import FREE_TEXT, ColumnVerdict
from ...policy.masks import hides_as_much
from ...policy.rules import Policy
from ..overrides.statements import Column
from ..tables.masked_copies import is_masked_already
from ..texts.known import KnownValues
from .assess import column_names
from .datasets import Dataset
from .evidence import Evidence
from .labels import values_in_labels
from .naming import TableNames, owner_of
from .numbers import KnownNumbersAndDays, are_days, is_mixed, number_in
from .released import Released
from .schemas import Schemas
from .verdicts import Classification, entity_of, is_clear

__all__ = ["Learning"]


class Learning:
    """Fills ``values``, ``numbers``, ``released``, ``evidence`` and ``schemas``; of masked copies only ``copied``."""

    def __init__(
        self,
        policy: Policy,
        names: TableNames,
        *,
        values: KnownValues,
        numbers: KnownNumbersAndDays,
        released: Released,
        evidence: Evidence,
        schemas: Schemas,
        copied: Schemas,
    ) -> None:
        self._policy = policy
        self._names = names
        self._values = values
        self._numbers = numbers
        self._released = released
        self._evidence = evidence
        self._schemas = schemas
        self._copied = copied

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy

    def learn(self, seen: FrameView, facts: Dataset, found: Classification, positions: Iterable[int]) -> None:
        """Remember the sensitive values of a table's columns at ``positions``."""
        if facts.exact is not None:
            return
        dataset, is_own, lowered = self._names.data_set(facts), self._names.is_own(facts), self._lowered_in(found)
        columns = [Column(dataset, label) for label in column_names(seen)]
        heads = values_in_labels(seen.labels, found)
        for at in positions:
            verdict, column = found[at], columns[at]
            if is_masked_already(verdict):
                continue  # what a mask left is nobody's value
            if not is_clear(verdict):
                for entity, values in self._values_of(seen, at, verdict):
                    domain = verdict.domain if entity == verdict.entity else ""
                    values = [*values, heads[at]] if at in heads and entity == verdict.entity else values
                    self._values.learn(entity, values, column=column, domain=domain, is_derived=not facts.is_root)
            if is_own and at in lowered:
                given = found.replaced.get(at, verdict) if at in found.by_policy else None
                self._released.learn(column, seen.distinct(at), is_for_all=at in found.released, by_policy=given)
            if is_own and verdict.is_sensitive and not is_mixed(verdict) and _has_numbers(seen, at):
                self._numbers.learn(verdict, seen.distinct(at), column=column)
            if is_own and not is_clear(verdict) and _has_days(seen, at):
                self._numbers.days.learn(verdict, seen.distinct(at), column=column)
            if is_own and not is_clear(verdict) and at < seen.width and seen.sample(at):
                self._evidence.hides(column, facts, verdict.entity)

    def remember(self, seen: FrameView, facts: Dataset, found: Classification) -> None:
        """Remember what the labels of a table of its own mean."""
        self._copied.forget(facts)
        if any(map(is_masked_already, found)):
            # What a copy shows of its columns is no reason to show more of others: it explains its own rows.
            self._copied.remember(seen, found, facts)
            return
        if not self._names.is_own(facts):
            return
        if facts.is_part:
            self._evidence.forget(owner_of(facts))
        # Another table may look the same: what this one shows more of is no reason to show more of that.
        lowered = self._lowered_in(found)
        guarded = (found.alone[at] if at in lowered else verdict for at, verdict in enumerate(found))
        self._schemas.remember(seen, replace(found, columns=tuple(guarded)), facts)

    def _values_of(self, seen: FrameView, position: int, verdict: ColumnVerdict) -> Iterable[tuple[str, list[Any]]]:
        """The values of a sensitive column by entity; those within lists and records too."""
        if verdict.entity == FREE_TEXT and seen.kind(position) is not Kind.OTHER:
            return ()
        values = seen.distinct(position)
        if not any(map(is_nested, set(map(type, values)))):
            return () if verdict.entity == FREE_TEXT else ((verdict.entity, values),)
        # Not needed before the first such table.
        from ...classification.classifier import classify
        from ...classification.nested import values_within

        return values_within(values, verdict.entity, partial(classify, patterns=self._policy.all_patterns))

    def _lowered_in(self, found: Classification) -> set[int]:
        """The positions of which some tier sees more because a person or the policy said so."""
        return {
            at
            for at, verdict in found.alone.items()
            if not hides_as_much(entity_of(verdict), entity_of(found[at]), self._policy)
        }


def _has_numbers(seen: FrameView, position: int) -> bool:
    """Whether a column holds numbers, or texts of nothing but numbers and amounts."""
    kind = seen.kind(position)
    if kind is Kind.TEXT:
        return all(isinstance(value, str) and number_in(value) is not None for value in seen.sample(position))
    return kind in (Kind.INTEGER, Kind.NUMBER)


def _has_days(seen: FrameView, position: int) -> bool:
    """Whether a column holds dates, or texts of nothing but dates."""
    kind = seen.kind(position)
    if kind in (Kind.TEXT, Kind.INTEGER, Kind.OTHER):  # Python's own dates have no kind of their own
        return are_days(seen.sample(position))
    return kind is Kind.DATETIME
