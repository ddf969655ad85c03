"""Tables that lie, raise, or are of a size nobody expects: a verdict or NONE with a reason, and no value in a message.

The tables go through `pg.classify`, its renderings and `pg.mask`, as they would for a user."""

from __future__ import annotations

import datetime
import decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.classification.spans import find_spans
from jupyter_privguard.model import DataClass, Pattern
from tests.unit.classification.hostile import (  # noqa: F401
    NO_STR,
    TEXT,
    VALUE,
    WRONG_SLICE,
    classified,
    liar,
    masked_or_refused,
    one,
    own_home,
    raises,
)


def _leave(*_, **__):
    raise SystemExit(VALUE)


def _deep(depth):
    nested: list = []
    for _ in range(depth):
        nested = [nested]
    return nested


def _released():
    buffer = memoryview(bytearray(b"abc"))
    buffer.release()
    return buffer


CELLS = {
    "repr raises": one("__repr__")(),
    "str raises": one(*NO_STR)(),
    "str leaves the program": type("Hostile", (), dict.fromkeys(NO_STR, _leave))(),
    "hash leaves the program": type("Hostile", (), {"__hash__": _leave})(),
    "str is no text": one(__str__=lambda self: 7)(),
    "hash raises": one("__hash__")(),
    "no hash": one(__hash__=None)(),
    "eq raises": one("__eq__", __hash__=lambda self: 1)(),
    "eq is an array": one(__eq__=lambda self, other: np.array([1, 2]), __hash__=lambda self: 1)(),
    "bool raises": one("__bool__")(),
    "len raises": one("__len__", "__iter__")(),
    "array raises": one("__array__")(),
    "every attribute raises": one("__getattribute__")(),
    "class raises": one(__class__=property(raises))(),
    **{f"says it is {kind.__name__}": liar(kind) for kind in (str, int, float, bool, bytes, datetime.date)},
    "float without text": one(*NO_STR, "__int__", base=float)(3.0),
    "whole number without text": one(*NO_STR, base=int)(3),
    "date without text": one(*NO_STR, "isoformat", base=datetime.date)(2020, 1, 1),
    "bytes that raise": one("__getitem__", "__len__", base=bytes)(b"\x89PNG\r\n\x1a\n"),
    "released memory": _released(),
    "memory in two dimensions": memoryview(np.arange(4).reshape(2, 2)),
    "signalling NaN": decimal.Decimal("sNaN"),
    "decimal NaN": decimal.Decimal("NaN"),
    "huge decimal": decimal.Decimal("1e999999"),
    "5,000 digits": 10**5000,
    "complex": complex(1, 2),
    "deep list": _deep(10_000),
    "table": pd.DataFrame({"a": [1]}),
    "column": pd.Series([1, 2]),
    "array": np.arange(3),
    "mapping": {"a": VALUE},
    "set": frozenset({1}),
    "generator": (n for n in ()),
    "exception": ValueError("3"),
    "lone surrogate": "\ud800abc",
    "surrogates": "\udcff" * 30,
    "NUL": "a\x00b",
    "right to left": "\u202eabc\u202c",
    "combining": "e" + "\u0301" * 5000,
    "1 MB": "x" * 1_000_000,
    "1 MB of blanks": " " * 1_000_000,
    "1 MB of bytes": b"x" * 1_000_000,
    "NA": pd.NA,
    "NaT": pd.NaT,
    "far future": np.datetime64("30000-01-01"),
    "last second": datetime.datetime(9999, 12, 31),
    "period": pd.Period("2020-01"),
    "interval": pd.Interval(0, 1),
    "longest time": datetime.timedelta.max,
    "Ellipsis": ...,
    "type": int,
}


def _cells(*values):
    cells = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        cells[place] = value
    return pd.Series(cells, dtype=object)


@pytest.mark.parametrize("name", CELLS)
def test_no_cell_stops_the_verdict_on_its_own_column_or_on_another(name):
    cell = CELLS[name]
    mails = [f"asha{n}@corp.example" for n in range(30)]
    table = pd.DataFrame({"email": mails, "x1": _cells(*[cell] * 30), "x2": _cells(*mails[:29], cell)})

    for full in (False, True):
        entities = classified(table, full=full)
        assert [entities[0], entities[2]] == ["EMAIL_ADDRESS"] * 2
        assert entities[1] in ("NONE", "INTERNAL_UNKNOWN") or (name == "mapping" and entities[1] == "EMAIL_ADDRESS")
    masked_or_refused(table)
    masked_or_refused(table[["email", "x1"]])


@pytest.mark.parametrize("kind", [TEXT, WRONG_SLICE], ids=["raises", "lies"])
def test_text_of_a_class_that_overrides_everything_is_read_as_the_text_it_is(kind):
    table = pd.DataFrame({"x1": _cells(*(kind(f"asha{n}@corp.example") for n in range(30)))})

    assert classified(table) == ["EMAIL_ADDRESS"]
    assert classified(table, full=True) == ["EMAIL_ADDRESS"]


@pytest.mark.parametrize(
    ("table", "entities"),
    [
        (pd.DataFrame(), []),
        (pd.DataFrame(index=range(5)), []),
        (pd.DataFrame({"email": []}), ["EMAIL_ADDRESS"]),
        (pd.DataFrame(index=["a@corp.example"] * 3), ["EMAIL_ADDRESS"]),
        (pd.DataFrame({"email": pd.arrays.SparseArray(["a@corp.example", None, None])}), ["EMAIL_ADDRESS"]),
        (pd.DataFrame({"x": pd.arrays.SparseArray([0.0, 0.0, 1.0])}), ["NONE"]),
        (pd.DataFrame({"x": pd.period_range("2000", periods=30, freq="M")}), ["NONE"]),
        (pd.DataFrame({"x": pd.interval_range(0, 30)}), ["NONE"]),
        (pd.DataFrame({"x": pd.cut(range(30), 3)}), ["NONE"]),
        (pd.DataFrame({"x": pd.Categorical([1, "a", 2.5, None])}), ["NONE"]),
        (pd.DataFrame({"x": np.array(["9999-01-01"] * 3, dtype="datetime64[s]")}), ["NONE"]),
        (pd.DataFrame([[1, 2]], columns=[np.nan, None]), ["NONE", "NONE"]),
        (pd.Series([], dtype=object), ["NONE"]),
        (pd.Index([]), ["NONE"]),
        (pd.MultiIndex.from_arrays([[], []]), ["NONE", "NONE"]),
    ],
)
def test_empty_and_unusual_columns_get_a_verdict(table, entities):
    for full in (False, True):
        assert classified(table, full=full) == entities
    assert masked_or_refused(table) is not None


def test_cells_that_may_not_be_written_are_not_written():
    cells = np.array([["a@corp.example", "x"]] * 3, dtype=object)
    cells.flags.writeable = False

    assert classified(pd.DataFrame(cells, columns=["a", "b"], copy=False)) == ["EMAIL_ADDRESS", "NONE"]


def test_twenty_thousand_columns_are_all_judged():
    table = pd.DataFrame(np.zeros((2, 20_000), dtype=np.int8))

    assert len(pg.classify(table, header_only=True)) == 20_000


def test_a_sample_of_a_long_column_does_not_copy_it():
    values = np.broadcast_to(np.int64(7), (10**9,))  # eight bytes that look like eight billion

    assert classified(pd.DataFrame({"n": values}, copy=False)) == ["NONE"]


def test_categories_that_no_row_uses_are_not_read():
    unused = pd.Categorical([None] * 10, categories=[f"u{n}@corp.example" for n in range(1000)])

    assert classified(pd.DataFrame({"x1": unused})) == ["NONE"]


def test_very_many_values_in_one_text_are_all_found():
    text = "a@corp.example 4539 1488 0343 6467, " * 10_000

    assert len(find_spans(text)) == 20_000


@pytest.mark.parametrize("raises_only", [False, True])
def test_spans_of_the_policy_and_built_in_ones_do_not_overlap_and_are_in_order(raises_only):
    pattern = Pattern("CODE", DataClass.INTERNAL, "[a-z]+@corp", (), raises_only)
    text = "asha@corp.example 4539 1488 0343 6467 ravi@corp ravi@corp.example, " * 20

    spans = find_spans(text, (pattern,))

    assert spans == sorted(spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert {span.entity for span in spans} == {"CODE", "CREDIT_CARD"} | ({"EMAIL_ADDRESS"} if raises_only else set())
