"""What becomes of the columns of a pandas table, for the hooks that note it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..uses import Lineage, Node, Origin, Tracker
from ._callers import caller, frame_beyond
from ._pandas_named import Turned, are_of, common_keys, flat, joined_as, named_in, suffixes_of, tables_in
from ._patches import Patches
from ._statements import said_by

__all__ = ["Parts"]

# `Any` in this file is whatever a method of pandas takes and returns.

_LIBRARIES = ("pandas", __name__.partition(".")[0])


class Parts(Patches):
    """Hooks that tell of parts of tables, of columns and rows that were taken out, and of what came of them."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__()
        self._tracker = tracker

    def _how(self) -> str | None:
        """How the method is used that was called by its wrapper's caller; None if nothing is to be noted."""
        tracker = self._tracker
        return None if tracker.now is None or tracker.is_quiet else caller("pandas", 3)

    def _node(self, table: Any) -> Node:
        node = self._tracker.known(table)
        return self._tracker.root(table, table.columns, len(table)) if node is None else node

    def _follow(
        self, labels: Any, node: Node, result: Any, named: Iterable[Hashable], how: str, *, is_chosen: bool = False
    ) -> bool:
        """Note what became of a table with ``labels``; whether ``result`` is a part or a column of it.

        ``is_chosen``: of its columns those that the program named.
        """
        tracker = self._tracker
        if isinstance(result, pd.DataFrame):
            if not (labels.is_(result.columns) or result.columns.isin(labels).all()):
                return False
            tracker.use(node, named, how)
            is_chosen = node.is_chosen or (is_chosen and len(result.columns) < len(labels))
            tracker.cut(result, node.lineage, result.columns, len(result), is_chosen=is_chosen)
            return True
        if not isinstance(result, pd.Series):
            return False
        index = result.index
        if are_of(index, labels):
            tracker.use(node, named, how)
            tracker.cut(result, node.lineage, index, 1)
            return True
        if result.name is None or result.name not in labels:
            return False
        tracker.use(node, [*named, result.name], how)
        tracker.link(result, Node(node.lineage, (result.name,), len(result)))
        return True

    def _made_of(
        self, result: Any, node: Node, used: Iterable[Hashable], each: Mapping[Hashable, Hashable] | None = None
    ) -> None:
        """``result`` was computed from the columns ``used`` of a table; by ``each`` some of its columns are of one."""
        used = list(used)
        if isinstance(result, np.ndarray):
            self._tracker.link(result, Node(node.lineage, used, len(result) if result.ndim else 1))
        elif isinstance(result, (pd.DataFrame, pd.Series)):
            origins = node.lineage.as_one(used)
            here = list(result.columns) if isinstance(result, pd.DataFrame) else [result.name]
            own = set(used)
            named = {label: node.lineage.of(label) for label in own}  # keys may be in the index, and come back
            named |= {label: self._one_of(label, node, own) or origins for label in here if label not in own}
            named |= {label: node.lineage.of(there) for label, there in (each or {}).items() if label in here}
            self._tracker.link(result, Node(Lineage(node.lineage.owners, named), here, len(result)))

    def _one_of(self, label: Hashable, node: Node, own: set[Hashable]) -> tuple[Origin, ...]:
        """What a statistic ``("pay", "max")`` comes from, among columns by which one of several levels is called."""
        is_of_one = type(label) is tuple and bool(label) and label[0] in own
        return node.lineage.of(label[0]) if is_of_one and type(label) is tuple else ()

    def _turned(self, result: Any, node: Node, turned: Turned) -> None:
        """``result`` has as columns what were rows, or the other way round."""
        lineage, values = node.lineage, node.lineage.as_one(turned.values)
        named = {label: lineage.of(label) for label in turned.keys}
        for label in result.columns:
            first = label[0] if type(label) is tuple and label else label
            if turned.into is not None and label not in named:  # the others hold labels, which are nobody's
                named[label] = values if label == turned.into else ()
            elif label not in named:
                named[label] = lineage.of(first) if first in turned.values else values
        self._tracker.link(result, Node(Lineage(lineage.owners, named), result.columns, len(result)))

    def _series_node(self, column: Any) -> Node | None:
        """What is known of a column or row: met before, or one that a function of the program's is called with."""
        node, whole = self._tracker.known(column), self._tracker.part()
        if node is not None or whole is None:
            return node
        labels = whole.labels if isinstance(whole.labels, pd.Index) else pd.Index(list(whole.labels))
        if are_of(column.index, labels):
            whole.is_used_inside = True
            return Node(whole.lineage, column.index, 1)
        if column.name is not None and column.name in labels:
            whole.is_used_inside = True
            return Node(whole.lineage, (column.name,), len(column))
        return None

    def _series_used(self, column: Any, how: str) -> Node | None:
        node = self._series_node(column)
        if node is not None:
            self._tracker.use(node, node.labels, how)
        return node

    def _row_used(self, row: Any, key: Any, how: str, *, by_position: bool = False) -> None:
        node = self._series_node(row)
        if node is None:
            return
        named = [row.index[key]] if by_position and isinstance(key, int) else [key] if type(key) is str else key
        of_row = isinstance(node.labels, pd.Index) and node.rows == 1
        labels = [label for label in flat(named) if label in node.labels] if of_row else node.labels
        self._tracker.use(node, labels, how)

    def _computed(self, result: Any, nodes: list[Node]) -> None:
        """``result`` was computed from the columns of ``nodes``."""
        if not nodes or self._tracker.known(result) is not None:
            return
        if isinstance(result, np.ndarray):
            lineage = Lineage.joined((node.lineage, label, label) for node in nodes for label in node.labels)
            labels = list(dict.fromkeys(label for node in nodes for label in node.labels))
            self._tracker.link(result, Node(lineage, labels, len(result) if result.ndim else 1))
        elif isinstance(result, (pd.Series, pd.DataFrame)):
            here = list(result.columns) if isinstance(result, pd.DataFrame) else [result.name]
            parts = ((node.lineage, there, label) for node in nodes for there in node.labels for label in here)
            self._tracker.link(result, Node(Lineage.joined(parts), here, len(result)))

    def _said_of(self, value: Any) -> tuple[Origin, ...] | None:
        """The columns that the program's statement names, of which ``value`` was made; None where it names none.

        NumPy's functions, and models, take a column apart unseen.
        """
        frame = frame_beyond(*_LIBRARIES)
        if (said := said_by(frame)) is None:
            return None
        found: dict[tuple[int, Hashable], Origin] = {}
        own = frame.f_locals  # of a function's frame made anew each time
        for name in said.names:
            one = own.get(name, frame.f_globals.get(name))
            node = self._tracker.known(one) if one is not None and one is not value else None
            if node is not None:
                is_table = isinstance(one, pd.DataFrame)
                labels = [label for label in node.labels if label in said.words] if is_table else node.labels
                found |= {(id(origin[0]), origin[1]): origin for origin in node.lineage.as_one(labels)}
        return tuple(found.values()) or None

    def _encoded(self, labels: Any, node: Node, result: Any, how: str) -> None:
        """Columns of categories became several of zeros and ones, which are called after them."""
        encoded = [label for label in labels if label not in result.columns]
        lineage = node.lineage
        for label in encoded:
            lineage = lineage.with_new(joined_as(label, result.columns), lineage.of(label))
        lineage = lineage.with_new((one for one in result.columns if one not in labels), lineage.as_one(encoded))
        self._tracker.use(node, encoded, how)
        self._tracker.cut(result, lineage, result.columns, len(result))

    def _joined(self, name: str, table: Any, args: Any, kwargs: Any, result: Any, how: str) -> bool:
        """Several tables became one, whose columns are those of the one or the other."""
        tables = [*([] if table is None else [table]), *tables_in((*args, *kwargs.values()))]
        common = common_keys(name, tables, kwargs)
        if not isinstance(result, (pd.DataFrame, pd.Series)):
            return False
        parts, suffixes = [], suffixes_of(name, tables, kwargs)
        here = result.columns if isinstance(result, pd.DataFrame) else pd.Index([result.name])
        are_columns = len(here) == len(tables) and all(isinstance(one, pd.Series) for one in tables)
        by_place = list(here) if are_columns and name == "concat" else None
        for place, one in enumerate(tables):
            if isinstance(one, pd.Series):
                node = self._series_used(one, how)
                labels = pd.Index([one.name])
            else:
                node, labels = self._node(one), one.columns
                self._tracker.use(node, [*named_in("merge", labels, args, kwargs), *common], "joined")
            if node is not None:
                own = [
                    (node.lineage, there, label)
                    for there in labels
                    for label in joined_as(there, here, suffixes=suffixes, is_right=place > 0)
                ]
                parts += own
                if not own and by_place is not None:
                    own = [(node.lineage, there, by_place[place]) for there in labels]
                    parts += own
                if not own or name == "compare":  # whose labels are others, and only those that differ
                    self._tracker.use(node, labels, "joined")
        lineage = Lineage.joined(parts)
        if lineage.owners:
            self._tracker.cut(result, lineage, here, len(result))
        return True
