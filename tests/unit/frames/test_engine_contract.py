"""What every view promises, whichever library the table is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames import Kind, explicit_view, view
from jupyter_privguard.frames.sampling import thinned_out
from tests.unit.frames.engine_data import DATA, RAW, stars

KINDS = [Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.DATETIME, Kind.BYTES]


def as_pandas(data: dict[str, list[Any]]) -> Any:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in data.items()})
    kinds = {"whole": "Int64", "flag": "boolean", "real": "float64", "moment": "datetime64[ns]"}
    return frame.astype({name: dtype for name, dtype in kinds.items() if name in data})


def as_arrow_backed(data: dict[str, list[Any]]) -> Any:
    return pa.table(data).to_pandas(types_mapper=pd.ArrowDtype)


ENGINES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": as_pandas,
    "pandas_arrow": as_arrow_backed,
    "polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "arrow": pa.table,
    "chunked": lambda data: pa.concat_tables([pa.table(data).slice(0, 2), pa.table(data).slice(2)]),
    "batch": lambda data: pa.RecordBatch.from_pydict(data),
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
    "numpy": lambda data: np.array(list(zip(*data.values(), strict=True)), dtype=[(name, object) for name in data]),
}


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest) -> Callable[[dict[str, list[Any]]], Any]:
    return ENGINES[request.param]


def bump(values: list[Any]) -> list[Any]:
    return [value + 1 for value in values]


def rows_of(native: Any) -> list[list[Any]]:
    """The cells by column, whatever the library; every null is None."""
    if isinstance(native, np.ndarray):
        columns = [native[name].tolist() for name in native.dtype.names]
    elif isinstance(native, pd.DataFrame):
        columns = [native.iloc[:, position].tolist() for position in range(native.shape[1])]
    elif isinstance(native, (pl.DataFrame, pl.LazyFrame)):
        columns = [series.to_list() for series in native.lazy().collect().get_columns()]
    elif isinstance(native, (pa.Table, pa.RecordBatch)):
        columns = [column.to_pylist() for column in native.columns]
    else:
        columns = [column.to_pylist() for column in native.to_arrow_table().columns]
    return [[None if pd.isna(value) else value for value in column] for column in columns]


def test_size_labels_and_kinds(make: Callable[..., Any]) -> None:
    seen = explicit_view(make(DATA))

    assert (seen.rows, seen.width, seen.labels) == (5, 6, tuple(DATA))
    assert [seen.kind(position) for position in range(6)] == KINDS
    assert seen.origin == (0, 1, 2, 3, 4, 5)
    assert RAW not in repr(seen)


def test_values_are_known_python_objects_in_order_of_appearance(make: Callable[..., Any]) -> None:
    seen = explicit_view(make(DATA))

    for position, values in enumerate(DATA.values()):
        known = [value for value in values if value is not None]
        assert seen.sample(position) == known
        assert seen.distinct(position) == list(dict.fromkeys(known))
        assert not any(
            isinstance(v, (np.generic, pa.Scalar)) for v in (*seen.sample(position), *seen.distinct(position))
        )
        assert [type(v) for v in seen.distinct(position)] != [] and len(seen.sample(position, 2)) == 2


def test_equal_cells_have_equal_codes(make: Callable[..., Any]) -> None:
    seen = explicit_view(make(DATA))

    for position, values in enumerate(DATA.values()):
        codes = seen.codes(position)
        found = codes.values.tolist()
        assert len(found) == 5 and min(found) >= 0 and max(found) < codes.count
        for i in range(5):
            for j in range(5):
                assert (found[i] == found[j]) == (values[i] == values[j])


def test_masks_keep_shape_nulls_order_and_the_input(make: Callable[..., Any]) -> None:
    native = make(DATA)

    masked, counts = explicit_view(native).masked_and_counted(dict.fromkeys(range(6), stars))

    assert type(masked) is type(native)
    assert rows_of(masked) == [["*0", None, "*1", "*0", *([f"*{2 if name != 'flag' else 1}"])] for name in DATA]
    assert counts == dict.fromkeys(range(6), 4)
    assert rows_of(native) == list(DATA.values())
    assert explicit_view(masked).labels == tuple(DATA)


def test_columns_without_a_mask_stay_as_they_are(make: Callable[..., Any]) -> None:
    native = make(DATA)

    masked, counts = explicit_view(native).masked_and_counted({0: stars, 1: bump, 2: bump})

    assert rows_of(masked)[1:3] == [[8, None, 4, 8, 3], [2.5, None, 4.25, 2.5, -1.0]]
    assert rows_of(masked)[3:] == list(DATA.values())[3:]
    assert [explicit_view(masked).kind(position) for position in range(6)] == KINDS, "numbers stay numbers"
    assert counts == {0: 4, 1: 4, 2: 4}


def test_labels_can_be_replaced_and_may_become_equal(make: Callable[..., Any]) -> None:
    seen = explicit_view(make({"a": [1], RAW: [2], "b@corp.example": [3]}))

    labels = explicit_view(seen.masked({}, ["a", "***", "***"])).labels

    assert labels[:2] == ("a", "***") and labels[2] in ("***", "***_2", "***_1")
    with pytest.raises(ValueError, match="every position"):
        seen.masked({}, ["too few"])


def test_a_mapper_that_loses_values_is_an_error(make: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="as many values"):
        explicit_view(make(DATA)).masked({0: lambda values: values[:1]})


def test_both_ends_are_shown(make: Callable[..., Any]) -> None:
    data = {f"c{n}": list(range(n, n + 100)) for n in range(9)}

    part = explicit_view(make(data)).shown(4, 3)

    assert part.labels == ("c0", "c1", "c8") and part.origin == (0, 1, 8)
    assert part.distinct(0) == [0, 1, 98, 99] and part.distinct(2) == [8, 9, 106, 107]
    assert part.shown(2, 2).origin == (0, 8)
    assert explicit_view(make(data)).shown(100, 9).rows == 100
    assert rows_of(part.masked({0: stars}))[0] == ["*0", "*1", "*2", "*3"]


def test_a_sample_strides_over_all_rows_and_finds_rare_values(make: Callable[..., Any]) -> None:
    seen = explicit_view(make({"n": list(range(10_000)), "rare": [None] * 9_999 + ["x"], "none": [None] * 10_000}))

    sample = seen.sample(0, 100)

    assert sample == [range(0, 10_000, 47)[place] for place in thinned_out(213, 100)]
    assert seen.sample(1) == ["x"] and seen.sample(2) == [] and seen.distinct(2) == []


EMPTY = [(engine, width) for engine in ENGINES for width in (0, 2) if (engine, width) != ("duckdb", 0)]


@pytest.mark.parametrize(("engine", "width"), EMPTY)
def test_empty_tables(engine: str, width: int) -> None:
    seen = explicit_view(ENGINES[engine]({f"c{n}": [] for n in range(width)}))

    masked = explicit_view(seen.masked(dict.fromkeys(range(width), stars)))

    assert (seen.rows, seen.width) == (masked.rows, masked.width) == (0, width)
    assert all(seen.sample(p) == [] and seen.distinct(p) == [] and len(seen.codes(p).values) == 0 for p in range(width))


LOOKED_AT = ["pandas", "pandas_arrow", "polars", "arrow", "chunked", "batch"]


@pytest.mark.parametrize("engine", LOOKED_AT)
def test_the_guard_looks_at_tables_whose_rows_are_there(engine: str) -> None:
    native = ENGINES[engine](DATA)

    seen = view(native)

    assert seen.labels == tuple(DATA) and seen.native is native
    assert seen.state() == view(native).state()


@pytest.mark.parametrize("engine", sorted(set(ENGINES) - set(LOOKED_AT)))
def test_the_guard_leaves_alone_what_would_have_to_be_executed_or_converted(engine: str) -> None:
    assert view(ENGINES[engine](DATA)) is None


def test_twenty_thousand_columns_are_masked() -> None:
    frame = pl.DataFrame({f"c{n}": [RAW] for n in range(20_000)})

    masked = view(frame).masked(dict.fromkeys(range(20_000), stars))

    assert masked.shape == frame.shape and masked[0, 19_999] == "*0"


@pytest.mark.parametrize("obj", [np.array(5), np.zeros((2, 2, 2)), np.float64(1), np.ma.array([1]), 5, "x", None, [1]])
def test_other_objects_are_no_tables(obj: object) -> None:
    assert explicit_view(obj) is None and view(obj) is None


cells = st.one_of(st.none(), st.text(max_size=5).filter(str.isprintable), st.just(RAW))


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, max_size=12))
def test_engines_agree_on_any_column_of_text(values: list[str | None]) -> None:
    data = {"x": values}
    seen = [
        view(pl.DataFrame(data, schema={"x": pl.String})),
        view(pa.table(data, schema=pa.schema([("x", pa.string())]))),
    ]

    expected = view(pd.DataFrame({"x": pd.Series(values, dtype="str")}))

    for other in seen:
        assert other.sample(0, 3) == expected.sample(0, 3)
        assert other.distinct(0) == expected.distinct(0)
        assert rows_of(other.masked({0: stars})) == rows_of(expected.masked({0: stars}))
