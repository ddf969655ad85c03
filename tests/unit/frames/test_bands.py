"""Bands: round edges, none of few rows, and no word on where the ends really are; counts for every engine alike."""

from __future__ import annotations

import datetime as dates
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.frames.bands import are_round_bands, banded, bounds_of, calendar
from jupyter_privguard.frames.counting import counted, numbers

NUMBERS = st.lists(st.floats(-1e7, 1e7, allow_nan=False) | st.integers(-50, 50).map(float), max_size=80)


def array(values) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@given(values=NUMBERS, k=st.integers(2, 8), least=st.sampled_from([0.0, 0.1, 1.0, 5.0]))
def test_every_band_holds_k_rows_and_all_rows_are_in_one(values, k, least) -> None:
    found = banded(array(values), smallest=k, least_width=least)

    if found is not None:
        assert min(found.counts) >= k
        assert sum(found.counts) == len(values)
        for (low, high), count in zip(found.ends(), found.counts, strict=True):
            assert count == sum((low is None or v >= low) and (high is None or v < high) for v in values)


@given(values=NUMBERS, k=st.integers(2, 8), far=st.sampled_from([1e9, 3.3e12, -1e9]))
def test_how_far_away_a_lonely_row_lies_is_not_told(values, k, far) -> None:
    if banded(array(values), smallest=k) is not None:
        near = banded(array([*values, math.copysign(2e8, far)]), smallest=k)

        assert banded(array([*values, far]), smallest=k) == near


@pytest.mark.parametrize(("below", "edges"), [(4, None), (5, (10.0,)), (6, (10.0,))])
def test_an_edge_has_k_rows_on_both_sides(below, edges) -> None:
    found = banded(array([5.0] * below + [15.0] * 5), smallest=5, least_width=10.0)

    assert (found and found.edges) == edges


@pytest.mark.parametrize(("middle", "counts"), [(4, (9, 5)), (5, (5, 5, 5)), (6, (5, 6, 5))])
def test_a_band_of_few_rows_joins_a_neighbour(middle, counts) -> None:
    found = banded(array([5.0] * 5 + [15.0] * middle + [25.0] * 5), smallest=5, least_width=10.0)

    assert found is not None
    assert found.counts == counts


def test_an_end_is_closed_only_where_no_row_is_beyond_the_next_line() -> None:
    closed = banded(array([5.0] * 5 + [15.0] * 5), smallest=5, least_width=10.0)
    open_ = banded(array([5.0] * 5 + [15.0] * 5 + [20.0, -1.0]), smallest=5, least_width=10.0)

    assert (closed.low, closed.high) == (0.0, 20.0)
    assert (open_.low, open_.high) == (None, None)


def test_what_lies_beyond_a_limit_is_one_open_band() -> None:
    found = banded(array([*range(20, 100)] * 2), smallest=5, least_width=5.0, highest=90.0)

    assert (found.edges[-1], found.high) == (90.0, None)


@pytest.mark.parametrize("values", [[], [1.0], [3.0] * 50, [math.nan] * 9, [math.inf, -math.inf] * 5])
def test_what_has_no_edge_has_no_bands(values) -> None:
    assert banded(array(values), smallest=5) is None


def test_of_what_is_nobodys_empty_bands_are_told_too() -> None:
    assert banded(array([5.0, 25.0]), smallest=1, least_width=10.0).counts == (1, 0, 1)


@pytest.mark.parametrize(("days", "least", "unit"), [(9000, "D", "Y"), (300, "D", "M"), (30, "D", "D"), (30, "M", "M")])
def test_the_unit_of_dates_fits_their_span(days, least, unit) -> None:
    moments = array([day * 86400.0 for day in range(days)])

    assert calendar(moments, smallest=5, least=least)[0] == unit


def test_a_lonely_date_does_not_choose_the_unit() -> None:
    moments = [day * 86400.0 for day in range(100)]

    assert calendar(array([*moments, 4e9]), smallest=5)[0] == calendar(array(moments), smallest=5)[0]


# --- counting -------------------------------------------------------------------------------------

UTC = dates.UTC
SECOND_DAY = dates.datetime(1970, 1, 2, tzinfo=UTC)
CELLS = {
    "whole": [3, None, 1, 3],
    "real": [1.5, None, -2.0, 1.5],
    "day": [dates.date(2020, 1, 2), None, dates.date(1969, 12, 31), dates.date(2020, 1, 2)],
    "flag": [True, None, False, True],
    "moment": [SECOND_DAY, None, dates.datetime(1969, 12, 31, tzinfo=UTC), SECOND_DAY],
    "text": ["x", None, "y", "x"],
}


def objects() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in CELLS.items()})


ENGINES = {
    "arrow": lambda: pa.table(CELLS),
    "polars": lambda: pl.DataFrame(CELLS),
    "pandas": lambda: pa.table(CELLS).to_pandas(),
    "pandas of arrow": lambda: pa.table(CELLS).to_pandas(types_mapper=pd.ArrowDtype),
    "objects": objects,
    "categories": lambda: objects().astype("category"),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_counts_alike(engine) -> None:
    seen = view(ENGINES[engine]())

    for position in range(len(CELLS)):
        found = counted(seen, position)
        assert (found.nulls, found.sizes.tolist()) == (1, [2, 1])


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_the_same_numbers(engine) -> None:
    seen = view(ENGINES[engine]())
    expected = {
        "whole": [3.0, 1.0, 3.0],
        "real": [1.5, -2.0, 1.5],
        "day": [1577923200.0, -86400.0, 1577923200.0],
        "moment": [86400.0, -86400.0, 86400.0],
    }

    for label, wanted in expected.items():
        found = numbers(seen, list(CELLS).index(label)).tolist()
        assert math.isnan(found.pop(1))
        assert found == wanted


@pytest.mark.parametrize(
    "table", [pd.DataFrame({"a": []}), pa.table({"a": pa.nulls(3)}), pd.DataFrame({"a": [None] * 3})]
)
def test_columns_without_values_are_counted(table) -> None:
    seen = view(table)

    assert counted(seen, 0).nulls == seen.rows
    assert np.isnan(numbers(seen, 0)).all()


@pytest.mark.parametrize(
    ("values", "bounds", "is_round"),
    [
        ([pd.Interval(0, 50_000), pd.Interval(50_000, 100_000)], (0.0, 100_000.0), True),
        (["(0, 50000]", "(50000, 100000]"], (0.0, 100_000.0), True),
        (["(-inf, 50000]", "(50000, inf]"], (float("-inf"), float("inf")), True),
        (["[31683.0, 70829.0]", "(70829.0, 1.5e5]"], (31_683.0, 150_000.0), False),
        (["[30.0, 35.5)"], (30.0, 35.5), False),
        (["[0, 10]", "other"], None, False),
        (["(0, 50000], (0, 1]"], None, False),
        (["(a, b]"], None, False),
        (["[1, 2, 3]"], None, False),
        ([3, 4], None, False),
        ([], None, False),
    ],
    ids=str,
)
def test_intervals_are_read_as_such_and_as_polars_writes_them(values, bounds, is_round) -> None:
    assert bounds_of(values) == bounds
    assert are_round_bands(values) is is_round
