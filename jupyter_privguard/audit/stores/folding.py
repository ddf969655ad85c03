"""A database and its write-ahead file as one database in memory, for reading where nothing can be written.

The format of the file is that of https://sqlite.org/fileformat2.html, section 4: a header of 32 bytes, then frames
of 24 bytes and a page each. A frame counts when its salts are the header's and its checksum follows from all before
it, and when a later frame that counts ends a transaction.
"""

from __future__ import annotations

import struct

__all__ = ["folded"]

_HEADER, _FRAME = 32, 24
_MAGIC = 0x377F0682
_WRITE_VERSION, _READ_VERSION = 18, 19
"""Where the database says that it has a write-ahead file (2) or none (1)."""
_SIZE_IN_PAGES = 28


def folded(database: bytes, wal: bytes) -> bytes:
    """The bytes of the database as a reader of both files sees it; ``database`` is at least its first page."""
    pages, count = _committed(wal)
    size = len(next(iter(pages.values()), b""))
    whole = bytearray(database)
    if pages:
        whole = whole[: count * size].ljust(count * size, b"\x00")
        for number, page in pages.items():
            if number <= count:
                whole[(number - 1) * size : number * size] = page
    whole[_WRITE_VERSION] = whole[_READ_VERSION] = 1
    return bytes(whole)


def _committed(wal: bytes) -> tuple[dict[int, bytes], int]:
    """The pages of all whole transactions, by number, and of how many pages the database is then."""
    if len(wal) < _HEADER:
        return {}, 0
    magic, _, size, _, *rest = struct.unpack(">8I", wal[:_HEADER])
    salts, own = rest[:2], tuple(rest[2:])
    words = ">" if magic & 1 else "<"
    sums = _sums(wal[: _HEADER - 8], words, (0, 0))
    if magic & ~1 != _MAGIC or sums != own or size < 512 or size > 65536 or size & (size - 1):
        return {}, 0
    committed: dict[int, bytes] = {}
    fresh: dict[int, bytes] = {}
    pages = 0
    for at in range(_HEADER, len(wal) - _FRAME - size + 1, _FRAME + size):
        number, count, *rest = struct.unpack(">6I", wal[at : at + _FRAME])
        page = wal[at + _FRAME : at + _FRAME + size]
        if rest[:2] != salts or number == 0:
            break
        sums = _sums(page, words, _sums(wal[at : at + 8], words, sums))
        if sums != tuple(rest[2:]):
            break
        fresh[number] = page
        if count:
            committed |= fresh
            pages = count
            fresh = {}
    return committed, pages


def _sums(data: bytes, words: str, before: tuple[int, int]) -> tuple[int, int]:
    """The two running sums after ``data``, whose length is a multiple of eight."""
    first, second = before
    for one, other in struct.iter_unpack(f"{words}II", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
