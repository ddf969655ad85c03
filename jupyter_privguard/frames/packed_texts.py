"""Many texts as bytes, and hashes of many in order: what is asked of them is whether one is among them.

Hashes are Python's own of texts, 64 bits with a secret of the process, so that nobody makes two texts that collide.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["PackedTexts", "hashes_of", "merged", "ordered_hashes", "place_in"]

# `Any` in this file is one of numpy's arrays, or one of its numbers.


class PackedTexts:
    """Different texts as bytes; whether one is among them is told by its hash."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "".join(texts)
        if joined.isascii():
            self._data = joined.encode()
            sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        else:
            parts = [text.encode("utf-8", "surrogatepass") for text in texts]
            self._data = b"".join(parts)
            sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        self._ends = np.cumsum(sizes).astype(np.uint32 if len(self._data) < 1 << 32 else np.int64)
        self._hashes = np.sort(hashes_of(texts))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: int) -> str:
        start = int(self._ends[at - 1]) if at else 0
        return self._data[start : int(self._ends[at])].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends.tolist():
            yield self._data[start:end].decode("utf-8", "surrogatepass")
            start = end

    def __contains__(self, text: object) -> bool:
        return place_in(self._hashes, hash(text)) is not None

    def without(self, texts: Sequence[str]) -> list[str]:
        """Those of ``texts`` that are not among these."""
        if not len(self._hashes):
            return list(texts)
        hashes = hashes_of(texts)
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return [texts[at] for at in np.flatnonzero(self._hashes[places] != hashes).tolist()]


def ordered_hashes(parts: Iterable[Iterable[str]]) -> array[int]:
    """The different hashes of the texts in ``parts`` in order, eight bytes each."""
    found = [hashes_of(texts) for texts in parts]
    return array("q", np.unique(np.concatenate(found)).tobytes() if found else b"")


def merged(ordered: Sequence[array[int]]) -> array[int]:
    """Different numbers in order, of several that are."""
    parts = [np.frombuffer(part, dtype=np.int64) for part in ordered if part]
    return array("q", np.unique(np.concatenate(parts)).tobytes() if parts else b"")


def hashes_of(texts: Iterable[str]) -> Any:
    """The hash of each of ``texts``."""
    return np.fromiter(map(hash, texts), np.int64)


def place_in(ordered: Any, value: Any) -> int | None:
    """Where ``value`` stands among ``ordered`` ones; None if it does not."""
    place = int(np.searchsorted(ordered, value))
    return place if place < len(ordered) and ordered[place] == value else None
