"""Members of a tar file (POSIX.1-2001 ustar and pax, GNU's long names): read by their headers, written nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .pieces import Unreadable
from .sources import LARGEST, Source

__all__ = ["is_tar", "tar_members"]

_BLOCK = 512
_REGULAR = (b"0", b"\0", b"7")
_LONG_NAME, _PAX, _SPARSE = b"L", b"x", b"S"
_LONGEST_EXTRA = 2**20


def is_tar(data: bytes) -> bool:
    """Whether a file begins as tar files do."""
    return data[257:262] == b"ustar"


def tar_members(data: bytes | Source) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Names of the regular files in it and what they hold; Unreadable where it is damaged or cut off.

    Links, devices and folders hold nothing. Their bytes are those of the archive, so nothing becomes larger.
    """
    told: dict[str, str] = {}
    at = 0
    while at + _BLOCK <= len(data) and any(header := data[at : at + _BLOCK]):
        if not is_tar(header):
            raise Unreadable("it is damaged, or no tar archive to its end")
        size = int(told["size"]) if re.fullmatch(r"\d{1,20}", told.get("size", "")) else _size(header[124:136])
        start, end = at + _BLOCK, at + _BLOCK + size
        if end > len(data):
            raise Unreadable("it is cut off")
        kind, at = header[156:157], end + -size % _BLOCK
        if kind in (_LONG_NAME, _PAX) and size <= _LONGEST_EXTRA:
            extra = data[start:end]
            told |= {"path": _text(extra)} if kind == _LONG_NAME else dict(_records(extra))
            continue
        name = told.get("path") or "/".join(filter(None, [_text(header[345:500]), _text(header[:100])]))
        if kind in _REGULAR and size > LARGEST:
            yield name, Unreadable(f"a member is larger than {LARGEST >> 20} MB, and is not looked at")
        elif kind in _REGULAR:
            yield name, data[start:end]
        elif kind == _SPARSE:
            yield name, Unreadable("a member has holes, and is not looked at")
        told = {}


def _size(field: bytes) -> int:
    """In octal digits, or in base 256 for large ones."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.rstrip(b"\0 ")
    if digits.strip(b"01234567 "):  # nor a sign: what is below zero would lead back
        raise Unreadable("it is damaged, or no tar archive to its end")
    return int(digits or b"0", 8)


def _records(extra: bytes) -> Iterator[tuple[str, str]]:
    """``length key=value`` lines."""
    at = 0
    while (blank := extra.find(b" ", at, at + 20)) > 0:
        length = extra[at:blank]
        if not length.isdigit() or not int(length):
            return
        key, _, value = extra[blank + 1 : at + int(length) - 1].partition(b"=")
        if key in (b"path", b"size"):
            yield key.decode(), _text(value)
        at += int(length)


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "replace")
