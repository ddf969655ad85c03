"""Cells that hold several values: what is in them, and cells with other values in their place."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames.nested import fields_of, flat, has_fields, is_nested, leaves, with_leaves

Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (["a", None, "b"], [("", "a"), ("", "b")]),
        ([["a"], [], ("b", float("nan"))], [("", "a"), ("", "b")]),
        ({"name": "a", "tags": ["b", "c"]}, [("name", "a"), ("tags", "b"), ("tags", "c")]),
        ({"who": {"name": "a"}}, [("who.name", "a")]),
        ([{"name": "a"}, {"name": "b"}], [("name", "a"), ("name", "b")]),
        (np.array(["a", "b"]), [("", "a"), ("", "b")]),
        (np.array(7), [("", 7)]),
        (Pair("a", 1), [("", "a"), ("", 1)]),
        ({7: "a"}, [("7", "a")]),
        ([("name", "a")], [("name", "a"), ("", "name"), ("", "a")]),
        ("abc", [("", "abc")]),
        (b"abc", [("", b"abc")]),
        ([], []),
        (None, []),
    ],
)
def test_leaves_are_found_under_their_fields(cell: Any, found: list[tuple[str, Any]]) -> None:
    assert list(leaves(cell)) == found


@pytest.mark.parametrize("cell", [{"a": 1}, [{"a": 1}], [[({},)]], [("a", 1)], np.array([{"a": 1}])])
def test_records_are_told_from_lists(cell: Any) -> None:
    assert has_fields(cell)


@pytest.mark.parametrize("cell", ["a", ["a"], [("a", 1, 2)], (("a", 1),), {"a"}, np.array(["a"]), [["a", "b"]]])
def test_lists_are_no_records(cell: Any) -> None:
    assert not has_fields(cell)


def test_a_cell_that_holds_itself_ends() -> None:
    cell: list[Any] = ["a"]
    cell.append(cell)

    assert has_fields(cell) and len(list(leaves(cell))) < 100


@pytest.mark.parametrize("kind", [str, bytes, int, float, type(None), object])
def test_single_values_are_not_nested(kind: type) -> None:
    assert not is_nested(kind)


def test_structure_and_nulls_stay_where_leaves_change() -> None:
    cell = ["a", None, ("b", ["c"]), float("nan")]

    changed = with_leaves(cell, iter("xyz"))

    assert changed[:3] == ["x", None, ("y", ["z"])] and changed[3] != changed[3]
    assert with_leaves({"a", "b"}, iter("xx")) == {"x"} and with_leaves(np.array([1, 2]), iter("xy")) == ["x", "y"]
    assert cell[:3] == ["a", None, ("b", ["c"])]


NESTED = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=20)


@given(st.lists(NESTED, max_size=5))
def test_a_cell_with_its_own_leaves_is_the_same_cell(cell: list[Any]) -> None:
    assert with_leaves(cell, iter(flat([cell]))) == cell


def test_columns_fall_apart_into_fields_and_equal_cells_count_once() -> None:
    found = fields_of([{"a": 1, "b": "x"}, {"a": 1, "b": "x"}, {"a": 2}, ["y"], "z"])

    assert found.records == {"a": [1, 2], "b": ["x"], "keys": ["a", "b", "a"]} and found.plain == ["y", "z"]


def test_a_map_of_very_many_keys_has_few_fields_and_loses_no_value() -> None:
    found = fields_of([{f"user{n}": n for n in range(1000)}])

    assert len(found.records) < 100 and sum(map(len, found.records.values())) == 2000
