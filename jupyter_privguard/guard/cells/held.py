"""Variables that hold what earlier cells took out of tables: lists, arrays, columns.

``emails = df.email.tolist()`` in one cell, ``len(set(emails))`` in a later one: that uses the column once more.
"""

from __future__ import annotations

import ast
from collections import OrderedDict
from typing import Any

from ...frames import view
from ...frames.uses import Lineage, Node, Tracker, Used, Uses
from ...frames.watch import is_watched
from ..columns.naming import TableNames
from .lineage import names_bound, statements_run

__all__ = ["HeldVariables"]

_MOST = 500
_LONG = 200
"""Letters of a text that is no single value, but a file's or a table's."""
_CONTAINERS = (list, tuple, set, frozenset, dict)
_ARRAYS = ("numpy", "pandas", "polars", "pyarrow", "array", "torch", "scipy")


class HeldVariables:
    """What cells left in variables, by table and column. Not thread-safe: the session holds the lock."""

    def __init__(self, names: TableNames, tracker: Tracker) -> None:
        self._names = names
        self._tracker = tracker
        self._held: OrderedDict[str, tuple[int, tuple[Node, ...]]] = OrderedDict()

    def use(self, uses: Uses, names: list[str], *, tables: bool = False) -> None:
        """A cell that reads the variables ``names`` uses what is in them; hooks tell of ``tables`` what is used."""
        for name in names:
            value = self._names.namespace.get(name)
            if value is None:
                continue
            node = self._tracker.known(value)
            if node is not None:
                if tables or not _is_table(value):
                    uses.note(node, node.labels, "computed")
                continue
            if not _is_table_without_hooks(value):  # of these the code tells which columns are used
                for held in self.made_of(name):
                    uses.note(held, held.labels, "computed")

    def made_of(self, name: str) -> tuple[Node, ...]:
        """What a variable holds that no hook knows."""
        identity, nodes = self._held.get(name, (0, ()))
        return nodes if identity == id(self._names.namespace.get(name)) else ()

    def learn(self, uses: Uses, source: str) -> None:
        """A cell has ended: variables that it filled hold what it used, or what of that their statement names."""
        used = uses.tables()
        if not used and not self._held:
            return
        for statement in statements_run(source):
            for name in names_bound(statement):
                value = self._names.namespace.get(name)
                if name in self._held and self._held[name][0] != id(value):  # what comes later may lie at that place
                    del self._held[name]
                if not used:
                    continue
                if value is None or self._tracker.known(value) is not None or not _holds_values(value):
                    continue
                words = _words(statement)
                nodes = []
                for one in self._named_in(statement, used):
                    labels = [label for label in one.labels if str(label) in words]
                    nodes.append((Node(Lineage((one.owner,)), labels or list(one.labels), one.rows), bool(labels)))
                chosen = tuple(node for node, is_named in nodes if is_named) or tuple(node for node, _ in nodes)
                self._held[name] = (id(value), chosen)
                self._held.move_to_end(name)
        while len(self._held) > _MOST:
            self._held.popitem(last=False)

    def _named_in(self, statement: ast.stmt, used: list[Used]) -> list[Used]:
        """Those of the tables ``used`` that are in variables which a statement reads; all if there are none."""
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        known = (self._tracker.known(self._names.namespace.get(name)) for name in names)
        owners = {id(owner) for node in known if node is not None for owner in node.lineage.owners}
        reads = any(isinstance(node, ast.Attribute) and node.attr.startswith("read") for node in ast.walk(statement))
        return [one for one in used if id(one.owner) in owners and not reads] or used


def _is_table(value: Any) -> bool:
    return is_watched(value) and not type(value).__name__.endswith(("Series", "Index"))


def _is_table_without_hooks(value: Any) -> bool:
    return not is_watched(value) and hasattr(value, "column_names") and view(value) is not None


def _holds_values(value: Any) -> bool:
    if type(value) in _CONTAINERS:
        return bool(value)
    if type(value) in (str, bytes):
        return len(value) >= _LONG
    package = str(type(value).__module__).partition(".")[0]
    return package in _ARRAYS and not _is_table(value) and hasattr(value, "__len__")


def _words(statement: ast.stmt) -> set[str]:
    """The labels and names that a statement says."""
    words = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant):
            words.add(str(node.value))
    return words
