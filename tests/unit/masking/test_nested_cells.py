"""Nested cells and cells without text: masked in their places, withheld, and no reason to refuse a table."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg
from jupyter_privguard.errors import MaskingError
from jupyter_privguard.frames import view
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, Subject, mask_frame, mask_value
from jupyter_privguard.model import Operator

pytestmark = pytest.mark.usefixtures("home")

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")
SECRET = "alice@corp.example"
EVERY = [operator for operator in Operator if operator is not Operator.CLEAR]


def masked(table: Any, entity: str = "EMAIL_ADDRESS", operator: str = "partial", **more: Any) -> Any:
    seen = view(table)
    assert seen is not None
    mask = ColumnMask(entity, Operator(operator), entity, **more)
    return mask_frame(seen, {0: mask}, RING, on_screen=True).native


def test_lists_keep_their_structure_and_equal_leaves_their_handles() -> None:
    out = masked(pd.DataFrame({"x": [[SECRET, "b@x.example"], [SECRET], [], None, SECRET]}), operator="token")["x"]

    alice = out[4]
    assert alice.startswith("tok_") and out[1] == [alice] and out[0][0] == alice != out[0][1]
    assert out[2] == [] and out[3] is None


@pytest.mark.parametrize("operator", EVERY)
@pytest.mark.parametrize(
    "cell", [[SECRET], (SECRET,), {SECRET}, np.array([SECRET]), {"mail": SECRET}, [{"mail": SECRET}], {SECRET: 1}]
)
@pytest.mark.parametrize("entity", ["EMAIL_ADDRESS", "FREE_TEXT_WITH_PII", "DATE_OF_BIRTH"])
def test_no_mask_leaves_a_leaf(operator: Operator, cell: Any, entity: str) -> None:
    table = pd.DataFrame({"x": pd.Series([cell, "2020-01-01"], dtype=object)})

    assert SECRET not in str(masked(table, entity, operator).to_dict())


def test_lists_of_more_than_one_entity_are_withheld_whole() -> None:
    out = masked(pd.DataFrame({"x": [[SECRET, "Asha Kulkarni"], "a note"]}), "FREE_TEXT_WITH_PII")["x"]

    assert out[0] == "[redacted]"


def test_records_are_withheld_whole() -> None:
    assert masked(pd.DataFrame({"x": [{"mail": SECRET}, [{"mail": SECRET}]]}))["x"].tolist() == ["[redacted]"] * 2
    assert mask_value({"a": 1}, ColumnMask("AGE", Operator.ROUND, "AGE"), RING, on_screen=True) == "[redacted]"


@pytest.mark.parametrize("kind", [pa.list_(pa.string()), pa.large_list(pa.large_string())])
def test_arrow_lists_keep_their_type(kind: Any) -> None:
    out = masked(pa.table({"x": pa.array([[SECRET], None, []], type=kind)}))

    assert out["x"].type == kind and out["x"].to_pylist() == [["***@***"], None, []]


def test_nested_types_stay_where_single_texts_are_masked() -> None:
    kind = pa.struct([("qty", pa.int16()), ("note", pa.large_string()), ("tags", pa.list_(pa.string()))])
    cells = [{"qty": n % 9, "note": "fine", "tags": ["a"]} for n in range(1500)]
    cells[1203]["note"] = SECRET
    table = pa.table({"x": pa.array(cells, type=kind)})

    for native in (table, table.to_pandas(types_mapper=pd.ArrowDtype)):
        masked = pg.mask(native)
        out = masked if isinstance(masked, pa.Table) else pa.Table.from_pandas(masked)
        assert out["x"].type == kind and SECRET not in str(out["x"].to_pylist())
        assert out["x"].to_pylist()[:1203] == cells[:1203]


def test_arrays_in_which_nothing_is_found_stay_and_do_not_count() -> None:
    cells = pd.Series([np.array(["red"]), np.array([SECRET, "b"])], dtype=object)
    seen = view(pd.DataFrame({"x": cells}))
    assert seen is not None
    mask = ColumnMask("FREE_TEXT_WITH_PII", Operator.PARTIAL, "FREE_TEXT_WITH_PII", strays_only=True)

    out = mask_frame(seen, {0: mask}, RING, on_screen=False, find_spans=find_mails)

    assert out.masked == {"FREE_TEXT_WITH_PII": 1} and out.native["x"][1] == ["[EMAIL_ADDRESS]", "b"]
    assert out.native["x"][0].tolist() == ["red"]


def test_polars_lists_and_structs_are_masked() -> None:
    assert masked(pl.DataFrame({"x": [[SECRET], None]}))["x"].to_list() == [["***@***"], None]
    assert masked(pl.DataFrame({"x": [{"mail": SECRET}, None]}))["x"].to_list() == ["[redacted]", None]


def find_mails(text: str) -> list[Any]:
    return [SimpleNamespace(start=0, end=len(text), entity="EMAIL_ADDRESS")] if "@" in text else []


def test_strays_in_lists_and_records_are_masked_and_all_else_stays() -> None:
    cells = [["red", SECRET, 1, None], {"a": SECRET, "b": ["c", 2.5]}, ["red"], {SECRET: 1}, {"a": [1]}, None, "x", 7]
    seen = view(pd.DataFrame({"x": pd.Series(cells, dtype=object)}))
    assert seen is not None
    mask = ColumnMask("FREE_TEXT_WITH_PII", Operator.PARTIAL, "FREE_TEXT_WITH_PII", strays_only=True)

    out = mask_frame(seen, {0: mask}, RING, on_screen=False, find_spans=find_mails)

    mail = "[EMAIL_ADDRESS]"
    assert out.native["x"].tolist() == [
        ["red", mail, 1, None], {"a": mail, "b": ["c", 2.5]}, ["red"], "[redacted]", {"a": [1]}, None, "x", 7
    ]  # fmt: skip
    assert out.masked == {"FREE_TEXT_WITH_PII": 3}


def test_where_texts_are_redacted_numbers_beside_them_stay() -> None:
    cells = pd.Series([1, "x", "", None, [2, "y"], b"z", 2.5], dtype=object)
    seen = view(cells.to_frame("x"))
    assert seen is not None
    mask = ColumnMask("FREE_TEXT_WITH_PII", Operator.REDACT, "FREE_TEXT_WITH_PII", strays_only=True)

    out = mask_frame(seen, {0: mask}, RING, on_screen=False)

    gone = "[redacted]"
    assert out.native["x"].tolist() == [1, gone, "", None, [2, gone], gone, 2.5]


def test_one_address_among_a_thousand_lists_is_masked_in_a_file() -> None:
    lists = [["teal", "ochre"], ["ochre"]] * 2000
    records = [{"sku": f"a{n % 7}", "note": "fine"} for n in range(4000)]
    lists[3331], records[1777] = ["teal", SECRET], {"sku": "a1", "note": SECRET}

    for make in (pd.DataFrame, pa.table, pl.DataFrame):
        masked = pg.mask(make({"tags": lists, "items": records, "vector": [[0.5, 1.5]] * 4000}))

        columns = [
            masked[name].to_pylist() if make is pa.table else masked[name].to_list() for name in ("tags", "items")
        ]
        assert SECRET not in str(columns)
        kept = columns[0]
        assert kept[0] == ["teal", "ochre"] and kept[3331][0] == "teal"


class NoText:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)

    __repr__ = __str__


@pytest.mark.parametrize("operator", EVERY)
def test_a_cell_without_text_is_redacted_and_the_others_are_masked(operator: Operator) -> None:
    cells = pd.Series([SECRET, NoText(), "b@x.example"], dtype=object)
    table = pd.DataFrame({"x": cells, "who": "P1"})
    subject = Subject(1, "CUSTOMER_ID") if operator is Operator.SHIFT else None

    out = masked(table, operator=operator, subject=subject)["x"].tolist()

    assert out[1] == "[redacted]" and SECRET not in out
    assert out[::2] == masked(table[::2], operator=operator, subject=subject)["x"].tolist()


def test_a_failure_that_is_not_a_cells_own_still_refuses() -> None:
    def broken(_: str) -> Any:
        raise RuntimeError(SECRET)

    seen = view(pd.DataFrame({"x": ["text"]}))
    assert seen is not None
    mask = ColumnMask("FREE_TEXT_WITH_PII", Operator.TOKEN, "FREE_TEXT_WITH_PII")
    with pytest.raises(MaskingError) as refused:
        mask_frame(seen, {0: mask}, RING, on_screen=True, find_spans=broken)
    assert SECRET not in str(refused.value)
