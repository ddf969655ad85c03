"""Sending the log of this home to its team's store, beside the work: nobody ever waits for a server.

The log on the disk is the spool. What is sent is what stands there, signed, in its order; how far the store is,
the store itself says, so that after a crash on either side nothing is left out and nothing comes twice. Of several
processes of one home one sends for all. While the store is out of reach records gather here; that is said once.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ..errors import InputError, LogError, LogUnavailable, PrivguardError
from ..keys.keyring import LogKey
from .stores.postgres import PostgresStore, Row, Standing
from .stores.snapshot import Snapshot, Stored, StoredHead, read
from .stores.sqlite import FILE

__all__ = ["Feed", "send", "size_of", "waiting"]

LOCK = "team.lock"
_BLOCK = 500
_GATHER_S = 0.05
"""A short cell's start and end go together."""
_BUSY_S = 0.5
"""While another process of this home sends, it is looked again whether it has sent all."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_LAST_S = 2.0
"""How long a process that ends waits for what is on its way."""


class Feed:
    """Sends in a thread of its own what a writer has added. One for each writer; ``close`` it after the last record."""

    def __init__(
        self,
        folder: Path,
        key: LogKey,
        connect: Callable[[], PostgresStore],
        tell: Callable[[str], None],
    ) -> None:
        """``tell`` takes the one sentence when sending fails; it is called by whoever calls `wake` or `close`."""
        self._folder = folder
        self._origin, self._vkey = key.origin, key.vkey
        self._connect = connect
        self._tell = tell
        self._state = threading.Condition()
        self._thread: threading.Thread | None = None
        self._due = False
        self._ending = False
        self._stopped = False
        self._is_out = False
        self._pause = 0.0
        self._notice: str | None = None
        self._store: PostgresStore | None = None

    def wake(self) -> None:
        """Let it know that there is something new; returns at once."""
        with self._state:
            if self._thread is None and not self._stopped:
                self._start()
            self._due = True
            self._state.notify_all()
        self._tell_notice()

    def close(self, timeout_s: float = _LAST_S) -> None:
        """Send what is left, unless the store is out of reach or it takes too long: then the next process does."""
        with self._state:
            self._ending = True
            self._state.notify_all()
        if self._thread is not None:
            self._thread.join(timeout_s)
        self._tell_notice()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="privguard-team-store", daemon=True)
        with suppress(RuntimeError):  # the process is ending, or may have no more threads: the record is safe
            thread.start()
            self._thread = thread

    def _run(self) -> None:
        while self._awaited():
            try:
                self._note(None, pause=0.0 if self._sent() else _BUSY_S)
            except (LogUnavailable, InputError) as error:
                self._disconnect()
                pause = min(_LONGEST_PAUSE_S, 2 * self._pause) if self._is_out else _FIRST_PAUSE_S
                self._note(f"{error} The log is kept here and sent later.", pause=pause)
            except PrivguardError as error:
                self._stop(str(error))
            except Exception as error:  # noqa: BLE001 - the log is whole without its store; cells must go on
                self._stop(f"privguard: the log is not sent to its store any more ({type(error).__name__}).")
        self._disconnect()

    def _awaited(self) -> bool:
        """Wait until there is something to send, or a pause is over; False when it is time to go."""
        with self._state:
            if self._pause:
                self._state.wait_for(lambda: self._ending, self._pause)
                if self._ending and not self._is_out:
                    self._state.wait(_GATHER_S)  # the other process is about to have sent all that it knows of
            else:
                self._state.wait_for(lambda: self._due or self._ending)
                if self._due:
                    self._state.wait_for(lambda: self._ending, _GATHER_S)
            has_work = self._due or (self._pause > 0 and not (self._ending and self._is_out))
            self._due = False
            return has_work and not self._stopped

    def _note(self, problem: str | None, *, pause: float) -> None:
        """How the last try went; the first failure of several in a row is told."""
        with self._state:
            if problem is not None and not self._is_out:
                self._notice = problem
            self._is_out = problem is not None
            self._pause = pause

    def _stop(self, problem: str) -> None:
        with self._state:
            self._stopped, self._notice = True, problem

    def _sent(self) -> bool:
        with _alone(self._folder / LOCK) as is_alone:
            if not is_alone:
                return False
            if self._store is None:
                self._store = self._connect()
            send(self._folder, self._origin, self._vkey, self._store)
            return True

    def _disconnect(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            with suppress(Exception):
                store.close()

    def _tell_notice(self) -> None:
        with self._state:
            notice, self._notice = self._notice, None
        if notice is not None:
            self._tell(notice)


def send(folder: Path, origin: str, vkey: str, store: PostgresStore) -> int:
    """Send what the log in ``folder`` has and ``store`` has not; how many records that were.

    LogError when the two have another past: the log was put back from an older copy, its keys are used in another
    place, or the store was changed. Errors as `PostgresStore.standing` and `stores.snapshot.read`.
    """
    path = folder / FILE
    there = store.standing(origin, vkey)
    head = read(path, lambda snapshot: snapshot.head())
    size = head.size if isinstance(head.size, int) else -1
    _check_past(path, there, size, store.name)
    if size > there.size or not there.is_signed:
        store.add(there.log, there.size + 1, _blocks(path, there.size, size), _sendable(head, path))
    return size - there.size


def waiting(folder: Path, origin: str, vkey: str, store: PostgresStore) -> int:
    """How many records of the log in ``folder`` the store has not. Changes nothing; errors as `send`."""
    there, size = store.looked_up(origin, vkey), size_of(folder)
    _check_past(folder / FILE, there, size, store.name)
    return size - there.size


def size_of(folder: Path) -> int:
    """How many records the log in ``folder`` has; errors as `stores.snapshot.read`."""
    head = read(folder / FILE, lambda snapshot: snapshot.head())
    return head.size if isinstance(head.size, int) else -1


def _check_past(path: Path, there: Standing, size: int, name: str) -> None:
    if there.size > size:
        raise LogError(
            f"privguard: {name} holds {there.size} records of this log and {path} only {size}; it was put back from "
            "an older copy, or its keys are used elsewhere too, so nothing more is sent."
        )
    if there.size:
        last = read(path, lambda snapshot: snapshot.at([there.size]))
        if not last or last[0].root != there.root:
            raise LogError(
                f"privguard: the first {there.size} records of {path} are not those that {name} holds; one of the "
                "two was changed, so nothing more is sent."
            )


def _blocks(path: Path, after: int, upto: int) -> Iterator[list[Row]]:
    """The records from the one that follows ``after``: they never change, so each page is read by itself."""
    while after < upto:
        rows = read(path, partial(_page, after, min(_BLOCK, upto - after)))
        if not rows:
            raise _damaged(path)
        yield [_row(row, after + place, path) for place, row in enumerate(rows, start=1)]
        after += len(rows)


def _page(after: int, limit: int, snapshot: Snapshot) -> list[Stored]:
    return list(snapshot.rows(after, limit))


def _row(row: Stored, number: int, path: Path) -> Row:
    if row.seq != number or not all(isinstance(one, bytes) for one in row[1:]):
        raise _damaged(path)
    try:
        return Row(bytes(row.line).decode(), bytes(row.leaf_hash), bytes(row.root))  # type: ignore[call-overload]
    except UnicodeDecodeError:
        raise _damaged(path) from None


def _sendable(head: StoredHead, path: Path) -> StoredHead:
    if not all(isinstance(one, bytes) for one in head[1:]):
        raise _damaged(path)
    return head._replace(checkpoint=bytes(head.checkpoint).decode("utf-8", "replace"))  # type: ignore[call-overload]


def _damaged(path: Path) -> LogError:
    return LogError(f"privguard: the log {path} is damaged; run `privguard audit verify`.")


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether no other process of this home sends; it holds the lock meanwhile, and the system frees it."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LogUnavailable(f"privguard: {path} cannot be used ({error.strerror}); check its owner.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        fcntl.flock(handle, fcntl.LOCK_UN)  # a child that was forked meanwhile holds the file open too
    finally:
        os.close(handle)
