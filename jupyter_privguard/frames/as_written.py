"""Cells and labels of CSV as they were written: types say less (``1.50``, ``NA``, two labels that are the same)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from .spreadsheet import defused_text, may_begin_formula

__all__ = ["Written", "as_written"]


class Written(NamedTuple):
    """Some rows as a file has them; ``repr`` tells no value."""

    labels: Sequence[str]
    """Of all columns, as they were written."""
    texts: Callable[[list[int]], pd.DataFrame]
    """Columns by their positions, which they are called by: the text of every cell."""

    def __repr__(self) -> str:
        return "Written()"


def as_written(masked: pd.DataFrame, read: pd.DataFrame, written: Written, kept: Sequence[int]) -> pd.DataFrame:
    """``masked``, made of ``read``, with what was ``written`` in the columns ``kept``, of which no mask is known.

    That is in columns without texts that are as they were read, and in nulls of columns with texts. A cell that a
    spreadsheet would run stays the number that it was read as. A new frame; labels that are not masked are as written.
    """
    out = masked.copy(deep=False)
    chosen = {position: cells for position in kept if (cells := _as_read(masked, read, position)).any()}
    texts = written.texts(list(chosen)) if chosen else pd.DataFrame()
    for position, cells in chosen.items():
        own, new = texts[position], masked.iloc[:, position]
        suspects = own[cells & may_begin_formula(own)]
        run = [place for place, text in suspects.items() if defused_text(text) != text]
        own = own.astype(object).where(cells & ~cells.index.isin(run), new.astype(object))
        out.isetitem(position, own.to_numpy())
    out.columns = _labels(masked, read, written.labels)
    return out


def _as_read(masked: pd.DataFrame, read: pd.DataFrame, position: int) -> pd.Series[bool]:
    """Which cells of a column may say less than what was written, and are no mask."""
    new, old = masked.iloc[:, position], read.iloc[:, position]
    if getattr(new.dtype, "kind", "O") in "biuf":
        return pd.Series(new.equals(old), index=new.index)
    return new.isna() & old.isna()


def _labels(masked: pd.DataFrame, read: pd.DataFrame, written: Sequence[str]) -> pd.Index:
    """Those of ``masked``, as they were written where they are those that were read."""
    labels = zip(masked.columns, read.columns, written, strict=True)
    return pd.Index([text if new == old else new for new, old, text in labels], dtype=object)
