"""Values that a chart lists: a column without its table. What they are is told by what is known of columns.

One value of a chart proves nothing, and may be equal to somebody's by chance. A list of them is masked where all of
it stands in a known sensitive column, and chance is ruled out or the chart calls it as that column is called.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..._later import later
from ...frames import first_column, frame_of, view
from ...keys.keyring import KeyRing
from ...model import ColumnVerdict, Operator, Tier
from ...policy.masks import class_in
from ...policy.rules import Policy
from ..columns.assess import Classification, acting, assess, column_names, mask_table
from ..columns.column_masks import mask_at
from ..knowledge import Knowledge
from .known_columns import KnownColumns
from .written_values import dates_of

__all__ = ["ListedValues", "rounded_numbers"]

_DATE = later(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
_NUMBER = later(r"[-+]?\d[\d,]*(?:\.\d+)?")
_MEASURED = frozenset({Operator.GENERALISE, Operator.ROUND, Operator.REDACT, Operator.SHIFT})
"""Masks that say less of a number; the others say whose it is by another name."""
_CHANCE = 0.001
_FIRST = 200
"""Numbers that are looked at before all are."""
_FEWEST = 3
"""Different texts that tell by themselves of which column they are a part."""


class ListedValues:
    """Masks lists for one tier. ``clean`` is for single texts, which may hold several things."""

    def __init__(
        self,
        policy: Policy,
        keyring: KeyRing,
        knowledge: Knowledge,
        columns: KnownColumns,
        tier: Tier,
        clean: Callable[[str], str],
    ) -> None:
        self._policy = policy
        self._keyring = keyring
        self._knowledge = knowledge
        self._columns = columns
        self._tier = tier
        self._clean = clean
        self.masked: Counter[str] = Counter()
        """How many values of which entity were masked."""

    def column(self, label: str, values: Sequence[Any]) -> list[Any]:
        """See `plots.PlotMasker.column`."""
        listed = list(values)
        present = [value for value in listed if value is not None and value == value]
        if not present:
            return listed
        if all(isinstance(value, (int, float)) for value in present):
            return self._numbers(label, listed, present)
        if all(isinstance(value, str) for value in present):
            return self._texts(label, listed, present)
        if all(isinstance(value, (dt.date, dt.datetime)) for value in present):
            return self._dates(label, listed)
        return [self._clean(value) if isinstance(value, str) else value for value in listed]

    # --- numbers --------------------------------------------------------------------------------

    def _numbers(self, label: str, listed: list[Any], present: list[Any]) -> list[Any]:
        if len(present) == 1 and self._clean(str(present[0])) != str(present[0]):
            return rounded_numbers(listed)  # a single one is told by where the cell took it from
        known = self._knowledge.numbers
        first = set(present[:_FIRST])
        if all(first.isdisjoint(numbers) for _, numbers, _ in known.columns()):  # most charts are of something else
            return listed
        if self._are_statistics(label, present):
            return listed
        verdict = known.verdict_of(present) or known.verdict_called(label, present)
        if verdict is not None:
            return self._masked_numbers(verdict, listed, present)
        part = known.verdict_of_part(present)
        if part is None:
            return listed
        own = [value if value in part[1] else None for value in listed]  # beside sums and lines that are nobody's
        masked = self._masked_numbers(part[0], own, [value for value in own if value is not None])
        return [old if value is None else new for old, value, new in zip(listed, own, masked, strict=True)]

    def _are_statistics(self, label: str, present: list[Any]) -> bool:
        """Whether a table of statistics about enough rows has a column of this label with all of these numbers."""
        datasets = self._knowledge.names.datasets
        for table in datasets.tables():
            exact, seen = datasets.of(table).exact, view(table)
            if exact is None or exact.group_size < self._policy.k or exact.rows is not None or seen is None:
                continue
            for at, name in enumerate(column_names(seen)):
                if name == label and set(present) <= set(seen.distinct(at)):
                    return True
        return False

    def _masked_numbers(self, verdict: ColumnVerdict, listed: list[Any], present: list[Any]) -> list[Any]:
        mask = mask_at(verdict, self._tier, self._policy)
        if mask is None:
            return listed
        if mask.operator not in _MEASURED:
            return self._as_column(verdict, listed)
        self.masked[mask.entity] += len(present)
        numbers = iter(rounded_numbers(present))
        return [next(numbers) if value is not None and value == value else value for value in listed]

    # --- texts ----------------------------------------------------------------------------------

    def _texts(self, label: str, listed: list[Any], present: list[str]) -> list[Any]:
        if all(_number_in(text) is not None for text in present):
            return self._written_numbers(label, listed, [_number_in(text) for text in present])
        meaning = self._knowledge.values.meaning_of(present, label=label, fewest=_FEWEST)
        if meaning is not None:
            data_class = class_in(self._policy, meaning.entity)
            verdict = ColumnVerdict(label, meaning.entity, data_class, 1.0, domain=meaning.domain)
            return self._as_column(acting(verdict, self._policy), listed)
        if all(_DATE.fullmatch(text) for text in present):
            return self._dates(label, listed)
        return self._cleaned(listed, present)

    def _cleaned(self, listed: list[Any], present: list[str]) -> list[Any]:
        """Text by text, but all at once where nothing is in them."""
        distinct = list(dict.fromkeys(present))
        whole = "\n".join(distinct)
        if self._clean(whole) == whole:
            return listed
        new = {text: self._clean(text) for text in distinct}
        return [new.get(value, value) for value in listed]

    def _written_numbers(self, label: str, listed: list[Any], numbers: list[Any]) -> list[Any]:
        """Texts such as ``61,231`` and ``$61,231.00``, or ids of digits."""
        masked = self._numbers(label, numbers, numbers)
        if masked == numbers:
            return self._cleaned(listed, [text for text in listed if isinstance(text, str)])
        new = iter(masked)
        return [_written(next(new), text) if isinstance(text, str) else text for text in listed]

    # --- dates ----------------------------------------------------------------------------------

    def _dates(self, label: str, listed: list[Any]) -> list[Any]:
        """Dates of a known column, or such as the chart calls like one that everybody knows."""
        verdict = self._of_days(label, [value for value in listed if value is not None])
        if verdict is None and label:
            seen = view(frame_of({label: listed}))
            verdict = assess(seen, policy=self._policy)[0] if seen is not None else None
        return self._as_column(verdict, listed) if verdict is not None and verdict.is_sensitive else listed

    def _of_days(self, label: str, present: list[Any]) -> ColumnVerdict | None:
        """The verdict on the known column in which all of these days stand, if that is no accident."""
        days = {day for value in present for day in dates_of(value)}
        self._columns.look()
        for _, columns in self._columns.tables():
            for column in columns:
                if not days or not days <= column.days.keys():
                    continue
                density = len(column.days) / (max(column.days) - min(column.days) + 1)
                if column.verdict.column == label or density ** len(days) <= _CHANCE:
                    return column.verdict
        return None

    # --- all ------------------------------------------------------------------------------------

    def _as_column(self, verdict: ColumnVerdict, listed: list[Any]) -> list[Any]:
        """``listed`` as a column of which ``verdict`` tells."""
        seen = view(frame_of({verdict.column: listed}))
        if seen is None or mask_at(verdict, self._tier, self._policy) is None:
            return listed
        found = Classification((replace(verdict, column=verdict.column),), labels=seen.labels)
        made = mask_table(
            seen, tier=self._tier, policy=self._policy, keyring=self._keyring, on_screen=True, classification=found
        )
        masked = view(made.native)
        if masked is None or not made.masked:
            return listed
        self.masked.update(made.masked)
        new = first_column(masked)
        return [old if old is None else value for old, value in zip(listed, new, strict=True)]


def _number_in(text: str) -> float | None:
    """The number that ``text`` writes, with no more than a currency or a percent sign beside it."""
    found = _NUMBER.search(text)
    if found is None or any(sign.isalnum() for sign in text[: found.start()] + text[found.end() :]):
        return None
    digits = found[0].replace(",", "")
    return float(digits) if "." in digits else int(digits)


def _written(new: Any, text: str) -> str:
    """``new`` in place of the number in ``text``."""
    if isinstance(new, str):
        return new
    return _NUMBER.sub(f"{new:,.10g}" if "," in text else f"{new:.10g}", text, count=1)


def rounded_numbers(numbers: Sequence[float]) -> list[float]:
    """``numbers`` rounded to two digits each, or to fives or tens where that leaves most of them as they are.

    A picture of many points hardly changes by it. Whole numbers stay whole.
    """
    for factor in (1, 5):
        rounded = [_rounded(number, factor) for number in numbers]
        if 2 * sum(a == b for a, b in zip(numbers, rounded, strict=True)) <= len(numbers):
            return rounded
    return [_rounded(number, 10) for number in numbers]


def _rounded(number: float, factor: int) -> float:
    """``number`` rounded to ``factor`` times the unit of its second digit."""
    if not number or not math.isfinite(number):
        return number
    exponent = math.floor(math.log10(abs(number))) - 1
    near = round(round(number / (factor * 10.0**exponent)) * factor * 10.0**exponent, max(0, -exponent))
    return int(near) if isinstance(number, int) else near
