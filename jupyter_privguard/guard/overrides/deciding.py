"""What a person said of a column, decided anew wherever a table with such a column is met.

An override is honoured where whoever runs the session may still say so: a stored one too, for the right to lower
a class may have been taken away since. It is the last word on a column, after classifier, policy and what is
known from other tables, and changes that column alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ...model import ColumnVerdict, Decision, Principal
from ...policy.decide import decide_override
from ...policy.masks import class_in, hides_as_much
from ...policy.rules import Policy
from ..columns.assess import Classification, acting
from ..columns.verdicts import entity_of
from .statements import Column, DataSet, Override, Overrides

__all__ = ["Applied", "Deciding", "Fact", "fact", "is_said", "said"]

Fact = tuple[object, ...]
_LONGEST = 200
_SAID = "override: decided by "


class Applied(NamedTuple):
    """An override that was met with its column, and what became of it."""

    override: Override
    column: Column
    before: str
    """The entity that the column would have without it."""
    answer: Decision


class Deciding:
    """Applies ``overrides`` as ``principal`` under ``policy``. Not thread-safe: the session holds the lock."""

    def __init__(self, policy: Policy, principal: Principal, overrides: Overrides) -> None:
        self.overrides = overrides
        self.applied: dict[Fact, Applied] = {}
        """What was met since the session looked last."""
        self._policy = policy
        self._principal = principal

    def use(self, policy: Policy) -> None:
        """``policy`` decides from now on."""
        self._policy = policy

    def on_own(self, found: Classification, labels: Sequence[str], dataset: DataSet | None) -> Classification:
        """``found`` on a table that is ``dataset`` itself, with what was said of its columns."""
        if dataset is None or not self.overrides:
            return found
        return self._changed(found, ((at, Column(dataset, label), True) for at, label in enumerate(labels)))

    def on_part(
        self,
        found: Classification,
        places: Iterable[tuple[int, str]],
        dataset: DataSet | None,
        lowered: Callable[[int, str], Column | None],
    ) -> Classification:
        """``found`` on a table that was made from another one, perhaps from ``dataset``.

        ``places`` are the positions and labels to look at. A column is hidden as it is there. It is shown as a
        column that somebody lowered only where ``lowered`` says that it is a part of this one.
        """
        if not self.overrides:
            return found
        own = set(found.replaced)
        positions = {at: label for at, label in places if at not in own}  # its own word is the last
        found = self._changed(found, ((at, Column(dataset, label), False) for at, label in positions.items()))
        left = ((at, label) for at, label in positions.items() if at not in found.replaced)
        sources = [(at, lowered(at, label)) for at, label in left]
        return self._changed(found, ((at, column, True) for at, column in sources if column is not None))

    def _changed(self, found: Classification, places: Iterable[tuple[int, Column, bool]]) -> Classification:
        columns, replaced = list(found), dict(found.replaced)
        for at, column, may_lower in places:
            for override, is_own in self.overrides.on(column):
                alone = replaced.get(at, columns[at])
                verdict = self._verdict(alone, columns[at], override, column, may_lower=may_lower and is_own)
                if verdict is not None:
                    replaced[at], columns[at] = alone, verdict
        return replace(found, columns=tuple(columns), replaced=replaced) if replaced else found

    def _verdict(
        self, alone: ColumnVerdict, now: ColumnVerdict, override: Override, column: Column, *, may_lower: bool
    ) -> ColumnVerdict | None:
        """The verdict by ``override`` on what is found ``alone``, and counts as ``now`` by overrides before it."""
        before = entity_of(alone)
        answer = decide_override(self._principal, before, override.entity, self._policy)
        is_raise = answer.rule == "raise" and hides_as_much(entity_of(now), override.entity, self._policy)
        if not is_raise and not may_lower:
            return None
        if override.saved:
            self.applied[fact(override, is_allowed=answer.allowed)] = Applied(override, column, before, answer)
        by = self.overrides.names.of(override.by).shown[:_LONGEST]
        return said(alone, override.entity, self._policy, by=by) if answer.allowed else None


def fact(override: Override, *, is_allowed: bool) -> Fact:
    """What is logged once a session: a word, not only the column that it is about."""
    return (*override.key, override.entity, override.since, is_allowed)


def is_said(verdict: ColumnVerdict) -> bool:
    """Whether a verdict is what somebody said, of this column or of the one that it was taken for."""
    return bool(verdict.evidence) and verdict.evidence[0].startswith(_SAID)


def said(verdict: ColumnVerdict, entity: str, policy: Policy, *, by: str) -> ColumnVerdict:
    """``verdict`` after somebody said that its column holds ``entity``."""
    found = [reason.removeprefix("found: ") for reason in verdict.evidence if not reason.startswith(_SAID)]
    chosen = replace(
        verdict,
        entity=entity,
        data_class=class_in(policy, entity),
        confidence=1.0,
        evidence=(f"{_SAID}{by}", *(f"found: {reason}" for reason in found)),
    )
    return acting(chosen, policy)
