"""Anchors: files of somebody else's that keep checkpoints of a log, so that nobody can take back what they signed.

An anchor is signed notes one after the other, each after an empty line; several logs may use one. The log
adds to it and reads it again, no more. Where its folder belongs to another account that lets this one append only,
truncation, rollback, a second history and another key show against it, whoever holds the log and its key.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from pathlib import Path

from .._files import read_regular
from ..errors import LogError, LogUnavailable
from ..keys.signatures import SignatureError
from .checkpoint import Checkpoint, open_note
from .merkle import CompactRange
from .reader import LogReader
from .stores.snapshot import Snapshot

__all__ = ["EVERY", "Anchors", "check_anchored", "kept_in"]

EVERY = 100
"""After so many records the log is anchored anew, and when it is opened and closed."""
_BLOCK = 4096
_LARGEST_BYTES = 512 << 20
"""Some millions of checkpoints."""
_TEXT_LINES = 3
"""Of a checkpoint that this package signs."""


class Anchors:
    """The anchors of one writer. That one cannot be written stops no cell: it is told, once."""

    def __init__(self, paths: Iterable[Path] = (), tell: Callable[[str], None] = print) -> None:
        """Add to the files ``paths``; ``tell`` hears of one that cannot be written."""
        self._paths = list(paths)
        self._tell = tell
        self._told: set[Path] = set()
        self._size = 0

    def is_due(self, size: int) -> bool:
        """Whether a log of ``size`` records has grown enough since it was anchored last."""
        return bool(self._paths) and size - self._size >= EVERY

    def keep(self, note: str, size: int) -> None:
        """Add the signed ``note`` over a log of ``size`` records, unless it was the last one or the log is empty."""
        if size in (0, self._size):
            return
        self._size = size
        for path in self._paths:
            try:
                _append(path, f"\n{note}".encode())
            except OSError as error:
                if path not in self._told:
                    self._told.add(path)
                    self._tell(
                        f"privguard: the log is not anchored: {path} cannot be written ({error.strerror}); "
                        "tell whoever keeps it."
                    )


def kept_in(path: Path, vkey: str) -> list[Checkpoint]:
    """The checkpoints of one log that the anchor ``path`` keeps, in its order; what is signed by no key counts nothing.

    LogError where it keeps one of this log's name that another key has signed; LogUnavailable where it cannot be read.
    """
    try:
        data = read_regular(path, _LARGEST_BYTES)
    except OSError as error:
        raise LogUnavailable(
            f"privguard: the anchor {path} cannot be read ({error.strerror}); ask whoever keeps it."
        ) from None
    if len(data) > _LARGEST_BYTES:
        raise LogUnavailable(
            f"privguard: the anchor {path} is larger than {_LARGEST_BYTES >> 20} MiB; ask whoever keeps it to begin a "
            "new one."
        )
    text = data.decode("utf-8", "replace")
    origin, found = vkey.partition("+")[0], []
    for note in _notes(text):
        try:
            found.append(open_note(note, vkey))
        except SignatureError:
            if note.partition("\n")[0] == origin:
                raise LogError(
                    f"privguard: the anchor {path} keeps a checkpoint of this log that another key has signed; "
                    "the log's key was exchanged, or somebody else used its name."
                ) from None
        except ValueError:
            continue
    return found


def check_anchored(reader: LogReader, kept: Sequence[Checkpoint]) -> None:
    """Return when the log extends every checkpoint in ``kept``; LogError for the first that it does not.

    The log itself has been proven before: its leaf hashes are taken as they are.
    """
    wanted = sorted({(checkpoint.size, checkpoint.root) for checkpoint in kept})
    reader.snapshot(lambda snapshot: _check(snapshot, wanted))


def _check(snapshot: Snapshot, wanted: Sequence[tuple[int, bytes]]) -> None:
    last = wanted[-1][0] if wanted else 0
    tree, left = CompactRange(), list(wanted)
    _compare(tree, left)
    for block in snapshot.blocks(_BLOCK, upto=last) if left else ():
        leaves = [row.leaf_hash for row in block if isinstance(row.leaf_hash, bytes)]
        while left and left[0][0] <= tree.size + len(leaves):
            here = left[0][0] - tree.size
            tree.extend(leaves[:here])
            leaves = leaves[here:]
            _compare(tree, left)
        tree.extend(leaves)
        if not left:
            return
    if left:
        raise LogError(
            f"privguard: the log is shorter than an anchor keeps it: {tree.size} records now, {left[-1][0]} then; "
            "the last ones were removed."
        )


def _compare(tree: CompactRange, left: list[tuple[int, bytes]]) -> None:
    """Take the checkpoints of this size off ``left``; LogError where one has another root."""
    while left and left[0][0] == tree.size:
        size, root = left.pop(0)
        if tree.root() != root:
            raise LogError(
                f"privguard: the log has another past than an anchor keeps: its first {size} records are not the ones "
                "that were signed then."
            )


def _notes(text: str) -> Iterator[str]:
    """The signed notes in a file: each is a text, an empty line and its signatures."""
    for before, after in pairwise(text.split("\n\n")):
        signatures = list(takewhile(lambda line: line.startswith("\u2014 "), after.split("\n")))
        if signatures:  # before the text and behind the signatures anything may stand
            signed = "\n".join(before.split("\n")[-_TEXT_LINES:])
            yield "\n".join([signed, "", *signatures, ""])


def _append(path: Path, data: bytes) -> None:
    # Never waits for somebody to read: a pipe under this name would stop the cell.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
    handle = os.open(path, flags, 0o600)
    try:
        written = os.write(handle, data)  # one call: notes of several writers do not mix
        os.fsync(handle)
        if written < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(handle)
