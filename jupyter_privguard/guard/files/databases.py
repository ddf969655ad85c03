"""What cells read and write through `sqlite3`: by table and column, as the database itself tells.

SQLite asks an authorizer about each table and column when it prepares a statement. A statement that is run again is
not prepared again: where a cell's code has a query of an earlier cell, what that one read counts.
"""

from __future__ import annotations

import functools
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..cells.cell import CellRun, DataRead
from ..cells.sources import queries_in

__all__ = ["Databases"]

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

        self._own = self._watching(self._connect)
        for module in _MODULES:
            setattr(module, "connect", self._own)  # noqa: B010 - type checkers know that it is a function

    def restore(self) -> None:
        """Look at no further database, unless somebody has put something else in this one's place."""
        for module in _MODULES:
            if module.connect is self._own:
                setattr(module, "connect", self._connect)  # noqa: B010 - as above

    def _watching(self, connect: Any) -> Any:
        # Python tells that a connection is made before it can be used; so the function that makes them is replaced.

        @functools.wraps(connect)
        def watched(*args: Any, **kwargs: Any) -> Any:
            connection = connect(*args, **kwargs)
            with suppress(Exception):  # what cannot be looked at stops no program
                path = os.fsdecode(args[0] if args else kwargs["database"]).removeprefix("file:").partition("?")[0]
                if self._is_told(path):
                    connection.set_authorizer(_Told(self, path))
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
            run.sink("table", table)
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
        made = self._made.pop(run.key, set())
        return [DataRead(table, path, list(names)) for (path, table), names in reads.items() if table not in made]


class _Told:
    """The authorizer of one connection."""

    def __init__(self, databases: Databases, path: str) -> None:
        self._databases = databases
        self._path = path

    def __call__(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        with suppress(Exception):  # what is raised here would refuse the statement
            return sqlite3.SQLITE_OK if self._databases.told(action, first or "", second, self._path) else _DENY
        return sqlite3.SQLITE_OK
