"""Hooks in pandas for grouped, rolling and resampled tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pandas as pd
from pandas.core.base import SelectionMixin  # type: ignore[attr-defined]  # its stubs leave it out
from pandas.core.groupby import DataFrameGroupBy, SeriesGroupBy
from pandas.core.resample import Resampler
from pandas.core.window.rolling import BaseWindow

from ..uses import Node, Tracker
from ._noting import noting
from ._pandas_named import flat, kept_labels, keys_of, methods_of, named_in, statistics_of, with_subclasses
from ._pandas_parts import Parts

__all__ = ["Groups"]

# `Any` in this file is whatever a method of pandas takes and returns.

_NOT_USED = frozenset("keys pipe memory_usage plot sparse attrs set_flags items __iter__".split())
_NUMBERLESS = frozenset("size ngroup cumcount ngroups groups indices".split())
"""What a grouped table tells of its keys alone."""
_PARTS = frozenset("get_group head tail nth sample filter".split())


class Groups(Parts):
    """Set when they are made."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(tracker)
        owners: list[Any] = [DataFrameGroupBy, BaseWindow, Resampler]
        for owner in owners:
            for name in ("__getitem__", "__getattr__"):
                self.replace(owner, name, self._selected)
        self.replace(DataFrameGroupBy, "__iter__", self._group_iterator)
        for owner in with_subclasses(SelectionMixin, *owners, SeriesGroupBy):
            for name in methods_of(owner, _NOT_USED, inherited=False):
                self.replace(owner, name, partial(self._group_method, name))

    def _group_node(self, groups: Any) -> Node | None:
        node = self._tracker.known(groups)
        if node is None:
            node = self._node(groups.obj) if isinstance(groups.obj, pd.DataFrame) else self._tracker.known(groups.obj)
        return node

    def _selected(self, original: Any) -> Any:
        """``groups["a"]``, ``groups.a``."""

        def selected(groups: Any, key: Any) -> Any:
            result = original(groups, key)
            if (how := self._how()) is not None and isinstance(result, SelectionMixin):
                with noting():  # as above
                    node = self._group_node(groups)
                    if node is not None:
                        labels = flat([key])
                        self._tracker.use(node, labels, how)
                        self._tracker.link(result, Node(node.lineage, labels, node.rows))
            return result

        return selected

    def _group_method(self, name: str, original: Any) -> Any:
        def method(groups: Any, *args: Any, **kwargs: Any) -> Any:
            how = self._how()
            node = None
            if how is not None:
                with noting():  # as above
                    node = self._group_node(groups)
            if node is None or how is None:
                return original(groups, *args, **kwargs)
            with self._tracker.inside(node):
                result = original(groups, *args, **kwargs)
            with noting():  # as above
                self._grouped(name, groups, node, args, kwargs, result, how)
            return result

        return method

    def _grouped(self, name: str, groups: Any, node: Node, args: Any, kwargs: Any, result: Any, how: str) -> None:
        keys = keys_of(groups)
        if name in _NUMBERLESS:
            node.is_cut = False
            self._made_of(result, node, [key for key in keys if key in node.labels])
            return
        labels = groups.obj.columns if isinstance(groups.obj, pd.DataFrame) else pd.Index(list(node.labels))
        named = [*named_in(name, labels, args, kwargs), *flat([groups._selection] if groups._selection else [])]
        if isinstance(result, pd.DataFrame) and name in _PARTS:
            self._tracker.cut(result, node.lineage, result.columns, len(result))
            return
        used = named or kept_labels(result, labels)
        if not used and not node.is_used_inside:
            used = list(labels)
        self._tracker.use(node, used, how)
        of_keys = {key: key for key in keys if isinstance(result, pd.DataFrame) and key in result.columns}
        each = statistics_of(name, labels, args, kwargs) | of_keys
        self._made_of(result, node, [*used, *(key for key in keys if key in labels)], each)

    def _group_iterator(self, original: Any) -> Any:
        """``for key, part in groups``: parts are cut when they come."""

        def iterator(groups: Any) -> Iterator[Any]:
            result = original(groups)
            if self._how() is None or (node := self._group_node(groups)) is None:
                return iter(result)
            return self._cut_each(result, node)

        return iterator

    def _cut_each(self, parts: Iterable[Any], node: Node) -> Iterator[Any]:
        for key, part in parts:
            if isinstance(part, pd.DataFrame):
                self._tracker.cut(part, node.lineage, part.columns, len(part))
            yield key, part
