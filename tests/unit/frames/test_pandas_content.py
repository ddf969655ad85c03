"""Two small tables of pandas count as the same only where every cell and label is."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.frames import display_again, display_copy, heads_content, shown_content, view


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Asha", None, "Ravi"],
            "mixed": ["a", 1, dt.date(1990, 1, 2)],
            "number": [1.5, np.nan, 3.0],
            "whole": [1, 2, 3],
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "time": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
            "zone": pd.to_datetime(["2024-01-01", None, "2024-01-03"], utc=True),
            "kind": pd.Categorical(["x", "y", "x"]),
            "flag": [True, False, True],
        },
        index=pd.Index(["r1", "r2", "r3"], name="row"),
    )


CHANGES = {
    "a text": lambda t: t.__setitem__("name", ["Asha", None, "Ravy"]),
    "a cell in place": lambda t: t.iloc.__setitem__((0, 0), "Meera"),
    "a cell of any type": lambda t: t.loc.__setitem__(("r2", "mixed"), True),
    "a number": lambda t: t.loc.__setitem__(("r1", "number"), 1.25),
    "a null": lambda t: t.loc.__setitem__(("r3", "number"), np.nan),
    "a whole number": lambda t: t.loc.__setitem__(("r1", "whole"), 7),
    "a nullable one": lambda t: t.loc.__setitem__(("r2", "nullable"), 2),
    "a time": lambda t: t.loc.__setitem__(("r1", "time"), pd.Timestamp("2024-02-01")),
    "a category": lambda t: t.loc.__setitem__(("r2", "kind"), "x"),
    "the names of categories": lambda t: t.__setitem__("kind", pd.Categorical(["x", "z", "x"])),
    "a dtype": lambda t: t.__setitem__("whole", t["whole"].astype("int32")),
    "a label": lambda t: setattr(t, "columns", [*t.columns[:-1], "sign"]),
    "a row's label": lambda t: setattr(t, "index", pd.Index(["r1", "r2", "r4"], name="row")),
    "the index's name": lambda t: setattr(t.index, "name", "line"),
    "the order of columns": lambda t: setattr(t, "columns", [*t.columns[1::-1], *t.columns[2:]]),
}


def test_the_same_cells_are_the_same_in_every_copy() -> None:
    one = frame()

    held = shown_content(view(one))
    assert held is not None
    assert held == shown_content(view(one.copy(deep=False))) == shown_content(view(one[:]))
    assert heads_content(view(one)) == heads_content(view(one.head(2)))


@pytest.mark.parametrize("change", CHANGES)
def test_anything_else_is_another_table(change) -> None:
    one = frame()
    held = shown_content(view(one))

    CHANGES[change](one)

    assert shown_content(view(one)) != held


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [[1, 2], "x"]}),
        pd.DataFrame({"a": [{"k": 1}]}),
        pd.DataFrame({"a": [np.array([1])]}),
        pd.DataFrame({"a": [1]}, index=pd.Index([(1, [2])], tupleize_cols=False)),
        pd.DataFrame(np.zeros((101, 200))),
        pd.Series([1], name=("a", "b")),
    ],
)
def test_nobody_says_so_of_cells_that_may_change_or_of_very_many(table) -> None:
    assert shown_content(view(table), whole=True) is None


@pytest.mark.parametrize(
    "table",
    [
        pd.Series(["a", "b"], name="s"),
        pd.Index(["a", "b"]),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("a", 1)])),
        pd.DataFrame({"a": [decimal.Decimal(1)]}),
        pd.DataFrame(),
    ],
)
def test_all_kinds_of_tables_are_told(table) -> None:
    held = shown_content(view(table))

    assert held is not None and held == shown_content(view(table.copy()))


@pytest.mark.parametrize("row", [0, 30, 31, 500, 969, 999])
def test_of_a_long_table_only_what_is_shown_counts(row) -> None:
    long = pd.DataFrame({"a": [str(n) for n in range(1000)], "b": range(1000)})
    held = shown_content(view(long))

    long.loc[row, "b"] = -1

    assert (shown_content(view(long)) == held) == (31 <= row < 969)
    assert shown_content(view(long)) != shown_content(view(long[:-1]))


@pytest.mark.parametrize("rows", [3, 60, 61, 62, 63, 1000])
def test_a_copy_that_was_kept_is_fixed_as_a_new_one(rows) -> None:
    long = pd.DataFrame({"a": range(rows)})
    new = display_copy(view(long), lambda part: part.native.copy())

    again = display_again(view(long), new.native)

    assert again.fix(repr(again.native)) == new.fix(repr(new.native)) == repr(long)
