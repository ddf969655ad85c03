"""Labels of every kind: none stops a verdict or a mask."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from jupyter_privguard.classification.headers import label_text
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

LABELS = {
    "text that raises": TEXT("email"),
    "text that lies": WRONG_SLICE("email"),
    "str raises": one(*NO_STR)(),
    "str is no text": one(__str__=lambda self: 7)(),
    "says it is text": liar(str),
    "says it is a tuple": liar(tuple),
    "lone surrogate": "\ud800",
    "a value": VALUE,
    "a value in a tuple": (("plan",), VALUE),
    "None": None,
    "NaN": float("nan"),
    "NaT": pd.NaT,
    "NA": pd.NA,
    "float": 1.5,
    "bool": True,
    "bytes": b"abc",
    "set": frozenset({1}),
    "date": datetime.date(2020, 1, 1),
    "5,000 digits": 10**5000,
    "tuple with None": ("a", None, 1),
    "1,000 parts": ("a" * 100,) * 1000,
    "70,000 characters": "email " * 70_000,
    "combining": "e\u0301" * 70_000,
    "right to left": "\u202eliame",
    "escape": "a\nb\r\n\x1b[31m",
    "class": int,
}


def _labelled(label, values):
    labels = np.empty(1, dtype=object)
    labels[0] = label
    table = pd.DataFrame({0: values})
    table.columns = pd.Index(labels, dtype=object, tupleize_cols=False)
    return table


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("values", [[1, 2], ["asha@corp.example"] * 3], ids=["numbers", "mails"])
def test_no_label_stops_a_verdict_or_a_mask(name, values):
    label = LABELS[name]
    table = _labelled(label, values)

    for options in ({}, {"full": True}, {"header_only": True}):
        classified(table, **options)
    assert (classified(table) == ["EMAIL_ADDRESS"]) or values[0] == 1
    masked = masked_or_refused(table)
    assert masked is not None
    assert VALUE not in label_text(masked.columns[0])


@pytest.mark.parametrize("label", ["ｅｍａｉｌ", "E\u2011Mail", "text that raises", ("contact", "email")])
def test_a_label_that_only_looks_odd_is_understood(label):
    label = LABELS.get(label, label)

    assert classified(_labelled(label, [None, None]), header_only=True) == ["EMAIL_ADDRESS"]


def test_labels_and_index_that_are_there_twice_are_judged_one_by_one():
    columns = pd.MultiIndex.from_tuples([("a", "email"), ("a", "email"), (None, 1)])
    index = pd.MultiIndex.from_tuples([("a@corp.example", 1), ("a@corp.example", 1), (None, 2)], names=["e", "e"])
    table = pd.DataFrame(
        [["b@corp.example", "c@corp.example", 1]] * 3,
        columns=columns,
        index=index,
    )

    assert classified(table)[:4] == ["EMAIL_ADDRESS", "EMAIL_ADDRESS", "NONE", "EMAIL_ADDRESS"]
    masked = masked_or_refused(table)
    assert masked is not None
    assert "corp.example" not in masked.iloc[:, 2].to_string()
