"""Reading the log: its lines, its events, its checkpoint. Never writes, never creates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from ..errors import LogError
from ._process import ProcessMark
from .stores.snapshot import Snapshot, Stored, read
from .stores.sqlite import FILE

__all__ = ["LogReader"]

_T = TypeVar("_T")
_PAGE = 500


class LogReader:
    """Read access to one log; each call sees the log as it stands then."""

    def __init__(self, path: Path, vkey: str | None) -> None:
        """Read the database at ``path``; use ``open``, which looks whether there is one."""
        self.path = path
        self.vkey = vkey

    def __repr__(self) -> str:
        return f"LogReader({str(self.path)!r})"

    @classmethod
    def open(cls, folder: Path, vkey: str | None) -> LogReader:
        """The log in ``folder``; ``vkey`` (None: unknown) is what ``verify`` checks signatures with.

        LogUnavailable when there is no log or it cannot be opened, LogError when it is damaged.
        """
        reader = cls(folder / FILE, vkey)
        reader.snapshot(lambda snapshot: snapshot.head())
        return reader

    def snapshot(self, work: Callable[[Snapshot], _T]) -> _T:
        """What ``work`` makes of the rows and the head as they stand at one moment."""
        return read(self.path, work)

    @property
    def size(self) -> int:
        """How many records the signed head counts."""
        size = self.snapshot(lambda snapshot: snapshot.head()).size
        if not isinstance(size, int) or size < 0:
            raise self._damaged("the signed head")
        return size

    @property
    def checkpoint(self) -> str:
        """The stored signed note over the current root, as it is; ``verify`` judges it."""
        note = self.snapshot(lambda snapshot: snapshot.head()).checkpoint
        if not isinstance(note, bytes):
            raise self._damaged("the signed head")
        try:
            return note.decode()
        except UnicodeDecodeError:
            raise self._damaged("the signed head") from None

    @property
    def open_elsewhere(self) -> int:
        """How many cells have begun on another machine and not ended."""
        marks = self.snapshot(lambda snapshot: snapshot.open_runs())
        return sum(ProcessMark(*mark).is_elsewhere for mark in marks)

    def lines(self) -> Iterator[str]:
        """The canonical JSON lines, without newline, in order: the leaves of the tree.

        Records appended while the lines are read are left out. LogError at a line that is none.
        """
        return self._lines(0, self.size)

    def events(self, *, after: int = 0, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """The events with a higher number than ``after``, at most ``limit``, in order."""
        for line in self._lines(after, self.size if limit is None else limit):
            yield _parsed(line, self.path)

    def at(self, numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
        """The events with these numbers, which ascend; those that the log does not have are left out."""
        wanted = iter(numbers)
        while some := list(islice(wanted, _PAGE)):
            for row in self.snapshot(partial(_at, some)):
                yield _parsed(self._line(row)[1], self.path)

    def root_at(self, number: int) -> object:
        """The root that the store keeps for the tree after record ``number``, as it is; None where there is none."""
        found = self.snapshot(partial(_at, [number]))
        return found[0].root if found else None

    def since(self, moment: datetime) -> Iterator[dict[str, Any]]:
        """The events from ``moment`` on, the last written first; reads no page before one whose events are all older.

        One that is dated back, since the clock was, hides none before it.
        """
        last = self.size
        while last > 0:
            first = max(0, last - _PAGE)
            page = list(self.events(after=first, limit=last - first))
            newer = [event for event in page if datetime.fromisoformat(str(event.get("time"))) >= moment]
            if not newer:
                return
            yield from reversed(newer)
            last = first

    def _lines(self, after: int, most: int) -> Iterator[str]:
        last, left = after, most
        while left > 0:
            rows = self._page(last, min(_PAGE, left))
            for row in rows:
                last, line = self._line(row)
                yield line
            left -= len(rows)
            if len(rows) < _PAGE:
                return

    def _page(self, after: int, limit: int) -> list[Stored]:
        return self.snapshot(lambda snapshot: list(snapshot.rows(after, limit)))

    def _line(self, row: Stored) -> tuple[int, str]:
        if not isinstance(row.seq, int) or not isinstance(row.line, bytes):
            raise self._damaged("a record")
        try:
            return row.seq, row.line.decode()
        except UnicodeDecodeError:
            raise self._damaged(f"record {row.seq}") from None

    def _damaged(self, what: str) -> LogError:
        return LogError(f"privguard: {what} of the log {self.path} cannot be read; run `privguard audit verify`.")


def _at(numbers: list[int], snapshot: Snapshot) -> list[Stored]:
    return snapshot.at(numbers)


def _parsed(line: str | bytes, path: Path) -> dict[str, Any]:
    """The event in a line; LogError when it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise LogError(f"privguard: a record of the log {path} is no event; run `privguard audit verify`.")
    return found
