"""Where the bytes of a file or of a member come from, so that a large one need not be read whole."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from .pieces import Unreadable

__all__ = ["LARGEST", "Source"]

LARGEST = 256 * 2**20
"""Bytes of the largest file that is looked at whole; texts, tables and archives may be larger."""
_HEAD = 64 * 2**10


class Source:
    """Bytes that are there, or stand in an open file: of that as many as it had when it was opened."""

    def __init__(self, data: bytes = b"", *, file: BinaryIO | None = None, size: int = 0, path: str = "") -> None:
        """``file`` stays its owner's to close; ``path`` is where the file is, if these are the bytes of one."""
        self._data, self._file, self.path = data, file, path
        self.size = size if file is not None else len(data)
        self.head = self.part(0, _HEAD) if file is not None else data[:_HEAD]

    def part(self, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end``, as many of them as there are."""
        if self._file is None:
            return self._data[start:end]
        wanted = max(0, min(end, self.size) - start)
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), wanted, start)
        self._file.seek(start)
        return self._file.read(wanted)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, places: slice) -> bytes:
        return self.part(places.start or 0, self.size if places.stop is None else places.stop)

    def whole(self) -> bytes:
        """All of it; Unreadable where that is too much."""
        if self._file is None:
            return self._data
        if self.size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST >> 20} MB; split it")
        data = self.part(0, self.size)
        while len(data) < self.size and (more := self.part(len(data), self.size)):
            data += more  # one call gives no more than two gigabytes, and less when interrupted
        return data

    def opened(self) -> BinaryIO:
        """A file that is read from its beginning."""
        if self._file is None:
            return io.BytesIO(self._data)
        self._file.seek(0)
        return self._file
