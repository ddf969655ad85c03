"""Codes and the groups that they make, against pandas' own groups."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.frames.codes import Codes, GroupSizes, group_sizes


class Unhashable:
    __hash__ = None


def _sizes(frame):
    seen = view(frame)
    return group_sizes([seen.codes(position) for position in range(len(frame.columns))])


def _brute_force(frame):
    sizes = frame.groupby(list(frame.columns), dropna=False, observed=True).size()
    return GroupSizes(int(sizes.min()), int((sizes == 1).sum()))


COLUMN = st.sampled_from(["text", "integers", "floats", "days", "categories", "booleans"])


@st.composite
def frames(draw):
    rows = draw(st.integers(1, 40))
    made = {}
    for place in range(draw(st.integers(1, 4))):
        kind = draw(COLUMN)
        numbers = draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows))
        nulls = kind != "booleans" and draw(st.booleans())
        known = [None if nulls and n == 3 else n for n in numbers]
        if kind == "text":
            column = pd.Series([None if n is None else f"v{n}" for n in known])
        elif kind == "integers":
            column = pd.Series(known, dtype="Int64")
        elif kind == "floats":
            column = pd.Series(known, dtype="float64")
        elif kind == "days":
            column = pd.Series([pd.NaT if n is None else pd.Timestamp(2000, 1, 1 + n) for n in known])
        elif kind == "categories":
            column = pd.Series(pd.Categorical(known))
        else:
            column = pd.Series([n > 1 for n in numbers])
        made[f"c{place}"] = column
    return pd.DataFrame(made)


@settings(max_examples=80, deadline=None)
@given(frames())
def test_groups_are_those_of_a_brute_force_groupby_with_nulls_as_a_value(frame):
    assert _sizes(frame) == _brute_force(frame)


def test_columns_of_more_combinations_than_an_integer_can_count_are_grouped_exactly():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({f"c{n}": rng.integers(0, 2000, 3000) for n in range(8)})
    doubled = pd.concat([frame, frame.iloc[:1000]], ignore_index=True)

    assert _sizes(doubled) == GroupSizes(1, 2000)


def test_a_smallest_group_of_more_than_one_is_found_among_many_groups():
    frame = pd.DataFrame({"a": np.repeat(np.arange(900), 3), "b": np.tile([1.5], 2700), "c": np.repeat(["x"], 2700)})

    assert _sizes(frame) == GroupSizes(3, 0)


def test_rows_that_are_not_there_make_no_groups():
    assert _sizes(pd.DataFrame({"a": []})) == GroupSizes(0, 0)
    with pytest.raises(ValueError, match="no column"):
        group_sizes([])


def test_cells_that_cannot_be_compared_are_all_different():
    frame = pd.DataFrame({"a": [Unhashable(), Unhashable(), None, None]})

    assert _sizes(frame) == GroupSizes(1, 2)


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["a", "b", None, "a"], dtype="string"),
        pd.Series(["a", "b", None, "a"], dtype="object"),
        pd.Series(["a", "b", None, "a"], dtype="category"),
        pd.Series(["a", "b", None, "a"], dtype="string[pyarrow]"),
        pd.Series([datetime.date(2000, 1, 1), datetime.date(2000, 1, 2), None, datetime.date(2000, 1, 1)]),
    ],
    ids=["string", "object", "category", "arrow", "dates"],
)
def test_codes_begin_with_null_and_follow_equality_whatever_the_type(values):
    codes = view(pd.DataFrame({"a": values})).codes(0)

    assert codes.values.tolist() == [1, 2, 0, 1]
    assert codes.count == 3


def test_an_index_level_has_codes_too():
    frame = pd.DataFrame({"a": [1, 2, 3]}, index=pd.Index(["x", "x", "y"], name="who"))

    assert view(frame).codes(1).values.tolist() == [1, 1, 2]


def test_codes_are_never_written_to():
    values = np.array([0, 1, 1])
    values.flags.writeable = False

    assert group_sizes([Codes(values, 2), Codes(values, 2)]) == GroupSizes(1, 1)
