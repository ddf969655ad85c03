"""Pickles, joblib's and numpy's files: the texts in them, read from the stream; nothing is ever loaded."""

from __future__ import annotations

import bz2
import io
import lzma
import pickletools
import re
import zlib
from collections.abc import Iterator
from typing import Any

from .findings import Place
from .pieces import Form, Piece, Unreadable

__all__ = ["pieces_of_bytes", "pieces_of_pickle", "unpacked"]

_MOST_OPERATIONS = 2_000_000
_MOST_UNPACKED = 256 * 2**20
_MOST_RATIO = 200
_FREE = 16 * 2**20
"""Bytes that may come out however small the packed ones are."""
_STEP = 2**20
_RUN = re.compile(rb"[\x09\x20-\x7e\x80-\xff]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0\0\0){5,}(?:\0{4})*")
_TEXTS = frozenset("SHORT_BINUNICODE BINUNICODE BINUNICODE8 UNICODE STRING BINSTRING SHORT_BINSTRING".split())
_BYTES = frozenset("SHORT_BINBYTES BINBYTES BINBYTES8 BYTEARRAY8".split())
_NUMBERS = frozenset("LONG LONG1 LONG4 INT".split())


def pieces_of_pickle(data: bytes) -> tuple[list[Piece], str]:
    """The texts of a pickle, and a half-sentence where not all of it could be read as one.

    What follows the first stream, and arrays that joblib writes between, are looked through for letters.
    """
    texts: list[str] = []
    pieces: list[Piece] = []
    stream, problem = io.BytesIO(data), ""
    end = 0
    try:
        for count, (operation, argument, place) in enumerate(pickletools.genops(stream)):
            if count == _MOST_OPERATIONS:
                problem = f"only its first {_MOST_OPERATIONS} operations were read one by one"
                break
            name = operation.name
            end = place or 0
            if name in _TEXTS and isinstance(argument, str):
                texts.append(argument)
            elif name in _NUMBERS and isinstance(argument, int):
                texts.append(str(argument) if argument.bit_length() < 400 else "")
            elif name in _BYTES and argument is not None:
                pieces += pieces_of_bytes(bytes(argument), Place(part="bytes in it"))
        end = stream.tell()
    except Exception:  # noqa: BLE001 - a damaged or foreign stream raises anything; its bytes are looked through all the same
        end = min(end, len(data))
    if texts:
        pieces.append(Piece("\n".join(texts), Place(part="texts in it"), Form.PROSE))
    if end < len(data):
        pieces += pieces_of_bytes(data[end:], Place(part="arrays in it"))
    return pieces, problem


def pieces_of_bytes(data: bytes, place: Place) -> list[Piece]:
    """Runs of letters in ``data``, also those that numpy writes with four bytes a letter."""
    runs = [found.group().decode("utf-8", "replace") for found in _RUN.finditer(data)]
    if b"\0\0\0" in data:
        runs += [found.group().replace(b"\0", b"").decode("ascii") for found in _WIDE.finditer(data)]
    return [Piece("\n".join(runs), place, Form.DATA)] if runs else []


def unpacked(data: bytes) -> bytes:
    """What ``data`` is when unpacked, if packed by gzip, zlib, bzip2, xz or lzma; Unreadable where that is too much."""
    maker = _maker(data)
    if maker is None:
        return data
    out = bytearray()
    try:
        for chunk in _chunks(maker, data):
            out += chunk
            if len(out) > _MOST_UNPACKED or len(out) > max(_FREE, len(data) * _MOST_RATIO):
                raise Unreadable("unpacked it is too large to be looked at")
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
        if not out:
            raise Unreadable("it cannot be unpacked") from None
    return bytes(out)


def _maker(data: bytes) -> Any:  # of the three modules, which share no type
    if data[:2] == b"\x1f\x8b":
        return zlib.decompressobj(31)
    if data[:1] == b"\x78" and len(data) > 1 and int.from_bytes(data[:2], "big") % 31 == 0:
        return zlib.decompressobj()
    if data[:3] == b"BZh":
        return bz2.BZ2Decompressor()
    if data[:6] == b"\xfd7zXZ\0" or data[:3] == b"\x5d\0\0":
        return lzma.LZMADecompressor(memlimit=_MOST_UNPACKED)
    return None


def _chunks(maker: Any, data: bytes) -> Iterator[bytes]:  # of `_maker`
    rest = data
    while True:
        out = maker.decompress(rest, _STEP)
        yield out
        if maker.eof or (not out and not getattr(maker, "unconsumed_tail", b"")):
            return
        rest = maker.unconsumed_tail if hasattr(maker, "unconsumed_tail") else b""
