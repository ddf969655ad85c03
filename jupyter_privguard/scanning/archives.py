"""Zip files, which .npz, .xlsx and .docx are too, and tar files: their members, as many and as large as is safe."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from .pieces import Unreadable
from .sources import Source
from .tars import is_tar, tar_members

__all__ = ["DEEPEST", "Allowance", "Archive", "archive_of", "is_archive", "members"]

DEEPEST = 3
"""Archives within archives that are looked into."""

_MOST_MEMBERS = 10_000
_MOST_BYTES = 256 * 2**20
_MOST_RATIO = 200
_FREE = 16 * 2**20
_STEP = 2**20
_LONGEST_DIRECTORY = 8 * 2**20
_LONGEST_END = 2**16 + 2**10


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


class Archive:
    """The members of a zip or tar file, read one by one."""

    def __init__(self, source: Source, allowed: Allowance) -> None:
        """Unreadable where it is none."""
        self._source, self._allowed = source, allowed
        self._zip = None if is_tar(source.head) else _zip(source)
        self.names = [] if self._zip is None else [info.filename for info in self._zip.infolist()[:_MOST_MEMBERS]]
        """Of a zip file."""
        data = next((name for name in self.names if PurePosixPath(name).name == "data.pkl"), "")
        self._storages = f"{data.removesuffix('.pkl')}/" if data else ""
        self.torch = data
        """The member that is what `torch.save` has pickled; empty where there is none."""
        self.taken: set[str] = set()
        """Members of a zip file that need not be looked at as files: somebody has read them as what they are."""

    def members(self) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Names of the members and what they hold, or why that cannot be said; Unreadable where it is damaged."""
        if self._zip is None:
            for name, held in tar_members(self._source):
                _count_member(self._allowed)
                yield name, held
            return
        for info in self._zip.infolist():
            _count_member(self._allowed)
            if info.is_dir() or info.filename in self.taken or (self.torch and self._is_of_torch(info.filename)):
                continue
            try:
                yield info.filename, _content(self._zip, info, self._allowed)
            except Unreadable as reason:
                yield info.filename, reason

    def _is_of_torch(self, name: str) -> bool:
        return name == self.torch or name.startswith(self._storages)

    def content(self, name: str) -> bytes:
        """What one member of a zip file holds; Unreadable where there is no such, or too much."""
        if self._zip is None:
            raise Unreadable("a member is missing")
        try:
            return _content(self._zip, self._zip.getinfo(name), self._allowed)
        except KeyError:
            raise Unreadable("a member is missing") from None

    def contents(self) -> dict[str, bytes]:
        """All members that can be read, by name."""
        return {name: held for name, held in self.members() if isinstance(held, bytes)}

    def storage(self, key: str) -> bytes:
        """The numbers of a tensor; Unreadable where there are none, or too many."""
        return self.content(self._storages + key)


def archive_of(source: Source, allowed: Allowance, depth: int) -> Archive:
    """The archive in ``source``, which stands in so many others; Unreadable where it is none, or they are too many."""
    if depth >= DEEPEST:
        raise Unreadable(f"archives in it are nested deeper than {DEEPEST} levels")
    return Archive(source, allowed)


def members(data: bytes, allowed: Allowance, depth: int) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Names of the members and what they hold, or why that cannot be said; Unreadable where it is no archive."""
    return archive_of(Source(data), allowed, depth).members()


def _zip(source: Source) -> zipfile.ZipFile:
    if _directory_size(source) > _LONGEST_DIRECTORY:
        raise Unreadable(f"it has more than {_MOST_MEMBERS} members")
    try:
        return zipfile.ZipFile(source.opened())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
        raise Unreadable("it cannot be read as a zip archive") from None


def _directory_size(source: Source) -> int:
    """Bytes of the list of members, all of which are read at once: the largest that an end of it tells.

    The records of its end as in PKWARE's APPNOTE, 4.3.14 and 4.3.16.
    """
    tail = source.part(max(0, source.size - _LONGEST_END), source.size)
    told = [0]
    for mark, at, width in ((b"PK\5\6", 12, 4), (b"PK\6\6", 40, 8)):
        place = tail.find(mark)
        while place >= 0:
            told.append(int.from_bytes(tail[place + at : place + at + width], "little"))
            place = tail.find(mark, place + 1)
    return max(one for one in told if one <= source.size)


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
