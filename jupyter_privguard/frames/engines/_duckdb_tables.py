"""The tables that a database of DuckDB keeps itself, and what is known of the results of its connections."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from itertools import product
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import duckdb

from .._sql import filled_by
from ..selects import Column
from ..uses import Lineage, Node, Origin
from ..watch import Watcher

__all__ = ["KeptTables", "connection_in", "result_node"]

# `Any` in this file is a connection of DuckDB, or what one of its functions takes and returns.

_COLUMNS = (
    "select d.path, c.database_name, c.table_name, c.column_name from duckdb_columns() c "
    "join duckdb_databases() d using (database_oid) where not c.internal"
)
_DATABASES = "select database_name, path, database_name = current_database() from duckdb_databases() where not internal"


class _Kept(NamedTuple):
    """A table or view of a database."""

    name: str
    place: str
    labels: list[str]


class KeptTables:
    """Tells of tables that queries name and that are neither the program's nor files."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._made: WeakKeyDictionary[Any, dict[str, Node]] = WeakKeyDictionary()
        """By connection, and name in small letters, what its views and tables in memory were made from."""

    def share(self, connection: Any, other: Any) -> None:
        """``other`` is a cursor of ``connection``: it has the same tables."""
        self._made[other] = self._made.setdefault(connection, {})

    def named(self, connection: Any, names: list[tuple[str, ...]], known: set[str]) -> dict[str, Node]:
        """The tables of these ``names``, by the last part in small letters, but for those ``known`` by such."""
        wanted = [name for name in names if name[-1].casefold() not in known]
        return self._nodes(connection, wanted) if wanted else {}

    def node_of(self, connection: Any, name: str) -> Node | None:
        """What is known of the table ``name``."""
        return next(iter(self._nodes(connection, [tuple(name.split("."))]).values()), None)

    def _nodes(self, connection: Any, names: list[tuple[str, ...]]) -> dict[str, Node]:
        made, kept = self._made.get(connection, {}), _kept(connection)
        found = {}
        for name in dict.fromkeys(names):
            last = name[-1].casefold()
            if last in made:
                found[last] = made[last]
            elif (table := _of_database(kept.get(last, {}), name, connection)) is not None:
                owner = self._watcher.stored(table.name, table.place, table.labels)
                found[last] = Node(Lineage((owner,)), table.labels, 0)
        return found

    def filling(self, connection: Any, sql: str) -> str | None:
        """The table that ``sql`` writes, of a database in a file; None for other queries."""
        target = filled_by(sql)
        if target is None or target.is_temporary or target.is_view or target.verb == "drop":
            return None
        return target.name[-1] if _place(connection, target.name) else None

    def filled(self, connection: Any, sql: str, rows: Callable[[list[str]], Node | None]) -> None:
        """After ``sql``: a table in a file was written to; what others and views are made from is remembered.

        ``rows`` tells, by the labels of what the query made or filled, what these columns come from; by none where
        nobody knows them, as those of temporary tables.
        """
        if (table := self.filling(connection, sql)) is not None:
            self._watcher.written(None, table, "table")
        target = filled_by(sql)
        if target is None or target.verb in ("update", "delete"):
            return
        made, name = self._made.setdefault(connection, {}), target.name[-1].casefold()
        if target.verb == "drop" or (target.verb == "create" and table is not None):
            made.pop(name, None)
        elif target.verb == "insert":
            self._filled(connection, target.name, rows)
        else:
            made.pop(name, None)
            kept = _of_database(_kept(connection).get(name, {}), target.name, connection)
            if (node := rows(kept.labels if kept is not None else [])) is not None:
                made[name] = node if target.is_view else Node(node.lineage, node.labels, 0)  # filled by the query

    def added(self, connection: Any, name: str, rows: Node) -> None:
        """``rows`` were put into the table ``name``."""
        self._filled(connection, tuple(name.split(".")), lambda _: rows)

    def is_in_file(self, connection: Any, name: str) -> bool:
        """Whether the table ``name`` is kept in a file."""
        return bool(_place(connection, tuple(name.split("."))))

    def _filled(self, connection: Any, name: tuple[str, ...], rows: Callable[[list[str]], Node | None]) -> None:
        """Remember what a table in memory holds."""
        made, last = self._made.setdefault(connection, {}), name[-1].casefold()
        before = made.get(last)
        if before is None and not _place(connection, name):
            table = _of_database(_kept(connection).get(last, {}), name, connection)
            before = Node(Lineage((), dict.fromkeys(table.labels, ())), table.labels, 0) if table is not None else None
        if before is not None and (node := rows([*map(str, before.labels)])) is not None:
            made[last] = _with_rows(before, node)


def _with_rows(table: Node, rows: Node) -> Node:
    """What a table comes from into which rows were put: each column from that at its place, else from any."""
    labels, given = list(table.labels), list(rows.labels)
    pairs = list(zip(given, labels, strict=True)) if len(given) == len(labels) else [*product(given, labels)]
    parts = [(table.lineage, label, label) for label in labels]
    return Node(Lineage.joined([*parts, *((rows.lineage, there, here) for there, here in pairs)]), labels, 0)


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


def _kept(connection: Any) -> dict[str, dict[tuple[str, str], _Kept]]:
    """The tables and views of a connection's databases, by name in small letters, and by database and name."""
    found: dict[str, dict[tuple[str, str], _Kept]] = {}
    for path, database, table, column in _asked(connection, _COLUMNS):
        of_name = found.setdefault(table.casefold(), {})
        of_name.setdefault((database.casefold(), table), _Kept(table, path or "", [])).labels.append(column)
    return found


def _of_database(tables: dict[tuple[str, str], _Kept], name: tuple[str, ...], connection: Any) -> _Kept | None:
    """That of several ``tables`` of one name which a query means; it is in the current database if it does not say."""
    if len(tables) > 1:
        said = {part.casefold() for part in name[:-1]}
        current = {database.casefold() for database, _, is_current in _asked(connection, _DATABASES) if is_current}
        for wanted in (said, current):
            if (of := next((one for (database, _), one in tables.items() if database in wanted), None)) is not None:
                return of
    return next(iter(tables.values()), None)


def _place(connection: Any, name: tuple[str, ...]) -> str:
    """The path of the database in which a table is that a query calls so; empty for one in memory."""
    said = {part.casefold() for part in name[:-1]}
    rows = _asked(connection, _DATABASES)
    found = [path for database, path, _ in rows if database.casefold() in said]
    return next(iter(found or [path for _, path, is_current in rows if is_current]), "") or ""


def _asked(connection: Any, sql: str) -> list[Any]:
    """What the database answers; on a cursor, for the connection may have rows that wait to be fetched."""
    with suppress(duckdb.Error):  # closed, or not to be asked now
        answer: list[Any] = connection.cursor().execute(sql).fetchall()
        return answer
    return []
