"""What type a column of CSV has, learnt block by block: no block may decide for the others."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ._csv import keeps_leading_zeros

__all__ = ["ColumnTypes", "parsed", "texts_of"]

_EXACT = 2**53
"""Whole numbers from here on are not all floats."""
_DECIMAL = r"[.eE]"
_AS_WRITTEN: dict[str, Any] = {"float_precision": "round_trip"} if pd.__version__.startswith("2.") else {}
"""Pandas 3 reads the float that was written; before, it may be the next one."""


def parsed(data: bytes, separator: str, width: int, columns: list[int] | None, dtype: Any) -> pd.DataFrame:
    """Rows without a header, or some of their columns, as a frame whose columns are called by position.

    ``dtype`` is pandas': None to guess, a name, or a mapping from position to name.
    """
    wanted = list(range(width)) if columns is None else columns
    return _read(data, separator, width, wanted, dtype=dtype, low_memory=False)


def texts_of(data: bytes, separator: str, width: int, columns: list[int]) -> pd.DataFrame:
    """Some columns of rows without a header, called by position: the text of every cell, an empty one where none is."""
    return _read(data, separator, width, columns, dtype=str, na_filter=False)


def _read(data: bytes, separator: str, width: int, columns: list[int], *, dtype: Any, **how: Any) -> pd.DataFrame:
    try:
        found: pd.DataFrame = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            header=None,
            names=range(width),
            usecols=columns,
            index_col=False,
            dtype=dtype,
            **_AS_WRITTEN,
            **how,
        )
        return found
    except pd.errors.EmptyDataError:  # blank lines only
        named = dtype if isinstance(dtype, dict) else {}
        kind = dtype if dtype is str else "object"
        return pd.DataFrame({position: pd.Series([], dtype=named.get(position, kind)) for position in columns})


@dataclass(slots=True)
class _Seen:
    """What the cells of one column have been so far."""

    text: bool = False
    boolean: bool = False
    number: bool = False
    unsigned: bool = False
    """Whole numbers from 2^63 on."""
    negative: bool = False
    decimal: bool = False
    """A fraction, or a whole number that is written like one."""
    large: bool = False
    """A whole number that may not be exact as a float."""
    huge: bool = False
    """A number that no integer type holds."""
    gaps: bool = False


class ColumnTypes:
    """The types of all columns. Leading zeros are kept: they are codes; whole numbers stay whole beside gaps."""

    def __init__(self, width: int, separator: str) -> None:
        self._separator = separator
        self._seen = [_Seen() for _ in range(width)]

    def learn(self, data: bytes) -> None:
        """Look at more rows. ValueError and pandas' own errors for what is no table."""
        unsettled = [position for position, seen in enumerate(self._seen) if not seen.text]
        if not unsettled:
            return
        frame = parsed(data, self._separator, len(self._seen), unsettled, None)
        for position in unsettled:
            _note(self._seen[position], frame[position])
        zeros = keeps_leading_zeros(data, self._separator)
        doubtful = [p for p in unsettled if _is_doubtful(frame[p], zeros)]
        if doubtful:
            written = parsed(data, self._separator, len(self._seen), doubtful, "str")
            for position in doubtful:
                _note_written(self._seen[position], written[position])

    def dtypes(self) -> dict[int, str]:
        """For each position the dtype that holds all of its cells as they were written."""
        return {position: _dtype(seen) for position, seen in enumerate(self._seen)}


def _note(seen: _Seen, values: pd.Series[Any]) -> None:
    known = values.dropna()
    seen.gaps |= len(known) < len(values)
    if not len(known):
        return
    kind = getattr(values.dtype, "kind", "O")
    if kind == "b" or (kind == "O" and all(type(value) is bool for value in known)):
        seen.boolean = True
    elif kind not in "iuf":
        seen.text = True
    else:
        seen.number = True
        seen.unsigned |= kind == "u"
        seen.negative |= bool((known < 0).any())
        seen.decimal |= kind == "f" and not _is_whole(known)
        seen.large |= bool((known >= _EXACT).any() or (known <= -_EXACT).any())
        seen.huge |= kind == "f" and bool((known.abs() >= 2**63).any())


def _is_whole(known: pd.Series[Any]) -> bool:
    return bool((known % 1 == 0).all())


def _is_doubtful(values: pd.Series[Any], zeros: bool) -> bool:
    """Whether what was written may say another thing than what was read."""
    kind = getattr(values.dtype, "kind", "O")
    known = values.dropna()
    return len(known) > 0 and ((zeros and kind in "iuf") or (kind == "f" and _is_whole(known)))


def _note_written(seen: _Seen, written: pd.Series[Any]) -> None:
    known = written.dropna()
    seen.text |= bool(known.str.match(r"0\d").any())
    seen.decimal |= bool(known.str.contains(_DECIMAL).any())


def _dtype(seen: _Seen) -> str:
    if seen.text or (seen.boolean and seen.number):
        return "str"
    if seen.boolean:
        return "boolean" if seen.gaps else "bool"
    if not seen.number or seen.decimal:
        return "float64"
    if seen.unsigned:
        return "str" if seen.gaps or seen.negative else "uint64"
    if seen.huge or (seen.gaps and seen.large):
        return "str"
    return "Int64" if seen.gaps else "int64"
