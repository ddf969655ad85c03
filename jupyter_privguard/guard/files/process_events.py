"""What Python tells of this process (PEP 578): files that it opens and moves, and programs that it starts.

A hook of that kind cannot be taken out again; it keeps no listener alive and does nothing once none is left. Files
that a child process or a library's own C code opens are not seen.
"""

from __future__ import annotations

import contextlib
import os
import sys
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

__all__ = ["Listener", "listen"]

_WRITING = os.O_WRONLY | os.O_RDWR


class Listener:
    """Who wants to know, told in the thread that does it; what it raises does not reach the program."""

    def opened_to_write(self, path: str) -> None:
        """The file ``path`` is written to."""

    def opened_to_read(self, path: str) -> None:
        """The file ``path``, or the SQLite database in it, is read."""

    def moved(self, source: str, target: str) -> None:
        """A file or folder got another name, or one more."""

    def started(self, command: str | None, folder: str | None) -> None:
        """A program was started, by ``command`` and in ``folder`` where Python tells."""


def listen(listener: Listener) -> None:
    """Tell ``listener`` of all that happens from now on, while it lives."""
    _Hook.all.add(listener)
    if not _Hook.is_set:
        _Hook.is_set = True
        sys.addaudithook(_heard)


class _Hook:
    """The one audit hook of the process."""

    all: ClassVar[weakref.WeakSet[Listener]] = weakref.WeakSet()
    is_set = False


def _heard(event: str, args: tuple[Any, ...]) -> None:
    told = _EVENTS.get(event)
    if told is not None:
        with contextlib.suppress(Exception):  # whatever is raised here would stop the program's own call
            for listener in list(_Hook.all):
                told(listener, args)


def _opened(listener: Listener, args: tuple[Any, ...]) -> None:
    path, _, flags = args
    if isinstance(path, int):
        return
    if flags & _WRITING:
        listener.opened_to_write(os.fsdecode(path))
    if not flags & os.O_WRONLY:
        listener.opened_to_read(os.fsdecode(path))


def _connected(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.opened_to_read(os.fsdecode(args[0]))


def _moved(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.moved(os.fsdecode(args[0]), os.fsdecode(args[1]))


def _spawned(listener: Listener, args: tuple[Any, ...]) -> None:
    words, folder = args[1], args[2] if len(args) > 2 else None
    parts = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words)
    where = os.fsdecode(folder) if isinstance(folder, (str, bytes, os.PathLike)) else None
    listener.started("\n".join(map(os.fsdecode, parts)), where)


def _ran(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.started(os.fsdecode(args[0]), None)


def _forked(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.started(None, None)


_EVENTS: dict[str, Callable[[Listener, tuple[Any, ...]], None]] = {
    "open": _opened,
    "sqlite3.connect": _connected,
    "os.rename": _moved,
    "os.link": _moved,
    "subprocess.Popen": _spawned,
    "os.posix_spawn": _spawned,
    "os.system": _ran,
    "os.fork": _forked,
    "os.forkpty": _forked,
}
