"""Consistent reading of the SQLite log, without writing a byte into its folder's files.

Where no write-ahead file lies beside the database, it is opened as immutable: SQLite then needs no
lock and no shared-memory file, and read-only media will do. Since a writer may begin at any time,
such a reading counts only when the file is the same afterwards. Where there is a write-ahead file,
SQLite's own snapshot is used; if its shared-memory file is missing and cannot be made (a copy on
read-only media, a full disk), the two files are copied to a private folder first, and where there is
no room for that either, they are put together in memory.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from ...errors import LogError, LogUnavailable
from .failures import check_tables, check_version, no_file, translated
from .folding import folded

__all__ = ["Snapshot", "Stored", "StoredHead", "read"]

_T = TypeVar("_T")
_TRIES = 20
_TIMEOUT_S = 10.0
_NO_FILE_BESIDE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""Primary result codes where the shared-memory file cannot be had; of a disk that fails no copy can be made either."""


class Stored(NamedTuple):
    """A row of ``records`` as it was found: whoever owns the file may have put anything into it."""

    seq: object
    line: object
    leaf_hash: object
    root: object


class StoredHead(NamedTuple):
    """The row of ``head`` as it was found."""

    size: object
    root: object
    frontier: object
    checkpoint: object


class Snapshot:
    """The log as it stood at one moment. Text comes as bytes, numbers as numbers."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection inside a read transaction."""
        self._connection = connection
        self._path = path

    def head(self) -> StoredHead:
        """The one row of the head; LogError when there is none or more than one."""
        rows = self._connection.execute("select size, root, frontier, checkpoint from head limit 2").fetchall()
        if len(rows) != 1:
            raise LogError(f"privguard: the signed head of the log {self._path} is missing; restore it from a backup.")
        return StoredHead(*rows[0])

    def rows(self, after: int = 0, limit: int = -1) -> Iterator[Stored]:
        """Rows in the order of the log, from the one that follows ``after``; all of them for 0."""
        if after:
            query = "select seq, line, leaf_hash, root from records where seq > ? order by seq limit ?"
            found = self._connection.execute(query, (after, limit))
        else:
            query = "select seq, line, leaf_hash, root from records order by seq limit ?"
            found = self._connection.execute(query, (limit,))
        return (Stored(*row) for row in found)

    def open_runs(self) -> list[tuple[int, str, str]]:
        """Process number, birth and place of each cell that has begun and not ended."""
        rows = self._connection.execute("select pid, born, place from runs").fetchall()
        return [(int(pid), _text(born), _text(place)) for pid, born, place in rows]

    def check_complete(self, records: int) -> None:
        """LogError where something that only writers need is lost; ``records`` is how many were proven whole."""
        check_tables(self._connection, self._path, records=records)

    def mark(self, name: str) -> int:
        """The number of a mark, which is no part of the log; 0 where there is none."""
        if not self._connection.execute("select 1 from sqlite_master where name = 'marks'").fetchone():
            return 0
        found = self._connection.execute("select number from marks where name = ?", (name,)).fetchone()
        return found[0] if found and isinstance(found[0], int) else 0

    def at(self, numbers: Sequence[int]) -> list[Stored]:
        """The rows with these numbers, those that there are, in the order of the log; some hundred at a time."""
        places = ", ".join("?" * len(numbers))
        query = f"select seq, line, leaf_hash, root from records where seq in ({places}) order by seq"  # noqa: S608 - "?"s
        return [Stored(*row) for row in self._connection.execute(query, tuple(numbers))]

    def blocks(self, size: int, *, upto: int = 0) -> Iterator[list[Stored]]:
        """All rows in order, ``size`` at a time; of rows up to number ``upto`` without their lines (None).

        A block ends with row ``upto``, so that none has rows of both kinds.
        """
        for columns, where in (("seq, null, leaf_hash, root", "<= ?"), ("seq, line, leaf_hash, root", "> ?")):
            if upto or where == "> ?":
                query = f"select {columns} from records where seq {where} order by seq"  # noqa: S608 - of these two
                found = self._connection.execute(query, (upto,)) if upto else self._all()
                while rows := found.fetchmany(size):
                    yield [Stored(*row) for row in rows]

    def _all(self) -> sqlite3.Cursor:
        # Without a condition: one would leave out rows whose number is none.
        return self._connection.execute("select seq, line, leaf_hash, root from records order by seq")


def read(path: Path, work: Callable[[Snapshot], _T]) -> _T:
    """What ``work`` makes of one consistent snapshot; it may be called again if a writer came between.

    LogUnavailable when there is no log or it cannot be read, LogError when the file is damaged.
    """
    for _ in range(_TRIES):
        before = _state(path)
        if before is None:
            raise LogUnavailable(f"privguard: there is no log at {path}; the first guarded cell begins it.")
        if before.wal is not None and (live := _live(path, work)):
            return live[0]
        try:
            found = _alone(path, work, has_wal=before.wal is not None)
        except LogError:
            if _state(path) == before:
                raise
            continue
        if _state(path) == before:
            return found
    raise LogUnavailable(f"privguard: the log {path} is too busy to be read; try again.")


def _live(path: Path, work: Callable[[Snapshot], _T]) -> list[_T]:
    """What ``work`` makes of SQLite's own snapshot, as one item; none where no file can be made beside the log."""
    with translated(path):
        try:
            return [_opened(f"{path.absolute().as_uri()}?mode=ro", path, work)]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _NO_FILE_BESIDE:
                raise
            return []


def _alone(path: Path, work: Callable[[Snapshot], _T], *, has_wal: bool) -> _T:
    """What ``work`` makes of the files as they are; it counts if nobody has written meanwhile."""
    with translated(path):
        if not has_wal:
            return _opened(f"{path.absolute().as_uri()}?immutable=1", path, work)
        try:
            return _copied(path, work)
        except (OSError, sqlite3.OperationalError):  # no room there either
            return _in_memory(path, work)


def _opened(uri: str, path: Path, work: Callable[[Snapshot], _T]) -> _T:
    with closing(sqlite3.connect(uri, uri=True, timeout=_TIMEOUT_S, isolation_level=None)) as connection:
        return _looked_at(connection, path, work)


def _looked_at(connection: sqlite3.Connection, path: Path, work: Callable[[Snapshot], _T]) -> _T:
    connection.text_factory = bytes  # text that is no UTF-8 must not raise while a row is fetched
    connection.execute("pragma trusted_schema = off")
    connection.execute("begin")
    check_version(path, connection.execute("pragma user_version").fetchone()[0], exactly=False)
    check_tables(connection, path, ("records", "head"))
    _settle(path)
    return work(Snapshot(connection, path))


def _settle(path: Path) -> None:
    """What this snapshot shows is durable: its last records may be some that their writers still wait for.

    Else an anchor or a team's store could keep what a power cut takes from the log.
    """
    try:
        handle = os.open(f"{path}-wal", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # whoever folded it into the database has waited for the disk
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EROFS):  # media that take no writing have nothing to wait for
            raise
    finally:
        os.close(handle)


def _copied(path: Path, work: Callable[[Snapshot], _T]) -> _T:
    with tempfile.TemporaryDirectory(prefix="privguard-") as folder:
        copy = Path(folder) / path.name
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        return _opened(f"{copy.as_uri()}?mode=rw", path, work)


def _in_memory(path: Path, work: Callable[[Snapshot], _T]) -> _T:
    database = path.read_bytes()
    if not database:
        raise sqlite3.DatabaseError("an empty file")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(folded(database, Path(f"{path}-wal").read_bytes()))
        return _looked_at(connection, path, work)


class _State(NamedTuple):
    """What changes when somebody writes."""

    database: tuple[int, int, int]
    wal: tuple[int, int, int] | None
    """None where there is no write-ahead file, or nothing is in it."""


def _state(path: Path) -> _State | None:
    try:
        database = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise no_file(path) from None
        return None
    except OSError as error:
        raise LogUnavailable(f"privguard: the log {path} cannot be read ({error.strerror}).") from None
    if not stat.S_ISREG(database.st_mode):
        raise no_file(path)
    try:
        wal = Path(f"{path}-wal").stat()
    except OSError:
        return _State(_mark(database), None)
    return _State(_mark(database), _mark(wal) if wal.st_size else None)


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _text(found: object) -> str:
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)
