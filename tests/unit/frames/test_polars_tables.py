"""polars frames: every dtype, frames that were written to, queries that are not run."""

from __future__ import annotations

import datetime
import pickle
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pandas as pd
import polars as pl
import pytest

from jupyter_privguard import frames
from jupyter_privguard.errors import InputError
from jupyter_privguard.frames import Kind, explicit_view, view
from tests.unit.frames.engine_data import DATA, RAW, stars

DAY = datetime.date(2001, 2, 3)


def test_a_polars_series_keeps_its_name() -> None:
    series = pl.Series("mail", [RAW, None, "b"])
    seen = view(series)

    masked = seen.masked({0: stars})

    assert isinstance(masked, pl.Series) and masked.name == "mail" and masked.to_list() == ["*0", None, "*1"]
    assert type(seen.shown(2, 1).native) is pl.Series and len(seen.shown(2, 1).native) == 2


def test_a_lazy_frame_is_not_collected_for_its_header() -> None:
    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("executed")

    lazy = pl.LazyFrame({"mail": [RAW]}).map_batches(fail, schema={"mail": pl.String})

    assert explicit_view(lazy, header_only=True).labels == ("mail",)
    with pytest.raises(InputError, match="cannot be collected"):
        explicit_view(lazy)


def test_polars_without_pyarrow_is_said_once_and_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jupyter_privguard.frames.engines.polars_watch import WITHOUT_PYARROW, install

    install(Mock())()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    install(Mock())()
    assert capsys.readouterr() == ("", WITHOUT_PYARROW + "\n") and WITHOUT_PYARROW.startswith("privguard: polars is")


def test_polars_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "jupyter_privguard.frames.engines.polars", raising=False)
    monkeypatch.setattr(frames, "_engine", frames._engine.__wrapped__)  # as if no polars table had been met

    with pytest.raises(InputError, match=r"^privguard: polars tables need pyarrow: pip install "):
        view(pl.DataFrame(DATA))
    assert view(1) is None and view(pd.DataFrame({"x": [1]})).rows == 1


@pytest.mark.parametrize(
    ("dtype", "values", "kind"),
    [
        (pl.Categorical, [RAW, None, "b", RAW], Kind.TEXT),
        (pl.Enum([RAW, "b", "never"]), [RAW, None, "b", RAW], Kind.TEXT),
        (pl.Object, [RAW, None, 5, RAW], Kind.TEXT),
        (pl.Decimal(10, 2), [Decimal("1.50"), None, Decimal("2.00"), Decimal("1.50")], Kind.NUMBER),
        (pl.Int128, [2**100, None, 3, 2**100], Kind.INTEGER),
        (pl.UInt64, [2**64 - 1, None, 3, 2**64 - 1], Kind.INTEGER),
        (pl.Duration, [datetime.timedelta(1), None, datetime.timedelta(2), datetime.timedelta(1)], Kind.OTHER),
        (pl.Time, [datetime.time(1), None, datetime.time(2), datetime.time(1)], Kind.OTHER),
        (pl.Date, [DAY, None, datetime.date(1999, 1, 1), DAY], Kind.DATETIME),
        (pl.Datetime("ns", "Europe/Berlin"), [DAY, None, datetime.date(1999, 1, 1), DAY], Kind.DATETIME),
    ],
)
def test_every_polars_dtype_is_masked_and_leaves_nothing_behind(dtype: Any, values: list[Any], kind: Kind) -> None:
    frame = pl.DataFrame(
        [pl.Series("x", values).cast(dtype) if dtype != pl.Object else pl.Series("x", values, dtype=dtype)]
    )
    seen = view(frame)

    masked = seen.masked({0: stars})

    assert masked["x"].to_list() == ["*0", None, "*1", "*0"] and masked["x"].dtype == pl.String
    assert seen.kind(0) is kind and len(seen.sample(0)) == 3 and seen.state() == view(frame).state()
    assert RAW.encode() not in pickle.dumps(masked)


@pytest.mark.parametrize("values", [[[1], None, [2]], [{"a": RAW}, None, {"a": "b"}]])
def test_nested_polars_columns_are_masked_as_a_whole(values: list[Any]) -> None:
    seen = view(pl.DataFrame({"x": values}))

    assert seen.kind(0) is Kind.OTHER and seen.sample(0) == [values[0], values[2]]
    assert seen.masked({0: stars})["x"].to_list() == ["*0", None, "*1"]


def test_polars_frames_that_were_written_to_are_looked_at_again() -> None:
    changes: list[Callable[[pl.DataFrame], Any]] = [
        lambda frame: frame.__setitem__((0, "text"), "z"),
        lambda frame: frame.__setitem__((0, "whole"), 9),
        lambda frame: frame.insert_column(0, pl.Series("new", [1] * 5)),
        lambda frame: frame.extend(frame.clone()),
        lambda frame: setattr(frame, "columns", [*"abcdef"]),
        lambda frame: frame.replace_column(0, pl.Series("text", ["a"] * 5)),
    ]
    for change in changes:
        frame = pl.DataFrame(DATA)
        before = view(frame).state()
        change(frame)
        assert view(frame).state() != before


@pytest.mark.parametrize("dtype", [pl.Int128, pl.Object, pl.Int64, pl.String])
def test_an_unchanged_polars_column_has_the_state_it_had_and_a_changed_one_another(dtype: Any) -> None:
    values = ["a", "b", "c"] if dtype in (pl.String, pl.Object) else [1, 2, 3]
    frame = pl.DataFrame({"x": pl.Series(values, dtype=dtype)})
    before = view(frame).state()

    assert view(frame).state() == before
    frame.replace_column(0, pl.Series("x", [*values[:2], values[0]], dtype=dtype))
    assert view(frame).state() != before


def test_one_cell_of_128_bits_that_was_written_to_changes_the_state() -> None:
    frame = pl.DataFrame({"x": pl.Series([1, 2, 3], dtype=pl.Int128)})
    before = view(frame).state()

    frame[1, "x"] = 9

    assert view(frame).state() != before
