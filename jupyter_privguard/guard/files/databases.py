"""What cells read and write through `sqlite3`: by table and column, as the database itself tells (`connections`).

A connection whose class is the program's own tells of statements when they are prepared, and not when their rows are
fetched. Where a statement of such a one is run again, what an earlier cell read with a query that is in a cell's code
counts.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ...frames.selects import select_of
from ..cells.cell import CellRun, DataRead
from ..cells.sources import queries_in
from .connections import FACTORY, Connection, Reads, Watched

__all__ = ["ColumnRead", "Databases"]

_WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_CREATE_TABLE}
_FILLS = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE}
_MODULES: tuple[Any, ...] = (sqlite3, sqlite3.dbapi2)
_MOST = 500

# `Any` in this file is a connection of sqlite3.


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
        self.turn = 0
        self._reads: dict[str, dict[str | None, Reads]] = {}
        """By run, and query."""
        self._made: dict[str, set[str]] = {}
        """By run the tables that it made: of these it knows what is in them."""
        self._known: OrderedDict[str, Reads] = OrderedDict()
        """By query what was read through connections of the program's own classes."""

        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
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
        self.turn += 1
        for connection in list(self._connections):
            with suppress(sqlite3.Error):  # closed, or another thread's
                if connection.watched is not None:
                    connection.set_authorizer(connection.watched)

    def _watching(self, connect: Any) -> Any:
        # Python tells that a connection is made before it can be used; so the function that makes them is replaced.

        @functools.wraps(connect)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if len(args) <= FACTORY:
                kwargs.setdefault("factory", Connection)
            connection = connect(*args, **kwargs)
            with suppress(Exception):  # what cannot be looked at stops no program
                path = os.fsdecode(args[0] if args else kwargs["database"]).removeprefix("file:").partition("?")[0]
                if self._is_told(path):
                    connection.set_authorizer(Watched(self, path))
                    if isinstance(connection, Connection):
                        self._connections.add(connection)
            return connection

        return watched

    # --- what connections tell -----------------------------------------------------------------------

    def told(self, action: int, table: str, path: str) -> bool:
        """A statement that does ``action`` is prepared; whether it may be."""
        run = self._newest()
        if run is None:
            return True
        if action in _FILLS and not self._may_write(run):
            return False
        if action in _WRITES:
            found = run.places.get(("table", table), {})
            is_other = found.get("database", path) != path
            run.sink("table", table, place=f"{table}\n{path}" if is_other else None, **_kept_in(path))
        if action == sqlite3.SQLITE_CREATE_TABLE:
            self._made.setdefault(run.key, set()).add(table)
        return True

    def read(self, reads: Reads, query: str | None, *, is_new: bool = False) -> None:
        """The running cell reads what ``query`` does."""
        if (run := self._newest()) is None:
            return
        if is_new and query is not None:
            _add_joining(query, reads)
        of_query = self._reads.setdefault(run.key, {}).setdefault(query, {})
        for table, columns in reads.items():
            of_query.setdefault(table, {}).update(columns)

    def may_copy(self) -> bool:
        """Whether the running cell may write a database whole."""
        run = self._newest()
        return run is None or self._may_write(run)

    def copied(self, reads: Reads, path: str) -> None:
        """A database was written whole."""
        if (run := self._newest()) is None:
            return
        if path:
            run.sink("file", path, place=os.path.realpath(path))
        made = self._made.get(run.key, ())
        for (place, table), columns in reads.items():
            if table not in made:
                run.touch(table, how="exported", columns=list(columns), rows=0, source=place)

    def read_by(self, run: CellRun) -> list[DataRead]:
        """The tables of databases that ``run``, which has ended, read."""
        if not self._reads and not self._known:
            return []
        of_queries = self._reads.pop(run.key, {})
        reads = _merged(of_queries.values())
        if self._known or None in of_queries:
            self._add_known(queries_in(run.code), of_queries.get(None), reads)
        made = self._made.pop(run.key, set())
        told = [(place, names) for place, names in reads.items() if place[1] not in made]
        return [DataRead(table, path, list(names), is_queried=True) for (path, table), names in told]

    def _add_known(self, queries: list[str], loose: Reads | None, reads: Reads) -> None:
        """Add to ``reads`` what connections of the program's own classes do not tell again; they told of ``loose``."""
        for query in queries:
            if loose is not None:
                self._known[query] = loose
                self._known.move_to_end(query)
                _add_joining(query, reads)
            elif not reads:
                for table, columns in self._known.get(query, {}).items():
                    reads.setdefault(table, {}).update(columns)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def columns_of(self, run: CellRun, source: str, labels: Sequence[str]) -> list[ColumnRead]:
        """Where the columns ``labels`` of what ``run`` has read by the query or table ``source`` come from.

        None of them where no database has told of its tables.
        """
        of_queries, select = self._reads.get(run.key, {}), select_of(source)
        reads = of_queries.get(source) or _merged(of_queries.values()) or self._known.get(source, {})
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


def _merged(several: Iterable[Reads]) -> Reads:
    found: Reads = {}
    for reads in several:
        for table, columns in reads.items():
            found.setdefault(table, {}).update(columns)
    return found


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
