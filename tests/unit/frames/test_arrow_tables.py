"""Tables of pyarrow: every type is masked and leaves nothing behind."""

from __future__ import annotations

import datetime
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import strategies as st

from jupyter_privguard.frames import Kind, explicit_view, view
from jupyter_privguard.frames.engines._arrow_values import strided
from tests.unit.frames.engine_data import RAW, stars

DAY = datetime.date(2001, 2, 3)


def bump(values: list[Any]) -> list[Any]:
    return [value + 1 for value in values]


@pytest.mark.parametrize("make_array", [pa.array, lambda values: pa.chunked_array([values])])
def test_an_arrow_array_is_a_column_without_a_name(make_array: Callable[[list[Any]], Any]) -> None:
    array = make_array([RAW, None, "b"])
    seen = explicit_view(array)

    masked = seen.masked({0: stars})

    assert view(array) is None and seen.labels == (None,)
    assert isinstance(masked, pa.Array if isinstance(array, pa.Array) else pa.ChunkedArray)
    assert masked.to_pylist() == ["*0", None, "*1"] and array.to_pylist() == [RAW, None, "b"]


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


@pytest.mark.parametrize("step", [1, 2, 3, 11, 500])
@pytest.mark.parametrize(
    "kind", [pa.string(), pa.string_view(), pa.list_(pa.string()), pa.dictionary(pa.int8(), pa.string())]
)
def test_cells_at_strides_are_the_same_however_a_column_is_cut_into_chunks(step: int, kind: Any) -> None:
    cells = [None if n % 5 == 0 else f"v{n}" for n in range(100)]
    values = [cell if cell is None or not pa.types.is_list(kind) else [cell] for cell in cells]
    for sizes in ([100], [1, 0, 30, 69], [7] * 14 + [2]):
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        chunks = [pa.array(values[at : at + size], type=kind) for at, size in zip(starts, sizes, strict=True)]

        assert strided(pa.chunked_array(chunks, type=kind), step) == values[::step]


def test_rows_without_columns_stay() -> None:
    rows = pa.table({"x": [1, 2]}).select([])

    assert view(rows).masked({}).num_rows == 2


def test_long_texts_are_masked() -> None:
    seen = view(pa.table({"x": ["a" * 10_000_000, "b"]}))

    assert seen.masked({0: lambda values: [value + "!" for value in values]})["x"][0].as_py().endswith("a!")


cells = st.one_of(st.none(), st.text(max_size=5).filter(str.isprintable), st.just(RAW))
