"""The tables that a database of DuckDB keeps itself, and what is known of the results of its connections."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import duckdb

from .._sql import filled_by, named_tables
from ..selects import Column
from ..uses import Lineage, Node, Origin
from ..watch import Watcher

__all__ = ["KeptTables", "connection_in", "result_node"]

# `Any` in this file is a connection of DuckDB, or what one of its functions takes and returns.

_COLUMNS = "select table_name, column_name from duckdb_columns() where not internal"
_PLACE = "select path from duckdb_databases() where database_name = current_database()"


class KeptTables:
    """Tells of tables that queries name and that are neither the program's nor files."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._made: WeakKeyDictionary[Any, dict[str, Node]] = WeakKeyDictionary()
        """By connection, and name, what its temporary tables were made from."""

    def named(self, connection: Any, sql: str, known: set[str]) -> dict[str, Node]:
        """The tables that ``sql`` names, by name in small letters, but for those ``known`` by such names."""
        names = [name.casefold() for name in named_tables(sql) if name.casefold() not in known]
        return self._nodes(connection, names) if names else {}

    def node_of(self, connection: Any, name: str) -> Node | None:
        """What is known of the table ``name``."""
        return self._nodes(connection, [name.casefold()]).get(name.casefold())

    def _nodes(self, connection: Any, names: list[str]) -> dict[str, Node]:
        kept: dict[str, dict[str, list[str]]] = {}
        for table, column in _asked(connection, _COLUMNS):
            kept.setdefault(table.casefold(), {}).setdefault(table, []).append(column)
        place = _place(connection) if kept else ""
        found = {}
        for name in dict.fromkeys(names):
            if name in kept:
                ((table, labels),) = list(kept[name].items())[:1]
                found[name] = Node(Lineage((self._watcher.stored(table, place, labels),)), labels, 0)
            elif connection in self._made and name in self._made[connection]:
                found[name] = self._made[connection][name]
        return found

    def filling(self, connection: Any, sql: str) -> str | None:
        """The table that ``sql`` writes, of a database in a file; None for other queries."""
        target = filled_by(sql)
        return target[0] if target is not None and not target[1] and _place(connection) else None

    def filled(self, connection: Any, sql: str, node: Node | None) -> None:
        """After ``sql``: a table in a file was written to; a temporary one is remembered."""
        if (table := self.filling(connection, sql)) is not None:
            self._watcher.written(None, table, "table")
        target = filled_by(sql)
        if target is not None and target[1] and node is not None:
            self._made.setdefault(connection, {})[target[0].casefold()] = node


def connection_in(args: Any) -> Any:
    """The connection that a function of DuckDB was called with; the default one if there is none."""
    return (
        next((one for one in args if isinstance(one, duckdb.DuckDBPyConnection)), None) or duckdb.default_connection()
    )


def result_node(
    nodes: list[tuple[str, Node, list[str]]], columns: list[str], origins: Mapping[str, list[Column]] | None
) -> Node | None:
    """What a result with these ``columns`` comes from: the columns that a query used of the tables of ``nodes``.

    These are named as the query names them, and ``origins`` are the columns of theirs that each column comes from;
    where these cannot be told, None, it is the one of its own name, or all that the query used. None where it comes
    from no table.
    """
    every = Lineage.joined((node.lineage, label, label) for _, node, used in nodes for label in used)
    if not every.owners:
        return None
    used = list(dict.fromkeys(label for _, _, labels in nodes for label in labels))
    needs = every.as_one(used)
    if origins is not None:
        by_name = {name: node for name, node, _ in nodes}
        found: dict[Hashable, tuple[Origin, ...]] = {
            label: tuple(one for table, there in of if table in by_name for one in by_name[table].lineage.of(there))
            for label, of in origins.items()
        }
        return Node(Lineage(every.owners, found), columns, 0, needs=needs)
    lineage = Lineage(
        every.owners,
        {
            label: tuple(one for _, node, used in nodes if label in used for one in node.lineage.of(label))
            for label in columns
            if label in used
        },
    )
    return Node(lineage.with_new(columns, needs), columns, 0, needs=needs)


def _place(connection: Any) -> str:
    """The path of a connection's database; empty for one in memory."""
    return next((row[0] or "" for row in _asked(connection, _PLACE)), "")


def _asked(connection: Any, sql: str) -> list[Any]:
    """What the database answers; on a cursor, for the connection may have rows that wait to be fetched."""
    with suppress(duckdb.Error):  # closed, or not to be asked now
        answer: list[Any] = connection.cursor().execute(sql).fetchall()
        return answer
    return []
