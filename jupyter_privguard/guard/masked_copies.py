"""Copies that `jupyter_privguard.mask` made: they and their parts are not masked again where that would show no less.

A part is known by its values, for a method may put others in their place. Kept in memory only.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..frames import FrameView
from ..model import ColumnVerdict, DataClass, Operator, Tier
from ..policy.rules import STRICTNESS, Policy
from .assess import Classification, acting, column_names
from .evidence import Evidence
from .labels import short_handle
from .overrides import Column, DataSet
from .released import Released

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

    def learn(self, copy: FrameView, operators: Mapping[int, Operator]) -> None:
        """The columns of ``copy`` were masked by ``operators``, given by position."""
        labels = column_names(copy)
        for position, operator in operators.items():
            if position < len(labels):
                self.learn_values(labels[position], copy.distinct(position), operator)

    def learn_values(self, label: str, values: Sequence[Any], operator: Operator) -> None:
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
        action = {
            tier.label: Operator.CLEAR.value if _hides_as_much(made, found, tier) else found.action[tier.label]
            for tier in Tier
        }
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
