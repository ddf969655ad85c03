"""Every operator over every library and type of column: what a mask keeps and what it does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

from jupyter_privguard.frames import explicit_view
from jupyter_privguard.masking.handles import opened_texts
from jupyter_privguard.masking.masker import ColumnMask, Subject, mask_frame
from jupyter_privguard.model import Operator
from tests.unit.masking.test_operators_in_tables import ENTITY, RING, mask_of, texts

HANDLES = (Operator.TOKEN, Operator.ENCRYPT, Operator.SURROGATE)
REDACTED = "[redacted]"


@dataclass(frozen=True)
class Engine:
    """How a table with the columns c (texts), row, who is made, and how a column of it is read."""

    make: Callable[[list[Any]], Any]
    read: Callable[[Any, str], list[Any]]
    dtype: Callable[[Any], Any]
    is_text: bool = True
    """Whether the type of c is one of texts, which masks are too: so it stays."""


def _pandas(dtype: Any, *, is_text: bool = True) -> Engine:
    def make(values: list[Any]) -> Any:
        return pd.DataFrame({"c": pd.Series(values, dtype=dtype), "row": range(len(values)), "who": "P1"})

    def read(frame: Any, name: str) -> list[Any]:
        return [None if pd.isna(value) else value for value in frame[name].tolist()]

    return Engine(make, read, lambda frame: frame["c"].dtype, is_text)


def _polars(dtype: Any, *, lazy: bool = False, is_text: bool = True) -> Engine:
    def make(values: list[Any]) -> Any:
        data = {"c": pl.Series(values, dtype=pl.String), "row": list(range(len(values))), "who": ["P1"] * len(values)}
        frame = pl.DataFrame(data).with_columns(pl.col("c").cast(dtype))
        return frame.lazy() if lazy else frame

    def read(frame: Any, name: str) -> list[Any]:
        found: list[Any] = frame.lazy().collect()[name].to_list()
        return found

    return Engine(make, read, lambda frame: frame.lazy().collect().schema["c"], is_text)


def _arrow(kind: Any, of: Callable[[Any], Any] = lambda table: table, *, is_text: bool = True) -> Engine:
    def make(values: list[Any]) -> Any:
        column = (
            pa.array(values, pa.string()).cast(kind) if is_text else pa.array(values, pa.string()).dictionary_encode()
        )
        return of(pa.table({"c": column, "row": list(range(len(values))), "who": ["P1"] * len(values)}))

    return Engine(
        make, lambda table, name: table.column(name).to_pylist(), lambda table: table.schema.field("c").type, is_text
    )


def _duckdb() -> Engine:
    def make(values: list[Any]) -> Any:
        return duckdb.from_arrow(
            pa.table({"c": pa.array(values, pa.string()), "row": range(len(values)), "who": ["P1"] * len(values)})
        )

    def read(relation: Any, name: str) -> list[Any]:
        return [one for (one,) in relation.project(name).fetchall()]

    return Engine(make, read, lambda relation: relation.types[0])


def _numpy() -> Engine:
    def make(values: list[Any]) -> Any:
        kinds = [("c", object), ("row", "int64"), ("who", object)]
        return np.array([(value, at, "P1") for at, value in enumerate(values)], dtype=kinds)

    return Engine(make, lambda array, name: array[name].tolist(), lambda array: array.dtype["c"])


ENGINES = {
    "object": _pandas(object),
    "str": _pandas("str"),
    "string": _pandas("string[python]"),
    "arrow string": _pandas("string[pyarrow]"),
    "arrow backed": _pandas(pd.ArrowDtype(pa.string())),
    "category": _pandas("category", is_text=False),
    "polars": _polars(pl.String),
    "polars lazy": _polars(pl.String, lazy=True),
    "polars category": _polars(pl.Categorical, is_text=False),
    "pyarrow": _arrow(pa.string()),
    "pyarrow large": _arrow(pa.large_string()),
    "pyarrow dictionary": _arrow(None, is_text=False),
    "pyarrow chunks": _arrow(pa.string(), lambda t: pa.concat_tables([t.slice(0, 1), t.slice(1)])),
    "pyarrow batch": _arrow(pa.string(), lambda t: t.to_batches()[0]),
    "duckdb": _duckdb(),
    "numpy": _numpy(),
}


def masked(table: Any, masks: dict[int, ColumnMask], *, on_screen: bool = False) -> Any:
    seen = explicit_view(table)
    assert seen is not None
    return mask_frame(seen, masks, RING, on_screen=on_screen).native


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=12, deadline=None)
@given(values=texts)
def test_a_mask_keeps_nulls_shape_order_equality_and_type_and_no_value(name: str, values: list[str | None]) -> None:
    engine = ENGINES[name]
    values = [*values, values[0]]
    table = engine.make(values)

    for operator in Operator:
        out = masked(table, {0: mask_of(operator)})

        new = engine.read(out, "c")
        assert type(out) is type(table)
        assert engine.read(out, "row") == list(range(len(values))) and engine.read(out, "who") == ["P1"] * len(values)
        assert [one is None for one in new] == [one is None for one in values]
        assert new[0] == new[-1]
        pairs = {(old, one) for old, one in zip(values, new, strict=True) if old is not None}
        assert len(pairs) == len({old for old, _ in pairs}), "equal values have equal masks"
        if operator is Operator.CLEAR:
            assert new == values
        else:
            assert all(one != old or one == REDACTED for old, one in pairs)
        if operator in HANDLES:
            assert not {old for old, _ in pairs}.intersection(one for _, one in pairs)
        if operator is Operator.ENCRYPT:
            known = [one for one in new if one is not None]
            assert opened_texts(known, RING, "CUSTOMER_ID") == [one for one in values if one is not None]
        assert engine.read(table, "c") == values
        if engine.is_text:
            assert engine.dtype(out) == engine.dtype(table)


@pytest.mark.parametrize("operator", Operator)
@settings(max_examples=15, deadline=None)
@given(values=texts)
def test_all_libraries_say_the_same(operator: Operator, values: list[str | None]) -> None:
    said = {
        name: engine.read(masked(engine.make(values), {0: mask_of(operator)}), "c") for name, engine in ENGINES.items()
    }

    assert all(one == said["object"] for one in said.values()), [n for n, one in said.items() if one != said["object"]]


@pytest.mark.parametrize("operator", [o for o in Operator if o is not Operator.CLEAR])
@pytest.mark.parametrize(
    "dtype", [object, "str", "string[python]", "string[pyarrow]", pd.ArrowDtype(pa.string())], ids=str
)
def test_index_and_levels_are_masked_like_columns(operator: Operator, dtype: Any) -> None:
    values = ["48151623", "10815", "48151623", None, "Anna Smith"]
    who = ["P1"] * 5
    column = pd.DataFrame({"x": range(5), "y": who, "who": who, "c": pd.Series(values, dtype=dtype)})
    mask = ColumnMask(ENTITY.get(operator, "CUSTOMER_ID"), operator, "D", subject=Subject(2, "CUSTOMER_ID"))
    expected = [None if pd.isna(one) else one for one in masked(column, {3: mask})["c"].tolist()]
    single = column.set_index("c")
    several = column.assign(n=[3, 1, 2, 5, 4]).set_index(["n", "c"])
    before = [table.copy(deep=True) for table in (single, several)]

    first, second = masked(single, {3: mask}), masked(several, {4: mask})

    assert [None if pd.isna(one) else one for one in first.index.tolist()] == expected
    assert [None if pd.isna(one) else one for one in second.index.get_level_values("c")] == expected
    assert second.index.get_level_values("n").tolist() == [3, 1, 2, 5, 4]
    assert first.index.name == "c" and second.index.names == ["n", "c"]
    assert not {one for one in second.index.levels[1] if one != REDACTED}.intersection(filter(None, values))
    for table, kept in zip((single, several), before, strict=True):
        assert table.equals(kept) and table.index.equals(kept.index)


@pytest.mark.parametrize("operator", Operator)
def test_doubled_tuple_and_missing_labels_do_not_matter(operator: Operator) -> None:
    labels = pd.Index(["x", "x", ("a", 1), None, 7], dtype=object, tupleize_cols=False)
    table = pd.DataFrame([["1234567", "1984-03-05", "P1", "7654321", 1.5]] * 2, columns=labels)
    kept = copy.deepcopy(table)

    out = masked(table, {0: mask_of(operator), 1: mask_of(operator), 3: mask_of(operator)})

    assert list(out.columns) == list(labels) and out.shape == table.shape
    assert out.iloc[:, 2].tolist() == ["P1"] * 2 and out.iloc[:, 4].tolist() == [1.5] * 2
    if operator is Operator.CLEAR:
        assert out.equals(table)
    else:
        assert all(out.iloc[0, at] != table.iloc[0, at] for at in (0, 1, 3))
    assert table.equals(kept)


@pytest.mark.parametrize("operator", [o for o in Operator if o is not Operator.CLEAR])
def test_only_masks_are_categories(operator: Operator) -> None:
    values = pd.Categorical(["48151623", None, "10815"], categories=["10815", "48151623", "99999999"], ordered=True)
    table = pd.DataFrame({"c": values, "row": range(3), "who": "P1"})

    out = masked(table, {0: mask_of(operator)})["c"]

    assert isinstance(out.dtype, pd.CategoricalDtype)
    assert set(out.cat.categories) == set(out.dropna()) and not out.cat.ordered


NUMBERS = {
    "int64": lambda v: pd.DataFrame({"c": pd.Series(v, dtype="int64"), "row": 0, "who": "P1"}),
    "Int64": lambda v: pd.DataFrame({"c": pd.Series(v, dtype="Int64"), "row": 0, "who": "P1"}),
    "arrow": lambda v: pd.DataFrame({"c": pd.Series(v, dtype=pd.ArrowDtype(pa.int64())), "row": 0, "who": "P1"}),
    "polars": lambda v: pl.DataFrame({"c": v, "row": [0] * len(v), "who": ["P1"] * len(v)}),
    "pyarrow": lambda v: pa.table({"c": v, "row": [0] * len(v), "who": ["P1"] * len(v)}),
}


@pytest.mark.parametrize("operator", [o for o in Operator if o not in (Operator.CLEAR, Operator.ROUND)])
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_masked_alike_everywhere(name: str, operator: Operator) -> None:
    values = [48_151_623, 10_815_108, 48_151_623]

    out = masked(NUMBERS[name](values), {0: mask_of(operator)})

    found = out["c"].to_pylist() if isinstance(out, pa.Table) else list(out["c"])
    expected = masked(NUMBERS["int64"](values), {0: mask_of(operator)})["c"].tolist()
    assert [str(one) for one in found] == [str(one) for one in expected]
    assert found[0] == found[2] and not set(found) & set(values)
    if operator is Operator.ENCRYPT:
        assert opened_texts(found, RING, "CUSTOMER_ID") == [str(one) for one in values]
