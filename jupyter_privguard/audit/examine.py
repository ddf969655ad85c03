"""The slow look at a log that is not whole: which record is the first bad one, and what happened to it.

Everything is recomputed record by record: leaf hashes, the root after each record, the numbers, the size,
and the signature over the last root. What the store says of itself is only compared. The store may have been
rebuilt by whoever owns the file, so nothing in it is trusted to have a type.
"""

from __future__ import annotations

import json
from typing import Any

from ..errors import LogError
from ..keys.signatures import SignatureError
from .checkpoint import Checkpoint, open_note
from .merkle import CompactRange, leaf_hash
from .stores.snapshot import Snapshot, Stored, StoredHead

__all__ = ["examine", "signed_head"]


def examine(snapshot: Snapshot, vkey: str, kept: Checkpoint | None) -> None:
    """Return when the log is whole, and extends ``kept`` if given; LogError names the first bad record."""
    _Examination(snapshot, vkey, kept).run()


class _Examination:
    """One pass over one snapshot."""

    def __init__(self, snapshot: Snapshot, vkey: str, kept: Checkpoint | None) -> None:
        self._snapshot = snapshot
        self._vkey = vkey
        self._kept = kept
        self._head = snapshot.head()
        self._tree = CompactRange()

    def run(self) -> None:
        """Look at each record, then at the head, then at the kept checkpoint."""
        signed = signed_head(self._head, self._vkey)
        total = signed.size if signed else None
        root_then = self._tree.root() if self._kept and self._kept.size == 0 else None
        signed_then = self._tree.root() if signed and signed.size == 0 else None
        for row in self._snapshot.rows():
            self._take(row, total)
            if self._kept and self._tree.size == self._kept.size:
                root_then = self._tree.root()
            if self._tree.size == total:
                signed_then = self._tree.root()
        self._check_head(signed, signed_then)
        if self._kept:
            self._check_kept(self._kept, root_then)

    def _take(self, row: Stored, total: int | None) -> None:
        """Add a row to the tree; LogError when it is not what must come next."""
        number = self._tree.size + 1
        event = _event(row.line)
        if type(row.seq) is not int or row.seq != number or event is None or _number(event) != number:
            raise self._bad(number, total, self._what_happened(number, total, row))
        leaf = leaf_hash(_bytes(row.line))
        self._tree.append(leaf)
        if row.leaf_hash != leaf or row.root != self._tree.root():
            raise self._bad(number, total, "was changed")

    def _what_happened(self, number: int, total: int | None, row: Stored) -> str:
        """Why another row stands where record ``number`` should, from what all rows say of themselves."""
        says = _number(_event(row.line))
        if says == number:
            return "was moved: its row has another number"
        later = [_number(_event(other.line)) for other in self._snapshot.rows()][number - 1 :]
        if number in later:
            if says is None:
                return "was moved: something that is no record was added in front of it"
            return f"was moved: a copy of record {says} was added in front of it" if says < number else "was moved"
        if says is None:
            return "was changed" if row.seq == number else "is missing"
        if says > number:
            return "is missing"
        if total is not None and number > total:
            return f"was added: it repeats record {says}"
        return f"was replaced by a copy of record {says}"

    def _check_head(self, signed: Checkpoint | None, signed_then: bytes | None) -> None:
        size = self._tree.size
        if signed is None:
            raise LogError(
                f"privguard: the signed head of the log is damaged or not signed by this log's key, although its "
                f"{size} records fit one another; compare them with a checkpoint or backup kept elsewhere."
            )
        if size < signed.size:
            raise self._bad(size + 1, signed.size, "is missing")
        if signed_then != signed.root:
            raise self._rewritten(signed)
        if size > signed.size:
            raise self._bad(signed.size + 1, signed.size, "was added after the signed head")
        if (self._head.size, self._head.root) != (size, signed.root) or self._head.frontier != bytes(self._tree):
            raise LogError(
                "privguard: the head of the log was changed, although all records are whole; restore it from a backup."
            )

    def _rewritten(self, signed: Checkpoint) -> LogError:
        """Lines, hashes and roots fit, the signature's root does not: find the part by the frontier."""
        where = f"at least one of the {signed.size} records"
        try:
            frontier = CompactRange.parse(signed.size, _bytes(self._head.frontier))
            if frontier.root() == signed.root and self._tree.size == signed.size:
                first, last = frontier.first_difference(self._tree) or (1, signed.size)
                of = f"of {signed.size}"
                where = f"record {first} {of}" if first == last else f"one of the records {first} to {last} {of}"
        except ValueError:
            pass  # the frontier was changed too
        return LogError(
            f"privguard: {where} was changed together with its hashes, for the signed root is another one; "
            "restore the log from a backup."
        )

    def _check_kept(self, kept: Checkpoint, root_then: bytes | None) -> None:
        if kept.size > self._tree.size:
            raise LogError(
                f"privguard: the log is shorter than the kept checkpoint: {self._tree.size} records now, "
                f"{kept.size} then; the last ones were removed."
            )
        if root_then != kept.root:
            raise LogError(
                f"privguard: the log does not extend the kept checkpoint: its first {kept.size} records are not the "
                "ones that were signed then."
            )

    def _bad(self, number: int, total: int | None, what: str) -> LogError:
        of = f" of {total}" if total is not None and total >= number else ""
        return LogError(f"privguard: record {number}{of} {what}; restore the log from a backup or checkpointed copy.")


def signed_head(head: StoredHead, vkey: str) -> Checkpoint | None:
    """The checkpoint in the head; None when its form or its signature is not good."""
    try:
        return open_note(_bytes(head.checkpoint).decode(), vkey)
    except (ValueError, SignatureError):
        return None


def _event(line: object) -> dict[str, Any] | None:
    try:
        found = json.loads(_bytes(line))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(event: dict[str, Any] | None) -> int | None:
    """The number that an event gives itself."""
    number = (event or {}).get("seq")
    return number if type(number) is int else None


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
