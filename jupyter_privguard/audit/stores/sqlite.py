"""The log in one SQLite file: WAL, synced after every commit, rows that refuse to change.

::

    records   seq, line (canonical JSON), leaf_hash, root (the tree's, after this record)
    head      one row: size, root, frontier, checkpoint (signed note), seal (writers know it by that)
    runs      cells that have started and not ended, with the process they run in

The triggers stop accidents, not an owner of the file: what was done to it is found by ``verify``.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..._files import sync_folder
from ...errors import LogUnavailable
from .failures import (
    BUSY_S,
    SCHEMA_VERSION,
    TRANSLATED,
    busy,
    check_tables,
    check_version,
    lock_unusable,
    no_file,
    translated,
    translation,
)
from .queue import Queue

__all__ = ["FILE", "SqliteStore"]

FILE = "privguard.db"
_TIMEOUT_S = BUSY_S
_MOST_FRAMES = 4000
"""At so many pages SQLite folds the write-ahead file itself, while others wait; `fold` comes before, usually."""
_ROOM_BYTES = 4 << 20
"""The usual size of a write-ahead file: what is written over is durable sooner than what is new to the disk."""
_NOTHING = bytes(64 << 10)
"""So much of that is made at each record, until it is there."""
_fdatasync = getattr(os, "fdatasync", os.fsync)
_SCHEMA = f"""
create table records (
    seq integer primary key check (seq > 0),
    line text not null,
    leaf_hash blob not null check (length(leaf_hash) = 32),
    root blob not null check (length(root) = 32)
);
create table head (
    id integer primary key check (id = 1),
    size integer not null,
    root blob not null,
    frontier blob not null,
    checkpoint text not null,
    seal blob
);
create table runs (
    run text primary key,
    seq integer not null unique,
    pid integer not null,
    born text not null,
    place text not null
);
create trigger records_are_not_changed before update on records
begin select raise(abort, 'the log is append-only'); end;
create trigger records_are_not_removed before delete on records
begin select raise(abort, 'the log is append-only'); end;
pragma user_version = {SCHEMA_VERSION};
"""

_FAILED_SYNC = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}


class SqliteStore:
    """A writer's connection to the log's database; not thread-safe by itself."""

    def __init__(self, path: Path) -> None:
        """Connect to an existing database; LogUnavailable or LogError when that fails."""
        self.path = path
        self._name = str(path)
        self._stopped = False
        self._queue = Queue(path.with_suffix(".lock"))
        self._wal = -1
        self._has_seals = False
        self._has_room = False
        with translated(path):
            if not path.is_file():
                raise no_file(path)
            self._identity = _identity(self._name)
            # The file exists, and SQLite gives -wal and -shm the same mode: no umask matters.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise

    def _prepare(self) -> None:
        """Set the connection up and open the write-ahead file that it uses."""
        (version,) = self._connection.execute("pragma user_version").fetchone()
        check_version(self.path, version)
        check_tables(self._connection, self.path)
        for pragma in ("synchronous = normal", "trusted_schema = off", f"wal_autocheckpoint = {_MOST_FRAMES}"):
            self._connection.execute(f"pragma {pragma}")
        (mode,) = self._connection.execute("pragma journal_mode = wal").fetchone()
        if mode != "wal":
            raise LogUnavailable(f"privguard: the log {self.path} has no write-ahead file; move it to a local disk.")
        self._connection.execute("pragma busy_timeout = 0")  # who waits, waits in the queue
        # From here on nobody removes it: SQLite does when the last connection is closed.
        self._wal = os.open(f"{self._name}-wal", os.O_RDWR | os.O_CLOEXEC)

    @classmethod
    def create(cls, path: Path, first_head: tuple[int, bytes, bytes, str]) -> None:
        """Make the database whole and then give it its name; whoever comes second leaves it.

        Of several processes one wins. A crash leaves at most a hidden file without name.
        """
        with translated(path):
            handle, name = tempfile.mkstemp(prefix=".new-", suffix=".db", dir=path.parent)
            try:
                os.fchmod(handle, 0o600)
                os.close(handle)
                _fill(name, first_head)
                with suppress(FileExistsError):
                    os.link(name, path)
            finally:
                for leftover in (name, f"{name}-wal", f"{name}-shm"):
                    Path(leftover).unlink(missing_ok=True)
            sync_folder(path.parent)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock (waiting at most 10 s); all or nothing is durable afterwards.

        The next writer is let in before the disk has answered: its record comes after this one in the
        same file, so one answer is good for all before it. Nobody returns without an answer.

        LogUnavailable when the lock, the disk or the file cannot be had; LogError when the file
        is damaged. After a failed sync the writer stops for good: what the system then holds of
        the file is unknown, and a second try would claim to be durable without being so.
        """
        if self._stopped:
            raise LogUnavailable(f"privguard: writing {self.path} failed before; check the disk and start anew.")
        try:
            if _identity(self._name) != self._identity:
                raise LogUnavailable(f"privguard: {self.path} was replaced while in use; check it and start anew.")
            try:
                self._begin()
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("rollback")
                raise
            finally:
                self._queue.leave()
            self._sync()
        except TRANSLATED as error:
            self._note(error)
            raise translation(self.path, error) from error

    def fold(self) -> None:
        """Take what the write-ahead file holds into the database, beside other writers; what fails is tried again."""
        try:
            self._connection.execute("pragma wal_checkpoint(passive)").fetchone()
        except sqlite3.Error as error:
            self._note(error)

    def close(self) -> None:
        """Close the connection; the last one folds the write-ahead file into the database."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self._queue.close()
        if self._wal >= 0:
            os.close(self._wal)
            self._wal = -1

    def _begin(self) -> None:
        try:
            left_s = self._queue.enter(_TIMEOUT_S)
        except TimeoutError:
            raise busy(self.path) from None
        except OSError as error:
            raise lock_unusable(self._queue.path, error) from None
        self._begin_within(left_s)
        if not self._has_seals:
            self._make_seals()
        if not self._has_room:
            self._make_room()

    def _begin_within(self, left_s: float) -> None:
        try:
            self._connection.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            # Somebody does not queue: another program, or a process whose place was lost.
            self._connection.execute(f"pragma busy_timeout = {left_s * 1000:.0f}")
            try:
                self._connection.execute("begin immediate")
            finally:
                self._connection.execute("pragma busy_timeout = 0")

    def _make_seals(self) -> None:
        """A log that was begun without seals gets a place for them."""
        if not any(column[1] == "seal" for column in self._connection.execute("pragma table_info(head)")):
            self._connection.execute("alter table head add column seal blob")
        self._has_seals = True

    def _make_room(self) -> None:
        """Let the write-ahead file grow to its usual size ahead of what is written; nobody else writes now.

        SQLite ends at the first frame that does not follow from the one before.
        """
        size = os.fstat(self._wal).st_size
        self._has_room = size >= _ROOM_BYTES
        if not self._has_room:
            with suppress(OSError):  # no room on the disk: then it grows with what is written
                os.pwrite(self._wal, _NOTHING, size)

    def _sync(self) -> None:
        try:
            _fdatasync(self._wal)
        except OSError:
            self._stop()
            raise

    def _note(self, error: Exception) -> None:
        if getattr(error, "sqlite_errorcode", None) in _FAILED_SYNC:
            self._stop()

    def _stop(self) -> None:
        self._stopped = True
        self.close()


def _fill(name: str, first_head: tuple[int, bytes, bytes, str]) -> None:
    connection = sqlite3.connect(name, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.executescript(f"begin;{_SCHEMA}commit;")
        connection.execute("insert into head values (1, ?, ?, ?, ?, null)", first_head)
    finally:
        connection.close()


def _identity(name: str) -> tuple[int, int]:
    found = os.stat(name)  # noqa: PTH116 - at each record, and three times as quick
    return found.st_dev, found.st_ino
