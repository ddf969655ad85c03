"""Relations of DuckDB: not queried where nobody asks, sampled by SQL, masked into new ones."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from jupyter_privguard.errors import InputError
from jupyter_privguard.frames import explicit_view
from jupyter_privguard.frames.sampling import thinned_out
from tests.unit.frames.engine_data import DATA, RAW, stars


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


def test_a_masked_relation_can_be_queried_and_its_source_stays() -> None:
    relation = duckdb.from_arrow(pa.table(DATA))

    masked = explicit_view(relation).masked({0: stars})

    assert masked.filter("whole = 7").fetchall()[0][0] == "*0"
    assert relation.fetchall()[0][0] == RAW
