"""Hooks in polars: readers, writers, renderings and statistics.

A printed frame cuts long texts and breaks them over lines, and its numbers have no labels any more, so
it is exchanged as a whole for the print of its masked copy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import polars as pl

from ..watch import Exact, Statistic, Watcher
from ._hooks import Hooks, target_of

__all__ = ["WITHOUT_PYARROW", "install"]

# `Any` in this file is whatever a function of polars takes and returns.

WITHOUT_PYARROW = (
    "privguard: polars is here but pyarrow is not, so polars tables are withheld and names taken out of them are not "
    "recognised: pip install 'jupyter-privguard[polars]' before you look at such data."
)
_READERS = (
    "read_csv read_parquet read_json read_ndjson read_ipc read_avro read_excel read_ods read_delta read_database "
    "read_database_uri scan_csv scan_parquet scan_ndjson scan_ipc scan_delta"
).split()
_WRITERS = (
    "write_csv write_parquet write_json write_ndjson write_ipc write_avro write_excel write_delta write_database"
).split()
_LAZY_WRITERS = "sink_csv sink_parquet sink_ndjson sink_ipc sink_delta".split()
_RENDERERS = "__str__ __repr__ _repr_html_".split()
_REDUCTIONS = "mean sum median std var count null_count n_unique".split()


def install(watcher: Watcher) -> Callable[[], None]:
    """Hook polars for ``watcher``; the function that takes the hooks out again."""
    if find_spec("pyarrow") is None:
        print(WITHOUT_PYARROW, file=sys.stderr)
    hooks = _Hooks(watcher)
    for name in _READERS:
        hooks.wrap(pl, name, hooks.reader, before=hooks.reading, is_always=True)
    for name in _WRITERS:
        hooks.wrap(pl.DataFrame, name, hooks.writer, before=hooks.writing)
    for name in _LAZY_WRITERS:
        hooks.wrap(pl.LazyFrame, name, hooks.writer, before=hooks.writing)
    for cls in (pl.DataFrame, pl.Series):
        for name in _RENDERERS:
            hooks.wrap(cls, name, hooks.renderer)
        hooks.wrap(cls, "describe", hooks.describe)
    for name in _REDUCTIONS:
        hooks.wrap(pl.DataFrame, name, hooks.reduction)
    return hooks.undo


class _Hooks(Hooks):
    # Called before the original, with its arguments.

    def reading(self, original: Any, args: Any, kwargs: Any) -> None:
        for source in _read_from(args, kwargs):
            self._watcher.reading(source)

    def writing(self, original: Any, args: Any, kwargs: Any) -> None:
        if (target := _written_to(args, kwargs)) is not None:
            self._watcher.writing(args[0], target, _kind_of(original))

    # One method a kind of hook, called after the original with its arguments and result.

    def reader(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        source = next(iter(_read_from(args, kwargs)), "")
        for table in result.values() if isinstance(result, dict) else (result,):
            if isinstance(table, (pl.DataFrame, pl.LazyFrame)):
                self._watcher.loaded(table, source)

    def writer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if (target := _written_to(args, kwargs)) is not None:
            self._watcher.written(args[0], target, _kind_of(original))
        else:
            self.renderer(original, args, kwargs, result)

    def describe(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        from .polars import PolarsView  # needs pyarrow, and whoever imports polars need not wait for that
        from .polars_display import described

        source = args[0]
        exact = described(PolarsView(result, result))
        if exact is not None:
            # Of a Series the statistics stand in a column named "value".
            is_series = isinstance(source, pl.Series)
            about = {label: Statistic(source.name if is_series else label, False) for label in result.columns[1:]}
            self._watcher.aggregated(result, source, Exact(exact.group_size, exact.rows, about))

    def reduction(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if isinstance(result, pl.DataFrame):
            self._watcher.aggregated(result, args[0], Exact(args[0].height))


_READ = "source query".split()
_WRITTEN = "file path target workbook table_name".split()


def _read_from(args: Any, kwargs: Any) -> list[str]:
    """The paths, addresses or queries that a reader was given."""
    given = args[0] if args else next((kwargs[k] for k in _READ if k in kwargs), None)
    found = map(target_of, given if isinstance(given, (list, tuple)) else (given,))
    return [source for source in found if source is not None]


def _written_to(args: Any, kwargs: Any) -> str | None:
    return target_of(args[1] if len(args) > 1 else next((kwargs[k] for k in _WRITTEN if k in kwargs), None))


def _kind_of(writer: Any) -> str:
    return "table" if writer.__name__ == "write_database" else "file"
