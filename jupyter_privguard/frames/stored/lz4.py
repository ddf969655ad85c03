"""Frames of LZ4, as joblib writes them: read here, for Python has no module for them.

After the format's own descriptions, "LZ4 Frame Format" 1.6.4 and "LZ4 Block Format" (lz4.org). Checksums are passed
over: what is damaged gives other texts, and nothing worse.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["MAGIC", "chunks_of_lz4"]

MAGIC = b"\x04\x22\x4d\x18"
_WINDOW = 2**16
_LARGEST_BLOCK = 4 * 2**20
_STORED = 0x8000_0000


def chunks_of_lz4(data: bytes) -> Iterator[bytes]:
    """The blocks of each frame, unpacked one by one; ValueError where there is none."""
    at = 0
    while data[at : at + 4] == MAGIC:
        flags = data[at + 4] if at + 7 <= len(data) else 0
        if flags >> 6 != 1:
            raise ValueError
        has_sum, is_linked = bool(flags & 0x10), not flags & 0x20
        at += 7 + (8 if flags & 0x08 else 0) + (4 if flags & 0x01 else 0)
        before = b""
        while size := _number(data, at, 4):
            length = size & ~_STORED
            block, at = data[at + 4 : at + 4 + length], at + 4 + length + 4 * has_sum
            if len(block) < length or length > _LARGEST_BLOCK * 2:
                raise ValueError
            out = block if size & _STORED else _block(block, before)
            before = (before + out)[-_WINDOW:] if is_linked else b""
            yield out
        at += 4 + (4 if flags & 0x04 else 0)


def _number(data: bytes, at: int, width: int) -> int:
    if at + width > len(data):
        raise ValueError
    return int.from_bytes(data[at : at + width], "little")


def _block(block: bytes, before: bytes) -> bytes:
    """Letters as they are, each time followed by some that were there before."""
    out = bytearray(before)
    at, end = 0, len(block)
    most = len(before) + _LARGEST_BLOCK
    try:
        while at < end:
            token = block[at]
            count, at = _length(block, at + 1, token >> 4)
            out += block[at : at + count]
            at += count
            if at >= end:
                break
            back = block[at] | block[at + 1] << 8
            count, at = _length(block, at + 2, token & 15)
            count += 4
            start = len(out) - back
            if not 0 < back <= len(out) or len(out) + count > most:
                raise ValueError
            if back >= count:
                out += out[start : start + count]
            else:
                part = bytes(out[start:])
                out += (part * (count // back + 1))[:count]
    except IndexError:
        raise ValueError from None
    return bytes(out[len(before) :])


def _length(block: bytes, at: int, first: int) -> tuple[int, int]:
    """A length that goes on while its bytes are full, and where it ends."""
    if first < 15:
        return first, at
    while True:
        more = block[at]
        first, at = first + more, at + 1
        if more < 255:
            return first, at
