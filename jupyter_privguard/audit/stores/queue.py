"""A queue for writers, so that each gets its turn in the order of coming.

SQLite lets waiting writers poll with growing pauses, and the system's file locks wake all who wait:
of fifty busy writers some then wait longer than all the others' work takes. So each takes a number,
locks the byte of that number and waits until the byte before it is free. The system frees the bytes of
a process that dies. SQLite's own lock, taken in one's turn, is what keeps the log correct: whoever
leaves this queue early makes others slower or quicker, not wrong.

Whoever leaves knocks at the next one's socket, where the system has sockets whose names are no files (Linux).
That is a hint only, of when to look: who hears no knock looks every few milliseconds.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..._files import IrregularFile

if TYPE_CHECKING:
    from socket import socket

__all__ = ["Queue"]

_NUMBER_BYTES = 8
_FIRST = 1 << 10
"""The locked bytes lie behind the counter; a file may be locked where it has no content."""
_NUMBERS = 1 << 40
_SHORTEST_S, _LONGEST_S = 0.0001, 0.004
"""Pauses between two looks."""
_CAN_KNOCK = sys.platform == "linux"


class Queue:
    """One writer's way into the queue that a lock file is. Not thread-safe; ``close`` it at the end."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened before the first turn."""
        self.path = path
        self._handle = -1
        self._number = 0
        self._doors = ""

    def enter(self, timeout_s: float) -> float:
        """Return when it is this writer's turn, with the seconds left of ``timeout_s``; call `leave` in any case.

        TimeoutError when the turn did not come, another OSError when the file cannot be used.
        """
        deadline = time.monotonic() + timeout_s
        self._open()
        self._number = self._drawn()
        if not self._is_free(self._number):
            self._wait(self._number, deadline)
        return max(0.0, deadline - time.monotonic())

    def leave(self) -> None:
        """Let the next one in; also after an `enter` that failed anywhere."""
        if self._handle < 0:  # the file could not be opened
            return
        with suppress(OSError):
            # Whatever this process holds, in case that an interrupt came before it knew its number.
            fcntl.lockf(self._handle, fcntl.LOCK_UN, 0, _FIRST)
            following = (self._number + 1) % _NUMBERS
            if _CAN_KNOCK and self._next() != following:
                _knock(self._door(following))

    def close(self) -> None:
        """Give back the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _open(self) -> None:
        """Have the file open, and not one that was removed meanwhile."""
        if self._handle >= 0 and os.fstat(self._handle).st_nlink:
            return
        self.close()
        # Not through a link: what it leads to would be written over. A pipe keeps nobody waiting.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(self.path, flags, 0o600)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise IrregularFile(errno.EINVAL, "not a regular file", str(self.path))
            os.fchmod(handle, 0o600)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        self._doors = f"\0privguard-{found.st_dev}-{found.st_ino}-"

    def _next(self) -> int:
        """The number that the next writer will draw."""
        return int.from_bytes(os.pread(self._handle, _NUMBER_BYTES, 0)) % _NUMBERS

    def _drawn(self) -> int:
        """Take the next number and lock its byte, before another process can draw."""
        fcntl.lockf(self._handle, fcntl.LOCK_EX, _NUMBER_BYTES, 0)
        try:
            number = self._next()
            os.pwrite(self._handle, ((number + 1) % _NUMBERS).to_bytes(_NUMBER_BYTES), 0)
            fcntl.lockf(self._handle, fcntl.LOCK_EX, 1, _FIRST + 1 + number)
            return number
        finally:
            fcntl.lockf(self._handle, fcntl.LOCK_UN, _NUMBER_BYTES, 0)

    def _is_free(self, number: int) -> bool:
        """Whether the writer before has left. Its byte is kept then: only this one waits for it."""
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _FIRST + number)
        except BlockingIOError:
            return False
        return True

    def _wait(self, number: int, deadline: float) -> None:
        """Return when the writer before has left; TimeoutError at the ``deadline``, on the monotonic clock."""
        began = time.monotonic()
        with ExitStack() as stack:
            door = _opened(self._door(number)) if _CAN_KNOCK else None
            if door is not None:
                stack.enter_context(door)
            while not self._is_free(number):
                now = time.monotonic()
                if now >= deadline:
                    raise TimeoutError("the turn did not come")
                # The longer nobody has left, the longer the one who is in will take.
                pause = _LONGEST_S if door is not None else max(_SHORTEST_S, (now - began) / 8)
                _pause(min(pause, _LONGEST_S, deadline - now), door)

    def _door(self, number: int) -> str:
        """The name of the socket where the writer with this number waits."""
        return f"{self._doors}{number}"


def _opened(name: str) -> socket | None:
    """A socket of this name; None where somebody took the name."""
    from socket import AF_UNIX, SOCK_DGRAM, socket

    door = socket(AF_UNIX, SOCK_DGRAM)
    try:
        door.bind(name)
    except OSError:
        door.close()
        return None
    return door


def _knock(name: str) -> None:
    from socket import AF_UNIX, MSG_DONTWAIT, SOCK_DGRAM, socket

    with socket(AF_UNIX, SOCK_DGRAM) as own:
        own.sendto(b"", MSG_DONTWAIT, name)


def _pause(duration_s: float, door: socket | None) -> None:
    """Return after ``duration_s``, or at a knock."""
    if door is None:
        time.sleep(duration_s)
        return
    with suppress(OSError):  # TimeoutError among them
        door.settimeout(duration_s)
        door.recv(1)
