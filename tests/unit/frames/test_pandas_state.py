"""What a pandas object looks like is the same until it is changed: else it is looked at, and logged, again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.frames import view

FRAME = pd.DataFrame({"channel": ["web", "shop", "web"], "n": [1, 2, 3], "x": [0.5, 1.5, 2.5]})
UNCHANGED: dict[str, Callable[[], Any]] = {
    "counts": lambda: FRAME.channel.value_counts(),
    "a column": lambda: FRAME["n"],
    "texts": lambda: FRAME["channel"].copy(),
    "objects": lambda: pd.Series(["web", 1, None], dtype=object),
    "a category": lambda: FRAME.channel.astype("category"),
    "numbers that may be missing": lambda: pd.Series([1, None], dtype="Int64"),
    "arrow": lambda: pd.Series([1, 2], dtype="int64[pyarrow]"),
    "days": lambda: pd.Series(pd.date_range("2026-01-01", periods=3)),
    "groups": lambda: FRAME.groupby(["channel", "n"])["x"].sum(),
    "nothing": lambda: pd.Series([], dtype=float),
    "an index": lambda: pd.Index(["a", "b"], name="channel"),
    "a range": lambda: pd.RangeIndex(3),
    "levels": lambda: pd.MultiIndex.from_frame(FRAME[["channel", "n"]]),
    "an index of days": lambda: pd.date_range("2026-01-01", periods=3),
    "a frame": lambda: FRAME.copy(),
}
SERIES = {
    "numbers": pd.Series([1, 2, 3]),
    "fractions": pd.Series([0.5, 1.5]),
    "texts": pd.Series(["web", "shop"]),
    "texts of python": pd.Series(["web", "shop"], dtype=pd.StringDtype("python")),
    "objects": pd.Series(["web", 1], dtype=object),
    "missing": pd.Series([1, None], dtype="Int64"),
    "arrow": pd.Series([1, 2], dtype="int64[pyarrow]"),
    "category": pd.Series(["web", "shop"], dtype="category"),
    "days": pd.Series(pd.date_range("2026-01-01", periods=3)),
}


def set_cell(series: pd.Series) -> None:
    series.iloc[0] = series.iloc[1]


def set_all(series: pd.Series) -> None:
    series[:] = series.iloc[::-1].array


def set_index(series: pd.Series) -> None:
    series.index = pd.Index([f"k{n}" for n in range(len(series))])


def set_name(series: pd.Series) -> None:
    series.name = "email"


def add(series: pd.Series) -> None:
    series.loc[len(series)] = series.iloc[0]


@pytest.mark.parametrize("made", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_what_nobody_changed_looks_the_same(made) -> None:
    obj = made()
    before = view(obj).state()
    others = [view(made()) for _ in range(5)]  # take up memory that was free

    assert others and all(view(obj).state() == before for _ in range(3))


@pytest.mark.parametrize("change", [set_cell, set_all, set_index, set_name, add])
@pytest.mark.parametrize("dtype", SERIES)
def test_a_series_that_was_changed_in_place_looks_different(dtype, change) -> None:
    series = SERIES[dtype].copy()
    before = view(series).state()

    change(series)

    assert view(series).state() != before


def test_an_array_that_is_written_to_behind_a_series_changes_it() -> None:
    numbers = np.array([1, 2, 3])
    series = pd.Series(numbers, copy=False)
    before = view(series).state()

    numbers[1] = 99

    assert view(series).state() != before or series.iloc[1] == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda df: df.insert(0, "more", 1),
        lambda df: df.__setitem__("n", [7, 8, 9]),
        lambda df: df.__setitem__("channel", ["a", "b", "c"]),
        lambda df: df.loc.__setitem__((0, "channel"), "email"),
        lambda df: df.rename(columns={"n": "m"}, inplace=True),
    ],
)
def test_a_frame_whose_columns_were_changed_looks_different(change) -> None:
    frame = FRAME.copy()
    before = view(frame).state()

    change(frame)

    assert view(frame).state() != before
