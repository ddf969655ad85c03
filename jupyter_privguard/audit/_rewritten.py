"""Whether the kernels' log still extends every checkpoint of it that the server kept."""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._canonical import canonical_json
from .checkpoint import Checkpoint
from .merkle import CompactRange, leaf_hash

__all__ = ["rewritten"]


def rewritten(
    kernel_events: Sequence[Mapping[str, Any]], server_events: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The first of the server's events whose checkpoint the kernels' log does not extend, if there is one.

    The note's signature is not asked: it stands in the server's log, which has been proven whole.
    """
    kept = [(checkpoint, event) for event in server_events if (checkpoint := _kept(event)) is not None]
    roots = _roots(kernel_events, {checkpoint.size for checkpoint, _ in kept})
    for checkpoint, event in kept:
        if roots.get(checkpoint.size) != checkpoint.root:
            yield event
            return


def _kept(event: Mapping[str, Any]) -> Checkpoint | None:
    note = event.get("anchor")
    if not isinstance(note, str):
        return None
    try:
        return Checkpoint.parse(f"{note.partition(chr(10) * 2)[0]}\n")
    except (ValueError, binascii.Error):
        return None


def _roots(events: Sequence[Mapping[str, Any]], sizes: set[int]) -> dict[int, bytes]:
    """The root after as many records, for each of ``sizes`` that the log has reached."""
    tree = CompactRange()
    roots = {0: tree.root()}
    last = max(sizes, default=0)
    for event in events[:last]:
        tree.append(leaf_hash(canonical_json(event)))
        if tree.size in sizes:
            roots[tree.size] = tree.root()
    return roots
