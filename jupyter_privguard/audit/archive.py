"""The log in a bucket that deletes nothing before its term: sealed segments, each with a signed manifest.

::

    <origin>/000000000001-000000065536.jsonl.zst.sealed    the lines, zstd, AES-256-GCM (`keys.sealed_file`)
    <origin>/000000000001-000000065536.manifest.json       what it holds, signed; it is written last, and counts

A manifest has the numbers of the records, the signed checkpoint of the log up to them, the SHA-256 of the sealed
bytes and the manifest before it. So the archive is proven by itself: that nothing in it was changed, and that each
segment goes on where the one before ended. It opens with the deployment's keys alone.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from .._canonical import canonical_json
from ..errors import InputError, KeyStoreError, LogError
from ..keys.keyring import KeyRing
from ..keys.sealed_file import open_sealed, seal
from ..keys.signatures import SignatureError
from .checkpoint import Checkpoint, document_text, open_note, open_text, sign, sign_text
from .merkle import CompactRange, leaf_hash
from .verify import VerifiedLog

__all__ = ["SEGMENT", "Bucket", "Segment", "archive", "read_back"]

SEGMENT = 1 << 16
"""Records in a segment at most."""
_FORMAT = "privguard archive 1"
_HEADING = "jupyter_privguard/archive/v1"
"""First line of what is signed: no log has this name."""
_MANIFEST = ".manifest.json"


class Bucket(Protocol):
    """Where an archive lies. Errors are LogUnavailable in one sentence."""

    def names(self) -> list[str]:
        """The names of all objects."""
        ...

    def read(self, name: str) -> bytes:
        """The content of an object; InputError where there is none."""
        ...

    def keep(self, name: str, data: bytes, until: datetime) -> None:
        """Write an object that nobody can delete or change before ``until``."""
        ...

    def prove_kept(self, name: str) -> None:
        """Return when deleting the object was tried and refused; LogError where it was not."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """Some records in an archive, as their manifest says; its signature was checked."""

    first: int
    last: int
    name: str
    """Of the sealed object."""
    sha256: str
    checkpoint: Checkpoint
    """Of the log up to ``last``."""
    before: str
    """SHA-256 of the manifest before it; empty for the first."""
    manifest_sha256: str
    retain_until: str


def archive(
    log: VerifiedLog,
    bucket: Bucket,
    ring: KeyRing,
    *,
    until: datetime,
    made: str,
    done: Callable[[float], None] | None = None,
) -> list[Segment]:
    """Write the records that ``bucket`` does not have yet, and prove that they cannot be deleted; the new segments.

    LogError where the log does not extend what is archived, or an object could be deleted. InputError where a
    library is missing.
    """
    segments = _manifests(bucket, ring.origin, log.vkey)
    begin = segments[-1].last if segments else 0
    tree = _tree(log.lines[:begin])
    if segments and (tree.size, tree.root()) != (begin, segments[-1].checkpoint.root):
        raise LogError("privguard: the log does not extend what is archived; one of the two has another past.")
    made_now = []
    for first in range(begin + 1, log.size + 1, SEGMENT):
        lines = log.lines[first - 1 : first - 1 + SEGMENT]
        tree.extend([leaf_hash(line.encode()) for line in lines])
        note = sign(Checkpoint(ring.origin, tree.size, tree.root()), ring)
        before = segments[-1].manifest_sha256 if segments else ""
        segments.append(_write(lines, first, note, before, bucket, ring, until, made))
        made_now.append(segments[-1])
        if done is not None:
            done((segments[-1].last - begin) / (log.size - begin))
    return made_now


def read_back(bucket: Bucket, ring: KeyRing, *, done: Callable[[float], None] | None = None) -> Checkpoint | None:
    """The checkpoint of the archived log, proven from the archive alone; None where nothing is archived.

    Every object is read, opened and hashed. LogError names the segment that is not as it was written; KeyStoreError
    where its key is not there.
    """
    segments = _manifests(bucket, ring.origin, ring.vkey)
    tree = CompactRange()
    for number, segment in enumerate(segments, 1):
        lines = list(_lines(segment, bucket, ring))
        tree.extend([leaf_hash(line) for line in lines])
        if (tree.size, tree.root()) != (segment.last, segment.checkpoint.root):
            raise _bad(segment)
        if done is not None:
            done(number / len(segments))
    return segments[-1].checkpoint if segments else None


def _write(
    lines: Sequence[str], first: int, note: str, before: str, bucket: Bucket, ring: KeyRing, until: datetime, made: str
) -> Segment:
    last = first + len(lines) - 1
    base = f"{ring.origin}/{first:012d}-{last:012d}"
    name = f"{base}.jsonl.zst.sealed"
    sealed = _sealed("".join(f"{line}\n" for line in lines).encode(), ring, f"{first:012d}-{last:012d}.jsonl.zst")
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "vkey": ring.vkey,
        "first": first,
        "last": last,
        "name": name,
        "bytes": len(sealed),
        "sha256": hashlib.sha256(sealed).hexdigest(),
        "key_id": ring.key_id,
        "checkpoint": note,
        "before": before,
        "retain_until": until.isoformat(timespec="seconds"),
        "made": made,
    }
    manifest["signature"] = sign_text(document_text(manifest, heading=_HEADING), ring)
    data = canonical_json(manifest)
    for called, content in ((name, sealed), (base + _MANIFEST, data)):
        bucket.keep(called, content, until)
        bucket.prove_kept(called)
    return _segment(data, ring.origin, ring.vkey)


def _manifests(bucket: Bucket, origin: str, vkey: str) -> list[Segment]:
    """The segments of the log in the order of their records; LogError where one is missing or not signed."""
    names = sorted(name for name in bucket.names() if name.startswith(f"{origin}/") and name.endswith(_MANIFEST))
    found: list[Segment] = []
    for name in names:
        segment = _segment(bucket.read(name), origin, vkey)
        expected = (found[-1].last + 1, found[-1].manifest_sha256) if found else (1, "")
        if (segment.first, segment.before) != expected:
            raise LogError(
                f"privguard: the archived segment that ends before record {segment.first} is missing, or another one "
                "is in its place."
            )
        found.append(segment)
    return found


def _segment(data: bytes, origin: str, vkey: str) -> Segment:
    """What a manifest says; LogError unless the log's key has signed it."""
    try:
        found = json.loads(data)
        open_text(found["signature"], vkey, expected=document_text(found, heading=_HEADING))
        signed = open_note(found["checkpoint"], vkey)
        made = Segment(
            first=int(found["first"]),
            last=int(found["last"]),
            name=str(found["name"]),
            sha256=str(found["sha256"]),
            checkpoint=signed,
            before=str(found["before"]),
            manifest_sha256=hashlib.sha256(data).hexdigest(),
            retain_until=str(found["retain_until"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError, SignatureError, KeyStoreError):
        raise LogError(f"privguard: a manifest in the archive of {origin} was changed or is not this log's.") from None
    if not 1 <= made.first <= made.last == signed.size:
        raise _bad(made)
    return made


def _tree(lines: Sequence[str]) -> CompactRange:
    tree = CompactRange()
    tree.extend([leaf_hash(line.encode()) for line in lines])
    return tree


def _lines(segment: Segment, bucket: Bucket, ring: KeyRing) -> Iterator[bytes]:
    sealed = bucket.read(segment.name)
    if hashlib.sha256(sealed).hexdigest() != segment.sha256:
        raise _bad(segment)
    opened = open_sealed(io.BytesIO(sealed), ring, called=segment.name)
    try:
        text = _zstd().ZstdDecompressor().stream_reader(io.BytesIO(b"".join(opened.chunks))).read()
    except _zstd().ZstdError:
        raise _bad(segment) from None
    yield from text.split(b"\n")[:-1]


def _sealed(data: bytes, ring: KeyRing, name: str) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(_zstd().ZstdCompressor().compress(data)), out, ring, name=name)
    return out.getvalue()


def _zstd() -> Any:  # a library that need not be there
    try:
        return import_module("zstandard")
    except ImportError:
        raise InputError(
            "privguard: an archive is compressed by zstandard, which is missing; run "
            '`pip install "jupyter-privguard[s3]"`.'
        ) from None


def _bad(segment: Segment) -> LogError:
    return LogError(
        f"privguard: the archived records {segment.first} to {segment.last} are not as they were written; "
        "compare them with another copy."
    )
