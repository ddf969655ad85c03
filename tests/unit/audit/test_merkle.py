"""The tree of RFC 6962, against its vectors and its recursive definition."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.audit.merkle import CompactRange, leaf_hash

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/merkle/rfc6962.json").read_text())
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]


def tree_of(leaves: list[bytes]) -> CompactRange:
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    return tree


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])).digest()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert CompactRange().root().hex() == VECTORS["empty"]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size: int) -> None:
    assert tree_of(LEAVES[:size]).root().hex() == VECTORS["roots"][size - 1]
    assert root_by_definition(LEAVES[:size]).hex() == VECTORS["roots"][size - 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=6), max_size=70))
def test_growing_leaf_by_leaf_gives_the_root_by_definition(leaves: list[bytes]) -> None:
    assert tree_of(leaves).root() == root_by_definition(leaves)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=4), max_size=40), st.binary(max_size=4))
def test_a_stored_frontier_grows_on_like_the_tree_itself(leaves: list[bytes], more: bytes) -> None:
    tree = tree_of(leaves)
    again = CompactRange.parse(tree.size, bytes(tree))

    again.append(leaf_hash(more))

    assert again.root() == root_by_definition([*leaves, more])


@pytest.mark.parametrize(
    ("size", "data"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (2, bytes(31)), (1, bytes(33)), (-1, bytes(32))]
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, data: bytes) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        CompactRange.parse(size, data)


@pytest.mark.parametrize(("changed", "first", "last"), [(0, 1, 4), (3, 1, 4), (4, 5, 6), (6, 7, 7)])
def test_the_first_subtree_that_differs_is_found(changed: int, first: int, last: int) -> None:
    leaves = [bytes([n]) for n in range(7)]
    other = [*leaves[:changed], b"other", *leaves[changed + 1 :]]

    assert tree_of(leaves).first_difference(tree_of(other)) == (first, last)
    assert tree_of(leaves).first_difference(tree_of(leaves)) is None
    with pytest.raises(ValueError, match="different sizes"):
        tree_of(leaves).first_difference(tree_of(leaves[:3]))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.binary(max_size=3), max_size=80), st.data())
def test_many_leaves_at_once_are_the_same_as_one_by_one(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tree, done = CompactRange(), 0
    while done < len(hashes):
        count = data.draw(st.integers(1, len(hashes) - done))
        tree.extend(hashes[done : done + count])
        done += count

    tree.extend([])

    assert (tree.size, bytes(tree)) == (len(leaves), bytes(tree_of(leaves)))
