"""What pyarrow would show of a table, as a small masked copy that renders the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..engine import DisplayCopy
from ..watch import Exact
from ._columns_display import first_column, row_labels
from .arrow import ArrowView

__all__ = ["described", "display_copy", "first_column", "row_labels"]

_MOST = 40
"""Rows, twice as many as pyarrow shows at both ends together."""


def display_copy(
    view: ArrowView,
    mask: Callable[[ArrowView], Any],
    *,
    exact_rows: Sequence[str] | None = None,
    whole: bool = False,
    all_rows: bool = False,
    all_columns: bool = False,
) -> DisplayCopy:
    """Mask only rows at both ends: pyarrow shows no more, and does not state the size of a table."""
    return DisplayCopy(mask(view if whole or all_rows else view.shown(_MOST, view.width)), str)


def described(view: ArrowView) -> Exact | None:
    """None: pyarrow describes nothing."""
    return None
