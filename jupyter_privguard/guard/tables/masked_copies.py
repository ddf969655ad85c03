"""Copies that `jupyter_privguard.mask` made: they and their parts are not masked again where that would show no less.

A part is known by its values, for a method may put others in their place. Kept in memory only.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...frames import FrameView, row_cells, row_labels
from ...model import ColumnVerdict, DataClass, Operator, Tier
from ...policy.rules import STRICTNESS, Policy
from ..columns.assess import Classification, acting, column_names
from ..columns.evidence import Evidence
from ..columns.labels import short_handle
from ..columns.released import Released
from ..overrides.statements import Column, DataSet

if TYPE_CHECKING:
    from .copying import Judged

__all__ = ["MaskedCopies", "is_masked_already", "shortened"]

_COPIES = {operator: DataSet(f"a copy masked by {operator.value}") for operator in Operator}
_OPERATORS = {dataset: operator for operator, dataset in _COPIES.items()}
_ALREADY = "masked already: by jupyter_privguard.mask"
_MOST = 200_000
"""Distinct values of a column; a longer one is masked again, which shows no more."""
_OPAQUE = frozenset({Operator.ENCRYPT, Operator.SURROGATE, Operator.TOKEN, Operator.REDACT})
"""What tells nothing of a value by itself: another mask over it hides no more, but for one that leaves nothing."""


def _no_spans(_text: str) -> tuple[()]:
    return ()


class MaskedCopies:
    """What stands in masked copies."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = Released(_no_spans)

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy

    def learn(self, copy: FrameView, judged: Judged, tier: Tier) -> None:
        """``copy`` was made for ``tier`` of a table that was ``judged`` so."""
        heads, labels = copy.heads, column_names(copy)
        for at, operator in _operators(enumerate(judged.columns), tier).items():
            if at < len(labels):
                self._learn(labels[at], copy.distinct(at), operator)
        for level, operator in _operators(judged.heads.items(), tier).items():
            self._learn(column_names(heads[level])[0], heads[level].distinct(0), operator)
        for row, operator in _operators(judged.rows.items(), tier).items():
            self._learn(str(row_labels(copy)[row]), row_cells(copy, row), operator)

    def _learn(self, label: str, values: Sequence[Any], operator: Operator) -> None:
        """``operator`` made these ``values`` of something called ``label``."""
        if len(values) <= _MOST:
            self._values.learn(Column(_COPIES[operator], label), values, is_for_all=False)

    def judged(self, found: Classification, seen: FrameView, evidence: Evidence) -> Classification:
        """``found`` with what stands in a masked copy, and in no hidden column, shown as it is."""
        if not self._values:
            return found
        columns = list(found)
        for at, label in enumerate(column_names(seen)):
            if at not in found.replaced:
                columns[at] = self.verdict(columns[at], label, partial(seen.distinct, at), evidence)
        return replace(found, columns=tuple(columns))

    def verdict(
        self, found: ColumnVerdict, label: str, distinct: Callable[[], list[Any]], evidence: Evidence
    ) -> ColumnVerdict:
        """``found`` on what is called ``label``, if a copy holds its ``distinct`` values as one without a mask."""
        if not self._values:
            return found
        column = evidence.lowered(label, distinct, self._values) or self._of_handles(label, distinct)
        if column is None or column.dataset is None:
            return found
        made = _OPERATORS[column.dataset]
        return self._shown_at([tier for tier in Tier if _hides_as_much(made, found, tier)], found)

    def on_copy(self, found: Classification, seen: FrameView, tier: Tier) -> Classification:
        """``found`` on a copy for ``tier`` itself: a column is masked while its values are those that were masked."""
        columns = list(found)
        for at, label in enumerate(column_names(seen)):
            if columns[at].action.get(tier.label, Operator.CLEAR.value) != Operator.CLEAR.value:
                values = seen.distinct(at)
                made = [_OPERATORS[c.dataset] for c in self._values.columns_of(label, values) if c.dataset is not None]
                if len(values) > _MOST or any(_hides_as_much(one, columns[at], tier) for one in made):
                    columns[at] = self._shown_at([tier], columns[at])
        return replace(found, columns=tuple(columns))

    def _shown_at(self, tiers: Collection[Tier], found: ColumnVerdict) -> ColumnVerdict:
        """``found`` on masked values that ``tiers`` may see as they are."""
        action = {**found.action, **{tier.label: Operator.CLEAR.value for tier in tiers}}
        if any(operator != Operator.CLEAR.value for operator in action.values()):
            return replace(found, evidence=(_ALREADY,), action=action)
        return acting(replace(found, entity="NONE", data_class=DataClass.NONE, evidence=(_ALREADY,)), self._policy)

    def _of_handles(self, label: str, distinct: Callable[[], list[Any]]) -> Column | None:
        """The column of a copy that holds all values, which are full handles: nothing that is hidden looks so.

        Of a hidden table that is gone nobody can tell any more that other values are not among its own.
        """
        if not self._values.has(label):
            return None
        values = distinct()
        if not all(isinstance(value, str) and short_handle(value) != value for value in values):
            return None
        return next(iter(self._values.columns_of(label, values)), None)


def _operators(verdicts: Iterable[tuple[int, ColumnVerdict]], tier: Tier) -> dict[int, Operator]:
    """By what was masked for ``tier``."""
    found = ((at, Operator(verdict.action.get(tier.label, Operator.CLEAR.value))) for at, verdict in verdicts)
    return {at: operator for at, operator in found if operator is not Operator.CLEAR}


def _hides_as_much(made: Operator, found: ColumnVerdict, tier: Tier) -> bool:
    """Whether ``tier`` may see what ``made`` left of a column."""
    wanted = Operator(found.action[tier.label])
    if made in _OPAQUE:
        return made is Operator.REDACT or wanted is not Operator.REDACT
    return STRICTNESS[wanted] <= STRICTNESS[made]


def is_masked_already(verdict: ColumnVerdict) -> bool:
    """Whether a column is one of a masked copy."""
    return verdict.evidence == (_ALREADY,)


def shortened(values: Sequence[Any]) -> list[Any]:
    """``values`` with full handles as they stand on a screen."""
    return [short_handle(value) if isinstance(value, str) else value for value in values]
