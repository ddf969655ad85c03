"""SQLite files, IPython's history among them: the texts of their tables, opened for reading alone."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from .findings import Place
from .pieces import Form, Piece, Unreadable

__all__ = ["is_database", "pieces_of_database"]

_MAGIC = b"SQLite format 3\0"
_MOST_ROWS = 500_000
_MOST_TABLES = 500
_MOST_LETTERS = 64 * 2**20
_LONGEST = 64 * 2**20
_PATIENCE_S = 60.0
_CODE = frozenset({"source", "source_raw"})


def is_database(head: bytes) -> bool:
    """Whether a file begins as SQLite's do."""
    return head.startswith(_MAGIC)


def pieces_of_database(path: Path) -> Iterator[Piece]:
    """Each text of each row of each table; Unreadable where it cannot be read, or not to its end."""
    wal = path.with_name(path.name + "-wal")
    mode = "mode=ro" if wal.exists() else "mode=ro&immutable=1"
    try:
        store = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)
    except sqlite3.Error:
        raise Unreadable("the database cannot be opened") from None
    try:
        yield from _tables(store)
    except sqlite3.Error:
        raise Unreadable("the database cannot be read to its end") from None
    finally:
        store.close()


def _tables(store: sqlite3.Connection) -> Iterator[Piece]:
    until = time.monotonic() + _PATIENCE_S
    store.text_factory = lambda raw: raw.decode("utf-8", "replace")
    store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    store.execute("PRAGMA trusted_schema=OFF")  # nothing that the file's own schema names is run
    store.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    # Tables alone: a view or a virtual table may compute anything.
    rows = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchmany(_MOST_TABLES)
    for name, sql in rows:
        if not str(sql or "").lstrip().upper().startswith("CREATE VIRTUAL"):
            yield from _rows(store, str(name))


def _rows(store: sqlite3.Connection, table: str) -> Iterator[Piece]:
    quoted = table.replace('"', '""')
    found = store.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name, quoted
    names = [str(one[0]) for one in found.description]
    is_history = {"session", "line"} <= set(names)
    said = table if table.isidentifier() and len(table) <= 40 else "one"
    left = _MOST_LETTERS
    for number, row in enumerate(found, 1):
        if number > _MOST_ROWS:
            raise Unreadable(f"only {_MOST_ROWS} rows of a table were read")
        where = f"table {said}, row {number}"
        if is_history:
            cells = dict(zip(names, row, strict=True))
            where += f" (session {cells['session']}, line {cells['line']})"
        seen: set[str] = set()
        for name, value in zip(names, row, strict=True):
            left -= len(value) if isinstance(value, str) else 0
            if left < 0:
                raise Unreadable(f"only {_MOST_LETTERS >> 20} million letters of a table were read")
            if isinstance(value, str) and value not in seen:
                seen.add(value)
                yield Piece(value, Place(part=where), Form.CODE if name in _CODE else Form.PROSE, key=name)
