"""A gzip file (RFC 1952) as the bytes that are in it, with errors in one sentence."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ..errors import InputError

__all__ = ["Unpacked"]


class Unpacked(gzip.GzipFile):
    """What is packed in an open file, to be read from beginning to end as often as needed."""

    def __init__(self, file: BinaryIO, called: str) -> None:
        """``called`` is the name of ``file``, which stays its owner's to close."""
        super().__init__(fileobj=file, mode="rb")
        self._called = called

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes. InputError for what is no gzip file, or a damaged or cut one."""
        with self._in_a_sentence():
            return super().read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; going back begins anew. InputError as `read`."""
        with self._in_a_sentence():
            return super().seek(offset, whence)

    @contextmanager
    def _in_a_sentence(self) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError, zlib.error):
            raise InputError(f"privguard: {self._called}: this is not a whole gzip file.") from None
