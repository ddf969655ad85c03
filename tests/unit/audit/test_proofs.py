"""Proofs of the tree: by the definition of RFC 6962, and none that is not right passes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.audit.merkle import leaf_hash
from jupyter_privguard.audit.proofs import Tree, check_consistency, check_inclusion, check_inclusions

SIZES = st.integers(1, 70)


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(bytes([number])) for number in range(size)]


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(number: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if number < k:
        return [*path(number, leaves[:k]), root(leaves[k:])]
    return [*path(number - k, leaves[k:]), root(leaves[:k])]


def subproof(older: int, leaves: list[bytes], is_known: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, word for word."""
    if older == len(leaves):
        return [] if is_known else [root(leaves)]
    k = split(len(leaves))
    if older <= k:
        return [*subproof(older, leaves[:k], is_known), root(leaves[k:])]
    return [*subproof(older - k, leaves[k:], False), root(leaves[:k])]


@settings(max_examples=80, deadline=None)
@given(SIZES, st.data())
def test_a_leaf_is_proven_by_the_path_of_the_standard(size: int, data: st.DataObject) -> None:
    leaves, tree = hashes(size), Tree(hashes(size))
    number = data.draw(st.integers(0, size - 1))

    proof = tree.inclusion(number)

    assert proof == path(number, leaves)
    assert tree.root() == root(leaves)
    check_inclusion(leaves[number], number, size, proof, tree.root())


@settings(max_examples=80, deadline=None)
@given(SIZES, st.data())
def test_nothing_else_is_proven(size: int, data: st.DataObject) -> None:
    leaves, tree = hashes(size), Tree(hashes(size))
    number = data.draw(st.integers(0, size - 1))
    proof, other = tree.inclusion(number), leaf_hash(b"other")
    wrong = [
        (other, number, size, proof, tree.root()),
        (leaves[number], number, size, proof, other),
        (leaves[number], number, size, [*proof, other], tree.root()),
        (leaves[number], size, size, proof, tree.root()),
        (leaves[number], -1, size, proof, tree.root()),
    ]
    wrong += [(leaves[number], number, size, proof[:-1], tree.root())] if proof else []
    wrong += [(leaves[number], n, size, proof, tree.root()) for n in {0, number ^ 1, size - 1} - {number} if n < size]

    for claim in wrong:
        with pytest.raises(ValueError, match=r"proof|index"):
            check_inclusion(*claim)


@settings(max_examples=80, deadline=None)
@given(SIZES, st.data())
def test_several_leaves_are_proven_at_once_and_only_by_their_own_proof(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    tree = Tree(leaves)
    asked = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    proof = tree.inclusions(asked)
    own = {number: leaves[number] for number in asked}

    check_inclusions(own, size, proof, root(leaves))

    assert len(proof) <= sum(len(tree.inclusion(number)) for number in asked)
    changed = data.draw(st.sampled_from(sorted(asked)))
    wrong = [
        ({**own, changed: leaf_hash(b"another")}, size, proof),
        ({**own, size: leaves[0]}, size, proof),
        (own, size, [*proof, leaves[0]]),
        ({}, size, proof),
    ]
    wrong += [(own, size, proof[:-1])] if proof else []
    for found in wrong:
        with pytest.raises(ValueError, match=r"proof|index"):
            check_inclusions(*found, root(leaves))


@given(SIZES, st.data())
def test_a_tree_that_grew_is_proven_by_the_proof_of_the_standard(size: int, data: st.DataObject) -> None:
    leaves, tree = hashes(size), Tree(hashes(size))
    older = data.draw(st.integers(0, size))

    proof = tree.consistency(older)

    assert proof == (subproof(older, leaves, True) if older else [])
    check_consistency(older, root(leaves[:older]), size, tree.root(), proof)


@settings(max_examples=80, deadline=None)
@given(SIZES, st.data())
def test_another_past_is_not_proven(size: int, data: st.DataObject) -> None:
    leaves, tree = hashes(size), Tree(hashes(size))
    older, other = data.draw(st.integers(0, size)), leaf_hash(b"other")
    proof, was = tree.consistency(older), root(leaves[:older])
    wrong = [
        (older, other, size, tree.root(), proof),
        (older, was, size, tree.root(), [*proof, other]),
        (older, was, size, tree.root(), [other, *proof[1:]] if proof else [other]),
        (size + 1, was, size, tree.root(), proof),
    ]
    wrong += [(older, was, size, other, proof)] if older else []
    wrong += [(older, was, size, tree.root(), proof[:-1])] if proof else []

    for claim in wrong:
        with pytest.raises(ValueError, match=r"proof|tree"):
            check_consistency(*claim)


def test_there_is_no_proof_for_what_is_not_in_the_tree() -> None:
    tree = Tree(hashes(3))

    for number in (-1, 3):
        with pytest.raises(IndexError):
            tree.inclusion(number)
    for older in (-1, 4):
        with pytest.raises(ValueError, match="older"):
            tree.consistency(older)
    assert Tree([]).root() == hashlib.sha256().digest()
