"""Hooks in polars that note which columns of a table are used: see `frames.uses`.

A LazyFrame uses nothing before it is run: then it uses what its steps name, and what is in its result.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl
from polars.dataframe.group_by import DynamicGroupBy, GroupBy, RollingGroupBy
from polars.lazyframe.group_by import LazyGroupBy

from ..uses import Lineage, Node, Origin, Tracker
from ._callers import caller
from ._noting import noting
from ._patches import Patches
from ._polars_named import flat, joined_as, keys_of, methods_of, named_in, renamed_by
from ._polars_queries import queried, tables_given

__all__ = ["install"]

# `Any` in this file is whatever a function of polars takes and returns.

_NO_KEYS = frozenset("drop rename cast fill_null fill_nan clone insert_column replace_column".split())
_GROUPS = (GroupBy, DynamicGroupBy, RollingGroupBy, LazyGroupBy)
_FUNCTIONS = "concat from_pandas from_arrow sql select collect_all align_frames from_dataframe".split()
_TABLES = (pl.DataFrame, pl.LazyFrame)


def install(tracker: Tracker) -> Callable[[], None]:
    """Hook polars for ``tracker``; the function that takes the hooks out again."""
    hooks = _Hooks(tracker)
    for cls in _TABLES:
        for name in methods_of(cls):
            hooks.replace(cls, name, hooks.method)
        hooks.replace(cls, "__init__", hooks.constructor)
    hooks.replace(pl.DataFrame, "lazy", hooks.kept)
    for name in ("shape", "height", "width"):
        hooks.replace_property(pl.DataFrame, name, hooks.measured)
    for name in ("is_empty", "__len__"):
        hooks.replace(pl.DataFrame, name, hooks.measured)
    for cls in _GROUPS:
        for name in methods_of(cls):
            hooks.replace(cls, name, hooks.method)
    for cls in (GroupBy, DynamicGroupBy, RollingGroupBy):
        hooks.replace(cls, "__iter__", hooks.groups)
    for name in _FUNCTIONS:
        hooks.replace(pl, name, hooks.function)
    for name in ("__init__", "register", "register_many"):
        hooks.replace(pl.SQLContext, name, hooks.context_filled)
    hooks.replace(pl.SQLContext, "execute", hooks.executed)
    hooks.replace(pl.Series, "__array_ufunc__", hooks.series)
    for name in methods_of(pl.Series):
        hooks.replace(pl.Series, name, hooks.series)
    return hooks.undo


class _Hooks(Patches):
    def __init__(self, tracker: Tracker) -> None:
        super().__init__()
        self._tracker = tracker
        self._contexts: WeakKeyDictionary[Any, dict[str, Node]] = WeakKeyDictionary()
        """By context of SQL what is known of its tables."""

    def _how(self) -> str | None:
        tracker = self._tracker
        return None if tracker.now is None or tracker.is_quiet else caller("polars", 3)

    def _node(self, table: Any) -> Node:
        if (node := self._tracker.known(table)) is not None:
            return node
        if issubclass(type(table), pl.LazyFrame):
            return self._tracker.root(table, table.collect_schema().names(), 0)
        return self._tracker.root(table, table.columns, table.height)

    # --- methods of frames and groups ---------------------------------------------------------------------

    def method(self, original: Any) -> Any:
        name = original.__name__

        def method(table: Any, *args: Any, **kwargs: Any) -> Any:
            how = self._how()
            node = None
            if how is not None:
                with noting():  # what cannot be noted stops no program
                    known = self._tracker.known(table)
                    node = self._node(table) if known is None and issubclass(type(table), _TABLES) else known
            if node is None or how is None:
                return original(table, *args, **kwargs)
            with self._tracker.inside(node):
                result = original(table, *args, **kwargs)
            with noting():  # as above
                self._called(name, table, node, args, kwargs, result, how)
            return result

        return method

    def _called(self, name: str, table: Any, node: Node, args: Any, kwargs: Any, result: Any, how: str) -> None:
        tracker, labels = self._tracker, list(node.labels)
        others = [one for one in (*args, *kwargs.values()) if issubclass(type(one), _TABLES)]
        named = [] if name in _NO_KEYS else named_in(name, labels, args, kwargs)
        if name.startswith(("write_", "sink_")):
            how = "exported"
        if name == "sql":
            given = {"self": node, str(kwargs.get("table_name") or "self"): node}
            queried(tracker, args[0] if args else kwargs["query"], given, result, how)
        elif others:
            self._joined(table, others, args, kwargs, result)
        elif issubclass(type(result), pl.LazyFrame):
            is_chosen = name in ("select", "select_seq", "agg")
            lineage, here = renamed_by(node, labels, args, kwargs)
            chosen = [*keys_of(node, labels), *here] if is_chosen and here else list(dict.fromkeys((*labels, *here)))
            needs = (*node.needs, *node.lineage.as_one(named))
            tracker.link(result, Node(lineage, chosen, node.rows, needs=needs))
        elif issubclass(type(result), pl.DataFrame):
            lineage = renamed_by(node, labels, args, kwargs)[0]
            if name == "rename" and len(result.columns) == len(labels):
                lineage = node.lineage.renamed(zip(labels, result.columns, strict=True))
            elif new := [label for label in result.columns if label not in labels]:
                if not named and len(new) == result.width:  # what a function of the program's made of rows
                    named = labels
                lineage = lineage.with_new(new, node.lineage.as_one(named))
            tracker.use(node, named, how)
            is_chosen = node.is_chosen or name in ("select", "__getitem__")
            tracker.cut(result, lineage, result.columns, result.height, is_chosen=is_chosen)
        elif name == "partition_by":
            tracker.use(node, named, how)
            parts = list(result.values()) if issubclass(type(result), dict) else result
            tracker.cut(parts[0], node.lineage, parts[0].columns, table.height)
            for part in parts[1:]:  # what is done with one of them is done with all
                if (cut := tracker.known(parts[0])) is not None:
                    tracker.link(part, cut)
        elif issubclass(type(result), _GROUPS):
            is_lazy = issubclass(type(result), LazyGroupBy)
            needs = (*node.needs, *node.lineage.as_one(named))
            if not is_lazy:
                tracker.use(node, named, how)
            tracker.link(result, Node(node.lineage, labels, node.rows, needs=needs if is_lazy else ()))
        else:
            self._left(name, node, labels, named, result, how)

    def _left(self, name: str, node: Node, labels: list[Any], named: list[Hashable], result: Any, how: str) -> None:
        """A column, a value, an array or a file was made."""
        if issubclass(type(result), pl.Series) and result.name in labels:
            named = [*named, result.name]
        used = named or labels
        if issubclass(type(result), dict):
            used = labels
        self._tracker.use(node, used, how)
        if issubclass(type(result), (pl.Series, np.ndarray)) or hasattr(result, "columns"):
            self._tracker.link(result, Node(node.lineage, used, node.rows))

    def _joined(self, table: Any, others: list[Any], args: Any, kwargs: Any, result: Any) -> None:
        """Several tables became one, whose columns are those of the one or the other."""
        parts: list[tuple[Lineage, Hashable, Hashable]] = []
        needs: tuple[Origin, ...] = ()
        here = list(result.columns) if issubclass(type(result), pl.DataFrame) else None
        for one in [*([] if table is None else [table]), *others]:
            node = self._node(one)
            labels = list(node.labels)
            named = named_in("join", labels, args, kwargs)
            if here is not None:
                self._tracker.use(node, named, "joined")
            else:
                needs = (*needs, *node.needs, *node.lineage.as_one(named))
            parts += [(node.lineage, label, to) for label in labels for to in joined_as(label, here)]
        lineage = Lineage.joined(parts)
        if here is not None:
            self._tracker.cut(result, lineage, here, result.height)
        elif issubclass(type(result), pl.LazyFrame):
            self._tracker.link(result, Node(lineage, list(dict.fromkeys(part[2] for part in parts)), 0, needs=needs))

    def kept(self, original: Any) -> Any:
        """``df.lazy()``: the same table."""

        def kept(table: Any) -> Any:
            result = original(table)
            if self._how() is not None:
                with noting():  # as above
                    node = self._node(table)
                    node.is_cut = False
                    self._tracker.link(result, Node(node.lineage, list(node.labels), node.rows))
            return result

        return kept

    def measured(self, original: Any) -> Any:
        """The size of a part tells of the columns that it was chosen by, and of no others."""
        return self._tracker.measuring(original, self._how)

    def groups(self, original: Any) -> Any:
        """``for key, part in groups``: parts are cut when they come."""

        def groups(grouped: Any) -> Iterator[Any]:
            result = original(grouped)
            node = self._tracker.known(grouped)
            return iter(result) if node is None or self._how() is None else self._cut_each(result, node)

        return groups

    def _cut_each(self, parts: Iterable[Any], node: Node) -> Iterator[Any]:
        for key, part in parts:
            self._tracker.cut(part, node.lineage, part.columns, part.height)
            yield key, part

    def constructor(self, original: Any) -> Any:
        """``pl.DataFrame({"a": df["a"]})``: a table of columns that come from others."""

        def constructor(table: Any, *args: Any, **kwargs: Any) -> None:
            original(table, *args, **kwargs)
            if self._how() is not None:
                with noting():  # as above
                    data = args[0] if args else kwargs.get("data")
                    given = data if type(data) is dict else {None: data}
                    nodes = [(key, node) for key, one in given.items() if (node := self._tracker.known(one))]
                    parts = [
                        (n.lineage, there, there if key is None else key) for key, n in nodes for there in n.labels
                    ]
                    if parts:
                        labels = table.columns if issubclass(type(table), pl.DataFrame) else [p[2] for p in parts]
                        self._tracker.link(table, Node(Lineage.joined(parts), labels, 0))

        return constructor

    def series(self, original: Any) -> Any:
        """A column that was taken out, in this cell or an earlier one, is used."""

        def series(column: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(column, *args, **kwargs)
            if (how := self._how()) is not None:
                with noting():  # as above
                    node = self._tracker.known(column)
                    if node is not None:
                        self._tracker.use(node, node.labels, how)
                        if issubclass(type(result), (pl.Series, np.ndarray)):
                            self._tracker.link(result, Node(node.lineage, node.labels, node.rows))
            return result

        return series

    # --- queries in SQL ------------------------------------------------------------------------------------------

    def context_filled(self, original: Any) -> Any:
        """``pl.SQLContext(p=df)``, ``context.register("p", df)``."""

        def context_filled(context: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(context, *args, **kwargs)
            if self._how() is not None:
                with noting():  # as above
                    self._contexts.setdefault(context, {}).update(self._nodes(tables_given(args, kwargs)))
            return result

        return context_filled

    def executed(self, original: Any) -> Any:
        """``context.execute("select …")``: what it uses it uses when it is run."""

        def executed(context: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(context, *args, **kwargs)
            if (how := self._how()) is not None:
                with noting():  # as above
                    nodes = self._nodes(_variables(sys._getframe(1))) | self._contexts.get(context, {})
                    nodes = {name: node for name, node in nodes.items() if name in context.tables()}
                    queried(self._tracker, args[0] if args else kwargs["query"], nodes, result, how)
            return result

        return executed

    def _nodes(self, tables: Mapping[str, Any]) -> dict[str, Node]:
        """What is known of the polars tables among ``tables``, by name."""
        return {name: self._node(table) for name, table in tables.items() if issubclass(type(table), _TABLES)}

    # --- functions -------------------------------------------------------------------------------------------

    def function(self, original: Any) -> Any:
        name = original.__name__

        def function(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if (how := self._how()) is not None:
                with noting():  # as above
                    if name == "sql":
                        tables = _variables(sys._getframe(1))
                        queried(self._tracker, args[0] if args else kwargs["query"], self._nodes(tables), result, how)
                    else:
                        self._made(args, kwargs, result)
            return result

        return function

    def _made(self, args: Any, kwargs: Any, result: Any) -> None:
        given = flat((*args, *kwargs.values()))
        if tables := [one for one in given if issubclass(type(one), _TABLES)]:
            self._joined(None, tables, (), {}, result)
        elif len(given) and (node := self._tracker.known(given[0])) is not None:
            self._tracker.cut(result, node.lineage, list(node.labels), node.rows)


def _variables(frame: Any) -> dict[str, Any]:
    """The variables of the program's own code that called a hook."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith("jupyter_privguard."):
        frame = frame.f_back
    return {**frame.f_globals, **frame.f_locals} if frame is not None else {}
