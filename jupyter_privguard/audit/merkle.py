"""The Merkle tree of RFC 6962, section 2.1 (the same tree as RFC 9162), grown leaf by leaf.

Leaves and inner nodes are hashed under different prefixes, so that no leaf can pass for a node.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["CompactRange", "leaf_hash", "node_hash"]

_HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes."""
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
        self._push(leaf, 0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add many leaves by their hashes: the same as `append` of each, in a fraction of the time."""
        done = 0
        while done < len(leaves):
            height = (len(leaves) - done).bit_length() - 1
            if self.size:  # no larger a subtree than the place where it begins takes
                height = min(height, (self.size & -self.size).bit_length() - 1)
            self._push(_perfect(leaves[done : done + (1 << height)]), height)
            done += 1 << height

    def roots(self, leaves: Sequence[bytes]) -> list[bytes]:
        """Add many leaves by their hashes; the root after each of them."""
        found = []
        for leaf in leaves:
            self._push(leaf, 0)
            found.append(self.root())
        return found

    def _push(self, subtree: bytes, height: int) -> None:
        """Add the root of a perfect subtree of 2 to the ``height`` leaves."""
        size = self.size >> height
        while size & 1:
            subtree = node_hash(self._hashes.pop(), subtree)
            size >>= 1
        self._hashes.append(subtree)
        self.size += 1 << height

    def root(self) -> bytes:
        """The tree's root, 32 bytes; SHA-256 of nothing for the empty tree."""
        if not self._hashes:
            return hashlib.sha256(b"").digest()
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
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


def _perfect(leaves: Sequence[bytes]) -> bytes:
    """The root over as many leaves as a power of two."""
    sha256, level = hashlib.sha256, list(leaves)
    while len(level) > 1:
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]
