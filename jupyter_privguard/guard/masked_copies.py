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
    """What stands in copies that were masked for one tier."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = Released(_no_spans)

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy

    def learn(self, copy: FrameView, positions: Iterable[int]) -> None:
        """The columns of ``copy`` at ``positions`` are masked."""
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
                columns[at] = self._already(columns[at])
        return replace(found, columns=tuple(columns))

    def on_copy(self, found: Classification, seen: FrameView) -> Classification:
        """``found`` on a copy itself: its columns are masked while all of their values are those that were masked."""
        columns = list(found)
        for at, label in enumerate(column_names(seen)[: seen.width]):
            if not is_clear(columns[at]) and self._is_unchanged(label, seen.distinct(at)):
                columns[at] = self._already(columns[at])
        return replace(found, columns=tuple(columns))

    def _is_unchanged(self, label: str, values: Sequence[Any]) -> bool:
        return len(values) > _MOST or bool(self._values.columns_of(label, values))

    def _already(self, verdict: ColumnVerdict) -> ColumnVerdict:
        return acting(replace(verdict, entity="NONE", data_class=DataClass.NONE, evidence=(_ALREADY,)), self._policy)


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
