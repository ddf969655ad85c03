"""Connections of `sqlite3` that tell which columns statements read: when they are run, and when rows are fetched.

SQLite asks an authorizer about each table and column when it prepares a statement. The rows come later, perhaps in
another cell, and a statement that is known is not prepared again; so each cursor remembers what its own one reads.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

__all__ = ["FACTORY", "Connection", "Listener", "Reads", "Watched"]

Reads = dict[tuple[str, str], dict[str, None]]
"""By database and table the columns that were read."""

FACTORY = 5
"""The place of a connection's class among what `sqlite3.connect` may be given without names."""
_IN_MEMORY = ":memory:"
_MOST = 500
_ROWID = frozenset({"rowid", "oid", "_rowid_"})
_OWN_TABLES = ("sqlite_", "pragma_")
_VACUUMED = "vacuum_"
"""With what the name begins that SQLite gives to the copy which it makes of a database to vacuum it."""
_COLUMNS = "select s.name, c.name from {}.sqlite_master s, pragma_table_xinfo(s.name, {}) c where s.type = 'table'"

# `Any` in this file is what methods of sqlite3 take and return.


class Listener(Protocol):
    """Who wants to know. What it raises does not reach the program."""

    turn: int
    """Another number in each cell."""

    def told(self, action: int, table: str, path: str) -> bool:
        """A statement that does ``action`` to a table is prepared; whether it may be."""

    def read(self, reads: Reads, query: str | None, *, is_new: bool = False) -> None:
        """The running cell reads what ``query`` does, None where nobody knows which; ``is_new``: for the first time."""

    def may_copy(self) -> bool:
        """Whether the running cell may write a database whole."""

    def copied(self, reads: Reads, path: str) -> None:
        """A database was written whole to the file ``path``, empty for memory."""


class Watched:
    """What is known of one connection; its authorizer."""

    def __init__(self, listener: Listener, path: str) -> None:
        self.listener = listener
        self.path = path
        self._statements: OrderedDict[str, tuple[Reads, int]] = OrderedDict()
        """What those read that were prepared, and in which cell that was told last."""
        self._attached: dict[str, str] = {}
        """The paths of other databases by their names."""
        self._now: _Statement | None = None
        """None while none of ours runs; of several threads' statements it may be the other one."""
        self._others = _Statement(())

    def place_of(self, database: str | None) -> str:
        """The path of a database of the connection by its name; the connection's own one where there is none."""
        return _IN_MEMORY if database == "temp" else self._attached.get(database or "", self.path)

    def __call__(self, action: int, first: str | None, second: str | None, database: str | None, *_: object) -> int:
        """SQLite asks whether a statement may do ``action``."""
        with suppress(Exception):  # what is raised here would refuse the statement
            return sqlite3.SQLITE_OK if self._told(action, first or "", second, database) else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    def _told(self, action: int, first: str, second: str | None, database: str | None) -> bool:
        now = self._now or self._others
        if action == sqlite3.SQLITE_ATTACH:
            now.attaches, now.target = True, first or next((one for one in now.given if type(one) is str), "")
        elif not first or first.startswith(_OWN_TABLES):
            return True
        elif database is not None and database.startswith(_VACUUMED):
            now.is_vacuumed = not now.target or self.listener.may_copy()
            return now.is_vacuumed
        elif action == sqlite3.SQLITE_READ:
            self._reads(self.place_of(database), first, second or "")
        elif action == sqlite3.SQLITE_DROP_TABLE:
            now.dropped = first
        elif action == sqlite3.SQLITE_DELETE and first == now.dropped:  # what is dropped is emptied first
            return True
        elif database != "temp":
            now.dropped = None if first == now.dropped else now.dropped
            return self.listener.told(action, first, self.place_of(database))
        return True

    def _reads(self, path: str, table: str, column: str) -> None:
        columns = dict.fromkeys([column] if column and column.lower() not in _ROWID else [])
        if self._now is None:
            self.listener.read({(path, table): columns}, None)
        else:
            self._now.reads.setdefault((path, table), {}).update(columns)

    def run(self, connection: Connection, original: Callable[..., Any], sql: Any, *given: Any) -> tuple[Any, Reads]:
        """Run ``sql`` by ``original``: its result, and what it reads."""
        before, now = self._now, _Statement(given[0] if given and isinstance(given[0], (list, tuple)) else ())
        self._now, reads = now, now.reads
        try:
            result = original(sql, *given)
        finally:
            self._now = before
            if now.attaches or reads or (type(sql) is str and sql in self._statements):
                with suppress(Exception):  # what cannot be noted stops no program
                    reads = self._ran(connection, sql, now)
        return result, reads

    def _ran(self, connection: Connection, sql: str, now: _Statement) -> Reads:
        """Tell what ``sql`` has read, which is what it read before where SQLite did not ask again."""
        if now.attaches and not now.is_vacuumed:
            self._attached = {name: path or _IN_MEMORY for name, path in _places(connection).items() if name != "main"}
        elif now.is_vacuumed and now.target:
            self.listener.copied(_whole(connection, self), now.target)
        turn, is_new = self.listener.turn, bool(now.reads)
        reads, told_in = (now.reads, None) if is_new else self._statements.get(sql, (now.reads, turn))
        if told_in != turn:
            self.listener.read(reads, sql, is_new=is_new)
            self._statements[sql] = reads, turn
            self._statements.move_to_end(sql)
            while len(self._statements) > _MOST:
                self._statements.popitem(last=False)
        return reads


class _Statement:
    """What a connection is about to do; made anew for each statement."""

    __slots__ = ("attaches", "dropped", "given", "is_vacuumed", "reads", "target")

    def __init__(self, given: Any) -> None:
        self.reads: Reads = {}
        self.given = given
        """The values for its placeholders."""
        self.dropped: str | None = None
        self.attaches = False
        self.target = ""
        """The file that it attaches, also as a part of ``VACUUM INTO``."""
        self.is_vacuumed = False


class Connection(sqlite3.Connection):
    """One that can be referred to weakly; with an authorizer of the program's own it is left alone."""

    __slots__ = ("__weakref__", "watched")

    watched: Watched | None

    def set_authorizer(self, authorizer_callback: Any) -> None:
        """Its own says what is done with it, until the program sets another one."""
        self.watched = authorizer_callback if isinstance(authorizer_callback, Watched) else None
        super().set_authorizer(authorizer_callback)

    def cursor(self, factory: Any = None) -> Any:
        """A cursor that tells what it reads, unless the program says of which class it is to be."""
        if factory is not None:
            return super().cursor(factory)
        return super().cursor(_Cursor) if getattr(self, "watched", None) is not None else super().cursor()

    def execute(self, sql: Any, parameters: Any = (), /) -> Any:
        """A new cursor that has run ``sql``; sqlite3's own method would make one that tells nothing."""
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: Any, parameters: Any, /) -> Any:
        """As `execute`, once for each of ``parameters``."""
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql_script: Any, /) -> Any:
        """As `execute`, for several statements."""
        return self.cursor().executescript(sql_script)

    def backup(self, target: Any, **kwargs: Any) -> None:
        """Write the database whole into that of another connection."""
        watched = getattr(self, "watched", None)
        if watched is not None and not watched.listener.may_copy():
            raise sqlite3.DatabaseError("not authorized")  # as SQLite says it of a statement
        super().backup(target, **kwargs)
        if watched is not None:
            with suppress(Exception):  # what cannot be noted stops no program
                reads, path = _whole(self, watched, kwargs.get("name", "main")), _places(target).get("main", "")
                of_target = getattr(target, "watched", None)
                watched.listener.copied(reads, of_target.path if path and of_target is not None else path)

    def serialize(self, **kwargs: Any) -> bytes:
        """The database whole."""
        result = super().serialize(**kwargs)
        if (watched := getattr(self, "watched", None)) is not None:
            with suppress(Exception):  # as above
                watched.listener.read(_whole(self, watched, kwargs.get("name", "main")), None)
        return result


def _whole(connection: Connection, watched: Watched, database: str = "main") -> Reads:
    """All tables of a database with all their columns."""
    name, text = database.replace('"', '""'), database.replace("'", "''")
    found: Reads = {}
    for table, column in sqlite3.Cursor(connection).execute(_COLUMNS.format(f'"{name}"', f"'{text}'")):
        if not table.startswith(_OWN_TABLES):
            found.setdefault((watched.place_of(database), table), {})[column] = None
    return found


def _places(connection: sqlite3.Connection) -> dict[str, str]:
    """The paths of a connection's databases by their names; empty for one in memory."""
    rows = sqlite3.Cursor(connection).execute("pragma database_list").fetchall()
    return {name: path for _, name, path in rows if name != "temp"}


class _Cursor(sqlite3.Cursor):
    """One whose rows are read by the cell that fetches them."""

    _watched: Watched | None = None
    _reads: Reads = {}  # noqa: RUF012 - replaced and never changed
    _sql, _turn = "", 0

    def _run(self, original: Callable[..., Any], sql: Any, *given: Any) -> Any:
        watched = self._watched = getattr(self.connection, "watched", None)
        if watched is None:
            return original(sql, *given)
        self._reads = {}
        result, self._reads = watched.run(self.connection, original, sql, *given)
        self._sql, self._turn = sql, watched.listener.turn
        return result

    def execute(self, sql: Any, parameters: Any = (), /) -> Any:
        return self._run(super().execute, sql, parameters)

    def executemany(self, sql: Any, parameters: Any, /) -> Any:
        return self._run(super().executemany, sql, parameters)

    def executescript(self, sql_script: Any, /) -> Any:
        return self._run(super().executescript, sql_script)

    def __next__(self) -> Any:
        row = _next(self)
        self._noted(is_any=True)
        return row

    def fetchone(self) -> Any:
        row = super().fetchone()
        self._noted(is_any=row is not None)
        return row

    def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
        rows = super().fetchmany(*args, **kwargs)
        self._noted(is_any=bool(rows))
        return rows

    def fetchall(self) -> Any:
        rows = super().fetchall()
        self._noted(is_any=bool(rows))
        return rows

    def _noted(self, *, is_any: bool) -> None:
        """If ``is_any`` was fetched, for the first time in another cell than the one that ran the statement."""
        watched = self._watched
        if is_any and watched is not None and self._turn != watched.listener.turn:
            with suppress(Exception):  # as above
                self._turn = watched.listener.turn
                watched.listener.read(self._reads, self._sql)


_next: Any = sqlite3.Cursor.__next__

for _own, _name in ((Connection, "Connection"), (_Cursor, "Cursor")):
    _own.__module__, _own.__qualname__, _own.__name__ = "sqlite3", _name, _name
