"""Hooks in pandas where values leave a table for Python: cells, iteration, lists, arrays, records, statistics.

They note what left and never change it. What pandas does inside one of its own methods is not noted. They are
called in loops over single cells, so each does as little as it can before it knows that a value left.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import pandas as pd
import pandas.io.json
from pandas.core import indexing
from pandas.core.generic import NDFrame
from pandas.core.groupby import DataFrameGroupBy, SeriesGroupBy
from pandas.core.strings.accessor import StringMethods

from ..takes import Taker
from ._patches import Patches, position_of

__all__ = ["install"]

# `Any` in this file is whatever a method of pandas takes and returns.

_WHOLE_COLUMN = "tolist to_list to_numpy unique factorize __array__ map apply transform".split()
_WITH_LABELS = "to_dict to_json to_csv".split()
"""What of a column gives its index as well."""
_WHOLE_TABLE = "to_numpy to_dict to_records to_json to_csv __array__ map applymap".split()
_FUNCTIONS = "cut qcut factorize unique".split()
"""Functions of pandas that give bounds, or values without their rows."""
_COMPARISONS = "assert_series_equal assert_frame_equal assert_index_equal assert_extension_array_equal".split()
"""What quotes the values that it is given."""
_QUOTED = "to_numeric to_datetime to_timedelta concat merge".split()
_QUOTED_BY_TABLES = "astype set_index set_axis reindex join merge pivot".split()
"""What quotes a value of a table when it fails."""
_KEYS = "groups indices".split()
"""What of groups tells by which values they were made."""
_OWN = "max min idxmax idxmin argmax argmin mode first last".split()
"""What of a column is always the value of a row."""
_STATISTICS = "sum mean median std var sem prod product skew kurt".split()
_TABLES = (NDFrame, pd.Index)
_TABLES_OF_COLUMNS = (pd.DataFrame, pd.Series)

_frame = sys._getframe


def install(taker: Taker) -> Callable[[], None]:
    """Hook pandas for ``taker``; the function that takes the hooks out again."""
    hooks = _Hooks(taker)
    hooks.cells()
    hooks.columns()
    hooks.tables()
    hooks.functions()
    return hooks.undo


def _is_own_call(depth: int = 2) -> bool:
    """Whether pandas or we called the hooked method."""
    name = _frame(depth).f_globals.get("__name__")
    return type(name) is str and name.startswith(("pandas.", "jupyter_privguard."))


class _Hooks(Patches):
    def __init__(self, taker: Taker) -> None:
        super().__init__()
        self._taker = taker

    def cells(self) -> None:
        """Single cells: ``s[0]``, ``row.salary``, ``df.at[0, "salary"]``, ``s.item()``."""
        for name in ("__getitem__", "__getattr__", "get", "pop"):
            self.replace(pd.Series, name, self._by_key)
        for name in ("item", "squeeze", *_OWN):
            self.replace(pd.Series, name, self._single)
        self.replace(pd.Series, "quantile", self._quantile)
        for name in _STATISTICS:
            self.replace(pd.Series, name, self._statistic)
        self.replace(pd.Index, "__getitem__", self._by_key)
        self.replace(pd.MultiIndex, "__getitem__", self._by_place)
        for name in ("item", "max", "min"):
            self.replace(pd.Index, name, self._single)
        for indexer in (indexing._LocIndexer, indexing._iLocIndexer, indexing._AtIndexer, indexing._iAtIndexer):
            self.replace(indexer, "__getitem__", self._located)

    def columns(self) -> None:
        """Whole columns, and rows taken out as columns."""
        for name in _WHOLE_COLUMN:
            self.replace(pd.Series, name, self._whole_column)
            self.replace(pd.Index, name, self._whole_column)
        for cls in (pd.Series, pd.Index):
            self.replace(cls, "__iter__", self._iterated)
            for name in ("values", "array"):
                self.replace_property(cls, name, self._array)
        self.replace_property(pd.MultiIndex, "values", self._array)
        for name in _WITH_LABELS:
            self.replace(pd.Series, name, self._labelled_column)
        self.replace(pd.Series, "items", self._iterated)
        self.replace(StringMethods, "cat", self._joined)

    def tables(self) -> None:
        """Whole tables."""
        for name in _WHOLE_TABLE:
            self.replace(pd.DataFrame, name, self._whole_table)
        self.replace_property(pd.DataFrame, "values", self._table_array)
        self.replace(pd.DataFrame, "itertuples", self._tuples)
        self.replace(pandas.io.json, "to_json", self._written)  # data viewers of editors call it by itself

    def functions(self) -> None:
        """What takes columns as arguments."""
        for name in _FUNCTIONS:
            self.replace(pd, name, self._given)
        for name in _COMPARISONS:
            self.replace(pd.testing, name, self._given)
        for owner, names in ((pd, _QUOTED), *((one, _QUOTED_BY_TABLES) for one in (*_TABLES_OF_COLUMNS, pd.Index))):
            for name in names:
                self.replace(owner, name, self._quoted)
        for groups in (DataFrameGroupBy, SeriesGroupBy):
            self.replace(groups, "__iter__", self._grouped)
            for name in _KEYS:
                self.replace_property(groups, name, self._grouped)

    # --- single cells -----------------------------------------------------------------------------

    def _by_key(self, original: Any) -> Any:
        taker = self._taker

        def by_key(self: Any, key: Any, *args: Any) -> Any:
            result = original(self, key, *args)
            if taker.now is None or issubclass(type(result), _TABLES) or _is_own_call():
                return result
            if not callable(result):  # an attribute may be a method that somebody added
                taker.one(self, self.name, key, result)
            return result

        return by_key

    def _by_place(self, original: Any) -> Any:
        """A label of several levels."""
        taker = self._taker

        def by_place(self: Any, key: Any) -> Any:
            result = original(self, key)
            if taker.now is not None and type(result) is tuple and not _is_own_call():
                for name, value in zip(self.names, result, strict=False):
                    if name is not None:
                        taker.one(self, name, None, value)
            return result

        return by_place

    def _single(self, original: Any) -> Any:
        taker = self._taker

        def single(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(self, *args, **kwargs)
            if taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                taker.one(self, self.name, None, result)
            return result

        return single

    def _quantile(self, original: Any) -> Any:
        taker = self._taker

        def quantile(self: Any, q: Any = 0.5, *args: Any, **kwargs: Any) -> Any:
            result = original(self, q, *args, **kwargs)
            if taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                beyond = min(q, 1 - q) * len(self)
                taker.statistic(self.name, int(beyond), result)
            return result

        return quantile

    def _statistic(self, original: Any) -> Any:
        taker = self._taker

        def statistic(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(self, *args, **kwargs)
            if taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                taker.statistic(self.name, len(self) if len(self) > _FEW else int(self.count()), result)
            return result

        return statistic

    def _located(self, original: Any) -> Any:
        taker = self._taker

        def located(self: Any, key: Any) -> Any:
            result = original(self, key)
            if taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                table = self.obj
                if table.ndim == 1:
                    row = position_of(table.index, key) if self.name[0] == "i" else key
                    taker.one(table, table.name, row, result)
                elif type(key) is tuple and len(key) == 2:
                    column = position_of(table.columns, key[1]) if self.name[0] == "i" else key[1]
                    taker.one(table, column, key[0], result)
            return result

        return located

    # --- columns ------------------------------------------------------------------------------------

    def _whole_column(self, original: Any) -> Any:
        def whole_column(column: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._column(column)  # before: a function of the program's may print what it is given
            return original(column, *args, **kwargs)

        return whole_column

    def _labelled_column(self, original: Any) -> Any:
        def labelled_column(column: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._column(column)
                self._labels_of(column)
            return original(column, *args, **kwargs)

        return labelled_column

    def _array(self, getter: Any) -> Any:
        def array(column: Any) -> Any:
            result = getter(column)
            if self._taker.now is not None and not _is_own_call():
                self._column(column)
            return result

        return array

    def _joined(self, original: Any) -> Any:
        def joined(strings: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._column(strings._orig)
            return original(strings, *args, **kwargs)

        return joined

    def _iterated(self, original: Any) -> Any:
        def iterated(column: Any) -> Any:
            result = original(column)
            if self._taker.now is None or _is_own_call():
                return result
            counter = iter(range(len(column)))
            rows = functools.partial(_passed, counter, len(column))
            self._column(column, rows)
            if original.__name__ == "items":
                self._labels_of(column, rows)
            return map(_second, zip(counter, result))  # noqa: B905 - of one length, and all in C

        return iterated

    def _column(self, column: Any, rows: Callable[[], int] | None = None) -> None:
        """A column or a row was taken out; a row has a label for each of its values."""
        taker = self._taker
        if isinstance(column, pd.Index) and not any(column.names):
            return  # row numbers, or labels of columns
        if isinstance(column, pd.MultiIndex):
            taker.whole(column, None, rows)
            return
        if isinstance(column, pd.Series) and len(column) <= _WIDEST and column.index.dtype.kind not in "iufM":
            for label, value in zip(column.index.tolist(), column.tolist(), strict=False):
                taker.one(column, column.name, label, value)
        else:
            taker.whole(column, column.name, rows)

    def _labels_of(self, column: Any, rows: Callable[[], int] | None = None) -> None:
        """The named labels of a column's rows were taken out with it."""
        if any(column.index.names):
            self._column(column.index, rows)

    def _given(self, original: Any) -> Any:
        def given(*args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._all_of(*args, *kwargs.values())
            return original(*args, **kwargs)

        return given

    def _quoted(self, original: Any) -> Any:
        def quoted(*args: Any, **kwargs: Any) -> Any:
            try:
                return original(*args, **kwargs)
            except Exception:
                if self._taker.now is not None and not _is_own_call():
                    self._all_of(*args, *kwargs.values())
                raise

        return quoted

    def _all_of(self, *given: Any) -> None:
        """All tables and columns among ``given``, or in its lists, were taken out."""
        for one in given:
            if isinstance(one, pd.DataFrame):
                self._taker.whole(one)
            elif isinstance(one, _TABLES):
                self._column(one)
            elif isinstance(one, (list, tuple)):
                self._all_of(*(part for part in one[:_FEW] if isinstance(part, _TABLES)))

    def _grouped(self, original: Any) -> Any:
        """The keys of groups are values of the columns that they are made by."""

        def grouped(groups: Any) -> Any:
            result = original(groups)
            if self._taker.now is not None and not _is_own_call():
                for name in getattr(getattr(groups, "_grouper", None), "names", ()):
                    if name is not None:
                        self._taker.whole(None, name)
            return result

        return grouped

    # --- tables -------------------------------------------------------------------------------------

    def _whole_table(self, original: Any) -> Any:
        def whole_table(table: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._taker.whole(table)
            return original(table, *args, **kwargs)

        return whole_table

    def _written(self, original: Any) -> Any:
        def written(*args: Any, **kwargs: Any) -> Any:
            obj = kwargs.get("obj", args[1] if len(args) > 1 else None)
            if self._taker.now is not None and isinstance(obj, NDFrame) and not _is_own_call():
                self._taker.whole(obj, obj.name if isinstance(obj, pd.Series) else None)
            return original(*args, **kwargs)

        return written

    def _table_array(self, getter: Any) -> Any:
        def table_array(table: Any) -> Any:
            result = getter(table)
            if self._taker.now is not None and not _is_own_call():
                self._taker.whole(table)
            return result

        return table_array

    def _tuples(self, original: Any) -> Any:
        def tuples(table: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
            result = original(table, *args, **kwargs)
            if self._taker.now is None or _is_own_call():
                return iter(result)
            counter = iter(range(len(table)))
            self._taker.whole(table, None, functools.partial(_passed, counter, len(table)))
            return map(_second, zip(counter, result))  # noqa: B905 - as above

        return tuples


_FEW = 1000
"""Rows of which it is counted how many have a value."""
_WIDEST = 500
"""Labels of a row that is taken out as a whole."""
_second = itemgetter(1)


def _passed(counter: Any, length: int) -> int:
    return length - int(counter.__length_hint__())
