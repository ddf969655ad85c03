"""Texts beside the points of a picture: its title, its author, what a camera or a program noted in it."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .._later import later

__all__ = ["clean_picture", "is_picture", "texts_in_picture"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
_START_OF_SCAN = 0xDA
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_JPEG_TEXTS = frozenset({0xFE, *range(0xE1, 0xF0)})
"""Comments, and what applications note; not APP0, without which a JPEG has no density."""
_NULLS = later(rb"\0+")
_MOST_BYTES = 2**20
_MOST_NULLS = 8
"""Before the compressed text stand a keyword, two flags, a language and a translated keyword."""

_Clean = Callable[[str], str]


def clean_picture(picture: Any, clean: _Clean) -> Any:  # Any: base64 or bytes, as a message has it
    """A PNG or JPEG without the texts in it that ``clean`` changes; the very same object where there is none.

    The points stay as they are, and so do pictures of other formats, and what is no picture.
    """
    try:
        raw = base64.b64decode(picture, validate=False) if isinstance(picture, str) else bytes(picture)
        parts = list(_parts(raw))
    except (binascii.Error, IndexError, ValueError):
        return picture
    kept = [part for part, text in parts if not text or not _changes(text, clean)]
    if len(kept) == len(parts):
        return picture
    rest = b"".join(kept)
    return base64.b64encode(rest).decode("ascii") if isinstance(picture, str) else rest


def is_picture(raw: bytes) -> bool:
    """Whether these bytes begin as a PNG or JPEG does: those whose texts are known here."""
    return raw.startswith((_PNG, _JPEG))


def texts_in_picture(raw: bytes) -> Iterator[str]:
    """Every text beside the points of a PNG or JPEG, in each way in which it may be meant.

    Of others, and damaged ones, there are none. No more than a megabyte is unpacked of one text.
    """
    try:
        texts = [text for _, text in _parts(raw) if text] if is_picture(raw) else []
    except (IndexError, ValueError):
        return
    for text in texts:
        readings = list(_readings(text))
        is_wide = text.count(0) * 3 > len(text)
        yield from readings if is_wide else readings[::2]  # without what is read as UTF-16


def _parts(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of ``raw`` in order, each part with its text where it is one."""
    if raw.startswith(_PNG):
        yield from _of_png(raw)
    elif raw.startswith(_JPEG):
        yield from _of_jpeg(raw)
    else:
        yield raw, b""


def _of_png(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """PNG specification, third edition, section 5.3: length, type, data, checksum."""
    at = len(_PNG)
    yield raw[:at], b""
    while at < len(raw):
        end = at + 12 + int.from_bytes(raw[at : at + 4], "big")
        kind = raw[at + 4 : at + 8]
        yield raw[at:end], raw[at + 8 : end - 4] if kind in _PNG_TEXTS else b""
        at = end


def _of_jpeg(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """ITU-T T.81, annex B.1.1: markers, most of them with a length; what follows the start of scan is points."""
    at = 0
    while at < len(raw):
        marker = raw[at + 1]
        if raw[at] != 0xFF or marker == _START_OF_SCAN:
            yield raw[at:], b""
            return
        if marker in _WITHOUT_LENGTH or marker == 0xD8:
            yield raw[at : at + 2], b""
            at += 2
            continue
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        yield raw[at:end], raw[at + 4 : end] if marker in _JPEG_TEXTS else b""
        at = end


def _changes(text: bytes, clean: _Clean) -> bool:
    return any(clean(reading) != reading for reading in _readings(text))


def _readings(text: bytes) -> Iterator[str]:
    plain = [text, *_inflated(text)]
    for one in plain:
        yield _NULLS.sub(b" ", one).decode("utf-8", "replace")
        yield one.replace(b"\0", b"").decode("latin-1")  # UTF-16 of Latin letters, as Windows writes it


def _inflated(text: bytes) -> Iterator[bytes]:
    """What zTXt and iTXt hold compressed behind the keyword, its end and a byte or two."""
    for end in (found.end() for found in islice(_NULLS.finditer(text), _MOST_NULLS)):
        for start in (end - 1, end, end + 1):
            try:
                yield zlib.decompressobj().decompress(text[start:], _MOST_BYTES)
            except zlib.error:
                continue
