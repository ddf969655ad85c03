"""What cells read and write through `sqlite3`: by table and column, as the database itself tells.

SQLite asks an authorizer about each table and column when it prepares a statement. A statement that is run again is
not prepared again until an authorizer is set, which is done at the beginning of each cell. Where that cannot be, what
an earlier cell read with a query that is in a cell's code counts.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ...frames.selects import select_of
from ..cells.cell import CellRun, DataRead
from ..cells.sources import queries_in

__all__ = ["ColumnRead", "Databases"]

_WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_CREATE_TABLE}
_FILLS = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE}
_OWN_TABLES = ("sqlite_", "pragma_")
_DENY = sqlite3.SQLITE_DENY
_MODULES: tuple[Any, ...] = (sqlite3, sqlite3.dbapi2)
_MOST = 500
_ROWID = frozenset({"rowid", "oid", "_rowid_"})

Reads = dict[tuple[str, str], dict[str, None]]
"""By database and table the columns that were read."""

# `Any` in this file is a connection of sqlite3.


class _Connection(sqlite3.Connection):
    """One that can be referred to weakly; with an authorizer of the program's own it is left alone."""

    __slots__ = ("__weakref__", "told")

    told: _Told | None

    def set_authorizer(self, authorizer_callback: Any) -> None:
        self.told = authorizer_callback if isinstance(authorizer_callback, _Told) else None
        super().set_authorizer(authorizer_callback)


_Connection.__module__, _Connection.__qualname__, _Connection.__name__ = "sqlite3", "Connection", "Connection"
_FACTORY = 5
"""The place of a connection's class among what `sqlite3.connect` may be given without names."""


class ColumnRead(NamedTuple):
    """Where a column of a query's result comes from."""

    label: str
    table: DataRead
    origin: str | None
    """Its label there; None of what is no column, as the number of rows."""


class Databases:
    """Notes what the running cell does. What is told while a statement is prepared may come from any thread."""

    def __init__(
        self,
        newest: Callable[[], CellRun | None],
        *,
        is_told: Callable[[str], bool],
        may_write: Callable[[CellRun], bool],
    ) -> None:
        """``is_told`` says of the path of a database that is being opened whether cells read and write it.

        ``may_write`` says whether a cell may write into one.
        """
        self._may_write = may_write
        self._newest = newest
        self._is_told = is_told
        self._connect = sqlite3.connect
        self._reads: dict[str, Reads] = {}
        self._made: dict[str, set[str]] = {}
        """By run the tables that it made: of these it knows what is in them."""
        self._known: OrderedDict[str, Reads] = OrderedDict()

        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._own = self._watching(self._connect)
        for module in _MODULES:
            setattr(module, "connect", self._own)  # noqa: B010 - type checkers know that it is a function

    def restore(self) -> None:
        """Look at no further database, unless somebody has put something else in this one's place."""
        for module in _MODULES:
            if module.connect is self._own:
                setattr(module, "connect", self._connect)  # noqa: B010 - as above

    def renew(self) -> None:
        """A cell begins: statements of earlier ones are prepared anew when they are run."""
        for connection in list(self._connections):
            with suppress(sqlite3.Error):  # closed, or another thread's
                if connection.told is not None:
                    connection.set_authorizer(connection.told)

    def _watching(self, connect: Any) -> Any:
        # Python tells that a connection is made before it can be used; so the function that makes them is replaced.

        @functools.wraps(connect)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if len(args) <= _FACTORY:
                kwargs.setdefault("factory", _Connection)
            connection = connect(*args, **kwargs)
            with suppress(Exception):  # what cannot be looked at stops no program
                path = os.fsdecode(args[0] if args else kwargs["database"]).removeprefix("file:").partition("?")[0]
                if self._is_told(path):
                    connection.set_authorizer(_Told(self, path))
                    if isinstance(connection, _Connection):
                        self._connections.add(connection)
            return connection

        return watched

    def told(self, action: int, table: str, column: str | None, path: str) -> bool:
        """A statement that does ``action`` is prepared; whether it may be."""
        run = self._newest()
        if run is None or not table or table.startswith(_OWN_TABLES):
            return True
        if action in _FILLS and not self._may_write(run):
            return False
        if action == sqlite3.SQLITE_READ:
            columns = self._reads.setdefault(run.key, {}).setdefault((path, table), {})
            if column and column.lower() not in _ROWID:
                columns[column] = None
        elif action in _WRITES:
            run.sink("table", table, **_kept_in(path))
            if action == sqlite3.SQLITE_CREATE_TABLE:
                self._made.setdefault(run.key, set()).add(table)
        return True

    def read_by(self, run: CellRun) -> list[DataRead]:
        """The tables of databases that ``run``, which has ended, read."""
        if not self._reads and not self._known:
            return []
        reads, queries = self._reads.pop(run.key, {}), queries_in(run.code)
        if reads:
            for query in queries:
                self._known[query] = reads
                self._known.move_to_end(query)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        else:
            for query in queries:
                reads = {**reads, **self._known.get(query, {})}
        for query in queries:
            _add_joining(query, reads)
        made = self._made.pop(run.key, set())
        return [DataRead(table, path, list(names)) for (path, table), names in reads.items() if table not in made]

    def columns_of(self, run: CellRun, source: str, labels: Sequence[str]) -> list[ColumnRead]:
        """Where the columns ``labels`` of what ``run`` has read by the query or table ``source`` come from.

        None of them where no database has told of its tables.
        """
        reads, select = self._reads.get(run.key) or self._known.get(source, {}), select_of(source)
        found: dict[str, list[tuple[str, str]]] = {}
        if select is None:
            is_table = any(name == source for _, name in reads)
            found = {label: [(source.casefold(), label)] for label in labels} if is_table else {}
        else:
            _add_joining(source, reads)
            known = {name.casefold(): _labels(path, name, reads) for path, name in reads if select.names(name)}
            outputs = select.outputs(known, labels) if known else None
            found = {label: [(one.table, one.label) for one in of] for label, of in (outputs or {}).items()}
        tables = {name.casefold(): DataRead(name, path, []) for path, name in reads}
        every = [(name, None) for name in tables if select is None or select.names(name)]
        return [ColumnRead(label, tables[name], origin) for label, of in found.items() for name, origin in of or every]


def _add_joining(query: str, reads: Reads) -> None:
    """SQLite does not tell of the columns by which tables are joined with USING or a NATURAL JOIN."""
    if "using" not in query.casefold() and "natural" not in query.casefold():
        return
    if (select := select_of(query)) is None:
        return
    known = {name.casefold(): (path, name) for path, name in reads if select.names(name)}
    for name in select.tables():  # of one that is joined for its rows alone nothing is told
        path = next((path for path, _ in known.values() if _labels(path, name, {})), None)
        if name not in known and path is not None:
            reads[path, name] = {}
            known[name] = path, name
    joining = select.joining({key: _labels(path, name, reads) for key, (path, name) in known.items()})
    for key, labels in joining.items():
        reads[known[key]].update(dict.fromkeys(labels))


def _labels(path: str, table: str, reads: Reads) -> list[str]:
    """The labels of a table; those that were read where it cannot be asked, as of one in memory."""
    found: list[str] = []
    with suppress(sqlite3.Error, OSError, ValueError):
        place = Path(path).resolve().as_uri() + "?mode=ro"
        with closing(sqlite3.dbapi2.Connection(place, timeout=0, uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("select name from pragma_table_info(?)", (table,))]
    return found or list(reads.get((path, table), ()))


def _kept_in(path: str) -> dict[str, str]:
    return {} if path in ("", ":memory:") else {"database": path}


class _Told:
    """The authorizer of one connection."""

    def __init__(self, databases: Databases, path: str) -> None:
        self._databases = databases
        self._path = path

    def __call__(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        with suppress(Exception):  # what is raised here would refuse the statement
            return sqlite3.SQLITE_OK if self._databases.told(action, first or "", second, self._path) else _DENY
        return sqlite3.SQLITE_OK
