"""Hooks in pandas: readers, constructors, renderings, aggregates and writers."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from inspect import isgenerator
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
from pandas.core.generic import NDFrame
from pandas.core.groupby import DataFrameGroupBy, SeriesGroupBy

from ..engine import DESCRIBED
from ..watch import Exact, Watcher
from ._hooks import Hooks, argument, target_of
from .pandas_statistics import exact_groups, exact_pivot, exact_table

__all__ = ["install"]

_READERS = (
    "read_csv read_table read_fwf read_parquet read_feather read_orc read_json read_excel read_pickle read_html "
    "read_xml read_sql read_sql_query read_sql_table read_stata read_sas read_spss read_hdf"
).split()
_WRITERS = (
    "to_csv to_parquet to_feather to_orc to_json to_excel to_pickle to_html to_xml to_sql to_stata to_hdf to_markdown "
    "to_latex to_string to_clipboard"
).split()
_STYLER_WRITERS = "to_html to_latex to_string to_typst to_excel".split()
_READ = "filepath_or_buffer path io sql table_name path_or_buf path_or_buffer".split()
_WRITTEN = "path_or_buf path_or_buffer path buf excel_writer name".split()
_AGGREGATES = "mean sum count median std var size nunique sem".split()
_REDUCTIONS = "mean sum count median std var sem skew kurt nunique corr cov".split()


def install(watcher: Watcher) -> Callable[[], None]:
    """Hook pandas for ``watcher``; the function that takes the hooks out again."""
    hooks = _Hooks(watcher)
    for name in _READERS:
        hooks.wrap(pd, name, hooks.reader, before=hooks.reading, passing=hooks.passed, is_always=True)
    for cls in (pd.DataFrame, pd.Series):
        hooks.wrap(cls, "__init__", hooks.constructor)
        hooks.wrap(cls, "describe", hooks.describe)
        for name in ("agg", "aggregate"):
            hooks.wrap(cls, name, hooks.table_statistics)
        for name in _WRITERS:
            hooks.wrap(cls, name, hooks.writer, before=hooks.writing)
        for name in ("__repr__", "_repr_html_", "_repr_latex_"):
            hooks.wrap(cls, name, hooks.renderer)
    hooks.wrap(pd.Index, "__repr__", hooks.renderer)
    for owner in (pd, pd.DataFrame):
        hooks.wrap(owner, "pivot_table", hooks.pivot)
    hooks.wrap(pd, "crosstab", hooks.nothing)  # the pivot table inside is about a table that nobody has seen
    for name in _REDUCTIONS:
        hooks.wrap(pd.DataFrame, name, hooks.reduction)
    hooks.wrap(NDFrame, "__finalize__", hooks.finalize)
    hooks.wrap(NDFrame, "__setstate__", hooks.unpickled)
    for groups in (DataFrameGroupBy, SeriesGroupBy):
        for name in _AGGREGATES:
            hooks.wrap(groups, name, hooks.aggregate)
        for name in ("agg", "aggregate", "describe"):
            hooks.wrap(groups, name, hooks.group_statistics)
    hooks.wrap_style()
    return hooks.undo


class _Hooks(Hooks):
    def __init__(self, watcher: Watcher) -> None:
        super().__init__(watcher)
        self._pieces: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        """By reader that reads piece by piece what it reads."""
        self._in_pieces: set[type] = set()
        """The types of such readers that are hooked."""

    def wrap_style(self) -> None:
        """Hook Styler now if its module is loaded, else when the program first asks a frame for its style."""
        if hasattr(sys.modules.get("pandas.io.formats.style"), "Styler"):  # and not only about to have it
            self._wrap_styler()
            return
        hooked = False

        def hook(original: Any) -> Any:
            def style(frame: Any) -> Any:
                nonlocal hooked
                styler = original(frame)
                if not hooked:
                    hooked = True
                    self._wrap_styler()
                return styler

            return style

        self._patches.replace_property(pd.DataFrame, "style", hook)

    def _wrap_styler(self) -> None:
        styler = sys.modules["pandas.io.formats.style"].Styler
        for name in _STYLER_WRITERS:
            self.wrap(styler, name, self.writer, before=self.writing)

    # Called before the original, or before its result is passed on, with its arguments.

    def reading(self, original: Any, args: Any, kwargs: Any) -> None:
        source = _read_from(args, kwargs)
        if source is not None:
            self._watcher.reading(source)

    def passed(self, args: Any, kwargs: Any, result: Any) -> Any:
        source = _read_from(args, kwargs)
        result = self._watcher.passed(result, source)
        return self._each(result, source or "") if isgenerator(result) else result

    def writing(self, original: Any, args: Any, kwargs: Any) -> None:
        if original.__name__ == "to_clipboard":
            self._watcher.writing(args[0], "clipboard", "clipboard", labels=_chosen(kwargs))
        elif (target := target_of(_written_to(args, kwargs))) is not None:
            self._watcher.writing(args[0], target, _kind_of(original), labels=_chosen(kwargs))

    # One method a kind of hook, called after the original with its arguments and result.

    def reader(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        source = _read_from(args, kwargs)
        if hasattr(result, "__next__") and not isgenerator(result):
            self._pieces[result] = source or ""
            if type(result) not in self._in_pieces:
                self._in_pieces.add(type(result))
                for name in ("__next__", "read", "get_chunk"):
                    self.wrap(type(result), name, self.piece)
            return
        for frame in result.values() if isinstance(result, dict) else result if isinstance(result, list) else (result,):
            if isinstance(frame, (pd.DataFrame, pd.Series)):
                self._watcher.loaded(frame, source or "")

    def _each(self, pieces: Iterator[Any], source: str) -> Iterator[Any]:
        for piece in pieces:
            with contextlib.suppress(Exception):  # what cannot be noted stops no program
                self._watcher.piece(piece, source)
            yield piece

    def piece(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """``for part in pd.read_csv(path, chunksize=1000)``."""
        if args[0] in self._pieces and isinstance(result, pd.DataFrame):
            self._watcher.piece(result, self._pieces[args[0]])

    def constructor(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if not _called_by_library():
            self._watcher.loaded(args[0], None)

    def unpickled(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if isinstance(args[0], pd.DataFrame):
            self._watcher.unpickled(args[0])

    def writer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        first = _written_to(args, kwargs)
        target = target_of(first)
        if original.__name__ == "to_clipboard":
            self._watcher.written(args[0], "clipboard", "clipboard", labels=_chosen(kwargs))
        elif target is not None:
            self._watcher.written(args[0], target, _kind_of(original), labels=_chosen(kwargs))
        elif hasattr(first, "getvalue"):
            self._buffered(original, args, kwargs, first)
        else:
            self.renderer(original, args, kwargs, result)

    def _buffered(self, original: Any, args: Any, kwargs: Any, buffer: Any) -> None:
        """A writer wrote into a buffer of the program's: what is in it now is the text of the table."""

        def render(obj: Any) -> str:
            own = io.StringIO()
            rest = [own if arg is buffer else arg for arg in args[1:]]
            original(obj, *rest, **{key: own if value is buffer else value for key, value in kwargs.items()})
            return own.getvalue()

        text = buffer.getvalue()
        if isinstance(text, str):
            self._watcher.rendered(args[0], text, render, whole=True)

    def describe(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        self._watcher.aggregated(result, args[0], Exact(len(args[0]), DESCRIBED))

    def reduction(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        by_row = (kwargs.get("axis") or (args[1] if len(args) > 1 else 0)) in (1, "columns")
        if isinstance(result, (pd.DataFrame, pd.Series)) and not by_row:
            self._watcher.aggregated(result, args[0], Exact(len(args[0])))

    def table_statistics(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        func = args[1] if len(args) > 1 else kwargs.get("func")
        by_row = (kwargs.get("axis") or (args[2] if len(args) > 2 else 0)) in (1, "columns")
        exact = None if by_row else exact_table(args[0], result, func)
        if exact is not None and isinstance(result, (pd.DataFrame, pd.Series)):
            self._watcher.aggregated(result, args[0], exact)

    def group_statistics(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if isinstance(result, (pd.DataFrame, pd.Series)):
            described = original.__name__ == "describe"
            func = None if described else args[1] if len(args) > 1 else kwargs.get("func")
            exact = exact_groups(args[0], result, func, {} if described else kwargs)
            self._watcher.aggregated(result, args[0].obj, exact)

    def pivot(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        given = dict(zip(("data", "values", "index", "columns", "aggfunc"), args, strict=False)) | kwargs
        keys = [key for by in (given.get("index"), given.get("columns")) for key in _as_list(by)]
        func = given.get("aggfunc", "mean")
        data = given.get("data", args[0] if args else None)
        if isinstance(data, pd.DataFrame) and isinstance(result, pd.DataFrame):
            self._watcher.aggregated(result, data, exact_pivot(data, result, given.get("values"), keys, func))

    def nothing(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """For functions whose insides are not to be reported."""

    def finalize(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        # pandas calls this to hand metadata from a table to what a method made of it.
        source = args[1] if len(args) > 1 else kwargs.get("other")
        if isinstance(source, NDFrame):
            self._watcher.derived(result, source)

    def aggregate(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        sizes = args[0].size()
        values = sizes["size"] if isinstance(sizes, pd.DataFrame) else sizes
        if isinstance(result, (pd.DataFrame, pd.Series)):
            self._watcher.aggregated(result, args[0].obj, Exact(int(values.min()) if len(values) else 0))


def _read_from(args: Any, kwargs: Any) -> str | None:
    given = argument(args, kwargs, 0, _READ)
    return str(given) if hasattr(given, "compile") else target_of(given)  # an expression of SQLAlchemy


def _written_to(args: Any, kwargs: Any) -> Any:
    return argument(args, kwargs, 1, _WRITTEN)


def _chosen(kwargs: Any) -> list[Any] | None:
    """The columns that ``to_csv(path, columns=["a"])`` writes; None where all are written."""
    chosen = kwargs.get("columns")
    return None if chosen is None else [chosen] if isinstance(chosen, (str, tuple)) else list(chosen)


def _kind_of(writer: Any) -> str:
    return "table" if writer.__name__ == "to_sql" else "file"


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _called_by_library() -> bool:
    """Whether pandas or we made the table: then its values are known already."""
    frame = sys._getframe(3)  # constructor ← hooked ← the caller
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in ("pandas", "jupyter_privguard")
