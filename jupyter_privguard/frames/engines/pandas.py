"""pandas: DataFrame, Series and Index as views."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from ..codes import Codes
from ..engine import Kind, Mapper
from ..sampling import stride, thinned_out
from ._axes import ends
from ._pandas_state import forget_dead_views, same_columns, state_of
from ._pandas_values import (
    as_python,
    codes_of,
    distinct,
    kind_of_dtype,
    known_of,
    mapped,
    numbers_of,
    plain_array,
    usual_kind,
)

__all__ = ["PandasView", "explicit_view", "name_heads", "same_columns", "view"]

# Values inside a frame are of any type; `Any` in this file stands for such a value or for pandas'
# own loosely typed arrays.


def view(obj: Any) -> PandasView | None:
    """A view of a DataFrame, Series or Index; None for anything else."""
    kind = type(obj)  # isinstance would ask the object for its __class__, and proxies answer with anything
    if issubclass(kind, pd.DataFrame):
        forget_dead_views(obj)
        return PandasView(obj, obj)
    if issubclass(kind, pd.Series):
        return PandasView(obj, _one_column(obj, obj.name))
    if issubclass(kind, pd.MultiIndex):
        frame = pd.DataFrame({level: obj.get_level_values(level) for level in range(obj.nlevels)})
        frame.columns = _labels(obj.names)
        return PandasView(obj, frame)
    if issubclass(kind, pd.Index):
        return PandasView(obj, _one_column(obj.to_series(index=pd.RangeIndex(len(obj))), obj.name))
    return None


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> PandasView | None:
    """As `view`: whatever pandas has is there already."""
    return view(obj)


def name_heads(native: Any, names: Sequence[Hashable]) -> None:
    """Call the levels of the labels of a frame, which nobody else has yet, by ``names``."""
    native.columns = native.columns.set_names(list(names))


class PandasView:
    """A DataFrame, Series or Index seen as a table; a Series or Index is one column wide."""

    def __init__(self, native: Any, frame: pd.DataFrame, origin: tuple[int, ...] | None = None) -> None:
        self._native = native
        self._frame = frame
        self._levels = _index_levels(frame.index)
        self._origin = origin
        self._series: dict[int, pd.Series[Any]] = {}
        self._known_kinds: dict[int, Kind] = {}
        self._samples: dict[int, list[Any]] = {}

    def __repr__(self) -> str:
        return f"PandasView({self.rows} rows, {self.width} columns)"

    @property
    def native(self) -> Any:
        """The object behind the view."""
        return self._native

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self._frame.index)

    @property
    def width(self) -> int:
        """Number of real columns."""
        return int(self._frame.shape[1])

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """Labels of the columns, then of the index levels that count."""
        columns = self._frame.columns
        # Arrow makes new texts each time; what is kept of many tables shall keep each label once.
        own = columns if columns.nlevels > 1 else (sys.intern(one) if type(one) is str else one for one in columns)
        return (*own, *(self._frame.index.names[level] for level in self._levels))

    @property
    def origin(self) -> tuple[int, ...]:
        """Where each position was before `shown` cut."""
        return self._origin if self._origin is not None else tuple(range(self.width + len(self._levels)))

    @property
    def heads(self) -> list[PandasView]:
        """The labels of the columns by level; nothing for a Series or Index."""
        if isinstance(self._native, (pd.Series, pd.Index)):
            return []
        columns = self._frame.columns
        levels = [columns] if columns.nlevels == 1 else map(columns.get_level_values, range(columns.nlevels))
        return [
            # With its own type: text that Arrow cannot hold must not be turned into Arrow's.
            PandasView(level, _one_column(pd.Series(level.array, dtype=level.dtype), level.name))
            for level in levels
        ]

    def _values(self, position: int) -> pd.Series[Any]:
        if not 0 <= position < self.width + len(self._levels):
            raise IndexError("there is no column at this position")
        known = self._series.get(position)  # a view is looked at and let go, and a column taken out anew costs as much
        if known is None:
            if position < self.width:
                known = _column(self._frame, position)
            else:
                known = _level_series(self._frame.index, self._levels[position - self.width])
            self._series[position] = known
        return known

    def kind(self, position: int) -> Kind:
        """What the dtype says; of objects, what most of a sample are."""
        known = self._known_kinds.get(position)
        if known is None:
            known = kind_of_dtype(self._values(position).dtype) or usual_kind(self.sample(position, 50))
            self._known_kinds[position] = known
        return known

    def is_typed(self, position: int) -> bool:
        """Whether the dtype is not that of any object."""
        return kind_of_dtype(self._values(position).dtype) is not None

    def sample(self, position: int, size: int = 200) -> list[Any]:
        """Up to ``size`` non-null values at even strides."""
        if len(self._frame.index) <= size:
            return list(self._few(position))
        values = plain_array(self._values(position))
        picked = known_of(values[:: stride(len(values), size)])
        if len(picked) > size:
            picked = picked.take(list(thinned_out(len(picked), size)))
        elif not len(picked) and len(values):  # nearly all null: look for what there is
            picked = known_of(values)[:size]
        return [as_python(value) for value in picked.tolist()]

    def _few(self, position: int) -> list[Any]:
        """All non-null values of a column that every sample has whole: a table on its side has thousands of those."""
        known = self._samples.get(position)
        if known is None:
            picked = known_of(plain_array(self._values(position)))
            known = self._samples[position] = [as_python(value) for value in picked.tolist()]
        return known

    def distinct(self, position: int) -> list[Any]:
        """Distinct non-null values in order of first appearance."""
        return distinct(self._values(position))[1]

    def codes(self, position: int) -> Codes:
        """One integer a row; 0 is null."""
        return codes_of(self._values(position))

    def numbers(self, position: int) -> Any:
        """One float a row; None for a dtype that does not tell."""
        return numbers_of(self._values(position))

    def state(self) -> object:
        """Something that differs once columns were added, renamed or replaced, or cells of a Series."""
        return (self._frame.shape, self.labels, state_of(self._native))

    def shown(self, rows: int, columns: int) -> PandasView:
        """Both ends of each axis; costs as much as what is shown, however long the table is."""
        kept_rows = ends(self.rows, rows)
        kept = ends(self.width, columns)
        # Rows first: cutting columns by position copies them.
        frame = self._frame if kept_rows is None else self._frame.iloc[kept_rows]
        if kept is not None:
            frame = frame.iloc[:, kept]
        whole = self.origin
        left = range(self.width) if kept is None else kept
        origin = (*(whole[position] for position in left), *whole[self.width :])
        native: Any = frame
        if not isinstance(self._native, pd.DataFrame):
            native = self._native
            if kept_rows is not None:
                native = native.iloc[kept_rows] if isinstance(native, pd.Series) else native.take(kept_rows)
        return PandasView(native, frame, origin)

    def masked(self, mappers: Mapping[int, Mapper], labels: Sequence[Hashable] | None = None) -> Any:
        """A new object of the same type; see `FrameView.masked`."""
        return self.masked_and_counted(mappers, labels)[0]

    def masked_and_counted(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Hashable] | None = None,
        *,
        beside: Mapping[int, int] | None = None,
    ) -> tuple[Any, dict[int, int]]:
        """What `masked` returns, and the changed cells by position."""
        others = {position: self._values(other) for position, other in (beside or {}).items()}
        if labels is not None and len(labels) != self.width + len(self._levels):
            raise ValueError("labels must name every position")
        counts: dict[int, int] = {}
        new: dict[int, pd.Series[Any]] = {}
        for position in sorted(p for p in mappers if p < self.width):
            values, counts[position] = mapped(self._values(position), mappers[position], others.get(position))
            # As a Series of its own dtype: of a bare array of objects, pandas would guess the dtype.
            new[position] = pd.Series(values, index=self._frame.index, dtype=values.dtype)
        out = _with_columns(self._frame, new)
        out.attrs = {}  # free-form notes of the user's; nobody has classified them
        if isinstance(out.columns, pd.MultiIndex):
            out.columns = out.columns.remove_unused_levels()  # what no column is called any more may be a raw value
        if labels is not None:
            out.columns = _relabelled(out.columns, labels[: self.width])
        out.index = self._masked_index(mappers, labels, counts, others)
        return self._as_native(out), counts

    def _masked_index(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Hashable] | None,
        counts: dict[int, int],
        others: Mapping[int, pd.Series[Any]],
    ) -> pd.Index[Any]:
        index = self._frame.index
        names = list(index.names)
        changed: dict[int, Any] = {}
        for position, level in enumerate(self._levels, start=self.width):
            if labels is not None:
                names[level] = labels[position]
            if position in mappers:
                changed[level], counts[position] = mapped(
                    _level_series(index, level), mappers[position], others.get(position)
                )
        if not changed:
            return index if names == list(index.names) else index.set_names(names)
        if index.nlevels == 1:
            single: pd.Index[Any] = pd.Index(changed[0], dtype=changed[0].dtype, name=names[0], tupleize_cols=False)
            return single
        # Built anew, so that no level keeps raw values that no row uses any more.
        arrays = [changed.get(level, index.get_level_values(level)) for level in range(index.nlevels)]
        return pd.MultiIndex.from_arrays(arrays, names=names)

    def _as_native(self, out: pd.DataFrame) -> Any:
        native = self._native
        if isinstance(native, pd.Series):
            series = out.iloc[:, 0].copy()
            series.name = out.columns[0]
            return series
        if isinstance(native, pd.MultiIndex):
            return pd.MultiIndex.from_arrays(
                [out.iloc[:, level] for level in range(out.shape[1])], names=list(out.columns)
            )
        if isinstance(native, pd.Index):
            if native.dtype == out.dtypes.iloc[0] and native.equals(pd.Index(out.iloc[:, 0])):
                return native.rename(out.columns[0])  # keeps RangeIndex and a DatetimeIndex's frequency
            return pd.Index(out.iloc[:, 0].array, name=out.columns[0], tupleize_cols=False)
        return out


_SET_ONE_BY_ONE = 50
"""New columns up to which each is set by itself; one that is set costs a look at all others."""


def _with_columns(frame: pd.DataFrame, new: Mapping[int, Any]) -> pd.DataFrame:
    """A deep copy of ``frame`` with other columns at some positions."""
    if len(new) <= _SET_ONE_BY_ONE or type(frame) is not pd.DataFrame:
        out = frame.copy(deep=True)
        for position, column in new.items():
            out.isetitem(position, column)
        return out
    columns = {at: new[at] if at in new else _column(frame, at) for at in range(frame.shape[1])}
    out = pd.DataFrame(columns, index=frame.index, copy=True)
    out.columns = frame.columns
    return out


def _column(frame: pd.DataFrame, position: int) -> pd.Series[Any]:
    """One column, past the hooks in ``iloc``, which are for the user's looks at a table."""
    take: Any = getattr(frame, "_ixs", None)
    column: pd.Series[Any] = frame.iloc[:, position] if take is None else take(position, axis=1)
    return column


def _one_column(series: pd.Series[Any], name: Hashable) -> pd.DataFrame:
    frame = pd.DataFrame({0: series}, index=series.index)
    frame.columns = _labels([name])
    return frame


def _labels(names: Sequence[Hashable], name: Hashable = None) -> pd.Index[Any]:
    """An index of exactly these labels: neither tuples nor None are made into something else."""
    labels = np.empty(len(names), dtype=object)
    for position, label in enumerate(names):
        labels[position] = label
    kinds = {type(label) for label in names}  # isinstance would ask the labels, which may answer anything
    if kinds and all(issubclass(kind, str) for kind in kinds):
        with suppress(UnicodeEncodeError):  # lone surrogates fit only among objects
            return pd.Index(labels, name=name)
    if kinds and all(issubclass(kind, int) and kind is not bool for kind in kinds):
        return pd.Index(list(names), name=name)
    return pd.Index(labels, name=name, dtype=object, tupleize_cols=False)


def _index_levels(index: pd.Index[Any]) -> list[int]:
    """The levels that can hold somebody's data: all but a plain row number."""
    if isinstance(index, pd.RangeIndex) and index.name is None:
        return []
    dtypes = [level.dtype for level in index.levels] if isinstance(index, pd.MultiIndex) else [index.dtype]
    return [
        level
        for level, dtype in enumerate(dtypes)
        if index.names[level] is not None or not types.is_numeric_dtype(dtype)
    ]


def _level_series(index: pd.Index[Any], level: int) -> pd.Series[Any]:
    return pd.Series(index.get_level_values(level).array, index=pd.RangeIndex(len(index)))


def _relabelled(columns: pd.Index[Any], labels: Sequence[Hashable]) -> pd.Index[Any]:
    if list(columns) == list(labels):
        return columns
    if isinstance(columns, pd.MultiIndex):
        tuples = [label if isinstance(label, tuple) else (label,) * columns.nlevels for label in labels]
        return pd.MultiIndex.from_tuples(tuples, names=columns.names)
    return _labels(labels, columns.name)
