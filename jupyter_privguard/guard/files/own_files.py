"""What this process wrote itself: files that its Python code opened for writing, and what tables were written to.

Files that a child process or a library's own C code opens are not seen (`process_events`), but for those that a hooked
DataFrame method was given as its target.
"""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from ..._later import later
from .process_events import Listener, listen

__all__ = ["OwnFiles"]

_MOST = 100_000
_WORDS = later(r"\w+")
_OPEN_FILES = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
"""Pipes and files without a name, which nobody but this process can fill."""


class OwnFiles(Listener):
    """Remembers paths and names of tables; of so many that memory would suffer, no more."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._tables: set[str] = set()
        listen(self)

    def wrote(self, target: str, kind: str) -> None:
        """A table was written to ``target``; ``kind`` is file, table or clipboard."""
        if kind == "table":
            self._tables.add(target.casefold())
        else:
            self.opened_to_write(target)

    def opened_to_write(self, path: str) -> None:
        """The file ``path`` is written to."""
        if len(self._paths) < _MOST:
            self._paths.add(_place(path))

    def moved(self, source: str, target: str) -> None:
        """A file got another name, or one more; or a folder did, and all files in it."""
        before, after = _place(source), _place(target)
        inside = before + os.sep
        new = {after + path[len(before) :] for path in self._paths if path == before or path.startswith(inside)}
        if len(self._paths) + len(new) <= _MOST:
            self._paths |= new

    def has(self, source: str) -> bool:
        """Whether the file, or a table that the query ``source`` names, was written here."""
        if source.startswith(_OPEN_FILES):
            return True
        place = _place(source)
        if not self._paths.isdisjoint((place, *map(str, PurePath(place).parents))):
            return True
        if "*" in source and fnmatch.filter(self._paths, place):
            return True
        return not self._tables.isdisjoint(_WORDS.findall(source.casefold()))


def _place(path: str) -> str:
    parts = urlsplit(path) if path[:5].lower() == "file:" else None
    return os.path.realpath(unquote(parts.path) if parts is not None else Path(path).expanduser())
