"""What SQLite and the system say when the log cannot be used, in one sentence each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..._files import LATER, is_later
from ...errors import LogError, LogUnavailable

__all__ = ["BUSY_S", "SCHEMA_VERSION", "TRANSLATED", "busy", "check_version", "translated", "translation"]

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
        reason = error.strerror or type(error).__name__
        return LogUnavailable(f"privguard: the log {path} cannot be used ({reason}); check the folder and its rights.")
    return _damaged(path)  # a name in a damaged schema, or a text that is none


def check_version(path: Path, version: object, *, exactly: bool = True) -> None:
    """LogError for the database of a later version, and unless ``exactly`` is false for any but today's."""
    if is_later(version, SCHEMA_VERSION):
        raise LogError(f"privguard: {path} {LATER}")
    if exactly and version != SCHEMA_VERSION:
        raise LogError(f"privguard: {path} is not a log of this version, or damaged; restore it from a backup.")


def busy(path: Path) -> LogUnavailable:
    """What is raised when others have kept the log for all the time that a writer waits."""
    return LogUnavailable(_unavailable(path, sqlite3.SQLITE_BUSY))


def _damaged(path: Path) -> LogError:
    return LogError(f"privguard: {path} is damaged and holds no whole log; restore it from a backup.")


def _unavailable(path: Path, code: int | None) -> str:
    """The sentence for an error code of SQLite that does not speak of the file's content."""
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return f"privguard: the log {path} was busy for {BUSY_S:.0f} s; try again when other sessions are idle."
    if primary == sqlite3.SQLITE_FULL:
        return f"privguard: there is no space left for the log {path}; free some and run the cell again."
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"privguard: the log {path} cannot be opened; check the rights on it and its folder."
    return f"privguard: the log {path} cannot be used; check the disk and start anew."
