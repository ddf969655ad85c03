"""Masked copies in the types of their originals, and what a table holds as a hash."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.frames import view
from jupyter_privguard.frames.content import content_of
from jupyter_privguard.frames.typed import number_in, typed_copy, typed_like, values_changed


@pytest.mark.parametrize(
    ("text", "number"),
    [("20-24", 20), ("30k-40k", 30_000), ("1M-2M", 10**6), ("90+", 90), ("-10 to 0", -10), ("[redacted]", 0), ("", 0)],
)
def test_a_mask_tells_its_first_number(text: str, number: float) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (pd.Series([47, 48]), ["45-49", "45-49"]),
        (pd.Series([1.5, np.nan]), ["0-10", None]),
        (pd.Series(pd.array([1, None], dtype="Int64")), ["0-10", None]),
        (pd.Series(pd.to_datetime(["1984-03-02", None])), ["1984", None]),
        (pd.Series([True, False]), ["[redacted]", "[redacted]"]),
        (pd.Series(["a", "b"]), ["tok:1", "tok:2"]),
    ],
)
def test_columns_keep_their_types_and_nulls(raw: pd.Series[Any], masked: list[Any]) -> None:
    made = typed_copy(pd.DataFrame({"x": masked}), raw.to_frame("x"))

    assert made["x"].dtype == raw.dtype and list(made["x"].isna()) == list(raw.isna())


def test_trees_keep_their_types() -> None:
    raw = {"age": 47, "rows": [{"income": 31_234.5, "name": "x"}], "n": (1, 2)}

    assert typed_like({"age": "45-49", "rows": [{"income": "30k-40k", "name": "tok_1"}], "n": (1, 2)}, raw) == {
        "age": 45,
        "rows": [{"income": 30_000.0, "name": "tok_1"}],
        "n": (1, 2),
    }


def test_changed_values_are_counted_by_column() -> None:
    raw = pd.DataFrame({"a": ["x", "y", "x"], "b": [1, 2, 3]})

    assert values_changed(raw.assign(a=["t", "u", "t"]), raw) == {0: 2}
    assert values_changed(raw.copy(), raw) == {}


TABLE = {"a": [1, 2, 3], "b": ["x", None, "z"], "c": [0.5, 1.5, 2.5]}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_equal_tables_have_equal_content_and_others_not(make: Any) -> None:
    def content(table: dict[str, list[Any]]) -> bytes | None:
        return content_of(view(make(table)))  # type: ignore[arg-type]

    first = content(TABLE)

    assert first is not None and len(first) == 32
    assert content({**TABLE}) == first
    others = [
        {**TABLE, "a": [1, 2, 4]},
        {**TABLE, "a": [1.0, 2.0, 3.0]},
        {"A": TABLE["a"], **{name: TABLE[name] for name in ("b", "c")}},
        {name: values[:2] for name, values in TABLE.items()},
        {name: values[::-1] for name, values in TABLE.items()},
        dict(reversed(TABLE.items())),
    ]
    assert first not in [content(one) for one in others]


@given(st.lists(st.lists(st.integers(), max_size=3), min_size=1, max_size=4))
def test_cells_of_lists_have_content_too(cells: list[list[int]]) -> None:
    one, same = (content_of(view(pd.DataFrame({"x": cells}))) for _ in range(2))  # type: ignore[arg-type]
    other = content_of(view(pd.DataFrame({"x": [*cells[:-1], [*cells[-1], 7]]})))  # type: ignore[arg-type]

    assert one == same != other
