"""In which encoding bytes are text: UTF-8, UTF-16 with a mark or without, UTF-32, or else Latin-1."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from .sources import Source

__all__ = ["decoded", "encoding_of", "text_of"]

_STEP = 2**20
_HEAD, _LOOKED_AT = 8_192, 4_096
_MOSTLY = 0.9


def text_of(data: bytes) -> tuple[str, str] | None:
    """The text that ``data`` is, and its encoding, which gives the same bytes again; None for what is no text."""
    encoding = _by_head(data[:_HEAD])
    try:
        return (data.decode(encoding), encoding) if encoding else None
    except UnicodeDecodeError:
        return None if encoding != "utf-8" else (data.decode("latin-1"), "latin-1")


def encoding_of(source: Source) -> str | None:
    """As `text_of` the encoding in which all of it is text; None for what is none."""
    encoding = _by_head(source.head[:_HEAD])
    if not encoding:
        return None
    try:
        for _ in decoded(source, encoding):
            pass
    except UnicodeDecodeError:
        return "latin-1" if encoding == "utf-8" else None
    return encoding


def decoded(source: Source, encoding: str) -> Iterator[str]:
    """As much of it as there was when it was opened: somebody may write to it all the time."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(0, source.size, _STEP):
        yield decoder.decode(source.part(at, at + _STEP))
    yield decoder.decode(b"", final=True)


def _by_head(head: bytes) -> str:
    """The encoding by its mark or its zeros; empty for what is no text."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32-le" if head[0] else "utf-32-be"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if head[0] == 0xFF else "utf-16-be"
    return _wide(head[:_LOOKED_AT]) if b"\0" in head else "utf-8"


def _wide(head: bytes) -> str:
    """UTF-16 without a mark of its own, where each second byte of Latin letters is zero; empty for anything else."""
    even, odd = head[::2], head[1::2]
    if len(head) < 8:
        return ""
    if odd.count(0) > _MOSTLY * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > _MOSTLY * len(even) and not odd.count(0) else ""
