"""What polars would show of a table, as a small masked copy that renders the same way."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from ..engine import DESCRIBED, DisplayCopy
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
    view: PolarsView, mask: Callable[[PolarsView], Any], *, exact_rows: Sequence[str] | None = None, whole: bool = False
) -> DisplayCopy:
    """Mask only the rows that a display of ``view`` can show; the text still states the true size.

    ``exact_rows`` are statistics in a ``describe()`` that stay as they are; ``whole`` asks for all rows.
    """
    most = -1 if whole else _most_rows()
    part = view if most < 0 or view.rows <= most else view.shown(2 * (most // 2 + 1), view.width)
    native = mask(part)
    if exact_rows is not None and _STATISTIC in view.labels:
        native = _with_rows(native, part.native, exact_rows)
    return DisplayCopy(native, _fixer(view.rows, part.rows))


def _most_rows() -> int:
    """What `polars.Config.set_tbl_rows` was told; less than 0 for all rows."""
    try:
        return int(os.environ.get("POLARS_FMT_MAX_ROWS", "10"))
    except ValueError:
        return -1


def _fixer(rows: int, shown: int) -> Callable[[str], str]:
    stated = re.compile(rf"shape: \({shown:_}(?=,)")
    return str if rows == shown else lambda text: stated.sub(f"shape: ({rows:_}", text, count=1)


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
