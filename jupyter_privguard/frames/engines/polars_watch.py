"""Hooks in polars: readers, writers, renderings and statistics.

A printed frame cuts long texts and breaks them over lines, and its numbers have no labels any more, so
it is exchanged as a whole for the print of its masked copy.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import polars as pl
from polars.dataframe.group_by import GroupBy

from ..watch import Exact, Statistic, Watcher
from ._hooks import Hooks, argument, target_of

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
_AGGREGATE = re.compile(
    r"""(?:col\("(?P<source>[^"]+)"\)\.(?:mean|sum|count|median|std|var|n_unique|len)\(\)|len\(\))
    (?:\.round\([^()]*\))?(?:\.alias\("[^"]*"\))?""",
    re.VERBOSE,
)
"""An expression, as polars writes it, that gives nobody's own value where there are rows enough."""
_OF_GROUPS = "mean sum median len n_unique".split()
_SELECTING = "sort head tail limit slice filter reverse sample".split()
"""What changes no more of a table than which rows it has, and their order."""
_REDUCTIONS = "mean sum median std var count null_count n_unique".split()


def install(watcher: Watcher) -> Callable[[], None]:
    """Hook polars for ``watcher``; the function that takes the hooks out again."""
    if find_spec("pyarrow") is None:
        print(WITHOUT_PYARROW, file=sys.stderr)
    hooks = _Hooks(watcher)
    for name in _READERS:
        hooks.wrap(pl, name, hooks.reader, before=hooks.reading, passing=hooks.passed, is_always=True)
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
    for name in _SELECTING:
        hooks.wrap(pl.DataFrame, name, hooks.selecting)
    hooks.wrap(GroupBy, "agg", hooks.groups)
    for name in _OF_GROUPS:
        hooks.wrap(GroupBy, name, hooks.groups_as_a_whole)
    return hooks.undo


class _Hooks(Hooks):
    # Called before the original, or before its result is passed on, with its arguments.

    def reading(self, original: Any, args: Any, kwargs: Any) -> None:
        for source in _read_from(args, kwargs):
            self._watcher.reading(source)

    def passed(self, args: Any, kwargs: Any, result: Any) -> Any:
        return self._watcher.passed(result, next(iter(_read_from(args, kwargs)), None))

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

    def selecting(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        if isinstance(result, pl.DataFrame):
            self._watcher.derived(result, args[0])

    def groups(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        about = dict.fromkeys(result.columns, Statistic(None, False))  # the keys are values of rows
        listed = [one for arg in args[1:] for one in (arg if isinstance(arg, (list, tuple)) else (arg,))]
        named = [(one.meta.output_name(), one) for one in listed if isinstance(one, pl.Expr)]
        for label, one in [*named, *kwargs.items()]:
            found, sources = _AGGREGATE.fullmatch(str(one)), one.meta.root_names()
            about[label] = Statistic(sources[0] if sources else label, found is not None)
        self._of_groups(args[0], result, about)

    def groups_as_a_whole(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        keys = args[0].df.group_by(*args[0].by, **args[0].named_by).len().columns[:-1]
        self._of_groups(args[0], result, {label: Statistic(label, label not in keys) for label in result.columns})

    def _of_groups(self, groups: Any, result: Any, about: dict[Any, Statistic]) -> None:
        if getattr(groups, "predicates", None) is None:
            sizes = groups.df.group_by(*groups.by, **groups.named_by).len()
            about = {
                label: one._replace(source=label if one.source is None else one.source) for label, one in about.items()
            }
            self._watcher.aggregated(result, groups.df, Exact(int(sizes.to_series(-1).min() or 0), columns=about))


_READ = "source query".split()
_WRITTEN = "file path target workbook table_name".split()


def _read_from(args: Any, kwargs: Any) -> list[str]:
    """The paths, addresses or queries that a reader was given."""
    given = argument(args, kwargs, 0, _READ)
    found = map(target_of, given if isinstance(given, (list, tuple)) else (given,))
    return [source for source in found if source is not None]


def _written_to(args: Any, kwargs: Any) -> str | None:
    return target_of(argument(args, kwargs, 1, _WRITTEN))


def _kind_of(writer: Any) -> str:
    return "table" if writer.__name__ == "write_database" else "file"
