"""What is known of a table that is too large for memory after one look at all of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

import pandas as pd

from .engine import Kind, Mapper
from .engines._pandas_values import usual_kind
from .engines.pandas import PandasView
from .sampling import thinned_out

__all__ = ["Chunk", "Survey"]

# `Any` in this file is a cell value.

_KEPT, _KEPT_AT_LEAST, _ALL_KEPT = 4000, 200, 400_000
"""Values that are kept of a column, also of one of very many, and of all columns together."""
_LONGEST, _CHARACTERS = 4096, 64_000_000
"""Characters that are kept of a text, and of all columns together."""
_WITNESSES, _DOMAINS = 5, 50_000


class Survey:
    """Counts the rows, keeps values of every column at even strides, and what masks need to know of the whole.

    The same rows give the same survey. A column of which hardly anything is filled keeps what
    there is. What a sample can miss is what `classify` can miss: a form in a few of very many cells.
    """

    def __init__(self, first: pd.DataFrame) -> None:
        """Begin with the form of the first chunk; its rows are added like all others."""
        self._empty = first.iloc[:0]
        labels = PandasView(self._empty, self._empty).labels
        self._columns = [_Column() for _ in labels]
        self._labels = [label for label in labels if type(label) is str]
        width = max(1, len(self._columns))
        self._most = max(_KEPT_AT_LEAST, min(_KEPT, _ALL_KEPT // width))
        self._characters = _CHARACTERS // width
        self._domains: dict[tuple[int, str], dict[str, str]] = {}
        self.rows = 0
        """Rows so far."""

    def add(self, frame: pd.DataFrame) -> None:
        """Look at one more chunk."""
        seen = PandasView(frame, frame)
        self.rows += seen.rows
        for position, column in enumerate(self._columns):
            column.add(seen, position, self._most, self._characters)
            if column.kind is Kind.TEXT:
                column.note_labels(frame, position, self._labels)
            if column.kind is Kind.TEXT and any(isinstance(v, str) and "@" in v for v in column.values):
                self._note_domains(position, seen.distinct(position))

    def _note_domains(self, position: int, values: list[Any]) -> None:
        """A few addresses of each mail domain: whether a domain is rare is a question to the whole column."""
        for value in values:
            if not isinstance(value, str) or "@" not in value:
                continue
            address = value.strip().casefold()
            key = position, address.rpartition("@")[2]
            known = self._domains.get(key)
            if known is None:
                if len(self._domains) >= _DOMAINS:
                    continue  # a domain that nobody knows anything of stays hidden
                known = self._domains[key] = {}
            if len(known) < _WITNESSES:
                known.setdefault(address, value)

    @property
    def timed(self) -> frozenset[int]:
        """Positions of points in time that are not all dates."""
        return frozenset(position for position, column in enumerate(self._columns) if column.timed)

    def sample(self) -> PandasView:
        """The table as a view that knows all labels and the number of rows, and the values that were kept."""
        return _Sample(self._empty, self._columns, self.rows)

    def chunk(self, frame: pd.DataFrame, company: frozenset[int]) -> PandasView:
        """A chunk of the table, of the kinds that the whole has.

        Where a position is in ``company``, masks see some values of other chunks too: enough to
        know which mail domains many addresses share.
        """
        elsewhere: dict[int, list[Any]] = {}
        for (position, _), known in self._domains.items():
            if position in company and len(known) >= _WITNESSES:
                elsewhere.setdefault(position, []).extend(known.values())
        return Chunk(frame, [column.kind for column in self._columns], elsewhere)


class _Column:
    """Values of one column at even strides."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.labels: set[str] = set()
        """Labels of the table that stand in the column too, however rarely."""
        self.kind = Kind.OTHER
        self.timed = False
        self._share = 1.0
        """Of each chunk's part so many are taken."""

    def add(self, seen: PandasView, position: int, most: int, characters: int) -> None:
        taken = seen.sample(position, max(1, int(most * self._share)))
        self.values += [value[:_LONGEST] if type(value) is str else value for value in taken]
        while len(self.values) > 2 * most or (len(self.values) > 20 and _size(self.values) > characters):
            self.values = [self.values[place] for place in thinned_out(len(self.values), len(self.values) // 2)]
            self._share /= 2
        self.kind = (
            seen.kind(position) if seen.is_typed(position) else usual_kind(self.values[:: 1 + len(self.values) // 50])
        )
        if self.kind is Kind.DATETIME and not self.timed:
            self.timed = _has_times(seen, position)

    def note_labels(self, frame: pd.DataFrame, position: int, labels: list[str]) -> None:
        """Keep what of one more chunk is a label too; of an index nothing."""
        if position < frame.shape[1]:
            cells = frame.iloc[:, position]
            self.labels.update(cells[cells.isin(labels)].unique().tolist())


def _size(values: list[Any]) -> int:
    return sum(len(value) for value in values if isinstance(value, (str, bytes)))


def _has_times(seen: PandasView, position: int) -> bool:
    values = pd.Series(seen.distinct(position))
    if values.dtype == object:  # dates of Python, which Parquet brings
        return any(isinstance(value, datetime) and value.time() != time() for value in values)
    return bool((values != values.dt.normalize()).any())


class _Sample(PandasView):
    """Of every column the values that were kept; in them a column is seen, not a row."""

    def __init__(self, empty: pd.DataFrame, columns: Sequence[_Column], rows: int) -> None:
        super().__init__(empty, empty)
        self._kept, self._rows = columns, rows

    @property
    def rows(self) -> int:
        """Rows of the whole table."""
        return self._rows

    def kind(self, position: int) -> Kind:
        """What the column holds."""
        return self._kept[position].kind

    def sample(self, position: int, size: int = 200) -> list[Any]:
        """Up to ``size`` of the values at even strides."""
        values = self._kept[position].values
        return [values[place] for place in thinned_out(len(values), size)]

    def distinct(self, position: int) -> list[Any]:
        """All values that were kept, and labels of the table that stand in the column."""
        kept = self._kept[position]
        return [*kept.values, *kept.labels.difference(kept.values)] if kept.labels else list(kept.values)


class Chunk(PandasView):
    """Some rows of a table, masked as parts of the whole."""

    def __init__(self, frame: pd.DataFrame, kinds: Sequence[Kind], elsewhere: Mapping[int, list[Any]]) -> None:
        """``elsewhere`` are values that the same columns have elsewhere, by position."""
        super().__init__(frame, frame)
        self._kinds, self._elsewhere = kinds, elsewhere

    def kind(self, position: int) -> Kind:
        """What the whole column holds."""
        return self._kinds[position]

    def masked_and_counted(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Any] | None = None,
        *,
        beside: Mapping[int, int] | None = None,
    ) -> tuple[Any, dict[int, int]]:
        """What `PandasView.masked_and_counted` returns."""
        together = {
            position: _in_company(mapper, self._elsewhere.get(position)) for position, mapper in mappers.items()
        }
        return super().masked_and_counted(together, labels, beside=beside)


def _in_company(mapper: Mapper, others: list[Any] | None) -> Mapper:
    if not others:
        return mapper

    def mapped(values: list[Any]) -> list[Any]:
        here = set(values)
        return mapper([*values, *(value for value in others if value not in here)])[: len(values)]

    return mapped
