"""A queue for writers, so that each gets its turn in the order of coming.

SQLite lets waiting writers poll with growing pauses, and the system's file locks wake all who wait:
of fifty busy writers some then wait longer than all the others' work takes. So each takes a number,
locks the byte of that number and waits for the byte before it. The system frees the bytes of a
process that dies. SQLite's own lock, taken in one's turn, is what keeps the log correct: whoever
leaves this queue early makes others slower or quicker, not wrong.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["turn"]

_NUMBER_BYTES = 8
_FIRST = 1 << 10
"""The locked bytes lie behind the counter; a file may be locked where it has no content."""
_NUMBERS = 1 << 40


@contextmanager
def turn(path: Path, timeout_s: float) -> Iterator[float]:
    """Wait in the queue that the lock file ``path`` is; yields the seconds left of ``timeout_s``.

    TimeoutError when the turn did not come, OSError when the file cannot be used.
    """
    deadline = time.monotonic() + timeout_s
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    place = _Place(handle)
    try:
        os.fchmod(handle, 0o600)
        place.draw()
        place.wait(timeout_s)
        yield max(0.0, deadline - time.monotonic())
    finally:
        place.leave()


class _Place:
    """One writer's place in the queue."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._byte = 0
        self._state = threading.Lock()
        self._arrived = threading.Event()
        self._thread_waits = False
        self._left = False

    def draw(self) -> None:
        """Take the next number and lock its byte, before another process can draw."""
        fcntl.lockf(self._handle, fcntl.LOCK_EX, _NUMBER_BYTES, 0)
        try:
            number = int.from_bytes(os.pread(self._handle, _NUMBER_BYTES, 0)) % _NUMBERS
            os.pwrite(self._handle, ((number + 1) % _NUMBERS).to_bytes(_NUMBER_BYTES), 0)
            fcntl.lockf(self._handle, fcntl.LOCK_EX, 1, _FIRST + 1 + number)
            self._byte = _FIRST + 1 + number
        finally:
            fcntl.lockf(self._handle, fcntl.LOCK_UN, _NUMBER_BYTES, 0)

    def wait(self, timeout_s: float) -> None:
        """Return when the writer before has left; TimeoutError after ``timeout_s``."""
        if self._pass(fcntl.LOCK_EX | fcntl.LOCK_NB):
            return
        # Such a wait has no end of its own; in a thread it can be given up.
        self._thread_waits = True
        threading.Thread(target=self._wait_without_end, name="privguard-log-queue", daemon=True).start()
        if not self._arrived.wait(timeout_s):
            raise TimeoutError("the turn did not come")

    def leave(self) -> None:
        """Let the next one in."""
        if self._byte:
            with suppress(OSError):
                fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, self._byte)
        with self._state:
            self._left = True
            thread_closes = self._thread_waits and not self._arrived.is_set()
        if not thread_closes:
            os.close(self._handle)

    def _pass(self, how: int) -> bool:
        """Whether the byte before could be locked; it is not kept."""
        try:
            fcntl.lockf(self._handle, how, 1, self._byte - 1)
        except BlockingIOError:
            return False
        fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, self._byte - 1)
        return True

    def _wait_without_end(self) -> None:
        with suppress(OSError):  # the system takes two logs of one process for a deadlock: SQLite decides then
            self._pass(fcntl.LOCK_EX)
        with self._state:
            self._arrived.set()
            left = self._left
        if left:
            os.close(self._handle)
