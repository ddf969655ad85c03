"""Copies that `jupyter_privguard.mask` made for everybody: they and their parts are not masked again.

A part is known by its values, for a method may put others in their place. Kept in memory only.
Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..errors import InputError
from ..frames import FrameView
from ..model import ColumnVerdict, DataClass
from ..policy.rules import Policy
from .assess import Classification, acting, column_names, is_clear
from .evidence import Evidence
from .overrides import Column, DataSet
from .released import Released
from .reveal import parse_handle

__all__ = ["MaskedCopies", "is_masked_already", "shortened"]

_COPY = DataSet("a masked copy")
_ALREADY = "masked already: by jupyter_privguard.mask"
_MOST = 200_000
"""Distinct values of a column; a longer one is masked again, which shows no more."""
_FULL = ("tok:", "enc:")


def _no_spans(_text: str) -> tuple[()]:
    return ()


class MaskedCopies:
    """What stands in masked copies."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = Released(_no_spans)

    def learn(self, copy: FrameView, positions: Iterable[int]) -> None:
        """The columns of ``copy`` at ``positions`` are masked for everybody."""
        labels = column_names(copy)
        for position in positions:
            values = copy.distinct(position) if position < copy.width else []
            if len(values) <= _MOST:
                self._values.learn(Column(_COPY, labels[position]), values, is_for_all=False)

    def judged(self, found: Classification, seen: FrameView, evidence: Evidence) -> Classification:
        """``found`` with what stands in a masked copy, and in no hidden column, shown as it is."""
        if not self._values:
            return found
        columns = list(found)
        for at, label in enumerate(column_names(seen)[: seen.width]):
            if is_clear(columns[at]) or at in found.replaced:
                continue
            if evidence.lowered(label, partial(seen.distinct, at), self._values) is not None:
                verdict = replace(columns[at], entity="NONE", data_class=DataClass.NONE, evidence=(_ALREADY,))
                columns[at] = acting(verdict, self._policy)
        return replace(found, columns=tuple(columns))


def is_masked_already(verdict: ColumnVerdict) -> bool:
    """Whether a column is one of a masked copy."""
    return verdict.evidence == (_ALREADY,)


def shortened(values: Sequence[Any]) -> list[Any]:
    """``values`` with full handles as they stand on a screen."""
    return [_short(value) for value in values]


def _short(value: Any) -> Any:
    try:
        return parse_handle(value).short if isinstance(value, str) and value.startswith(_FULL) else value
    except InputError:  # it only begins like one
        return value
