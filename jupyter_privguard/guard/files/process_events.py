"""What Python tells of this process (PEP 578): files that it opens and moves, connections, programs that it starts.

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

from ...errors import Refused

__all__ = ["Listener", "ignore", "listen"]

_WRITING = os.O_WRONLY | os.O_RDWR

# `Any` in this file is what Python passes to its audit hooks.


class Listener:
    """Who wants to know, told in the thread that does it; of what it raises only `Refused` reaches the program."""

    def opened_to_write(self, path: str) -> None:
        """The file ``path`` is written to."""

    def opened_to_read(self, path: str) -> None:
        """The file ``path`` is read."""

    def opened_empty(self, path: str) -> None:
        """The file ``path`` is read, of what is written into it from now on."""
        self.opened_to_read(path)

    def writing(self, path: str, mode: str | None) -> None:
        """The file ``path`` is about to be opened to write. Refused: it is not opened, nor made."""

    def connecting(self, host: str, port: int | None, *, sends: bytes | None = None) -> None:
        """A connection to another machine is about to be made, or ``sends`` to go through one. Refused: neither is."""

    def resolved(self, host: str, port: int | None) -> None:
        """The address of ``host`` is asked for."""

    def database_opened(self, path: str) -> None:
        """The SQLite database in the file ``path`` is about to be opened."""
        self.opened_to_read(path)

    def starting(self, words: list[str] | None) -> None:
        """A program is about to be started, by ``words`` where Python tells."""

    def moved(self, source: str, target: str) -> None:
        """A file or folder got another name, or one more."""

    def started(self, command: str | None, folder: str | None) -> None:
        """A program was started, by ``command`` and in ``folder`` where Python tells."""


def listen(listener: Listener) -> None:
    """Tell ``listener`` of all that happens from now on, while it lives and is not to be ignored."""
    _Hook.all.add(listener)
    if not _Hook.is_set:
        _Hook.is_set = True
        sys.addaudithook(_heard)


def ignore(*listeners: Listener) -> None:
    """Tell the ``listeners`` of nothing any more."""
    _Hook.all.difference_update(listeners)


class _Hook:
    """The one audit hook of the process."""

    all: ClassVar[weakref.WeakSet[Listener]] = weakref.WeakSet()
    is_set = False


def _heard(event: str, args: tuple[Any, ...]) -> None:
    told = _EVENTS.get(event)
    if told is None:
        return
    refused: Refused | None = None
    with contextlib.suppress(Exception):  # whatever is raised here would stop the program's own call
        for listener in list(_Hook.all):
            try:
                told(listener, args)
            except Refused as error:
                refused = error
    if refused is not None:
        raise refused


def _opened(listener: Listener, args: tuple[Any, ...]) -> None:
    path, mode, flags = args
    if isinstance(path, int):
        return
    name = os.fsdecode(path)
    if flags & _WRITING:
        listener.writing(name, mode)
        listener.opened_to_write(name)
    if flags & (os.O_TRUNC | os.O_EXCL) and flags & os.O_RDWR:
        listener.opened_empty(name)
    elif not flags & os.O_WRONLY:
        listener.opened_to_read(name)


def _connected(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.database_opened(os.fsdecode(args[0]))


def _moved(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.moved(os.fsdecode(args[0]), os.fsdecode(args[1]))


def _spawned(listener: Listener, args: tuple[Any, ...]) -> None:
    words, folder = args[1], args[2] if len(args) > 2 else None
    parts = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words)
    where = os.fsdecode(folder) if isinstance(folder, (str, bytes, os.PathLike)) else None
    texts = list(map(os.fsdecode, parts))
    listener.starting(texts)
    listener.started("\n".join(texts), where)


def _ran(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.starting(["sh", "-c", os.fsdecode(args[0])])
    listener.started(os.fsdecode(args[0]), None)


def _forked(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.started(None, None)


def _forked_with_terminal(listener: Listener, args: tuple[Any, ...]) -> None:
    listener.starting(None)
    listener.started(None, None)


def _reached(listener: Listener, args: tuple[Any, ...]) -> None:
    address = args[1]
    if isinstance(address, tuple) and len(address) >= 2:
        listener.connecting(str(address[0]), address[1] if isinstance(address[1], int) else None)


def _http(listener: Listener, args: tuple[Any, ...]) -> None:
    connection, data = args[0], args[1]
    is_known = isinstance(data, (bytes, bytearray, memoryview))
    listener.connecting(str(connection.host), connection.port, sends=bytes(data) if is_known else b"")


def _asked(listener: Listener, args: tuple[Any, ...]) -> None:
    if isinstance(args[0], (str, bytes)):
        listener.resolved(os.fsdecode(args[0]), args[1] if isinstance(args[1], int) else None)


_EVENTS: dict[str, Callable[[Listener, tuple[Any, ...]], None]] = {
    "open": _opened,
    "sqlite3.connect": _connected,
    "os.rename": _moved,
    "os.link": _moved,
    "subprocess.Popen": _spawned,
    "os.posix_spawn": _spawned,
    "os.exec": _spawned,
    "os.system": _ran,
    "os.fork": _forked,
    "os.forkpty": _forked_with_terminal,
    "socket.connect": _reached,
    "socket.sendto": _reached,
    "socket.getaddrinfo": _asked,
    "http.client.send": _http,
}
