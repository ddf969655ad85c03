"""What every view promises, whichever library the table is of."""

from __future__ import annotations

import datetime
import math
import pickle
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError
from jupyter_privguard.frames import Kind, explicit_view, view
from jupyter_privguard.frames.sampling import thinned_out

RAW = "alice@corp.example"
DAY = datetime.date(2001, 2, 3)
DATA: dict[str, list[Any]] = {
    "text": [RAW, None, "b", RAW, "c"],
    "whole": [7, None, 3, 7, 2],
    "real": [1.5, None, 3.25, 1.5, -2.0],
    "flag": [True, None, False, True, False],
    "moment": [datetime.datetime(2001, 2, 3, 4, 5), None, datetime.datetime(1999, 1, 1)] * 1
    + [datetime.datetime(2001, 2, 3, 4, 5), datetime.datetime(1970, 1, 1)],
    "raw": [b"a", None, b"b", b"a", b"\xff"],
}
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


def stars(values: list[Any]) -> list[Any]:
    return [f"*{position}" for position, _ in enumerate(values)]


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


@pytest.mark.parametrize("make_array", [pa.array, lambda values: pa.chunked_array([values])])
def test_an_arrow_array_is_a_column_without_a_name(make_array: Callable[[list[Any]], Any]) -> None:
    array = make_array([RAW, None, "b"])
    seen = explicit_view(array)

    masked = seen.masked({0: stars})

    assert view(array) is None and seen.labels == (None,)
    assert isinstance(masked, pa.Array if isinstance(array, pa.Array) else pa.ChunkedArray)
    assert masked.to_pylist() == ["*0", None, "*1"] and array.to_pylist() == [RAW, None, "b"]


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


def test_a_relation_is_not_executed_for_its_header_and_sampled_by_sql() -> None:
    failing = duckdb.sql("SELECT error('executed') AS mail, 1 AS mail, 2 AS n0 FROM range(3)")
    assert explicit_view(failing, header_only=True).labels == ("mail", "mail", "n0")
    with pytest.raises(InputError, match="cannot be queried"):
        explicit_view(failing).distinct(0)

    seen = explicit_view(
        duckdb.sql("SELECT i AS a, CASE WHEN i = 99998 THEN 'x' END AS A, i AS n0 FROM range(100000) t(i)")
    )
    rows = [range(0, 100_000, 241)[place] for place in thinned_out(415, 200)]
    assert seen.sample(0) == seen.sample(2) == rows and seen.sample(1) == ["x"]
    assert "_whole" not in vars(seen), "all rows were fetched"
    assert len(seen.distinct(0)) == 100_000


def test_values_behind_many_nans_are_found_in_a_relation() -> None:
    relation = duckdb.sql("SELECT CASE WHEN i = 99998 THEN 1.5 ELSE 'nan'::DOUBLE END AS x FROM range(100000) t(i)")

    assert explicit_view(relation).sample(0) == [1.5]


def test_polars_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "jupyter_privguard.frames.engines.polars")

    with pytest.raises(InputError, match=r"^privguard: polars tables need pyarrow: pip install "):
        view(pl.DataFrame(DATA))
    assert view(1) is None and view(pd.DataFrame({"x": [1]})).rows == 1


def test_a_masked_relation_can_be_queried_and_its_source_stays() -> None:
    relation = duckdb.from_arrow(pa.table(DATA))

    masked = explicit_view(relation).masked({0: stars})

    assert masked.filter("whole = 7").fetchall()[0][0] == "*0"
    assert relation.fetchall()[0][0] == RAW


COLUMNS = {
    "string": pa.array([RAW, None, "b", RAW]),
    "large_string": pa.array([RAW, None, "b", RAW], pa.large_string()),
    "string_view": pa.array([RAW, None, "b", RAW], pa.string_view()),
    "dictionary": pa.array([RAW, None, "b", RAW]).dictionary_encode(),
    "dictionary_of_ints": pa.array([7, None, 3, 7], pa.int16()).dictionary_encode(),
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([1, 2, 3, 4], pa.int32()), pa.array([RAW, None, "b", RAW])),
    "binary": pa.array([b"a", None, b"b", b"a"]),
    "binary_view": pa.array([b"a", None, b"b", b"a"], pa.binary_view()),
    "fixed_binary": pa.array([b"a", None, b"b", b"a"], pa.binary(1)),
    "uint64": pa.array([2**64 - 1, None, 3, 2**64 - 1], pa.uint64()),
    "float16": pa.array([1.5, None, 3.25, 1.5], pa.float16()),
    "decimal": pa.array([Decimal("1.50"), None, Decimal("3.25"), Decimal("1.50")], pa.decimal128(10, 2)),
    "decimal256": pa.array([Decimal("1.50"), None, Decimal("3.25"), Decimal("1.50")], pa.decimal256(50, 2)),
    "date": pa.array([DAY, None, datetime.date(1999, 1, 1), DAY]),
    "timestamp_tz": pa.array([0, None, 1, 0], pa.timestamp("us", "Europe/Berlin")),
    "timestamp_ns": pa.array([1, None, 2, 1], pa.timestamp("ns")),
    "time": pa.array([datetime.time(1), None, datetime.time(2), datetime.time(1)]),
    "duration": pa.array([datetime.timedelta(1), None, datetime.timedelta(2), datetime.timedelta(1)]),
    "interval": pa.array([(1, 2, 3), None, (1, 2, 4), (1, 2, 3)], pa.month_day_nano_interval()),
    "bool": pa.array([True, None, False, True]),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"a" * 16, None, b"b" * 16, b"a" * 16], pa.binary(16))),
}
NESTED = {
    "list": pa.array([[1], None, [2], [1]]),
    "struct": pa.array([{"a": RAW}, None, {"a": "b"}, {"a": RAW}]),
    "map": pa.array([[("a", 1)], None, [("b", 2)], [("a", 1)]], pa.map_(pa.string(), pa.int8())),
    "fixed_list": pa.array([[1], None, [2], [1]], pa.list_(pa.int8(), 1)),
    "dictionary_of_lists": pa.DictionaryArray.from_arrays(pa.array([0, None, 1, 0]), pa.array([[1], [2]])),
}


@pytest.mark.parametrize("name", [*COLUMNS, *NESTED])
def test_every_arrow_type_is_masked_and_leaves_nothing_behind(name: str) -> None:
    table = pa.table({"x": {**COLUMNS, **NESTED}[name], "y": [1, 2, 3, 4]}).replace_schema_metadata({"note": RAW})
    seen = view(table)

    masked, counts = seen.masked_and_counted({0: stars})

    expected = ["*0", None, "*1", "*2" if name in NESTED else "*0"]
    assert masked["x"].to_pylist() == expected and counts == {0: 3}
    assert len(seen.sample(0)) == 3 and len(seen.distinct(0)) == (3 if name in NESTED else 2)
    assert seen.kind(0) is Kind.OTHER if name in NESTED else True
    assert RAW.encode() not in pickle.dumps(masked) and masked.schema.metadata is None
    assert pa.types.is_dictionary(masked["x"].type) == name.startswith("dictionary")


@pytest.mark.parametrize("name", ["string", "large_string", "string_view"])
def test_masked_arrow_text_keeps_its_type(name: str) -> None:
    assert view(pa.table({"x": COLUMNS[name]})).masked({0: stars})["x"].type == COLUMNS[name].type


@pytest.mark.parametrize("name", ["uint64", "float16", "decimal", "decimal256"])
def test_masked_arrow_numbers_keep_their_type(name: str) -> None:
    masked = view(pa.table({"x": COLUMNS[name]})).masked({0: lambda values: [1 for _ in values]})["x"]

    assert masked.type == COLUMNS[name].type and masked.to_pylist() == [1, None, 1, 1]


def test_masked_arrow_numbers_out_of_range_or_mixed_with_text_are_not_cut() -> None:
    seen = view(pa.table({"x": pa.array([1, 2], pa.int8()), "y": [1, 2]}))

    masked = seen.masked({0: lambda values: [300, 2], 1: lambda values: [1, "30k-40k"]})

    assert masked.to_pydict() == {"x": [300, 2], "y": ["1", "30k-40k"]}


def test_nan_is_no_value_and_stays_nan() -> None:
    table = pa.table({"x": [1.0, math.nan, None, 2.0]})
    seen = view(table)

    masked = seen.masked({0: bump})["x"].to_pylist()

    assert seen.sample(0) == seen.distinct(0) == [1.0, 2.0]
    assert masked[0] == 2.0 and math.isnan(masked[1]) and masked[2:] == [None, 3.0]
    assert seen.masked({0: stars})["x"].to_pylist() == ["*0", None, None, "*1"]


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


def test_rows_without_columns_stay() -> None:
    rows = pa.table({"x": [1, 2]}).select([])

    assert view(rows).masked({}).num_rows == 2


def test_twenty_thousand_columns_are_masked() -> None:
    frame = pl.DataFrame({f"c{n}": [RAW] for n in range(20_000)})

    masked = view(frame).masked(dict.fromkeys(range(20_000), stars))

    assert masked.shape == frame.shape and masked[0, 19_999] == "*0"


def test_long_texts_are_masked() -> None:
    seen = view(pa.table({"x": ["a" * 10_000_000, "b"]}))

    assert seen.masked({0: lambda values: [value + "!" for value in values]})["x"][0].as_py().endswith("a!")


@pytest.mark.parametrize(
    "array",
    [
        np.array([RAW, "b"]),
        np.array([RAW, None], dtype=object),
        np.array([[RAW, "x"], ["b", "y"]]),
        np.array([[RAW, 1], ["b", 2]], dtype=object),
        np.array([1, 2]),
        np.array([[1, 2], [3, 4]]),
        np.array([b"a", b"b"]),
        np.array(["2001-01-01", "NaT"], dtype="datetime64[D]"),
        np.rec.array([(RAW, 1), ("b", 2)], names="mail,n"),
        np.array([(RAW, [1, 2])], dtype=[("mail", "U20"), ("pair", "i4", (2,))]),
        np.empty((0, 3)),
    ],
    ids=lambda array: f"{array.dtype.kind}{array.ndim}",
)
def test_arrays_keep_type_and_shape(array: Any) -> None:
    seen, before = explicit_view(array), array.copy()

    masked = seen.masked({0: lambda values: ["a mask that is longer than the text"] * len(values)})

    assert type(masked) is type(array) and masked.shape == array.shape
    assert RAW.encode() not in pickle.dumps(masked)
    assert "mask" in str(masked) or not array.size
    assert explicit_view(masked).labels == seen.labels
    assert (array == before).all() or array.dtype.kind == "M"
    untouched = seen.masked({})
    assert untouched.dtype == array.dtype and not np.shares_memory(untouched, array)
    assert len(seen.shown(1, 1).native) <= 1


def test_masked_numbers_of_arrays_keep_their_dtype() -> None:
    array = np.array([[1, 2], [3, 4]], dtype="int16")

    assert explicit_view(array).masked({1: bump}).dtype == array.dtype
    assert explicit_view(array).masked({1: stars}).tolist() == [[1, "*0"], [3, "*1"]]


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
