"""Hooks in polars where values leave a table for Python: cells, rows, lists, records, statistics.

They note what left and never change it; see ``pandas_takes``.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import polars as pl
from polars.dataframe.group_by import GroupBy

from ..takes import Taker
from ._patches import Patches, position_of

__all__ = ["install"]

# `Any` in this file is whatever a method of polars takes and returns.

_WHOLE_COLUMN = "to_list to_numpy to_arrow to_pandas to_init_repr __array__ map_elements".split()
_WHOLE_TABLE = "rows row rows_by_key to_dict to_dicts to_numpy to_arrow to_init_repr glimpse map_rows __array__".split()
_OWN = "max min mode first last item".split()
"""What of a column is always the value of a row."""
_STATISTICS = "sum mean median std var product".split()
_COMPARISONS = {
    "assert_series_equal_py": "polars.testing.asserts.series",
    "assert_dataframe_equal_py": "polars.testing.asserts.frame",
}
"""What quotes the values that it compares, and the module that has taken it over once it is imported."""
_TABLES = (pl.DataFrame, pl.Series, pl.LazyFrame)

_frame = sys._getframe


def install(taker: Taker) -> Callable[[], None]:
    """Hook polars for ``taker``; the function that takes the hooks out again."""
    hooks = _Hooks(taker)
    for name in ("__getitem__", *_OWN):
        hooks.replace(pl.Series, name, hooks.cell)
    for name in _WHOLE_COLUMN:
        hooks.replace(pl.Series, name, hooks.whole_column)
    for name in _STATISTICS:
        hooks.replace(pl.Series, name, hooks.statistic)
    hooks.replace(pl.Series, "__iter__", hooks.iterated)
    hooks.replace(pl.DataFrame, "__getitem__", hooks.located)
    hooks.replace(pl.DataFrame, "item", hooks.located)
    for name in _WHOLE_TABLE:
        hooks.replace(pl.DataFrame, name, hooks.whole_table)
    hooks.replace(pl.DataFrame, "iter_rows", hooks.iterated)
    hooks.replace(GroupBy, "__iter__", hooks.grouped)
    for name, asserts in _COMPARISONS.items():
        for module in filter(None, map(sys.modules.get, ("polars._plr", asserts))):
            hooks.replace(module, name, hooks.compared)
    return hooks.undo


def _is_own_call() -> bool:
    """Whether polars or we called the hooked method."""
    name = _frame(2).f_globals.get("__name__")
    return type(name) is str and name.startswith(("polars.", "jupyter_privguard."))


class _Hooks(Patches):
    def __init__(self, taker: Taker) -> None:
        super().__init__()
        self._taker = taker

    def cell(self, original: Any) -> Any:
        """``s[0]``, ``s.max()``."""

        def cell(column: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(column, *args, **kwargs)
            if self._taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                self._taker.one(column, column.name, None, result)
            return result

        return cell

    def grouped(self, original: Any) -> Any:
        """The keys of groups are values of the columns that they are made by."""

        def grouped(groups: Any) -> Any:
            result = original(groups)
            if self._taker.now is not None and not _is_own_call():
                for key in (*groups.by, *groups.named_by.values()):
                    for name in (key,) if isinstance(key, str) else key.meta.root_names():
                        self._taker.whole(None, name)
            return result

        return grouped

    def statistic(self, original: Any) -> Any:
        """``s.mean()``."""

        def statistic(column: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(column, *args, **kwargs)
            if self._taker.now is not None and not _is_own_call():
                self._taker.statistic(column.name, len(column) - column.null_count(), result)
            return result

        return statistic

    def located(self, original: Any) -> Any:
        """``df[0, "salary"]``, ``df.item(0, 2)``."""

        def located(table: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(table, *args, **kwargs)
            if self._taker.now is not None and not issubclass(type(result), _TABLES) and not _is_own_call():
                keys = args[0] if len(args) == 1 and type(args[0]) is tuple else (*args, *kwargs.values())
                column: Any = keys[-1] if len(keys) == 2 else 0
                label = column if isinstance(column, str) else position_of(table.columns, column)
                self._taker.one(table, label, None, result)
            return result

        return located

    def whole_column(self, original: Any) -> Any:
        """``s.to_list()``."""

        def whole_column(column: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                self._taker.whole(column, column.name)
            return original(column, *args, **kwargs)

        return whole_column

    def whole_table(self, original: Any) -> Any:
        """``df.rows()``; of a single row that row."""

        def whole_table(table: Any, *args: Any, **kwargs: Any) -> Any:
            if self._taker.now is not None and not _is_own_call():
                is_row = original.__name__ == "row" and args and type(args[0]) is int
                self._taker.whole(table[args[0]] if is_row else table)
            return original(table, *args, **kwargs)

        return whole_table

    def compared(self, original: Any) -> Any:
        """``assert_series_equal(s, t)``, whose error quotes both."""

        def compared(left: Any, right: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(left, right, *args, **kwargs)
            except Exception:
                for one in (left, right):
                    for label in one.columns() if hasattr(one, "columns") else [one.name()]:
                        self._taker.whole(None, label)
                raise

        return compared

    def iterated(self, original: Any) -> Any:
        """``for x in s``, ``for row in df.iter_rows()``."""

        def iterated(table: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(table, *args, **kwargs)
            if self._taker.now is None or _is_own_call():
                return result
            counter = iter(range(len(table)))
            label = table.name if isinstance(table, pl.Series) else None
            self._taker.whole(table, label, functools.partial(_passed, counter, len(table)))
            return map(_second, zip(counter, result))  # noqa: B905 - of one length, and all in C

        return iterated


_second = itemgetter(1)


def _passed(counter: Any, length: int) -> int:
    return length - int(counter.__length_hint__())
