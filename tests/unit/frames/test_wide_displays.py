"""Of a table of thousands of columns those that a display shows are masked; what it says of the size stays true."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pandas as pd
import polars as pl
import pytest

from jupyter_privguard.frames import display_copy, mask_rows, view

RAW, MASKED = "raw@example.org", "***"


def masked(seen: Any) -> Any:
    """All columns and labels masked, as somebody might mask them."""
    labels = [
        MASKED + label[3:] if isinstance(label, str) and label.startswith("raw") else label for label in seen.labels
    ]
    return seen.masked({at: lambda values: [MASKED] * len(values) for at in range(len(seen.labels))}, labels)


def wide(columns: int, rows: int = 3) -> pd.DataFrame:
    return pd.DataFrame({f"raw{at}": [RAW] * rows for at in range(columns)})


@contextlib.contextmanager
def options(**given: object) -> Iterator[None]:
    named = [part for name, value in given.items() for part in (name.replace("__", "."), value)]
    with pd.option_context(*named):
        yield


@pytest.mark.parametrize("columns", [1, 202, 203, 230])
@pytest.mark.parametrize("most", [0, 1, 20, 21, 300, None])
def test_a_wide_table_renders_as_its_masked_whole(columns: int, most: int | None) -> None:
    table = wide(columns)
    with options(display__max_columns=most):
        copy = display_copy(view(table), masked)
        whole = masked(view(table))

        assert copy.fix(repr(copy.native)) == repr(whole)
        assert copy.fix(copy.native._repr_html_()) == whole._repr_html_()
    assert RAW not in copy.native.to_string()
    assert type(copy.native) is pd.DataFrame


@pytest.mark.parametrize("width", [40, 80, 500])
def test_lines_are_wrapped_as_ever(width: int) -> None:
    table = wide(230, rows=200)
    with options(display__max_columns=20, display__width=width, display__show_dimensions=True):
        copy = display_copy(view(table), masked)

        assert copy.fix(repr(copy.native)) == repr(masked(view(table)))
        assert copy.native.shape == (62, 202)


def test_labels_of_several_levels_stay_together() -> None:
    table = wide(240)
    table.columns = pd.MultiIndex.from_arrays([["a"] * 120 + ["b"] * 120, table.columns], names=["half", None])
    with options(display__max_columns=20):
        copy = display_copy(view(table), masked)

        assert copy.fix(repr(copy.native)) == repr(masked(view(table)))
        assert copy.fix(copy.native._repr_html_()) == masked(view(table))._repr_html_()


def test_row_labels_that_are_columns_too_stay_beside_their_rows() -> None:
    table = wide(240, rows=100).set_index(pd.Index([RAW] * 100, name="raw"))
    with options(display__max_columns=20):
        copy = display_copy(view(table), masked)

        assert copy.fix(repr(copy.native)) == repr(masked(view(table)))


@pytest.mark.parametrize(
    "given",
    [
        {"display__large_repr": "info"},
        {"display__html__table_schema": True},
        {"styler__render__repr": "latex"},
        {"display__max_columns": None},
    ],
    ids=str,
)
def test_what_tells_of_each_column_gets_all_of_them(given: dict[str, object]) -> None:
    with options(**{"display__max_columns": 20, **given}):
        assert display_copy(view(wide(230)), masked).native.shape[1] == 230
    assert display_copy(view(wide(230)), masked, whole=True).native.shape[1] == 230
    assert display_copy(view(wide(230)), masked, all_columns=True).native.shape[1] == 230


def test_info_in_place_of_a_table_counts_all_rows() -> None:
    table = wide(3, rows=500)
    with options(display__large_repr="info", display__max_rows=60):
        assert "500 entries" in repr(display_copy(view(table), masked).native)


def test_a_cell_that_looks_like_a_size_is_left_alone() -> None:
    table = wide(230).assign(size="[3 rows x 202 columns]")
    with options(display__max_columns=20):
        copy = display_copy(view(table), lambda part: part.native.copy())

        text = copy.fix(repr(copy.native))

    assert text.count("[3 rows x 202 columns]") == 3 and text.endswith("[3 rows x 231 columns]")


@pytest.mark.parametrize("columns", [1, 76, 202, 203, 230])
@pytest.mark.parametrize("most", [None, 5, 400, -1])
def test_a_wide_polars_table_renders_as_its_masked_whole(columns: int, most: int | None) -> None:
    table = pl.DataFrame({f"raw{at}": [RAW] * 30 for at in range(columns)})
    with pl.Config(**({} if most is None else {"tbl_cols": most})):
        copy = display_copy(view(table), masked)
        whole = masked(view(table))

        assert copy.fix(str(copy.native)) == str(whole)
        assert copy.fix(copy.native._repr_html_()) == whole._repr_html_()
    assert columns < 203 or most in (400, -1) or copy.native.width == 202


def test_rows_are_masked_cell_by_cell_and_equal_ones_once() -> None:
    raw = pd.DataFrame(
        [[RAW, None, RAW, 3], ["a", "b", "c", "d"]], index=["mail", "plan"], columns=[0, 1, 2, "n"], dtype=object
    )
    asked: list[list[Any]] = []

    def mapper(values: list[Any]) -> list[Any]:
        asked.append(values)
        return [MASKED] * len(values)

    new = mask_rows(raw.copy(), raw, {0: mapper}, except_columns={3})

    assert new.loc["mail"].tolist() == [MASKED, None, MASKED, 3] and asked == [[RAW]]
    assert new.loc["plan"].tolist() == ["a", "b", "c", "d"] and raw.loc["mail", 0] == RAW
