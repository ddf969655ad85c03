"""Labels of every kind: none stops a verdict or a mask."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.classification.headers import label_text
from jupyter_privguard.errors import PrivguardError

VALUE = "zq.canary@corp.example"


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)


def _raise(*_, **__):
    raise RuntimeError(VALUE)


def _one(*names, base=object, **more):
    return type("Hostile", (base,), {**dict.fromkeys(names, _raise), **more})


def _liar(kind):
    return _one(__class__=property(lambda self: kind))()


_NO_STR = ("__str__", "__repr__")


_TEXT = _one(
    "strip", "lower", "endswith", "encode", "isdigit", "__getitem__", "__len__", "__iter__", *_NO_STR, base=str
)


_WRONG_SLICE = type("Hostile", (str,), {"__getitem__": lambda self, item: 5, "strip": lambda self: 7})


def _classified(table, **options):
    found = pg.classify(table, **options)
    shown = f"{found!r}{found._repr_html_()}{found.to_json()}{found.to_frame()}{found.quasi_identifiers.to_frame()}"
    assert VALUE not in shown
    assert all(verdict.evidence and 0 <= verdict.confidence <= 1 for verdict in found)
    return [verdict.entity for verdict in found]


def _masked_or_refused(table):
    try:
        masked = pg.mask(table)
    except PrivguardError as error:
        assert str(error).startswith("privguard: ")
        assert VALUE not in str(error)
        assert error.__cause__ is None
        return None
    assert type(masked) is type(table)
    assert masked.shape == table.shape
    return masked


LABELS = {
    "text that raises": _TEXT("email"),
    "text that lies": _WRONG_SLICE("email"),
    "str raises": _one(*_NO_STR)(),
    "str is no text": _one(__str__=lambda self: 7)(),
    "says it is text": _liar(str),
    "says it is a tuple": _liar(tuple),
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
        _classified(table, **options)
    assert (_classified(table) == ["EMAIL_ADDRESS"]) or values[0] == 1
    masked = _masked_or_refused(table)
    assert masked is not None
    assert VALUE not in label_text(masked.columns[0])


@pytest.mark.parametrize("label", ["ｅｍａｉｌ", "E\u2011Mail", "text that raises", ("contact", "email")])
def test_a_label_that_only_looks_odd_is_understood(label):
    label = LABELS.get(label, label)

    assert _classified(_labelled(label, [None, None]), header_only=True) == ["EMAIL_ADDRESS"]


def test_labels_and_index_that_are_there_twice_are_judged_one_by_one():
    columns = pd.MultiIndex.from_tuples([("a", "email"), ("a", "email"), (None, 1)])
    index = pd.MultiIndex.from_tuples([("a@corp.example", 1), ("a@corp.example", 1), (None, 2)], names=["e", "e"])
    table = pd.DataFrame(
        [["b@corp.example", "c@corp.example", 1]] * 3,
        columns=columns,
        index=index,
    )

    assert _classified(table)[:4] == ["EMAIL_ADDRESS", "EMAIL_ADDRESS", "NONE", "EMAIL_ADDRESS"]
    masked = _masked_or_refused(table)
    assert masked is not None
    assert "corp.example" not in masked.iloc[:, 2].to_string()
