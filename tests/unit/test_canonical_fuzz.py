"""Canonical JSON: one form for one value, another for each other one, and a refusal of what has none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_privguard._canonical import canonical_json
from tests.fuzzing import fuzz

LARGEST = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)
refused = (
    st.floats()
    | st.binary()
    | st.integers(LARGEST + 1)
    | st.integers(max_value=-LARGEST - 1)
    | st.text(st.characters(categories=["Cs"]), min_size=1)
    | st.dictionaries(st.integers() | texts.filter(lambda text: not text.isascii()), st.none(), min_size=1)
    | st.sets(st.integers(), min_size=1)
)


def told_apart(value: Any) -> Any:
    """``value``, in which JSON's true is not 1."""
    if isinstance(value, dict):
        return {key: told_apart(item) for key, item in value.items()}
    return [told_apart(item) for item in value] if isinstance(value, list) else (type(value).__name__, value)


@fuzz(200)
@given(values)
def test_a_value_comes_back_and_has_the_same_bytes_again(value: Any) -> None:
    data = canonical_json(value)

    assert told_apart(json.loads(data)) == told_apart(value)
    assert canonical_json(json.loads(data)) == data
    assert b"\n" not in data.replace(b"\\n", b"")


@fuzz(200)
@given(values, values)
def test_two_values_have_two_forms(one: Any, other: Any) -> None:
    assume(told_apart(one) != told_apart(other))

    assert canonical_json(one) != canonical_json(other)


@fuzz(100)
@given(st.dictionaries(keys, values, max_size=6), st.randoms())
def test_the_order_of_keys_is_nothing(value: dict[str, Any], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)

    assert canonical_json(dict(items)) == canonical_json(value)


@fuzz(100)
@given(refused, st.lists(st.sampled_from(["list", "dict"]), max_size=3))
def test_what_has_no_form_is_refused_at_any_depth(value: Any, around: list[str]) -> None:
    for kind in around:
        value = [1, value] if kind == "list" else {"a": None, "b": value}

    with pytest.raises((TypeError, ValueError)):
        canonical_json(value)
