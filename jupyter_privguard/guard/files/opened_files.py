"""Files that Python opens to read and programs that it starts, noted until their cell's next text is to leave.

Told from the moment on when the guard is loaded, in any thread and in the midst of anything (`process_events`): so
nothing here waits for a lock, and what becomes of it is decided by `read_files`, which needs much more.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .callers import is_of_library, is_of_program, is_own, judged_around
from .process_events import Listener, listen

__all__ = ["NOT_THE_USERS", "NO_DATA", "VALUES", "OpenedFiles"]

NO_DATA = frozenset(
    """
    .py .pyc .pyo .pyi .pyd .so .dylib .dll .ipynb .html .htm .css .js .mjs .map .ts .svg .png .jpg .jpeg .gif .pdf
    .ico .ttf .otf .woff .woff2 .afm .pfb .mplstyle .toml .ini .cfg .conf .yaml .yml .md .rst .pem .crt .key .pkl
    .pickle .pt .h5 .npy .npz .lock .pth .zip .whl .tar .mo .po .sh .db-wal .db-shm
    """.split()
)
VALUES = frozenset(".pkl .pickle .npy .npz .joblib .h5 .hdf5".split())
"""Endings of files that hold data, in forms whose values are not looked for."""
NOT_THE_USERS = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib", str(Path(__file__).parents[2]) + os.sep)
"""Beginnings of paths where no data of the user's lie."""
_MOST_WAITING = 10_000


class OpenedFiles(Listener):
    """Notes what is opened, and keeps for each thread what else is known of that."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[str, Any, Any]] = deque(maxlen=_MOST_WAITING)
        """Files and programs of which nobody has asked yet, oldest first: what happened, and two facts on it."""
        self._own = threading.local()
        listen(self)

    def opened_to_read(self, path: str) -> None:
        """Remember the file, unless it is a library's or a table is being made of it."""
        if getattr(self._own, "is_reading", False):
            return
        ending = os.path.splitext(path)[1].lower()  # noqa: PTH122 - for each file that Python opens, so as quick as may be
        if path == ":memory:" or path.startswith(NOT_THE_USERS):
            return
        if ending in VALUES:
            if is_of_program() and not is_of_library():
                self.waiting.append(("values", path, None))
                self._own.values = path
            return
        if ending in NO_DATA or is_own():
            return
        expected = getattr(self._own, "expected", None)
        if expected is not None and os.path.realpath(expected) == os.path.realpath(path):
            if "reading" not in judged_around():
                self._own.expected = None  # the reader has ended without a table
            else:  # long files are opened several times
                return
        self.waiting.append(("read", path, None))

    def opened_empty(self, path: str) -> None:
        """Remember the file; nothing is loaded from it."""
        self._remember("made", path)

    def started(self, command: str | None, folder: str | None) -> None:
        """Remember that the running cell has a program of its own."""
        if not getattr(self._own, "is_reading", False):
            self.waiting.append(("run", command, folder))

    def database_opened(self, path: str) -> None:
        """Remember the file; what is read of it the database tells."""
        self._remember("database", path)

    def _remember(self, what: str, path: str) -> None:
        before = len(self.waiting)
        self.opened_to_read(path)
        if len(self.waiting) > before:
            self.waiting[-1] = (what, path, None)

    @property
    def is_reading(self) -> bool:
        """Whether this thread reads a file only to know it: no table of the user's comes into being."""
        return bool(getattr(self._own, "is_reading", False))

    @property
    def values(self) -> str | None:
        """The file of values in no form of text that this thread has opened last."""
        return getattr(self._own, "values", None)

    def forget_values(self) -> None:
        """What this thread opened of that kind belongs to a cell that has ended."""
        self._own.values = None

    def expect(self, source: str | None) -> None:
        """A table is being made of ``source`` in this thread, or, with None, has been."""
        self._own.expected = source

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While this thread reads a file only to know it."""
        self._own.is_reading = True
        try:
            yield
        finally:
            self._own.is_reading = False
