"""A queue for writers, so that each gets its turn in the order of coming.

SQLite lets waiting writers poll with growing pauses, and the system's file locks wake all who wait:
of fifty busy writers some then wait longer than all the others' work takes. So each takes a number,
locks the byte of that number and waits until the byte before it is free. The system frees the bytes of
a process that dies. SQLite's own lock, taken in one's turn, is what keeps the log correct: whoever
leaves this queue early makes others slower or quicker, not wrong.

Whoever leaves writes down the own number. It is a hint only, of how soon to look again: who comes next looks often.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["turn"]

_NUMBER_BYTES = 8
_LEFT_AT = _NUMBER_BYTES
"""Where the number stands of the writer that left last."""
_FIRST = 1 << 10
"""The locked bytes lie behind the counter; a file may be locked where it has no content."""
_NUMBERS = 1 << 40
_SHORTEST_S, _LONGEST_S = 0.0001, 0.004
"""Pauses between two looks."""
_PER_PLACE_S = 0.0004
"""No turn is much shorter."""


@contextmanager
def turn(path: Path, timeout_s: float) -> Iterator[float]:
    """Wait in the queue that the lock file ``path`` is; yields the seconds left of ``timeout_s``.

    TimeoutError when the turn did not come, OSError when the file cannot be used.
    """
    deadline = time.monotonic() + timeout_s
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    number: int | None = None
    try:
        os.fchmod(handle, 0o600)
        number = _drawn(handle)
        _wait(handle, number, deadline)
        yield max(0.0, deadline - time.monotonic())
    finally:
        if number is not None:
            _leave(handle, number)
        os.close(handle)


def _drawn(handle: int) -> int:
    """Take the next number and lock its byte, before another process can draw."""
    fcntl.lockf(handle, fcntl.LOCK_EX, _NUMBER_BYTES, 0)
    try:
        number = int.from_bytes(os.pread(handle, _NUMBER_BYTES, 0)) % _NUMBERS
        os.pwrite(handle, ((number + 1) % _NUMBERS).to_bytes(_NUMBER_BYTES), 0)
        fcntl.lockf(handle, fcntl.LOCK_EX, 1, _FIRST + 1 + number)
        return number
    finally:
        fcntl.lockf(handle, fcntl.LOCK_UN, _NUMBER_BYTES, 0)


def _wait(handle: int, number: int, deadline: float) -> None:
    """Return when the writer before has left; TimeoutError at the ``deadline``, on the monotonic clock."""
    began, before = time.monotonic(), -1
    while not _is_free(handle, _FIRST + number):
        now = time.monotonic()
        if now >= deadline:
            raise TimeoutError("the turn did not come")
        ahead = (number - 1 - int.from_bytes(os.pread(handle, _NUMBER_BYTES, _LEFT_AT))) % _NUMBERS
        if ahead != before:
            began, before = now, ahead
        # The longer nobody has left, the longer the one who is in will take.
        pause = max(_SHORTEST_S, (ahead - 1) * _PER_PLACE_S, (now - began) / 8)
        time.sleep(min(pause, _LONGEST_S, deadline - now))


def _is_free(handle: int, byte: int) -> bool:
    """Whether nobody else holds ``byte``; it is not kept."""
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
    except BlockingIOError:
        return False
    fcntl.lockf(handle, fcntl.LOCK_UN, 1, byte)
    return True


def _leave(handle: int, number: int) -> None:
    """Let the next one in."""
    with suppress(OSError):
        os.pwrite(handle, number.to_bytes(_NUMBER_BYTES), _LEFT_AT)
    with suppress(OSError):
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, _FIRST + 1 + number)
