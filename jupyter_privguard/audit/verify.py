"""The proof that a log is whole, or the name of the first record that is not.

Lines, leaf hashes and numbers are recomputed in blocks up to the root, and that is compared with what
was signed. Only where something does not fit, each record is looked at by itself (`examine`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..errors import InputError, LogError
from ..keys.signatures import SignatureError
from .checkpoint import Checkpoint, open_note
from .clock import Clock
from .examine import examine, signed_head
from .merkle import CompactRange
from .reader import LogReader
from .stores.snapshot import Snapshot, Stored

__all__ = ["Proof", "VerifiedLog", "prove", "verify"]

_BLOCK = 4096


@dataclass(frozen=True)
class Proof:
    """What was proven of a log; made by `prove` and `verify` alone."""

    size: int
    root: bytes
    """The RFC 6962 root over all lines, 32 bytes."""
    checkpoint: str
    """The signed note over ``root``."""
    vkey: str
    """The verifier key whose signature is on the note."""
    clock: Clock = field(default_factory=Clock, kw_only=True)
    """Whether it went back between records that were read."""


@dataclass(frozen=True)
class VerifiedLog(Proof):
    """A log whose every record was checked; made by `verify` alone."""

    lines: tuple[str, ...]
    """The canonical JSON lines, in order: the leaves of the tree."""

    @cached_property
    def events(self) -> tuple[dict[str, Any], ...]:
        """All events in order; the first has ``seq`` 1."""
        return tuple(json.loads(line) for line in self.lines)


def verify(reader: LogReader, *, checkpoint: str | None = None) -> VerifiedLog:
    """The log, proven whole; with a kept ``checkpoint`` (a signed note) also that it extends it.

    LogError names the first bad record, or says that the log is shorter than the checkpoint or has
    another past. InputError when ``checkpoint`` is no signed checkpoint at all.
    """
    lines: list[str] = []
    proof = _proven(reader, checkpoint, kept_lines=lines)
    return VerifiedLog(proof.size, proof.root, proof.checkpoint, proof.vkey, tuple(lines), clock=proof.clock)


def prove(reader: LogReader, *, checkpoint: str | None = None, is_trusted: bool = False) -> Proof:
    """What `verify` proves, without keeping the lines; a log of any size in little memory.

    ``is_trusted``: the records that ``checkpoint`` covers were proven when it was kept. Their hashes must
    still lead to its root; their lines are not read again. Errors as `verify`.
    """
    return _proven(reader, checkpoint, is_trusted=is_trusted)


def _proven(
    reader: LogReader,
    checkpoint: str | None,
    *,
    kept_lines: list[str] | None = None,
    is_trusted: bool = False,
) -> Proof:
    vkey = reader.vkey
    if vkey is None:
        raise LogError(f"privguard: the log {reader.path} cannot be verified without its verifier key.")
    kept = None if checkpoint is None else _kept(checkpoint, vkey)

    def work(snapshot: Snapshot) -> Proof:
        if kept_lines is not None:
            kept_lines.clear()  # a writer came between, and this is another try
        return _quickly(snapshot, vkey, kept, kept_lines, trusted=kept.size if kept and is_trusted else 0)

    return reader.snapshot(work)


def _quickly(
    snapshot: Snapshot,
    vkey: str,
    kept: Checkpoint | None,
    lines: list[str] | None,
    *,
    trusted: int,
) -> Proof:
    """The proof of the whole log; where anything does not fit, the sentence that `examine` finds."""
    head = snapshot.head()
    signed = signed_head(head, vkey)
    tree, root_then, clock = CompactRange(), CompactRange().root(), Clock()
    for block in snapshot.blocks(_BLOCK, upto=trusted):
        before = tree.size
        if not _fits(block, before, is_trusted=before < trusted):
            break
        if lines is not None:
            lines.extend(row.line.decode() for row in block if isinstance(row.line, bytes))
        for number, row in enumerate(block, before + 1):
            if isinstance(row.line, bytes):
                clock.take(row.line, number)
        leaves = [row.leaf_hash for row in block if isinstance(row.leaf_hash, bytes)]
        if before < trusted:  # a block ends with the last of them
            tree.extend(leaves)
            root_then = tree.root()
            continue
        roots = tree.roots(leaves)
        if roots != [row.root for row in block]:
            break
        if kept is not None and before < kept.size <= tree.size:
            root_then = roots[kept.size - before - 1]
    else:
        root = tree.root()
        is_whole = (
            signed is not None
            and (tree.size, root) == (signed.size, signed.root) == (head.size, head.root)
            and head.frontier == bytes(tree)
            and (kept is None or (kept.size <= tree.size and kept.root == root_then))
        )
        if is_whole and isinstance(head.checkpoint, bytes):
            snapshot.check_complete(tree.size)
            return Proof(tree.size, root, head.checkpoint.decode(), vkey, clock=clock)
    examine(snapshot, vkey, kept)
    raise LogError("privguard: the log changed while it was read; run `privguard audit verify` again.")


def _fits(block: list[Stored], before: int, *, is_trusted: bool) -> bool:
    """Whether the rows have the next numbers and the hashes of their lines."""
    seqs, lines, hashes, _ = zip(*block, strict=True)
    if seqs != tuple(range(before + 1, before + len(block) + 1)):
        return False
    if is_trusted:
        return all(isinstance(one, bytes) and len(one) == 32 for one in hashes)
    sha256 = hashlib.sha256
    try:  # a line may be anything at all
        return hashes == tuple([sha256(b"\x00" + line).digest() for line in lines])
    except TypeError:
        return False


def _kept(note: str, vkey: str) -> Checkpoint:
    try:
        return open_note(note, vkey)
    except ValueError:
        raise InputError(
            "privguard: the kept checkpoint is not a signed checkpoint; use a file that "
            "`privguard audit checkpoint` has written."
        ) from None
    except SignatureError as error:
        raise LogError(
            f"privguard: the kept checkpoint does not belong to this log: {str(error).removeprefix('privguard: ')}"
        ) from None
