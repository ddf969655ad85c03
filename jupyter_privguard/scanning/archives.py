"""Zip files, which .npz, .xlsx and .docx are too, and tar files: their members, as many and as large as is safe."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from .pieces import Unreadable
from .tars import is_tar, tar_members

__all__ = ["DEEPEST", "Allowance", "is_archive", "members"]

DEEPEST = 3
"""Archives within archives that are looked into."""

_MOST_MEMBERS = 10_000
_MOST_BYTES = 256 * 2**20
_MOST_RATIO = 200
_FREE = 16 * 2**20
_STEP = 2**20


class Allowance:
    """How much may still be unpacked of one file, whatever is nested in it."""

    def __init__(self) -> None:
        self.bytes = _MOST_BYTES
        self.members = _MOST_MEMBERS

    def spend(self, count: int) -> None:
        """So many bytes more; Unreadable where they are too many."""
        self.bytes -= count
        if self.bytes < 0:
            raise Unreadable("unpacked it is too large to be looked at")


def is_archive(head: bytes) -> bool:
    """Whether a file begins as a zip file with members, or as a tar file."""
    return head.startswith(b"PK\x03\x04") or is_tar(head)


def members(data: bytes, allowed: Allowance, depth: int) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Names of the members and what they hold, or why that cannot be said; Unreadable where it is no archive."""
    if depth >= DEEPEST:
        raise Unreadable(f"archives in it are nested deeper than {DEEPEST} levels")
    if is_tar(data):
        for name, held in tar_members(data):
            _count_member(allowed)
            yield name, held
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
        raise Unreadable("it cannot be read as a zip archive") from None
    for info in listed:
        _count_member(allowed)
        if info.is_dir():
            continue
        try:
            yield info.filename, _content(archive, info, allowed)
        except Unreadable as reason:
            yield info.filename, reason


def _count_member(allowed: Allowance) -> None:
    allowed.members -= 1
    if allowed.members < 0:
        raise Unreadable(f"it has more than {_MOST_MEMBERS} members")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowed: Allowance) -> bytes:
    if info.flag_bits & 1:
        raise Unreadable("a member is encrypted")
    most = min(allowed.bytes, max(_FREE, info.compress_size * _MOST_RATIO))
    out = bytearray()
    try:
        with archive.open(info) as member:
            while chunk := member.read(_STEP):  # the sizes in its list are only what its author says
                out += chunk
                if len(out) > most:
                    raise Unreadable("unpacked a member is too large to be looked at")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise Unreadable("a member cannot be unpacked") from None
    allowed.bytes -= len(out)
    return bytes(out)
