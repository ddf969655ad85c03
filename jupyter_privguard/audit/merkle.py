"""The Merkle tree of RFC 6962, section 2.1 (the same tree as RFC 9162), grown leaf by leaf.

Leaves and inner nodes are hashed under different prefixes, so that no leaf can pass for a node.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["CompactRange", "leaf_hash"]

_HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The frontier of a tree: the roots of its perfect subtrees, largest first.

    A tree of n leaves needs as many hashes as n has one-bits, whatever its size, to go on growing
    and to tell its root.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """A tree of ``size`` leaves; ValueError when the hashes are not as many as they must be."""
        if size < 0 or len(hashes) != size.bit_count() or any(len(one) != _HASH_BYTES for one in hashes):
            raise ValueError("the frontier does not fit the size")
        self.size = size
        self._hashes = list(hashes)

    @classmethod
    def parse(cls, size: int, data: bytes) -> CompactRange:
        """The range that ``bytes`` wrote; ValueError when it does not fit ``size``."""
        pieces = [data[start : start + _HASH_BYTES] for start in range(0, len(data), _HASH_BYTES)]
        return cls(size, pieces)

    def __bytes__(self) -> bytes:
        return b"".join(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash; equal neighbours grow together."""
        subtree, size = leaf, self.size
        while size & 1:
            subtree = _node_hash(self._hashes.pop(), subtree)
            size >>= 1
        self._hashes.append(subtree)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root, 32 bytes; SHA-256 of nothing for the empty tree."""
        if not self._hashes:
            return hashlib.sha256(b"").digest()
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = _node_hash(left, root)
        return root

    def first_difference(self, other: CompactRange) -> tuple[int, int] | None:
        """First and last leaf (from 1) of the first subtree that differs from ``other``'s.

        None when the two are equal; ValueError when their sizes differ.
        """
        if self.size != other.size:
            raise ValueError("ranges of different sizes")
        start = 0
        heights = [bit for bit in reversed(range(self.size.bit_length())) if self.size >> bit & 1]
        for height, one, two in zip(heights, self._hashes, other._hashes, strict=True):
            if one != two:
                return start + 1, start + (1 << height)
            start += 1 << height
        return None
