"""Rows of a table by what stands in one of its columns, whatever its type."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from jupyter_privguard.frames import first_column, view
from jupyter_privguard.frames.rows import rows_with

TEXTS = ["asha", "ravi"]
COLUMNS = {
    "text": (["asha", "x", "ravi"], None, [0, 2]),
    "lists of Python": ([["asha"], "ravi", 3], object, [1]),
    "Arrow text": (["asha", None, "x"], pa.string(), [0]),
    "Arrow lists": ([["x"], ["y", "asha"], None], pa.list_(pa.string()), [1]),
    "Arrow records": ([{"e": "asha"}, None], pa.struct([("e", pa.string())]), []),
    "Arrow maps": ([[("e", "asha")], None], pa.map_(pa.string(), pa.string()), []),
    "Arrow numbers": ([1, None], pa.int64(), []),
    "Arrow times": ([None, pd.Timestamp("2020-01-01")], pa.timestamp("us"), []),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_type_can_be_asked(name: str) -> None:
    values, kind, rows = COLUMNS[name]
    dtype: Any = pd.ArrowDtype(kind) if isinstance(kind, pa.DataType) else kind
    table = view(pd.DataFrame({"n": range(len(values)), "x": pd.Series(values, dtype=dtype)}))
    assert table is not None

    assert rows_with(table, 1, TEXTS, most=9) == rows
    assert rows_with(table, 1, TEXTS, most=1) == rows[:1]


def test_a_table_without_columns_has_no_first_one() -> None:
    assert first_column(view(pd.DataFrame(index=["a", "b"]))) == []
