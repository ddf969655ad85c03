"""The same table as people hand it over: as made, without labels, with wrong ones, and dirty."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pandas as pd

from .core import NONE, Case, Column, Table

_NOTHING = (None, "", "N/A", "-", "null")


def _frame(columns: list[tuple[object, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame({place: pd.Series(list(values)) for place, (_, values) in enumerate(columns)})
    frame.columns = [label for label, _ in columns]
    return frame


def _intact(table: Table, rng: random.Random) -> Case:
    return Case(table, "intact", _frame([(c.header, c.values) for c in table.columns]), table.columns)


def _noheader(table: Table, rng: random.Random) -> Case:
    labels: Callable[[int], object] = rng.choice((lambda n: n, lambda n: f"col{n}", lambda n: f"Unnamed: {n}"))
    frame = _frame([(labels(n), column.values) for n, column in enumerate(table.columns)])
    return Case(table, "noheader", frame, _evident(table))


def _mislead(table: Table, rng: random.Random) -> Case:
    """Every label stands over another column of its table."""
    step = rng.randint(1, max(1, len(table.columns) - 1))
    headers = [column.header for column in table.columns]
    moved = headers[step:] + headers[:step]
    frame = _frame([(label, column.values) for label, column in zip(moved, table.columns, strict=True)])
    return Case(table, "mislead", frame, _evident(table))


def _dirty(table: Table, rng: random.Random) -> Case:
    """Blanks around, other case, cells that say nothing, numbers as text and as floats."""
    share, nothing = rng.uniform(0.03, 0.2), rng.sample(_NOTHING, 2)

    def spoiled(value: Any) -> Any:
        if rng.random() < share:
            return rng.choice(nothing)
        if isinstance(value, str) and rng.random() < 0.25:
            return rng.choice((f" {value}", f"{value}  ", value.upper(), value.replace(" ", "  ")))
        return value

    def column(one: Column) -> list[Any]:
        if one.entity in ("CREDENTIAL", "FREE_TEXT_WITH_PII"):
            return list(one.values)  # in another case they would be something else
        if isinstance(one.values[0], (int, float)) and not isinstance(one.values[0], bool):
            return [None if rng.random() < share else value for value in one.values]
        return [spoiled(value) for value in one.values]

    return Case(table, "dirty", _frame([(c.header, column(c)) for c in table.columns]), table.columns)


def _evident(table: Table) -> tuple[Column | None, ...]:
    """What can be known without the header; of harmless bare numbers only those where no row is a person."""
    return tuple(
        column if column.evident or (column.entity == NONE and not table.of_persons) else None
        for column in table.columns
    )


VARIANTS: dict[str, Callable[[Table, random.Random], Case]] = {
    "intact": _intact,
    "noheader": _noheader,
    "mislead": _mislead,
    "dirty": _dirty,
}
