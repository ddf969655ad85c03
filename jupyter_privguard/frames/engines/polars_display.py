"""What polars would show of a table, as a small masked copy that renders the same way."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from ..engine import DESCRIBED, NARROW, DisplayCopy
from ..watch import Exact, Statistic
from ._columns_display import first_column, row_labels
from .polars import PolarsView

__all__ = ["described", "display_copy", "first_column", "row_labels"]

# `Any` in this file is an object of polars, or a cell value.

_STATISTIC = "statistic"
"""Label of the column in which ``describe()`` names its rows."""
_DESCRIBE_LABELS = frozenset({*DESCRIBED, "min", "max"})
_FEWEST = 4


def display_copy(
    view: PolarsView,
    mask: Callable[[PolarsView], Any],
    *,
    exact_rows: Sequence[str] | None = None,
    whole: bool = False,
    all_rows: bool = False,
    all_columns: bool = False,
) -> DisplayCopy:
    """Mask only what a display of ``view`` can show; the text still states the true size.

    ``exact_rows`` are statistics in a ``describe()`` that stay as they are; ``whole`` asks for all of it, ``all_rows``
    and ``all_columns`` for one axis.
    """
    rows = view.rows if whole or all_rows else _within(view.rows, _most("ROWS", "10"))
    columns = view.width if whole or all_columns else _within(view.width, _most("COLS", "75"), at_least=NARROW)
    part = view if rows == view.rows and columns == view.width else view.shown(rows, columns)
    native = mask(part)
    if exact_rows is not None and _STATISTIC in view.labels:
        native = _with_rows(native, part.native, exact_rows)
    return DisplayCopy(native, _fixer(view, part))


def _within(size: int, most: int, *, at_least: int = 0) -> int:
    """As much of an axis as a display needs, from both ends, to show ``most`` of it; all where that is less than 0."""
    return size if most < 0 else min(size, 2 * (max(most, at_least) // 2 + 1))


def _most(axis: str, usual: str) -> int:
    """What `polars.Config` was told of ``axis``, or the ``usual``; less than 0 for all."""
    try:
        return int(os.environ.get(f"POLARS_FMT_MAX_{axis}", usual))
    except ValueError:
        return -1


def _fixer(view: PolarsView, part: PolarsView) -> Callable[[str], str]:
    if (part.rows, part.width) == (view.rows, view.width):
        return str
    if isinstance(view.native, pl.Series):
        stated, true = rf"shape: \({part.rows:_}(?=,)", f"shape: ({view.rows:_}"
    else:
        stated = rf"shape: \({part.rows:_}, {part.width:_}\)"
        true = f"shape: ({view.rows:_}, {view.width:_})"
    return lambda text: re.sub(stated, true, text, count=1)


def described(view: PolarsView) -> Exact | None:
    """The aggregates in what looks like a ``describe()``; None if it does not."""
    frame = view.native
    if not isinstance(frame, pl.DataFrame) or frame.columns[:1] != [_STATISTIC] or frame.height < _FEWEST:
        return None
    names = frame[_STATISTIC].to_list()
    if "count" not in names or not all(name in _DESCRIBE_LABELS or str(name).endswith("%") for name in names):
        return None
    counts = [_number(value) for value in frame.row(names.index("count"))[1:]]
    known = [count for count in counts if count > 0]  # a column without a value describes nobody
    about = {label: Statistic(label, is_aggregate=False) for label in frame.columns[1:]}
    return Exact(min(known, default=0), DESCRIBED, about)


def _number(value: Any) -> int:
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return 0


def _with_rows(masked: Any, raw: Any, rows: Sequence[str]) -> Any:
    """The masked description with the given rows of the raw one; as text where masks are no numbers."""
    keep = raw[_STATISTIC].is_in(list(rows))
    columns = []
    for before, after in zip(raw.get_columns(), masked.get_columns(), strict=True):
        if before.dtype != after.dtype:
            before, after = before.cast(pl.String), after.cast(pl.String)
        columns.append(before.zip_with(keep, after).alias(after.name))
    return pl.DataFrame(columns)
