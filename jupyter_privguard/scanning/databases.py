"""SQLite files, opened for reading alone: IPython's history text by text, other tables by their columns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .findings import Finding, Place
from .judging import Judge
from .merging import merged
from .pieces import Cell, Column, Form, Piece, Unreadable
from .sources import Source

__all__ = ["found_in_database", "is_database"]

_MAGIC = b"SQLite format 3\0"
_ROWS = 20_000
"""Rows of a table that are judged at once."""
_MOST_ROWS = 5_000_000
_MOST_TABLES = 500
_MOST_LETTERS = 16 * 2**20
"""Letters of rows that are held at once."""
_LONGEST = 64 * 2**20
_PATIENCE_S = 60.0
_CODE = frozenset({"source", "source_raw"})
_Parts = Iterator[list[tuple[Any, ...]]]


def is_database(head: bytes) -> bool:
    """Whether a file begins as SQLite's do."""
    return head.startswith(_MAGIC)


def found_in_database(path: str, source: Source, judge: Judge) -> Iterator[Finding]:
    """What the rows of each table hold; Unreadable where it cannot be read, or not to its end."""
    try:
        with closing(_opened(source)) as store:
            yield from _tables(path, store, judge)
    except sqlite3.Error:
        raise Unreadable("the database cannot be read to its end") from None


def _opened(source: Source) -> sqlite3.Connection:
    """The file where there is one, so that what its write-ahead file holds is read too; else its bytes."""
    try:
        if not source.path:
            store = sqlite3.connect(":memory:")
            store.deserialize(source.whole())
            return store
        path = Path(source.path)
        mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
        return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)
    except (sqlite3.Error, ValueError, AttributeError):  # not every build of SQLite reads from bytes
        raise Unreadable("the database cannot be opened") from None


def _tables(path: str, store: sqlite3.Connection, judge: Judge) -> Iterator[Finding]:
    patience = _Patience()
    store.text_factory = lambda raw: raw.decode("utf-8", "replace")
    store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    store.execute("PRAGMA trusted_schema=OFF")  # nothing that the file's own schema names is run
    store.set_progress_handler(patience.is_over, 100_000)
    # Tables alone: a view or a virtual table may compute anything.
    tables = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchmany(_MOST_TABLES + 1)
    for name, sql in tables[:_MOST_TABLES]:
        if str(sql or "").lstrip().upper().startswith("CREATE VIRTUAL"):
            continue
        quoted = str(name).replace('"', '""')
        rows = store.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name, quoted
        said = str(name) if str(name).isidentifier() and len(str(name)) <= 40 else "one"
        names = [str(one[0]) for one in rows.description]
        if {"session", "line"} <= set(names):
            yield from judge.pieces(path, _texts(_parts(rows, patience), names, said), "")
        else:
            yield from merged(_columns(path, _parts(rows, patience), names, Place(part=f"table {said}"), judge))
    if len(tables) > _MOST_TABLES:
        raise Unreadable(f"only {_MOST_TABLES} of its tables were read")


def _columns(path: str, parts: _Parts, names: list[str], place: Place, judge: Judge) -> Iterator[Finding]:
    for part in parts:
        table = [Column(name, [Cell(_value(row[at])) for row in part], place) for at, name in enumerate(names)]
        yield from judge.columns(path, table)


class _Patience:
    """How long reading may take before something is read; judging it takes its own time."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Something was read."""
        self._until = time.monotonic() + _PATIENCE_S

    def is_over(self) -> bool:
        """Whether reading is to end."""
        return time.monotonic() > self._until


def _parts(rows: sqlite3.Cursor, patience: _Patience) -> _Parts:
    """Rows, as many at once as can be held."""
    part: list[tuple[Any, ...]] = []
    letters = 0
    for number, row in enumerate(rows, 1):
        if number > _MOST_ROWS:
            yield part
            raise Unreadable(f"only {_MOST_ROWS:,} rows of a table were read")
        part.append(row)
        letters += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if len(part) >= _ROWS or letters > _MOST_LETTERS:
            yield part
            part, letters = [], 0
            patience.renew()
    if part:
        yield part


def _value(value: object) -> object:
    """Bytes as the text that they may be."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _texts(parts: _Parts, names: list[str], table: str) -> Iterator[Piece]:
    for number, row in enumerate(chain.from_iterable(parts), 1):
        cells = dict(zip(names, row, strict=True))
        where = f"table {table}, row {number} (session {cells['session']}, line {cells['line']})"
        seen: set[str] = set()
        for name, value in cells.items():
            if isinstance(value, str) and value not in seen:
                seen.add(value)
                yield Piece(value, Place(part=where), Form.CODE if name in _CODE else Form.PROSE, key=name)
