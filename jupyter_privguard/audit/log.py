"""Writing the log: one record per fact, durable when ``append`` returns.

A record, its place in the tree and the signed head are one transaction, so a crash leaves the log
whole at the last acknowledged record. A cell is two records: ``cell.start`` before its body runs and
one ``cell.run`` when it ends. Cells whose process died in between are closed by the next writer.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .._canonical import canonical_json
from ..errors import LogError, LogUnavailable
from ..keys.keyring import LogKey
from ..keys.signatures import SignatureError
from ._heads import Heads, Standing
from ._process import ProcessMark
from .anchor import Anchors
from .checkpoint import Checkpoint, sign
from .merkle import CompactRange, leaf_hash
from .stores.sqlite import FILE, SqliteStore

if TYPE_CHECKING:
    from .feed import Feed

__all__ = ["AuditLog"]

_OF_THE_CELL = "principal session policy_sha256 cell notebook kernel tier purpose experiment".split()
"""What ``cell.start`` says of a cell and a ``cell.run`` in its stead repeats."""


_FOLD_EVERY = 1024
"""After so many records the one who has written the last folds the write-ahead file, after the own turn."""


def _now() -> datetime:
    return datetime.now(UTC)


class AuditLog:
    """A writer; thread-safe, one per process and log. Use as a context manager or ``close`` it."""

    def __init__(
        self, store: SqliteStore, key: LogKey, clock: Callable[[], datetime], anchors: Anchors, feed: Feed | None
    ) -> None:
        """Write through ``store``; use ``open``, which makes the log and closes what is lost."""
        self._anchors = anchors
        self._feed = feed
        self._store = store
        self._key = key
        self._clock = clock
        self._lock = threading.RLock()
        self._heads = Heads(key)
        self._process = ProcessMark.own()
        self._known: Standing | None = None

    def __repr__(self) -> str:
        return f"AuditLog({str(self._store.path)!r})"

    @classmethod
    def open(
        cls,
        folder: Path,
        key: LogKey,
        *,
        clock: Callable[[], datetime] = _now,
        anchors: Anchors | None = None,
        feed: Feed | None = None,
    ) -> AuditLog:
        """The log in ``folder``, begun if there is none; ``clock`` returns an aware time, ``anchors`` keep checkpoints.

        ``feed`` sends what is written to a team's store; it is closed with the log.
        Writes ``cell.run`` with outcome ``lost`` for each cell whose process is proven dead.
        LogUnavailable when it cannot be written, LogError when it is damaged or another key's.
        """
        path = folder / FILE
        if not path.exists() and not path.is_symlink():
            _refuse_orphans(path)
            empty = CompactRange()
            first = Checkpoint(key.origin, 0, empty.root())
            SqliteStore.create(path, (0, empty.root(), bytes(empty), sign(first, key)))
        log = cls(SqliteStore(path), key, clock, anchors or Anchors(), feed)
        try:
            log._close_lost()
            log._anchor()
            log._hand_on()
        except BaseException:
            log.close()
            raise
        return log

    def append(self, event: dict[str, Any]) -> dict[str, Any]:
        """Add ``event``; the stored event, with ``seq`` and ``time``, durable on return.

        LogUnavailable after 10 s without the lock or on any error of the disk; LogError when the
        log was damaged. ValueError for a cell's events: ``start_run`` and ``end_run`` pair those.
        """
        (stored,) = self.append_many([event])
        return stored

    def append_many(self, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add ``events`` one after the other, all or none, for the price of one; the stored events, durable on return.

        Nobody else's record comes between them. Other writers wait meanwhile: some hundred at a time. Errors as
        `append`; after LogUnavailable whether all are in the log or none, only the log tells.
        """
        if any(event.get("action") in ("cell.start", "cell.run") for event in events):
            raise ValueError("a cell is logged by start_run and end_run")
        if not events:
            return []
        with self._transaction() as connection:
            stored = self._add(connection, events)
        self._hand_on(len(events))
        return stored

    def start_run(self, event: dict[str, Any]) -> str:
        """Add a ``cell.start`` and remember its process; the run's id, also in the record's ``run``.

        Errors as ``append``; the cell must not run then.
        """
        if event.get("action") != "cell.start":
            raise ValueError("start_run takes a cell.start")
        run = secrets.token_hex(8)
        with self._transaction() as connection:
            (stored,) = self._add(connection, [{**event, "run": run}])
            mark = (self._process.pid, self._process.born, self._process.place)
            connection.execute("insert into runs values (?, ?, ?, ?, ?)", (run, stored["seq"], *mark))
        self._hand_on()
        return run

    def end_run(self, run_id: str, event: dict[str, Any]) -> None:
        """Add the one ``cell.run`` of a started run.

        ValueError when the run is not open: never started, or ended already. Other errors as
        ``append``; the run stays open then and may be ended again.
        """
        if event.get("action") != "cell.run":
            raise ValueError("end_run takes a cell.run")
        with self._transaction() as connection:
            self._end(connection, run_id, event)
        self._hand_on()

    def close(self) -> None:
        """Close the connection; open runs stay open, until their process is dead."""
        with self._lock:
            if self._process.pid == os.getpid():
                self._anchor()
                self._store.close()
                if self._feed is not None:
                    self._feed.close()

    def _hand_on(self, added: int = 1) -> None:
        """Let anchors and a team's store have what is durable by now, and fold what has gathered."""
        if self._known is not None:
            size = self._known.tree.size
            if self._anchors.is_due(size):
                self._anchor()
            if size % _FOLD_EVERY < added:
                self._fold()
        if self._feed is not None:
            self._feed.wake()

    def _fold(self) -> None:
        with self._lock:
            self._store.fold()

    def _anchor(self) -> None:
        """Let the anchors keep the newest checkpoint that this writer has seen: a record is durable before."""
        if self._known is not None:
            self._anchors.keep(self._known.note, self._known.tree.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # SQLite's locks do not survive a fork: parent and child would overwrite each other.
        if self._process.pid != os.getpid():
            raise LogUnavailable(
                f"privguard: a forked process cannot write the log {self._store.path} of its parent; "
                "start the process by spawn."
            )
        with self._lock:
            try:
                with self._store.transaction() as connection:
                    yield connection
            except BaseException:
                self._known = None  # what was signed may not be in the log
                raise

    def _add(self, connection: sqlite3.Connection, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Records of ``events`` and one head over all of them."""
        tree, root, added = self._tree(connection), b"", []
        for event in events:
            stored = {**event, "seq": tree.size + 1, "time": _rfc3339(self._clock())}
            line = canonical_json(stored)
            leaf = leaf_hash(line)
            tree.append(leaf)
            root = tree.root()
            connection.execute("insert into records values (?, ?, ?, ?)", (tree.size, line.decode(), leaf, root))
            added.append(stored)
        made = self._heads.over(tree, root)
        connection.execute("update head set size = ?, root = ?, frontier = ?, checkpoint = ?, seal = ?", made.head)
        self._known = made
        return added

    def _end(self, connection: sqlite3.Connection, run: str, event: dict[str, Any]) -> None:
        if connection.execute("delete from runs where run = ?", (run,)).rowcount != 1:
            raise ValueError("this run is not open: it was never started, or has ended already")
        self._add(connection, [{**event, "run": run}])

    def _tree(self, connection: sqlite3.Connection) -> CompactRange:
        """The tree so far. What does not fit is refused: signing on top of it would hide the damage."""
        heads = connection.execute("select size, root, frontier, checkpoint, seal from head limit 2").fetchall()
        last = connection.execute("select seq, root from records order by seq desc limit 1").fetchone()
        if self._known is None or heads != [self._known.head]:
            self._known = self._checked(heads)
        size, root, *_ = self._known.head
        if last != ((size, root) if size else None):
            raise self._damaged()
        return self._known.tree

    def _checked(self, heads: list[tuple[Any, ...]]) -> Standing:
        """What another writer has left; the first head of all is checked by its signature."""
        try:
            return self._heads.checked(heads, by_seal=self._known is not None)
        except (ValueError, TypeError):
            raise self._damaged() from None
        except SignatureError:
            raise LogError(
                f"privguard: the log {self._store.path} was signed by another key than {self._key.origin}; "
                "restore the keys that belong to it, or move it away."
            ) from None

    def _close_lost(self) -> None:
        with self._transaction() as connection:
            self._tree(connection)
            query = "select run, seq, pid, born, place from runs order by seq"
            for run, seq, *mark in connection.execute(query).fetchall():
                if [type(part) for part in (run, *mark)] != [str, int, str, str]:
                    raise self._damaged()
                if ProcessMark(*mark).is_proven_dead():
                    self._end(connection, run, self._lost(connection, seq))

    def _lost(self, connection: sqlite3.Connection, seq: object) -> dict[str, Any]:
        found = connection.execute("select line from records where seq = ?", (seq,)).fetchone()
        try:
            start = json.loads(found[0])
            about = {name: start[name] for name in _OF_THE_CELL if name in start}
        except (TypeError, ValueError, RecursionError):
            raise self._damaged() from None
        unknown: dict[str, Any] = {"datasets": [], "sinks": [], "masked": {}, "shown": [], "duration_ms": None}
        reason = "the process ended before the cell did; what the cell did until then is not known"
        return {"action": "cell.run", "outcome": "lost", "reason": reason, **about, **unknown}

    def _damaged(self) -> LogError:
        return LogError(f"privguard: the log {self._store.path} is damaged; run `privguard audit verify`.")


def _refuse_orphans(path: Path) -> None:
    """A new database beside an old write-ahead file would take in the old file's pages."""
    orphan = Path(f"{path}-wal")
    if orphan.exists():
        raise LogError(f"privguard: {path} is missing although {orphan.name} is there; restore both from a backup.")


def _rfc3339(time: datetime) -> str:
    """UTC with milliseconds and Z (RFC 3339, section 5.6)."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
