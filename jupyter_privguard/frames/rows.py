"""Rows of a table by what stands in one of its columns."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from typing import Any

from .engine import FrameView

__all__ = ["cells_at", "first_rows", "has_rows", "rows_with"]


def rows_with(seen: FrameView, position: int, texts: Collection[str], *, most: int) -> list[int]:
    """The rows in which the column at ``position`` holds one of ``texts``, at most ``most``; cheap for long tables.

    Tables of pandas and polars; of others none are found. So are none of an index.
    """
    native = seen.native
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if position >= seen.width:
        return []
    if pandas is not None and isinstance(native, pandas.DataFrame):
        column = _places(native, pandas.DataFrame)[:, position]
        try:
            found: Any = column.isin(list(texts)).to_numpy(dtype=bool, na_value=False).nonzero()[0]
        except Exception:  # noqa: BLE001 - pyarrow compares neither lists nor numbers with texts; each error is another
            found = _rows_holding(column.tolist(), set(texts))
        return list(map(int, found[:most]))
    if polars is not None and isinstance(native, polars.DataFrame):
        column = native.to_series(position)
        if column.dtype != polars.String:
            return []
        return list(column.is_in(list(texts)).arg_true().head(most).to_list())
    return []


def _places(native: Any, frame: Any) -> Any:
    """The ``iloc`` of pandas' own ``frame``: a class of the program's may have one that says what it likes."""
    return frame.iloc.__get__(native, type(native))


def _rows_holding(cells: list[Any], texts: set[str]) -> list[int]:
    """The numbers of the cells that are one of ``texts``, or a list with one."""
    parts = ((row, cell if isinstance(cell, list) else [cell]) for row, cell in enumerate(cells))
    return [row for row, held in parts if any(isinstance(one, str) and one in texts for one in held)]


def has_rows(seen: FrameView) -> bool:
    """Whether `rows_with` and `cells_at` can read ``seen``."""
    libraries = (sys.modules.get("pandas"), sys.modules.get("polars"))
    return isinstance(seen.native, tuple(kind for lib in libraries if (kind := getattr(lib, "DataFrame", None))))


def cells_at(seen: FrameView, position: int, rows: Sequence[int]) -> list[Any]:
    """The values in these rows of the column at ``position``; for tables for which `rows_with` finds rows."""
    native: Any = seen.native
    pandas = sys.modules.get("pandas")
    if position >= seen.width:
        return []
    if pandas is not None and isinstance(native, pandas.DataFrame):
        return list(_places(native, pandas.DataFrame)[list(rows), position].tolist())
    return list(native.to_series(position).gather(list(rows)).to_list())


def first_rows(table: Any, rows: int) -> Any:
    """The first rows of a table or column of pandas or polars."""
    return table.iloc[:rows] if hasattr(table, "iloc") else table[:rows]
