"""What packed bytes hold: gzip, zlib, bzip2, xz, lzma, LZ4 and Zstandard, no more of it than is safe."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Any

from .limits import Unreadable
from .lz4 import MAGIC, chunks_of_lz4
from .zstd import ZSTD, chunks_of_zstd

__all__ = ["MOST_UNPACKED", "is_packed", "unpacked"]

MOST_UNPACKED = 256 * 2**20
_MOST_RATIO = 200
_FREE = 16 * 2**20
"""Bytes that may come out however small the packed ones are."""
_STEP = 2**20


def unpacked(data: bytes) -> bytes:
    """What ``data`` is when unpacked, or itself where it is not packed; Unreadable where that is too much."""
    chunks = _chunks(data)
    if chunks is None:
        return data
    out = bytearray()
    try:
        for chunk in chunks:
            out += chunk
            if len(out) > MOST_UNPACKED or len(out) > max(_FREE, len(data) * _MOST_RATIO):
                raise Unreadable("unpacked it is too large to be looked at")
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
        if not out:
            raise Unreadable("it cannot be unpacked") from None
    return bytes(out)


def is_packed(head: bytes) -> bool:
    """Whether a file begins as one that is packed does; of zlib, which begins with a letter, it cannot be said."""
    return head.startswith((MAGIC, ZSTD, b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x5d\0\0"))


def _chunks(data: bytes) -> Iterator[bytes] | None:
    if data[:4] == MAGIC:
        return chunks_of_lz4(data)
    if data[:4] == ZSTD:
        return chunks_of_zstd(data)
    maker = _maker(data)
    return None if maker is None else _by_steps(maker, data)


def _maker(data: bytes) -> Any:  # of the three modules, which share no type
    if data[:2] == b"\x1f\x8b":
        return zlib.decompressobj(31)
    if data[:1] == b"\x78" and len(data) > 1 and int.from_bytes(data[:2], "big") % 31 == 0:
        return zlib.decompressobj()
    if data[:3] == b"BZh":
        return bz2.BZ2Decompressor()
    if data[:6] == b"\xfd7zXZ\0" or data[:3] == b"\x5d\0\0":
        return lzma.LZMADecompressor(memlimit=MOST_UNPACKED)
    return None


def _by_steps(maker: Any, data: bytes) -> Iterator[bytes]:  # of `_maker`
    """What is packed, and what is packed behind it in the same way: such files may be written one after the other."""
    first, rest = data[:2], data
    while True:
        out = maker.decompress(rest, _STEP)
        yield out
        if maker.eof:
            rest = maker.unused_data.lstrip(b"\0")
            if rest[:2] != first:
                return
            maker = _maker(rest)
            if maker is None:
                return
        elif not out and not getattr(maker, "unconsumed_tail", b""):
            return
        else:
            rest = maker.unconsumed_tail if hasattr(maker, "unconsumed_tail") else b""
