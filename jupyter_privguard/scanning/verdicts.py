"""What columns hold, as `privguard classify` judges them: by the policy, and by people's word where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from ..frames import FrameView, frame_of, view
from ..guard.columns.assess import Classification, assess
from ..guard.columns.datasets import name_of_source
from ..masking.coarse import are_coarse
from ..model import ColumnVerdict, Operator, Tier
from ..policy.rules import Policy

__all__ = ["Assess", "Verdict", "Verdicts", "assess_file", "is_masked", "said"]

Verdict = tuple[str, int]
"""An entity, and how sure that is in percent."""
Assess = Callable[[FrameView, Policy, str | None], Classification]
"""Verdicts on a table under a policy; of a file, by its path, as whoever classifies it gets them."""

_MASKED = re.compile(r"\[redacted\]|\*{3}|•|\b(?:tok|enc)[_:][0-9a-z]|privguard:|\b[xX]{4,}\b")
_NONE = frozenset({"NaN", "nan", "None", "NaT", "<NA>", "null", "NULL", "N/A"})
"""What tables show where there is no value."""
_MOST_CELLS = 200_000
"""Values by which a column is judged."""


def is_masked(value: str) -> bool:
    """Whether nothing is to be seen in it any more, or never was."""
    said = value.strip()
    return not said or said in _NONE or _MASKED.search(value) is not None


def assess_file(seen: FrameView, policy: Policy, path: str | None) -> Classification:
    """Verdicts without the word of people, which is kept elsewhere."""
    return assess(seen, policy=policy, dataset=None if path is None else name_of_source(path), source=path)


class Verdicts:
    """Judges columns; what is less sure than ``least`` percent is left out."""

    def __init__(self, policy: Policy, least: int, judge: Assess = assess_file) -> None:
        self._policy, self._least, self._judge = policy, least, judge

    def of_file(self, seen: FrameView, path: str | None) -> list[Verdict | None]:
        """Of each column of a table file; None where nothing in it has to be hidden."""
        found = self._judge(seen, self._policy, path)
        return [self._found(verdict, partial(seen.distinct, at)) for at, verdict in enumerate(found)]

    def of_cells(self, table: Sequence[tuple[str, Sequence[object]]]) -> list[Verdict | None]:
        """Of each column, by label and values: of tables that are shown, or kept in something else."""
        longest = max((len(values) for _, values in table), default=0)
        if not longest:
            return [None] * len(table)
        step = -(-longest // _MOST_CELLS)  # spread over all of them
        cells: dict[str, list[Any]] = {}
        for label, values in table:
            name = label
            while name in cells:
                name += " "
            shown = [None if is_masked(said(value)) else value for value in values[::step]]
            cells[name] = [*_as_numbers(shown), *[None] * (-(-longest // step) - len(shown))]
        seen = view(frame_of(cells))
        if seen is None:
            return [None] * len(table)
        found = self._judge(seen, self._policy, None)
        return [
            self._found(verdict, partial(list, column)) if any(cell is not None for cell in column) else None
            for verdict, column in zip(found, cells.values(), strict=True)
        ]

    def _found(self, verdict: ColumnVerdict, values: Callable[[], Iterable[Any]]) -> Verdict | None:
        if (
            not verdict.is_sensitive
            or verdict.entity in ("FREE_TEXT_WITH_PII", "INTERNAL_UNKNOWN")  # of notes it is told what stands in them
            or verdict.action.get(Tier.PUBLIC.label) == Operator.CLEAR.value
            or verdict.confidence * 100 < self._least
            or are_coarse(verdict.entity, values())  # a masked copy
        ):
            return None
        return verdict.entity, round(verdict.confidence * 100)


def said(value: object) -> str:
    """A cell as text; empty for none."""
    return "" if value is None or value != value else str(value)


def _as_numbers(values: list[Any]) -> list[Any]:
    """The numbers that all of the texts write; the same list where one of them is none, or a code with a zero first."""
    try:
        if any(isinstance(value, str) and value[:1] == "0" and value[:2] != "0." and value != "0" for value in values):
            return values
        return [None if value is None else float(value) if "." in str(value) else int(value) for value in values]
    except (ValueError, TypeError, OverflowError):
        return values
