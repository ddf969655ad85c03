"""``classify`` and ``mask`` take the tables of all libraries, and mask the same cells to the same values."""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg
from jupyter_privguard.errors import InputError
from jupyter_privguard.frames import explicit_view

pytestmark = pytest.mark.usefixtures("home")

ROWS = 24
PEOPLE: dict[str, list[Any]] = {
    "full_name": [f"{first} Kulkarni" for first in ("Asha", "Ravi", "Meera", "John") * 6],
    "email": [f"asha.kulkarni{n}@corp.example" if n else None for n in range(ROWS)],
    "age": [None, *range(31, 31 + ROWS - 1)],
    "birth_date": [datetime.date(1980, 1 + n % 12, 3) for n in range(ROWS)],
    "plan": ["gold", "basic"] * 12,
}
ENGINES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": lambda data: pa.table(data).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "arrow": pa.table,
    "batch": pa.RecordBatch.from_pydict,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
    "numpy": lambda data: np.array(list(zip(*data.values(), strict=True)), dtype=[(name, object) for name in data]),
}


def columns_of(native: Any) -> dict[str, list[Any]]:
    if isinstance(native, np.ndarray):
        return {name: native[name].tolist() for name in native.dtype.names}
    if isinstance(native, pd.DataFrame):
        return {name: [None if pd.isna(v) else v for v in native[name]] for name in native}
    if isinstance(native, (pl.DataFrame, pl.LazyFrame)):
        return native.lazy().collect().to_dict(as_series=False)
    return (native.to_arrow_table() if isinstance(native, duckdb.DuckDBPyRelation) else native).to_pydict()


@pytest.mark.parametrize("engine", ENGINES)
def test_masked_tables_have_the_type_they_had_and_equal_masks(engine: str) -> None:
    native = ENGINES[engine](PEOPLE)

    masked = pg.mask(native)

    assert type(masked) is type(native)
    assert columns_of(masked) == columns_of(pg.mask(ENGINES["pandas"](PEOPLE)))
    assert columns_of(native) == PEOPLE
    assert "asha.kulkarni" not in str(columns_of(masked)) and columns_of(masked)["plan"] == PEOPLE["plan"]


@pytest.mark.parametrize("engine", ENGINES)
def test_verdicts_and_quasi_identifiers_are_the_same(engine: str) -> None:
    found, expected = pg.classify(ENGINES[engine](PEOPLE)), pg.classify(ENGINES["pandas"](PEOPLE))

    assert found.to_json() == expected.to_json()
    assert str(found.quasi_identifiers) == str(expected.quasi_identifiers) != ""
    headers = pg.classify(ENGINES[engine](PEOPLE), header_only=True)
    assert headers.to_json() == pg.classify(ENGINES["pandas"](PEOPLE), header_only=True).to_json()
    assert pg.classify(ENGINES[engine](PEOPLE), full=True).to_json()[1]["entity"] == "EMAIL_ADDRESS"


@pytest.mark.parametrize("obj", [5, "people", [1, 2], {"a": [1]}, np.zeros((2, 2, 2)), pa.scalar(5), pl.col("a")])
def test_other_objects_are_refused_in_one_sentence(obj: Any) -> None:
    with pytest.raises(InputError, match=r"^privguard: an object of type \w+ is not a table; pass "):
        pg.classify(obj)


@pytest.mark.parametrize("call", [pg.classify, pg.mask])
def test_a_query_that_fails_does_not_quote_what_it_read(call: Callable[[Any], Any]) -> None:
    lazy = pl.LazyFrame({"x": ["asha.kulkarni@corp.example"]}).with_columns(pl.col("x").cast(pl.Int64))
    relation = duckdb.sql("SELECT CAST(x AS INTEGER) AS y FROM (VALUES ('asha.kulkarni@corp.example')) t(x)")

    for native in (lazy, relation):
        with pytest.raises(InputError) as caught:
            call(native)
        assert "asha" not in str(caught.value) and str(caught.value).startswith("privguard: this ")


def test_labels_that_are_values_are_masked_everywhere() -> None:
    data = {"asha.kulkarni@corp.example": [1, 2], "ravi.menon@corp.example": [3, 4]}

    for make in ENGINES.values():
        masked = pg.mask(make(data))
        labels = explicit_view(masked).labels
        assert len(labels) == 2 and "kulkarni" not in str(labels)


def test_pandas_metadata_of_an_arrow_table_is_not_carried_over() -> None:
    table = pa.Table.from_pandas(pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="asha@corp.example")))

    masked = pg.mask(table)

    assert masked.schema.metadata is None and b"asha" not in pickle.dumps(masked)


@pytest.mark.parametrize("engine", ["pandas", "lazy", "duckdb"])
def test_a_header_alone_and_every_cell_are_not_asked_for_at_once(engine: str) -> None:
    with pytest.raises(InputError, match=r"^privguard: a table cannot be classified by its header alone and by every"):
        pg.classify(ENGINES[engine](PEOPLE), header_only=True, full=True)


@pytest.fixture
def turns() -> Iterator[list[int]]:
    """Counts the cells that ``turn(i)`` was computed for in DuckDB; it says ``gold`` the first 50 times."""
    seen: list[int] = []

    def turn(cell: int) -> str:
        seen.append(cell)
        return "gold" if len(seen) <= 50 else f"asha{cell}@corp.example"

    duckdb.create_function("turn", turn, ["BIGINT"], "VARCHAR", side_effects=True)
    yield seen
    duckdb.remove_function("turn")


def test_a_relation_is_queried_once_for_a_mask_and_masked_by_what_was_looked_at(turns: list[int]) -> None:
    relation = duckdb.sql("SELECT turn(i) AS plan FROM range(50) t(i)")

    masked = pg.mask(relation)

    assert masked.fetchall() == [("gold",)] * 50 and len(turns) == 50
