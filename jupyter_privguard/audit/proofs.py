"""Proofs of an RFC 6962 tree: that a leaf is in it, and that a larger tree begins with a smaller one.

Making them needs all leaf hashes, checking them a few hashes only and nothing of the log: a record
that left the log with its proof can be checked against a signed checkpoint by whoever has that.
Source: RFC 6962, section 2.1; the checks are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from .merkle import CompactRange, node_hash

__all__ = ["Tree", "check_consistency", "check_inclusion", "check_inclusions"]


class Tree:
    """All nodes over some leaves; of n leaves it keeps about 2n hashes of 32 bytes."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Build the tree over leaf hashes, in order."""
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            above = [node_hash(left, right) for left, right in pairs]
            if len(below) % 2:
                above.append(below[-1])  # without a neighbour it stands for itself one level up
            self._levels.append(above)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self._levels[0])

    def root(self) -> bytes:
        """The root over all leaves, 32 bytes."""
        return self._levels[-1][0] if self.size else CompactRange().root()

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that leaf ``index`` (from 0) is in the tree; IndexError when there is no such leaf."""
        if not 0 <= index < self.size:
            raise IndexError("there is no such leaf")
        proof = []
        for level in self._levels[:-1]:
            neighbour = index ^ 1
            if neighbour < len(level):
                proof.append(level[neighbour])
            index >>= 1
        return proof

    def inclusions(self, indexes: Iterable[int]) -> list[bytes]:
        """The proofs that all leaves ``indexes`` (from 0) are in the tree, each hash once; IndexError as `inclusion`.

        They are the roots of the largest subtrees without any of these leaves, from left to right.
        """
        asked = sorted(set(indexes))
        if asked and not 0 <= asked[0] <= asked[-1] < self.size:
            raise IndexError("there is no such leaf")
        found: list[bytes] = []

        def without(first: int, last: int) -> bytes:
            found.append(self._subtree(first, last))
            return found[-1]

        if asked:
            _over(0, self.size, asked, lambda index: self._levels[0][index], without)
        return found

    def consistency(self, older: int) -> list[bytes]:
        """The proof that this tree extends the one over its first ``older`` leaves; ValueError for no such tree."""
        if not 0 <= older <= self.size:
            raise ValueError("an older tree is not larger")
        return [] if older in (0, self.size) else self._consistency(older, 0, self.size, is_known=True)

    def _consistency(self, older: int, first: int, last: int, *, is_known: bool) -> list[bytes]:
        """SUBPROOF of RFC 6962, section 2.1.2, over the leaves from ``first`` to before ``last``."""
        if older == last - first:
            return [] if is_known else [self._subtree(first, last)]
        middle = first + _split(last - first)
        if older <= middle - first:
            return [
                *self._consistency(older, first, middle, is_known=is_known),
                self._subtree(middle, last),
            ]
        right = self._consistency(older - (middle - first), middle, last, is_known=False)
        return [*right, self._subtree(first, middle)]

    def _subtree(self, first: int, last: int) -> bytes:
        """The root over some leaves that make up one subtree: it stands in a level as it is."""
        height = (last - first - 1).bit_length()
        return self._levels[height][first >> height]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return when ``proof`` shows that leaf hash ``leaf`` is number ``index`` (from 0) of the tree; ValueError if not.

    ``size`` and ``root`` are the tree's, from a checkpoint whose signature was checked.
    """
    if not 0 <= index < size:
        raise ValueError("the index lies outside of the tree")
    number, last, node = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if number & 1 or number == last:
            node = node_hash(other, node)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            node = node_hash(node, other)
        number, last = number >> 1, last >> 1
    if last != 0 or node != root:
        raise ValueError("the proof does not lead to the root")


def check_inclusions(leaves: Mapping[int, bytes], size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return when ``proof`` (see `Tree.inclusions`) shows that each of ``leaves`` is in the tree; ValueError if not.

    ``leaves`` is leaf hashes by number, from 0, and at least one of them.
    """
    asked = sorted(leaves)
    if not asked or not 0 <= asked[0] <= asked[-1] < size:
        raise ValueError("an index lies outside of the tree")
    others: Iterator[bytes] = iter(proof)
    try:
        found = _over(0, size, asked, leaves.__getitem__, lambda _first, _last: next(others))
    except StopIteration:
        raise ValueError("the proof is too short") from None
    if found != root or next(others, None) is not None:
        raise ValueError("the proof does not lead to the root")


def _over(
    first: int,
    last: int,
    asked: Sequence[int],
    leaf: Callable[[int], bytes],
    without: Callable[[int, int], bytes],
) -> bytes:
    """The root over the leaves from ``first`` to before ``last``, of which ``asked`` are looked at one by one."""
    if not asked:
        return without(first, last)
    if last - first == 1:
        return leaf(first)
    middle = first + _split(last - first)
    cut = bisect_left(asked, middle)
    left = _over(first, middle, asked[:cut], leaf, without)
    return node_hash(left, _over(middle, last, asked[cut:], leaf, without))


def check_consistency(older: int, older_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Return when ``proof`` shows that the tree extends the older one; ValueError if not.

    Both roots come from checkpoints whose signatures were checked.
    """
    if not 0 <= older <= size:
        raise ValueError("an older tree is not larger")
    if older in (0, size):
        expected = CompactRange().root() if older == 0 else root
        if proof or older_root != expected:
            raise ValueError("the trees differ")
        return
    path = list(proof)
    if older & (older - 1) == 0:  # the older tree is whole in the newer one: its root begins the proof
        path.insert(0, older_root)
    if not path:
        raise ValueError("the proof is too short")
    number, last = older - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    was = now = path[0]
    for other in path[1:]:
        if last == 0:
            raise ValueError("the proof is too long")
        if number & 1 or number == last:
            was, now = node_hash(other, was), node_hash(other, now)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            now = node_hash(now, other)
        number, last = number >> 1, last >> 1
    if last != 0 or was != older_root or now != root:
        raise ValueError("the proof does not lead to the roots")


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
