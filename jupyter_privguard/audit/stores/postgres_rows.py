"""One log in a team's database, read like the SQLite one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from ...errors import LogError
from .snapshot import Snapshot, Stored, StoredHead

__all__ = ["PostgresSnapshot"]

_ROWS = (
    "select leaf.seq, convert_to(record.line, 'UTF8'), leaf.leaf_hash, leaf.root"
    " from privguard.leaves leaf left join privguard.records record using (log, seq) where leaf.log = %s"
)
_HASHES = "select leaf.seq, null, leaf.leaf_hash, leaf.root from privguard.leaves leaf where leaf.log = %s"
_FETCHED = 1000


class PostgresSnapshot(Snapshot):
    """The log as it stood at one moment. A record that this login may not read has its hash and no line (None)."""

    def __init__(self, cursor: Any, log: int, name: str) -> None:
        """Read log number ``log`` by a cursor of `PostgresStore.reading`; ``name`` is for messages."""
        self._cursor = cursor
        self._log = log
        self._name = name
        self._names = count()

    def head(self) -> StoredHead:
        """The newest signed head; LogError when there is none."""
        found = self._cursor.execute(
            "select size, root, frontier, convert_to(checkpoint, 'UTF8') from privguard.heads"
            " where log = %s order by size desc limit 1",
            (self._log,),
        ).fetchone()
        if found is None:
            raise LogError(f"privguard: the signed head of the log {self._name} is missing; let its home send again.")
        return StoredHead(*found)

    def rows(self, after: int = 0, limit: int = -1) -> Iterator[Stored]:
        """Rows in the order of the log, from the one that follows ``after``; all of them for 0."""
        query = f"{_ROWS} and leaf.seq > %s order by leaf.seq limit %s"
        for rows in self._blocks(query, (self._log, after, None if limit < 0 else limit), _FETCHED):
            yield from rows

    def at(self, numbers: Sequence[int]) -> list[Stored]:
        """The rows with these numbers, those that there are, in the order of the log."""
        found = self._cursor.execute(f"{_ROWS} and leaf.seq = any(%s) order by leaf.seq", (self._log, list(numbers)))
        return [Stored(*row) for row in found]

    def blocks(self, size: int, *, upto: int = 0) -> Iterator[list[Stored]]:
        """All rows in order, ``size`` at a time; of rows up to number ``upto`` without their lines (None)."""
        if upto:
            yield from self._blocks(f"{_HASHES} and leaf.seq <= %s order by leaf.seq", (self._log, upto), size)
        yield from self._blocks(f"{_ROWS} and leaf.seq > %s order by leaf.seq", (self._log, upto), size)

    def check_complete(self, records: int) -> None:
        """Nothing: writers need nothing there but the records and heads."""

    def hashes(self) -> Iterator[bytes]:
        """The leaf hash of every record, in the order of the log."""
        query = "select leaf_hash from privguard.leaves leaf where leaf.log = %s order by seq"
        with self._streamed(query, (self._log,)) as found:
            yield from (leaf_hash for (leaf_hash,) in found)

    def readable(self) -> Iterator[tuple[int, bytes]]:
        """Number and line of every record that this login may read, in the order of the log."""
        query = "select seq, convert_to(line, 'UTF8') from privguard.records record where record.log = %s order by seq"
        with self._streamed(query, (self._log,)) as found:
            yield from found

    def _blocks(self, query: str, given: Sequence[Any], size: int) -> Iterator[list[Stored]]:
        with self._streamed(query, given) as found:
            while rows := found.fetchmany(size):
                yield [Stored(*row) for row in rows]

    def _streamed(self, query: str, given: Sequence[Any]) -> Any:
        # A cursor in the server: a log of any size, a page at a time. Several may be open at once.
        cursor = self._cursor.connection.cursor(name=f"log_{next(self._names)}")
        cursor.itersize = _FETCHED
        return cursor.execute(query, given)
