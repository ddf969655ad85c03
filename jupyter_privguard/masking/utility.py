"""What masks leave of a column's use: the proof that goes with a masked table. Holds no value."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import sqrt
from typing import Any

from ..frames import FrameView, frame_of
from ..frames.codes import shared
from ..frames.typed import BAND_UNITS
from ..model import Operator
from .canonical import number_of
from .masker import ColumnMask

__all__ = ["ColumnUtility", "Utility", "rank_correlation", "utility"]

# `Any` in this file is a cell value, or a DataFrame of a library that may not be loaded.

_LOOKED_AT = 20_000
"""Rows, at even strides, by which order and changes are judged."""
_MOSTLY = 0.95


@dataclass(frozen=True, slots=True)
class ColumnUtility:
    """One masked column beside what it was."""

    column: str
    """The label in the masked table."""
    entity: str
    operator: str
    distinct_before: int
    distinct_after: int
    """Distinct values, nulls left out, over all rows."""
    joins: bool
    """Whether equal stays equal and different different, so that joins, groups and counts come out the same."""
    changed: float
    """Share in [0, 1] of the filled cells that differ from what they were, of up to 20,000 rows."""
    information: float
    """Share in [0, 1] of the column's information (Shannon, over all rows) that is left."""
    rank_correlation: float | None
    """Spearman's, in [-1, 1], of up to 20,000 rows; None where before or after there is no order."""
    order_kept: bool | None
    """Whether no two rows changed places; None as above."""
    destroyed: str
    """What cannot be done any more, in words."""


@dataclass(frozen=True, slots=True)
class Utility:
    """The masked columns of one table, in column order."""

    columns: tuple[ColumnUtility, ...]
    rows: int

    def __iter__(self) -> Iterator[ColumnUtility]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, place: int) -> ColumnUtility:
        return self.columns[place]

    def to_json(self) -> dict[str, Any]:
        """A JSON object: the rows, and one object a column."""
        return {"rows": self.rows, "columns": [asdict(column) for column in self.columns]}

    def to_frame(self) -> Any:
        """A pandas DataFrame, one row a column."""
        names = [column.name for column in fields(ColumnUtility)]
        return frame_of({name: [getattr(column, name) for column in self.columns] for name in names})

    def __repr__(self) -> str:
        lines: list[tuple[str, ...]] = [
            ("column", "mask", "values", "joins", "changed", "information", "order", "destroyed")
        ]
        lines += [_row(column) for column in self.columns]
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _row(column: ColumnUtility) -> tuple[str, ...]:
    order = "none" if column.rank_correlation is None else f"{column.rank_correlation:.3f}"
    return (
        column.column,
        column.operator,
        f"{column.distinct_before} to {column.distinct_after}",
        "kept" if column.joins else "lost",
        f"{column.changed:.0%}",
        f"{column.information:.0%}",
        order,
        column.destroyed,
    )


def utility(before: FrameView, after: FrameView, masks: Mapping[int, ColumnMask]) -> Utility:
    """What is left of each column that ``masks`` name, ``after`` being ``before`` masked by them.

    ValueError when the two tables differ in shape.
    """
    if before.rows != after.rows or len(before.labels) != len(after.labels):
        raise ValueError("the masked table must have the shape of the other")
    found = (_of_column(before, after, position, mask) for position, mask in sorted(masks.items()))
    return Utility(tuple(found), before.rows)


def _of_column(before: FrameView, after: FrameView, position: int, mask: ColumnMask) -> ColumnUtility:
    told = shared(before.codes(position), after.codes(position))
    # Both samples are of the same rows, for nulls stay null.
    pairs = list(zip(before.sample(position, _LOOKED_AT), after.sample(position, _LOOKED_AT), strict=False))
    orders = _orders(pairs)
    correlation = rank_correlation(*orders) if orders is not None else None
    distinct = len(before.distinct(position)), len(after.distinct(position))
    information = told.both / told.before if told.before else 1.0
    changed = sum(not _same(old, new) for old, new in pairs) / len(pairs) if pairs else 0.0
    return ColumnUtility(
        column=str(after.labels[position]),
        entity=mask.entity,
        operator=mask.operator.value,
        distinct_before=distinct[0],
        distinct_after=distinct[1],
        joins=told.is_one_to_one,
        changed=changed,
        information=min(1.0, information),
        rank_correlation=correlation,
        order_kept=_in_order(*orders) if orders is not None else None,
        destroyed=_words(mask.operator, distinct, told.is_one_to_one, changed, correlation, _has_order(pairs)),
    )


def _words(
    operator: Operator,
    distinct: tuple[int, int],
    is_one_to_one: bool,
    changed: float,
    correlation: float | None,
    had_order: bool,
) -> str:
    if not changed:
        return "nothing"
    if distinct[1] <= 1 < distinct[0]:
        return "everything but which cells are filled"
    lost = ["the date, but not the days between two of one person" if operator is Operator.SHIFT else "the exact value"]
    if not is_one_to_one:
        lost.append("what told apart values that are alike now" if distinct[1] < distinct[0] else "equality")
    if had_order and correlation is None:
        lost.append("size and order")
    elif correlation is not None and correlation < 0.9995:
        lost.append("part of the order" if correlation > 0.3 else "the order")
    if is_one_to_one and operator not in (Operator.ROUND, Operator.GENERALISE, Operator.PARTIAL):
        return f"{', '.join(lost)}; equality is kept"
    return ", ".join(lost)


def _same(old: Any, new: Any) -> bool:
    try:
        return type(old) is type(new) and bool(old == new)
    except Exception:  # noqa: BLE001 - any object's own comparison; a doubt counts as a change
        return False


# --- order -------------------------------------------------------------------------------------

_BAND = re.compile(r"(before )?(-?\d+(?:\.\d+)?)(k|M|bn)?(?:s|\+|-.*| to .*)?", re.ASCII)


def _place(value: Any) -> float | None:
    """Where a value stands among others of its column; None if it has no place."""
    if isinstance(value, datetime.datetime):
        return value.toordinal() + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, datetime.date):
        return float(value.toordinal())
    if not isinstance(value, str):
        return number_of(value)
    text = value.strip()
    number = number_of(text)
    if number is not None:
        return number
    try:
        return _place(datetime.datetime.fromisoformat(text))
    except ValueError:
        pass
    found = _BAND.fullmatch(text)
    if found is None:
        return None
    low = float(found[2]) * BAND_UNITS[found[3]]
    return low - 1 if found[1] else low


def _has_order(pairs: Sequence[tuple[Any, Any]]) -> bool:
    placed = sum(_place(old) is not None for old, _ in pairs)
    return bool(pairs) and placed >= _MOSTLY * len(pairs)


def _orders(pairs: Sequence[tuple[Any, Any]]) -> tuple[list[float], list[float]] | None:
    placed = [(a, b) for old, new in pairs if (a := _place(old)) is not None and (b := _place(new)) is not None]
    if len(placed) < max(2, _MOSTLY * len(pairs)):
        return None
    return [a for a, _ in placed], [b for _, b in placed]


def _in_order(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether the greater stays at least as great; of rows that were equal nothing is asked."""
    highest = lowest = -float("inf")
    last = None
    for old, new in sorted(zip(before, after, strict=True)):
        if old != last:
            lowest, last = highest, old
        if new < lowest:
            return False
        highest = max(highest, new)
    return True


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's rho: Pearson's over ranks, ties having their mean rank; None where one is constant."""
    ranks = _ranks(one), _ranks(other)
    mean = (len(one) - 1) / 2
    first, second = ([rank - mean for rank in side] for side in ranks)
    spread = sqrt(sum(a * a for a in first) * sum(b * b for b in second))
    if not spread:
        return None
    return max(-1.0, min(1.0, sum(a * b for a, b in zip(first, second, strict=True)) / spread))


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end - 1) / 2
        start = end
    return ranks
