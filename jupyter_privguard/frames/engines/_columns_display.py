"""What displays of tables without row labels have in common."""

from __future__ import annotations

from typing import Any

from ._columns import ColumnsView

__all__ = ["first_column", "row_labels"]


def row_labels(view: ColumnsView) -> list[Any]:  # Any: a label, of which there are none
    """Nothing: rows have no labels."""
    return []


def first_column(view: ColumnsView) -> list[Any]:  # Any: a cell value
    """The values of the first column, nulls included."""
    values: list[Any] = view.column(0).to_pylist()
    return values
