"""The log in one SQLite file: WAL, every commit synced, rows that refuse to change.

::

    records   seq, line (canonical JSON), leaf_hash, root (the tree's, after this record)
    head      one row: size, root, frontier, checkpoint (signed note), renewed with each append
    runs      cells that have started and not ended, with the process they run in

The triggers stop accidents, not an owner of the file: what was done to it is found by ``verify``.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ..._files import sync_folder
from ...errors import LogError, LogUnavailable
from .queue import turn

__all__ = ["FILE", "SqliteStore", "translated"]

FILE = "privguard.db"
_TIMEOUT_S = 10.0
_SCHEMA_VERSION = 1
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
    checkpoint text not null
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
pragma user_version = {_SCHEMA_VERSION};
"""

_DAMAGE = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
}
"""Primary result codes that speak of the file's content and not of the machine."""

_FAILED_SYNC = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}


class SqliteStore:
    """A writer's connection to the log's database; not thread-safe by itself."""

    def __init__(self, path: Path) -> None:
        """Connect to an existing database; LogUnavailable or LogError when that fails."""
        self.path = path
        self._stopped = False
        with translated(path):
            self._identity = _identity(path)
            # The file exists, and SQLite gives -wal and -shm the same mode: no umask matters.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("pragma synchronous = full")
            self._connection.execute("pragma trusted_schema = off")
            (version,) = self._connection.execute("pragma user_version").fetchone()
        if version != _SCHEMA_VERSION:
            self.close()
            raise LogError(f"privguard: {path} is not a log of this version, or damaged; restore it from a backup.")

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

        LogUnavailable when the lock, the disk or the file cannot be had; LogError when the file
        is damaged. After a failed sync the writer stops for good: what the system then holds of
        the file is unknown, and a second try would claim to be durable without being so.
        """
        if self._stopped:
            raise LogUnavailable(f"privguard: writing {self.path} failed before; check the disk and start anew.")
        with translated(self.path, on_error=self._note):
            if _identity(self.path) != self._identity:
                raise LogUnavailable(f"privguard: {self.path} was replaced while in use; check it and start anew.")
            with self._queue() as left_s:
                self._connection.execute(f"pragma busy_timeout = {left_s * 1000:.0f}")
                self._connection.execute("begin immediate")
                try:
                    yield self._connection
                    self._connection.execute("commit")
                except BaseException:
                    with suppress(sqlite3.Error):
                        self._connection.execute("rollback")
                    raise

    @contextmanager
    def _queue(self) -> Iterator[float]:
        with ExitStack() as stack:
            try:
                left_s = stack.enter_context(turn(self.path.with_suffix(".lock"), _TIMEOUT_S))
            except TimeoutError:
                raise LogUnavailable(_unavailable(self.path, sqlite3.SQLITE_BUSY)) from None
            yield left_s

    def close(self) -> None:
        """Close the connection; the last one folds the write-ahead file into the database."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _note(self, error: sqlite3.Error) -> None:
        if getattr(error, "sqlite_errorcode", None) in _FAILED_SYNC:
            self._stopped = True
            self.close()


@contextmanager
def translated(path: Path, on_error: Callable[[sqlite3.Error], None] | None = None) -> Iterator[None]:
    """Turn SQLite's and the system's errors into LogError or LogUnavailable, one sentence each."""
    try:
        yield
    except sqlite3.Error as error:
        if on_error is not None:
            on_error(error)
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _DAMAGE:
            raise _damaged(path) from error
        raise LogUnavailable(_unavailable(path, code)) from error
    except UnicodeDecodeError as error:  # a name in a damaged schema, or a text that is none
        raise _damaged(path) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LogUnavailable(
            f"privguard: the log {path} cannot be used ({reason}); check the folder and its rights."
        ) from error


def _damaged(path: Path) -> LogError:
    return LogError(f"privguard: {path} is damaged and holds no whole log; restore it from a backup.")


def _unavailable(path: Path, code: int | None) -> str:
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return f"privguard: the log {path} was busy for {_TIMEOUT_S:.0f} s; try again when other sessions are idle."
    if primary == sqlite3.SQLITE_FULL:
        return f"privguard: there is no space left for the log {path}; free some and run the cell again."
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"privguard: the log {path} cannot be opened; check the rights on it and its folder."
    return f"privguard: the log {path} cannot be used; check the disk and start anew."


def _fill(name: str, first_head: tuple[int, bytes, bytes, str]) -> None:
    connection = sqlite3.connect(name, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.executescript(f"begin;{_SCHEMA}commit;")
        connection.execute("insert into head values (1, ?, ?, ?, ?)", first_head)
    finally:
        connection.close()


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
