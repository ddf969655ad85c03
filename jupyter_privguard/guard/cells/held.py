"""Variables that hold what earlier cells took out of tables: lists, arrays, columns.

``emails = df.email.tolist()`` in one cell, ``len(set(emails))`` in a later one: that uses the column once more.
"""

from __future__ import annotations

import ast
import builtins
import io
from collections import OrderedDict, deque
from collections.abc import Container, Iterator
from types import ModuleType
from typing import Any

from ...frames import view
from ...frames.uses import Lineage, Node, Tracker, Used, Uses
from ...frames.watch import is_watched
from ..columns.naming import TableNames
from .lineage import names_bound, names_within, statements_run
from .records_held import fields_of, fields_taken

__all__ = ["HeldVariables"]

_MOST = 500
_LONG = 200
"""Letters of a text that is no single value, but a file's or a table's."""
_CONTAINERS = (list, tuple, set, frozenset, dict, deque)
_READING = tuple("read load open fetch execute query get scan urlopen connect cursor request download".split())
"""With what functions begin that give data which was not in a variable."""
_MAKING = frozenset("DataFrame from_records from_dict from_dicts json_normalize".split())
"""What makes tables of records."""
_TELLING = ("pandas", "polars", "pyarrow", "duckdb", "sqlite3")
"""Of the iterators of these hooks tell when they give something."""
_ARRAYS = ("numpy", "pandas", "polars", "pyarrow", "array", "torch", "scipy")


class HeldVariables:
    """What cells left in variables, by table and column. Not thread-safe: the session holds the lock."""

    def __init__(self, names: TableNames, tracker: Tracker) -> None:
        self._names = names
        self._tracker = tracker
        self._held: OrderedDict[str, tuple[int, tuple[Node, ...]]] = OrderedDict()

    def use(self, uses: Uses, names: list[str], code: str = "", *, tables: bool = False) -> None:
        """A cell that reads the variables ``names`` uses what is in them; hooks tell of ``tables`` what is used.

        Of records its ``code`` may say which fields it takes.
        """
        for name in names:
            value = self._names.namespace.get(name)
            if value is None:
                continue
            node = self._tracker.known(value)
            if node is not None:
                if tables or not (_is_table(value) or _is_query(value)):
                    uses.note(node, node.labels, "computed")
                continue
            if not _is_table_without_hooks(value):  # of these the code tells which columns are used
                for held in self.made_of(name):
                    taken = fields_taken(code, name, list(held.labels)) if fields_of(value) is not None else None
                    uses.note(held, held.labels if taken is None else taken, "computed")

    def made_of(self, name: str) -> tuple[Node, ...]:
        """What a variable holds that no hook knows."""
        identity, nodes = self._held.get(name, (0, ()))
        return nodes if identity == id(self._names.namespace.get(name)) else ()

    def learn(self, uses: Uses, source: str, chosen: Container[object] = ()) -> None:
        """A cell has ended: variables that it filled hold what it used, or what of that their statement names.

        Of the tables ``chosen`` it used what is in the variables, and nothing else.
        """
        used = uses.tables()
        if not used and not self._held:
            return
        for statement in statements_run(source):
            before, is_apart = self._records_in(statement), self._is_apart(statement)
            for name in names_bound(statement):
                value = self._names.namespace.get(name)
                if name in self._held and self._held[name][0] != id(value):  # what comes later may lie at that place
                    del self._held[name]
                if is_apart or value is None:
                    continue
                if _is_table(value):
                    self._learn_table(value, statement, used)
                if not (used or before) or self._tracker.known(value) is not None:
                    continue
                if _holds_values(value):
                    self._held[name] = id(value), self._put_into(value, statement, used, before, chosen)
                    self._held.move_to_end(name)
        while len(self._held) > _MOST:
            self._held.popitem(last=False)

    def _learn_table(self, table: Any, statement: ast.stmt, used: list[Used]) -> None:
        """A table that a statement made of records, as of a query's rows, comes from where these came from."""
        node = self._tracker.known(table)
        if (node is not None and not node.is_own) or not _MAKING & {*_words(statement), *_called(statement)}:
            return
        if self._names.datasets.of(table).source or (seen := view(table)) is None:
            return
        names = [one.id for one in ast.walk(statement) if isinstance(one, ast.Name)]
        nodes = [held for name in names for held in self.made_of(name)]
        if not nodes:
            read = [one for one in used if set(one.by_how) == {"loaded"}]
            nodes = [Node(Lineage((one.owner,)), list(one.labels), one.rows) for one in read if len(read) == 1]
        labels = list(seen.labels[: seen.width])
        parts = []
        for held in nodes:
            own = {str(label): label for label in held.labels}
            for label in labels:
                there = [own[str(label)]] if str(label) in own else list(held.labels)
                parts += [(held.lineage, one, label) for one in there]
        if parts:
            self._tracker.link(table, Node(Lineage.joined(parts), labels, seen.rows))

    def _put_into(
        self, value: Any, statement: ast.stmt, used: list[Used], before: list[Node], chosen: Container[object]
    ) -> tuple[Node, ...]:
        """What ``value`` holds: of records what they have, else what of that which was ``used`` the statement names."""
        words, fields, nodes = _words(statement), fields_of(value), []
        if fields is not None and before:  # records of others, of which the cell may have used less than they have
            return tuple(
                Node(one.lineage, [label for label in one.labels if str(label) in fields], 0) for one in before
            )
        for one in self._named_in(statement, used):
            said = [label for label in one.labels if str(label) in (words if fields is None else fields)]
            labels = [] if fields is None and one.owner in chosen else said
            nodes.append((Node(Lineage((one.owner,)), labels or list(one.labels), one.rows), bool(labels)))
        return tuple(node for node, is_named in nodes if is_named) or tuple(node for node, _ in nodes)

    def _is_apart(self, statement: ast.stmt) -> bool:
        """Whether what a statement gives cannot come from data: it reads no variable, and no file or database."""
        own, space = names_within(statement), self._names.namespace
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):  # `lines = !cat people.csv`
            return False
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in own:
                is_builtin = node.id not in space and hasattr(builtins, node.id)
                if node.id.startswith(_READING) or not (is_builtin or isinstance(space.get(node.id), ModuleType)):
                    return False
            elif isinstance(node, ast.Attribute) and node.attr.startswith(_READING):
                return False
        return True

    def _records_in(self, statement: ast.stmt) -> list[Node]:
        """What is in variables that hold records and that a statement reads."""
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        held = [(name, nodes) for name in names if (nodes := self.made_of(name))]
        records = [nodes for name, nodes in held if fields_of(self._names.namespace[name]) is not None]
        return [node for nodes in records for node in nodes]

    def _named_in(self, statement: ast.stmt, used: list[Used]) -> list[Used]:
        """Those of the tables ``used`` that a statement takes something of; all if it does not say.

        They are in variables that it reads, or read by it.
        """
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        known = (self._tracker.known(self._names.namespace.get(name)) for name in names)
        owners = {id(owner) for node in known if node is not None for owner in node.lineage.owners}
        if any(isinstance(node, ast.Attribute) and node.attr.startswith("read") for node in ast.walk(statement)):
            owners = set()
        words = _words(statement)
        of_variables = [one for one in used if id(one.owner) in owners]
        return of_variables or [one for one in used if getattr(one.owner, "source", None) in words] or used


def _is_table(value: Any) -> bool:
    return is_watched(value) and not type(value).__name__.endswith(("Series", "Index"))


def _is_query(value: Any) -> bool:
    """Whether it has no rows before it is asked for them, which hooks tell."""
    return str(type(value).__module__).partition(".")[0] in ("duckdb", "_duckdb")


def _is_table_without_hooks(value: Any) -> bool:
    return not is_watched(value) and hasattr(value, "column_names") and view(value) is not None


def _holds_values(value: Any) -> bool:
    if isinstance(value, _CONTAINERS):
        return bool(value)
    if type(value) in (str, bytes):
        return len(value) >= _LONG
    package = str(type(value).__module__).partition(".")[0]
    if isinstance(value, Iterator):
        return package not in _TELLING and not (isinstance(value, io.IOBase) and (value.closed or not value.readable()))
    return package in _ARRAYS and not _is_table(value) and hasattr(value, "__len__")


def _called(statement: ast.stmt) -> set[str]:
    """The functions that a statement calls by their names alone."""
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def _words(statement: ast.stmt) -> set[str]:
    """The labels and names that a statement says."""
    words = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant):
            words.add(str(node.value))
    return words
