"""What a text or bytes that a front end receives read as, once encodings are undone."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

__all__ = ["PNG", "leaves", "readings"]

PNG = b"\x89PNG\r\n\x1a\n"
"""How every PNG begins; PNG specification, section 5.2."""

_DEEPEST = 3
_MOST_BYTES = 64 * 1024 * 1024
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TAGS = re.compile(r"<[^<>]{1,2000}>")
_ESCAPES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt]))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def leaves(value: Any) -> Iterator[str | bytes]:  # Any: JSON, with bytes in it
    """The texts, numbers (as texts) and bytes within nested lists and mappings, keys too."""
    if isinstance(value, (str, bytes)):
        yield value
    elif isinstance(value, (bytearray, memoryview)):
        yield bytes(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(key)
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def readings(received: str | bytes) -> Iterator[str | bytes]:
    """``received`` and what it reads as without colours, tags, escapes, URL quoting, base64 and compression.

    Each of them may stand inside another, three deep. Bytes are read as UTF-8 and UTF-16, of a PNG only its texts.
    """
    seen: set[str | bytes] = set()
    waiting = [(received, 0)]
    while waiting:
        now, depth = waiting.pop()
        if now in seen:
            continue
        seen.add(now)
        yield now
        if depth < _DEEPEST:
            inner = _in_text(now) if isinstance(now, str) else _in_bytes(now)
            waiting += [(found, depth + 1) for found in inner]


def _in_text(text: str) -> Iterator[str | bytes]:
    yield _COLOURS.sub("", text)
    if "<" in text or "&" in text:
        yield unescape(text)
        yield unescape(_TAGS.sub("", text))
    if "\\" in text:
        yield _ESCAPES.sub(_escaped, text).replace('\\"', '"').replace("\\/", "/")
    if "%" in text:
        yield unquote(text)
    for run in _BASE64.finditer(text):
        yield from _from_base64(run[0])


def _escaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else " "


def _from_base64(run: str) -> Iterator[bytes]:
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        yield base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return


def _in_bytes(data: bytes) -> Iterator[str | bytes]:
    if data.startswith(PNG):
        yield from _png_texts(data)
        return
    yield data.decode("utf-8", "replace")
    if b"\0" in data:  # Latin letters have one in every second place
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")
    if data[:1] in (b"\x78", b"\x1f"):
        yield from _inflated(data)


def _inflated(data: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj(wbits=47).decompress(data, _MOST_BYTES)  # 32 + 15: zlib or gzip, whichever it is
    except zlib.error:
        return


def _png_texts(data: bytes) -> Iterator[bytes]:
    """Content of the chunks tEXt, zTXt, iTXt and eXIf; PNG specification, third edition, sections 11.3.3 and 11.3.4."""
    at = len(PNG)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            yield content.replace(b"\0", b" ")
            for place in (match.end() for match in re.finditer(rb"\0\0?", content)):
                yield from _inflated(content[place:])
        at += length + 12
