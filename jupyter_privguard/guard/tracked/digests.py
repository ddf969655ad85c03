"""Digests of the data sets that a run used: of the file as it was when it was read, else of the table in memory.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from ...frames.content import content_of
from ..cells.cell import CellRun
from ..columns.datasets import local_path

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["CHANGED", "Digests"]

CHANGED = "changed since it was read"
"""Stands in place of a digest of a file that is another one by now."""
_DOMAIN = "data set"
_Look = tuple[int, int, int, int]


class Digests:
    """Remembers what files looked like when cells read them, and the digests of those that were asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, _Look] = {}
        self._known: dict[tuple[str, _Look], str] = {}

    def note(self, run: CellRun) -> None:
        """``run`` has ended: the files that it loaded are those that there are now."""
        for touched in run.touched.values():
            path = _path(touched.source)
            if path is not None and "loaded" in touched.how and (look := _look(path)) is not None:
                self._read[path] = look

    def of(self, name: str, source: str | None) -> str | None:
        """The digest of the data set ``name`` from ``source``: ``sha256:…`` of a file's bytes, ``hmac:…`` of a table.

        `CHANGED` of a file that was written to since; None where nobody can tell.
        """
        path = _path(source)
        if path is not None and (look := _look(path)) is not None:
            if self._read.get(path, look) != look:
                return CHANGED
            return self._of_file(path, look)
        return self._of_table(name)

    def _of_file(self, path: str, look: _Look) -> str | None:
        key = path, look
        if key not in self._known:
            try:
                with open(path, "rb") as file:  # noqa: PTH123 - as the program named it
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                return None
            if _look(path) != look:
                return CHANGED
            self._known[key] = f"sha256:{found}"
        return self._known[key]

    def _of_table(self, name: str) -> str | None:
        """Keyed: a small table could be guessed."""
        session = self._session
        for variable, obj, seen in session.knowledge.tables():
            if (session.knowledge.facts(obj).known_as or variable) == name:
                content = content_of(seen)
                if content is None:
                    return None
                ring = session.keyring
                return f"hmac:{ring.key_id}:{ring.digest(_DOMAIN, [content])[0].hex()}"
        return None


def _path(source: str | None) -> str | None:
    return local_path(source) if source else None


def _look(path: str) -> _Look | None:
    """What tells one state of a regular file from another; None if there is none."""
    with suppress(OSError, ValueError):
        found = os.stat(path)  # noqa: PTH116 - as the program named it
        if stat.S_ISREG(found.st_mode):
            return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    return None
