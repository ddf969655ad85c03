"""What SQLite and the system say when the log cannot be used, in one sentence each."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..._files import LATER, is_later
from ...errors import LogError, LogUnavailable, reason_of, what_now

__all__ = [
    "BUSY_S",
    "SCHEMA_VERSION",
    "TRANSLATED",
    "busy",
    "check_tables",
    "check_version",
    "lock_unusable",
    "no_file",
    "translated",
    "translation",
]

SCHEMA_VERSION = 1
"""Of the database; a later one is refused before anything is written to it."""
BUSY_S = 10.0
"""How long anybody waits for the log."""
TRANSLATED = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What `translation` has a sentence for."""
_DAMAGE = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
}
"""Primary result codes that speak of the file's content and not of the machine."""
_NO_ROOM = 64 << 10
"""Bytes: where fewer are free, what SQLite calls a failing disk is a full one."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into LogError or LogUnavailable, one sentence each."""
    try:
        yield
    except TRANSLATED as error:
        raise translation(path, error) from error


def translation(path: Path, error: Exception) -> LogError | LogUnavailable:
    """The project's error for one of `TRANSLATED`."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _DAMAGE:
            return _damaged(path)
        return LogUnavailable(_unavailable(path, code))
    if isinstance(error, OSError):
        return LogUnavailable(_refused(path, error))
    return _damaged(path)  # a name in a damaged schema, or a text that is none


def check_version(path: Path, version: object, *, exactly: bool = True) -> None:
    """LogError for the database of a later version, and unless ``exactly`` is false for any but today's."""
    if is_later(version, SCHEMA_VERSION):
        raise LogError(f"privguard: {path} {LATER}")
    if exactly and version != SCHEMA_VERSION:
        raise LogError(f"privguard: {path} is not a log of this version, or damaged; restore it from a backup.")


_TABLES = {
    "records": ("seq", "line", "leaf_hash", "root"),
    "head": ("size", "root", "frontier", "checkpoint"),
    "runs": ("run", "seq", "pid", "born", "place"),
}
"""What a writer needs; a column that was added later is made where it is missing."""


def check_tables(
    connection: sqlite3.Connection, path: Path, needed: Sequence[str] = tuple(_TABLES), *, records: int | None = None
) -> None:
    """LogError that names all that is lost, where one of the tables ``needed``, or a column of it, is not there.

    Only plain tables count: a view or virtual table could tell each reader another story. ``records``: how many of
    them have been proven whole.
    """
    if any(part for table in needed for part in _lost(connection, table)):
        lost = ", ".join(part for table in _TABLES for part in _lost(connection, table))
        whole = "" if records is None else f", although all {records} records are whole"
        raise LogError(f"privguard: tables of the log {path} are missing ({lost}){whole}; restore it from a backup.")


def _lost(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    query = "select 1 from sqlite_master where type = 'table' and name = ? and sql not like 'create virtual%'"
    if connection.execute(query, (table,)).fetchone() is None:
        yield table
        return
    for column in _TABLES[table]:
        if connection.execute("select 1 from pragma_table_info(?) where name = ?", (table, column)).fetchone() is None:
            yield f"{table}.{column}"


def no_file(path: Path) -> LogError:
    """What is raised where a folder, a pipe or a link to nothing lies in the place of the log."""
    return LogError(f"privguard: {path} is not a file and holds no log; restore it from a backup.")


def busy(path: Path) -> LogUnavailable:
    """What is raised when others have kept the log for all the time that a writer waits."""
    return LogUnavailable(_unavailable(path, sqlite3.SQLITE_BUSY))


def lock_unusable(path: Path, error: OSError) -> LogUnavailable:
    """What is raised where writers cannot queue; nothing but their turns is kept in that file."""
    now = what_now(error, "take it away, and it is made anew")
    return LogUnavailable(
        f"privguard: {path}, by which writers of the log take turns, cannot be used ({reason_of(error)}); {now}."
    )


def _damaged(path: Path) -> LogError:
    return LogError(f"privguard: {path} is damaged and holds no whole log; restore it from a backup.")


def _refused(path: Path, error: OSError) -> str:
    """The sentence for what the system says; of another file than the log itself it names that."""
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else path
    what = f"the log {path}" if named == path else f"{named} beside the log"
    now = what_now(error, "check the folder and its rights")
    return f"privguard: {what} cannot be used ({reason_of(error)}); {now}."


def _unavailable(path: Path, code: int | None) -> str:
    """The sentence for an error code of SQLite that does not speak of the file's content."""
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return f"privguard: the log {path} was busy for {BUSY_S:.0f} s; try again when other sessions are idle."
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _is_full(path.parent)):
        return f"privguard: there is no space left on the disk of the log {path}; free some there and try again."
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"privguard: the log {path} cannot be opened; check the rights on it and its folder."
    return f"privguard: the log {path} cannot be used; check the disk and start anew."


def _is_full(folder: Path) -> bool:
    """Whether the disk of ``folder`` has no room for what stands beside a log, or for one more file."""
    try:
        found = os.statvfs(folder)
    except (OSError, AttributeError):
        return False
    return found.f_bavail * found.f_frsize < _NO_ROOM or bool(found.f_files and not found.f_favail)
