"""Hooks in pandas that note which columns of a table are used: see `frames.uses`.

A method uses the columns that its arguments name; else those that its result still has; else all. A result that has
the columns of its table is a part of it, and counts by what is done with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any

import pandas as pd
from pandas.core import indexing
from pandas.core.base import SelectionMixin  # type: ignore[attr-defined]  # its stubs leave it out
from pandas.plotting._core import PlotAccessor

from ...errors import Refused
from ..uses import Lineage, Node, Origin, Tracker
from ._callers import is_called_by_library, is_for_size, is_for_types
from ._noting import noting
from ._pandas_changes import Changes
from ._pandas_columns import Columns
from ._pandas_groups import Groups
from ._pandas_named import (
    Turned,
    assigned_by,
    is_by_row,
    kept_labels,
    methods_of,
    named_in,
    numbers,
    tables_in,
    turned_by,
)
from ._pandas_parts import Parts

__all__ = ["install"]

# `Any` in this file is whatever a method of pandas takes and returns.

_NOT_USED = frozenset("keys insert memory_usage items iterrows itertuples plot sparse style attrs set_flags".split())
"""Methods that use nothing by themselves, or have a hook of their own."""
_NO_KEYS = frozenset(
    "drop rename filter reindex select_dtypes fillna replace astype isin rename_axis set_axis get pop insert round "
    "add_prefix add_suffix copy assign pipe eq ne lt gt le ge where mask clip".split()
)
"""Methods whose arguments name columns without using them."""
_RENAMED = frozenset("rename set_axis add_prefix add_suffix".split())
_WIDENED = frozenset("assign eval reset_index rename_axis".split())
"""Methods that add columns to those of the table."""
_LOOKING_UP = frozenset("query eval".split())
"""Methods that look for variables in the frames of their callers, of which this one is none."""
_STATISTICS = frozenset("describe mean sum median std var min max prod sem skew kurt quantile corr cov".split())
"""Methods that leave columns out that are no numbers, also such as the program has named before."""
_MEASURES = "shape size empty".split()
"""Of a part these tell of the columns that it was chosen by, and of no others."""
_PLOTS = frozenset("hist boxplot".split())
_ITERATORS = "items iterrows itertuples".split()
_KINDS_OF_PLOTS = "__call__ line bar barh hist box kde density area pie scatter hexbin".split()
_FUNCTIONS = (
    "merge merge_asof merge_ordered concat pivot_table pivot melt get_dummies crosstab wide_to_long cut qcut "
    "to_datetime to_numeric to_timedelta"
).split()
_TABLES = (pd.DataFrame, pd.Series)
_JOINS = frozenset("merge merge_asof merge_ordered concat join combine_first align compare update".split())


def install(tracker: Tracker) -> Callable[[], None]:
    """Hook pandas for ``tracker``; the function that takes the hooks out again."""
    hooks = [_Frames(tracker), Columns(tracker), Groups(tracker), Changes(tracker)]

    def undo() -> None:
        while hooks:
            hooks.pop().undo()

    return undo


class _Frames(Parts):
    """Set when they are made."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(tracker)
        self.replace(pd.DataFrame, "__getitem__", self._by_label)
        self.replace(pd.DataFrame, "__getattr__", self._by_label)
        for name in methods_of(pd.DataFrame, _NOT_USED):
            self.replace(pd.DataFrame, name, partial(self._frame_method, name))
        for name in _ITERATORS:
            self.replace(pd.DataFrame, name, self._whole_frame)
        for name in ("values", "T"):
            self.replace_property(pd.DataFrame, name, self._frame_property)
        for name in _MEASURES:
            self.replace_property(pd.DataFrame, name, self._measured)
        self.replace(pd.DataFrame, "__len__", self._measured)
        self.replace(pd.DataFrame, "__init__", self._constructor)
        for indexer in (indexing._LocIndexer, indexing._iLocIndexer, indexing._AtIndexer, indexing._iAtIndexer):
            self.replace(indexer, "__getitem__", self._located)
        for name in _KINDS_OF_PLOTS:
            self.replace(PlotAccessor, name, self._plotted)
        for name in _FUNCTIONS:
            self.replace(pd, name, partial(self._function, name))

    def _by_label(self, original: Any) -> Any:
        """``df["a"]``, ``df[["a", "b"]]``, ``df[df.a > 1]``, ``df.a``."""

        def by_label(table: Any, key: Any) -> Any:
            result = original(table, key)
            if (how := self._how()) is not None:
                try:
                    tracker, node = self._tracker, self._node(table)
                    if isinstance(result, pd.DataFrame):
                        node.is_cut = False
                        is_chosen = node.is_chosen or len(result.columns) < len(table.columns)
                        tracker.cut(result, node.lineage, result.columns, node.rows, is_chosen=is_chosen)
                    elif isinstance(result, pd.Series) and not is_for_types():
                        label = (result.name,)
                        tracker.use(node, label, how)
                        tracker.link(result, Node(node.lineage, label, node.rows))
                except Refused:
                    raise
                except Exception:  # noqa: BLE001, S110 - a label may be any object; what cannot be noted stops no program
                    pass
            return result

        return by_label

    def _located(self, original: Any) -> Any:
        """``df.loc[rows, columns]`` and its like."""

        def located(indexer: Any, key: Any) -> Any:
            result = original(indexer, key)
            if (how := self._how()) is not None:
                with noting():  # as above
                    table = indexer.obj
                    if table.ndim == 1:
                        self._row_used(table, key, how, by_position=indexer.name[0] == "i")
                    elif issubclass(type(result), (pd.Series, pd.DataFrame)):
                        is_chosen = type(key) is tuple and len(key) == 2
                        self._follow(table.columns, self._node(table), result, [], how, is_chosen=is_chosen)
                    else:
                        column = key[1] if type(key) is tuple and len(key) > 1 else key
                        label = table.columns[column] if indexer.name[0] == "i" else column
                        self._tracker.use(self._node(table), [label], how)
            return result

        return located

    def _frame_method(self, name: str, original: Any) -> Any:
        def method(table: Any, *args: Any, **kwargs: Any) -> Any:
            how = self._how()
            if name in _LOOKING_UP:
                kwargs["level"] = kwargs.get("level", 0) + 1
            if how is None:
                return original(table, *args, **kwargs)
            is_library = name == "copy" and is_called_by_library(2)
            node = None
            with noting():
                node = self._node(table)
            if node is None:
                return original(table, *args, **kwargs)
            labels = table.columns
            with self._tracker.inside(node) as inside:
                of_each: dict[Hashable, list[Origin]] = {}
                if name == "assign":
                    kwargs = {key: _recorded(key, value, inside, of_each) for key, value in kwargs.items()}
                result = original(table, *args, **kwargs)
            with noting():  # as above
                if is_library:
                    self._tracker.link(result, Node(node.lineage, labels, len(table)))
                else:
                    self._called(name, table, node, labels, args, kwargs, result, how, inside, of_each)
            return result

        return method

    def _called(
        self,
        name: str,
        table: Any,
        node: Node,
        labels: Any,
        args: Any,
        kwargs: Any,
        result: Any,
        how: str,
        inside: list[Origin],
        of_each: dict[Hashable, list[Origin]],
    ) -> None:
        tracker = self._tracker
        named = [] if name in _NO_KEYS else named_in(name, labels, args, kwargs)
        if result is None and kwargs.get("inplace"):
            tracker.use(node, named, how)
            return
        if node.is_chosen and name in _STATISTICS:
            named = list(labels)
        if name in _JOINS and self._joined(name, table, args, kwargs, result, how):
            return
        if name.startswith("to_") and not isinstance(result, pd.DataFrame):
            how = "exported" if result is None else how
        if name in ("sort_values", "query", "filter"):
            how = "filtered"
        if isinstance(result, SelectionMixin):
            tracker.use(node, named, how)
            tracker.link(result, Node(node.lineage, labels, len(table)))
        elif name in _RENAMED and isinstance(result, pd.DataFrame) and len(result.columns) == len(labels):
            pairs = zip(labels, result.columns, strict=True)
            node.is_cut = False
            tracker.cut(result, node.lineage.renamed(pairs), result.columns, len(result))
        elif (name == "pipe" and node.is_used_inside) or (name == "get" and not isinstance(result, _TABLES)):
            node.is_cut = False  # there is no such column to get
        elif name == "apply" and node.is_used_inside and is_by_row(args, kwargs):
            tracker.use(node, named, how)
            if isinstance(result, pd.Series) and inside:
                made = Lineage(node.lineage.owners, {result.name: tuple(inside)})
                tracker.link(result, Node(made, [result.name], len(result)))
        elif name in _WIDENED and isinstance(result, pd.DataFrame):
            tracker.use(node, named, how)
            new = [label for label in result.columns if label not in labels]
            origins = (*node.lineage.as_one(named), *inside, *_origins_of(tracker, kwargs.values()))
            lineage = node.lineage.with_new(new, origins) if name != "reset_index" else node.lineage
            for label, of in self._widened(name, node, labels, args, kwargs, of_each).items():
                lineage = lineage.with_one(label, of)
            tracker.cut(result, lineage, result.columns, len(result))
        elif not self._follow(labels, node, result, named, how):
            self._used_of(name, table, node, labels, named, result, how, turned_by(name, labels, args, kwargs))

    def _widened(
        self, name: str, node: Node, labels: Any, args: Any, kwargs: Any, of_each: dict[Hashable, list[Origin]]
    ) -> dict[Hashable, tuple[Origin, ...]]:
        """By label what single columns come from that a method adds, as far as it tells them apart."""
        if name == "eval":
            text = args[0] if args else kwargs.get("expr")
            each = assigned_by(text) if type(text) is str else {}
            return {label: node.lineage.as_one(named_in(name, labels, (of,), {})) for label, of in each.items()}
        if name != "assign":
            return {}
        found: dict[Hashable, tuple[Origin, ...]] = {label: tuple(of) for label, of in of_each.items()}
        for label, value in kwargs.items():
            known = self._tracker.known(value)
            if known is not None:
                found[label] = known.lineage.as_one(known.labels)
            elif not (label in found or pd.api.types.is_scalar(value) or callable(value)):
                found[label] = self._said_of(value) or ()
        return found

    def _used_of(
        self,
        name: str,
        table: Any,
        node: Node,
        labels: Any,
        named: list[Hashable],
        result: Any,
        how: str,
        turned: Turned | None,
    ) -> None:
        """A result that is no part of its table: a statistic, an export, a plot, a pivot."""
        kept = kept_labels(result, labels)
        if name in _PLOTS and not named:
            kept = numbers(table)
        used = [*named, *kept] or list(labels)
        self._tracker.use(node, used, how)
        if turned is not None and isinstance(result, pd.DataFrame):
            self._turned(result, node, turned)
        else:
            self._made_of(result, node, used)

    def _whole_frame(self, original: Any) -> Any:
        def whole(table: Any, *args: Any, **kwargs: Any) -> Any:
            if (how := self._how()) is not None:
                with noting():  # as above
                    self._tracker.use(self._node(table), table.columns, how)
            return original(table, *args, **kwargs)

        return whole

    def _frame_property(self, getter: Any) -> Any:
        def value(table: Any) -> Any:
            result = getter(table)
            if (how := self._how()) is not None and not is_for_size():
                with noting():  # as above
                    node = self._node(table)
                    self._tracker.use(node, table.columns, how)
                    self._made_of(result, node, table.columns)
            return result

        return value

    def _measured(self, original: Any) -> Any:
        """See `_MEASURES`."""
        return self._tracker.measuring(original, self._how)

    def _plotted(self, original: Any) -> Any:
        def plotted(accessor: Any, *args: Any, **kwargs: Any) -> Any:
            if (how := self._how()) is not None:
                with noting():  # as above
                    table = accessor._parent
                    if isinstance(table, pd.Series):
                        self._series_used(table, how)
                    else:
                        named = named_in("plot", table.columns, args, kwargs)
                        self._tracker.use(self._node(table), named or numbers(table), how)
            return original(accessor, *args, **kwargs)

        return plotted

    def _constructor(self, original: Any) -> Any:
        """``pd.DataFrame({"a": df.a})``: a table of columns that come from others."""

        def constructor(table: Any, *args: Any, **kwargs: Any) -> None:
            original(table, *args, **kwargs)
            if self._how() is not None:
                with noting():  # as above
                    self._constructed(table, args[0] if args else kwargs.get("data"))

        return constructor

    def _constructed(self, table: Any, data: Any) -> None:
        known = self._tracker.known
        if type(data) is dict:
            nodes = [(label, node) for label, value in data.items() if (node := known(value)) is not None]
            lineage = Lineage.joined((node.lineage, there, label) for label, node in nodes for there in node.labels)
            if lineage.owners:
                lineage = lineage.with_new(table.columns, lineage.as_one([None]))  # what is new is no column of theirs
                self._tracker.link(table, Node(lineage, table.columns, len(table)))
        elif (node := known(data)) is not None:
            labels = list(node.labels)
            pairs = zip(labels, table.columns, strict=False) if len(labels) == len(table.columns) else ()
            self._tracker.link(table, Node(node.lineage.renamed(pairs), table.columns, len(table)))

    def _function(self, name: str, original: Any) -> Any:
        def function(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if (how := self._how()) is not None:
                with noting():  # as above
                    self._function_called(name, args, kwargs, result, how)
            return result

        return function

    def _function_called(self, name: str, args: Any, kwargs: Any, result: Any, how: str) -> None:
        if name in _JOINS:
            self._joined(name, None, args, kwargs, result, how)
            return
        tables = tables_in((*args, *kwargs.values()))
        columns = [self._series_used(one, how) for one in tables if isinstance(one, pd.Series)]
        self._computed(result, [node for node in columns if node is not None])
        for table in tables:
            if isinstance(table, pd.DataFrame):
                named = named_in(name, table.columns, args, kwargs)
                node = self._node(table)
                if name == "get_dummies" and isinstance(result, pd.DataFrame):
                    self._encoded(table.columns, node, result, how)
                elif not self._follow(table.columns, node, result, named, how):
                    turned = turned_by(name, table.columns, args, kwargs)
                    self._used_of(name, table, node, table.columns, named, result, how, turned)


def _recorded(key: Hashable, value: Any, inside: list[Origin], of_each: dict[Hashable, list[Origin]]) -> Any:
    """``value``; if it is a function, one that notes in ``of_each`` what of ``inside`` it has used."""
    if not callable(value):
        return value

    def called(table: Any) -> Any:
        before = len(inside)
        result = value(table)
        of_each[key] = inside[before:]
        return result

    return called


def _origins_of(tracker: Tracker, values: Iterable[Any]) -> list[Origin]:
    """The columns from which those among ``values`` came."""
    nodes = [node for value in values if isinstance(value, pd.Series) and (node := tracker.known(value)) is not None]
    return [origin for node in nodes for origin in node.lineage.as_one(node.labels)]
