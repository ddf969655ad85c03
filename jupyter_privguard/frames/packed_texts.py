"""Many texts as bytes, and hashes of many in order: what is asked of them is whether one is among them.

Hashes are Python's own of texts, 64 bits with a secret of the process, so that nobody makes two texts that collide.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

__all__ = [
    "PackedTexts",
    "among",
    "hashes_of",
    "in_order",
    "merged",
    "ordered_hashes",
    "ordered_union",
    "place_in",
    "without",
]

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
        self._ends = np.cumsum(sizes).astype(_kind_of_ends(self._data))
        self.hashes = np.sort(hashes_of(texts))
        """Their hashes in order."""

    @classmethod
    def joined(cls, one: PackedTexts, other: PackedTexts) -> PackedTexts:
        """The texts of ``one``, then those of ``other``; none of them stands in both."""
        both = cls(())
        both._data = one._data + other._data
        ends = [one._ends.astype(np.int64), other._ends.astype(np.int64) + len(one._data)]
        both._ends = np.concatenate(ends).astype(_kind_of_ends(both._data))
        both.hashes = np.sort(np.concatenate([one.hashes, other.hashes]))
        return both

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
        return place_in(self.hashes, hash(text)) is not None

    def without(self, texts: Sequence[str]) -> list[str]:
        """Those of ``texts`` that are not among these."""
        return without(texts, self.hashes)


def without(texts: Sequence[str], ordered: Any) -> list[str]:
    """Those of ``texts`` whose hashes are not among the ``ordered`` ones."""
    if not len(ordered):
        return list(texts)
    are_there = among(hashes_of(texts), ordered)
    return [texts[at] for at in np.flatnonzero(~are_there).tolist()]


def among(numbers: Any, ordered: Any) -> Any:
    """For each of ``numbers`` whether it is one of the ``ordered``."""
    if not len(ordered):
        return np.zeros(len(numbers), np.bool_)
    return ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers


def _kind_of_ends(data: bytes) -> Any:
    return np.uint32 if len(data) < 1 << 32 else np.int64


def ordered_hashes(parts: Iterable[Iterable[str]]) -> array[int]:
    """The different hashes of the texts in ``parts`` in order, eight bytes each."""
    found = [hashes_of(texts) for texts in parts]
    return array("q", in_order(np.concatenate(found)).tobytes() if found else b"")


def merged(ordered: Sequence[array[int]]) -> array[int]:
    """Different numbers in order, of several that are."""
    parts = [np.frombuffer(part, dtype=np.int64) for part in ordered if part]
    return array("q", in_order(np.concatenate(parts)).tobytes() if parts else b"")


def ordered_union(texts: Iterable[str] | Any, hashes: Any = None) -> Any:
    """The different hashes of ``texts``, or ordered ones, with the ordered ``hashes``, in order."""
    own = texts if isinstance(texts, np.ndarray) else hashes_of(texts)
    return in_order(own if hashes is None else np.concatenate([own, hashes]))


def in_order(numbers: Any) -> Any:
    """The different ones of an array of whole numbers, in order.

    `numpy.unique` gathers them in a hash table from NumPy 2.3 on, which takes a hundred times as long as to sort them
    where nearly all are different.
    """
    found = np.sort(numbers, axis=None)
    is_first = np.ones(len(found), dtype=bool)
    np.not_equal(found[1:], found[:-1], out=is_first[1:])
    return found[is_first]


def hashes_of(texts: Iterable[str]) -> Any:
    """The hash of each of ``texts``."""
    return np.fromiter(map(hash, texts), np.int64)


def place_in(ordered: Any, value: Any) -> int | None:
    """Where ``value`` stands among ``ordered`` ones; None if it does not."""
    place = int(np.searchsorted(ordered, value))
    return place if place < len(ordered) and ordered[place] == value else None
