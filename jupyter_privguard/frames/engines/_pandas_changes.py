"""Hooks in pandas for tables that are changed where they are: columns that are put into them, and new labels.

Of a table that was read a column that was made of others is no column of what it was read from.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from ..uses import Node, Origin, Tracker
from ._noting import noting
from ._pandas_parts import Parts

__all__ = ["Changes"]

# `Any` in this file is whatever a method of pandas takes and returns.

_COLUMNS = 0
"""The axis of columns, as pandas counts them within."""


class Changes(Parts):
    """Set when they are made."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(tracker)
        self.replace(pd.DataFrame, "_set_item", self._column_set)
        self.replace(pd.DataFrame, "insert", self._column_inserted)
        self.replace(pd.DataFrame, "_setitem_array", self._columns_set)
        self.replace(pd.DataFrame, "_set_axis", self._relabelled)
        self.replace_property(pd.DataFrame, "index", self._index)

    def _column_set(self, original: Any) -> Any:
        """``df["a"] = column``, within pandas."""

        def column_set(table: Any, key: Any, value: Any) -> None:
            self._put_into(table, key, value)
            original(table, key, value)

        return column_set

    def _column_inserted(self, original: Any) -> Any:
        """``df.insert(0, "a", column)``."""

        def inserted(table: Any, loc: Any, column: Any, value: Any, *args: Any, **kwargs: Any) -> None:
            if self._how() is not None:
                self._put_into(table, column, value)
            original(table, loc, column, value, *args, **kwargs)

        return inserted

    def _columns_set(self, original: Any) -> Any:
        """``df[["a", "b"]] = table``."""

        def columns_set(table: Any, key: Any, value: Any) -> None:
            node = self._tracker.known(value) if self._tracker.now is not None else None
            if node is None or not isinstance(value, pd.DataFrame) or type(key) not in (list, pd.Index):
                original(table, key, value)
                return
            origins = [node.lineage.of(label) for label in value.columns]
            self._tracker.use(node, value.columns)
            original(table, key, value)
            with noting():  # what cannot be noted stops no program
                for label, of in zip(key, origins, strict=False):
                    self._put(self._node(table), label, of)

        return columns_set

    def _put_into(self, table: Any, key: Any, value: Any) -> None:
        if self._tracker.now is None:
            return
        with noting():  # as above
            node = self._tracker.known(table)
            if node is None and self._tracker.part() is None:
                node = self._node(table)
            known = self._tracker.known(value)
            if node is None:
                return
            if known is not None:
                self._put(node, key, known.lineage.as_one(known.labels))
            elif pd.api.types.is_scalar(value):
                self._put(node, key, ())
            else:
                self._put(node, key, self._said_of(value))

    def _put(self, node: Node, key: Hashable, origins: tuple[Origin, ...] | None) -> None:
        """A column that comes from ``origins``, None where nobody knows, was put into a table under ``key``."""
        is_new = key not in node.labels
        if (node.is_own and not _is_read(node)) or (not origins and not is_new):
            return
        if origins is None and node.is_own:
            return
        node.lineage = node.lineage.with_one(key, origins or node.lineage.as_one([None]))
        node.labels = [*node.labels, key] if is_new else node.labels

    def _relabelled(self, original: Any) -> Any:
        """``df.columns = […]``, and what pandas does for ``df.rename(…, inplace=True)``."""

        def relabelled(table: Any, axis: Any, labels: Any) -> None:
            if self._tracker.now is None or axis != _COLUMNS:
                original(table, axis, labels)
                return
            node = None
            with noting():  # as above
                node = self._tracker.known(table)
                if node is None and self._tracker.part() is None and self._how() is not None:
                    node = self._node(table)
            before = list(table.columns)
            original(table, axis, labels)
            with noting():  # as above
                if node is not None and (not node.is_own or _is_read(node)):
                    node.lineage = node.lineage.renamed(zip(before, table.columns, strict=True))
                    node.labels = table.columns

        return relabelled

    def _index(self, getter: Any) -> Any:
        """``df.index``: of labels with a name these are used; of others what a part was chosen by."""

        def index(table: Any) -> Any:
            result = getter(table)
            if self._tracker.now is not None and self._how() is not None:
                with noting():  # as above
                    node = self._tracker.known(table)
                    if node is not None:
                        self._tracker.measure(node)
                        if names := [name for name in result.names if name is not None]:
                            self._tracker.use(node, names)
            return result

        return index


def _is_read(node: Node) -> bool:
    """Whether a table that was not made from others was read from somewhere, and has that one's columns."""
    return bool(getattr(node.lineage.owners[0], "source", None))
