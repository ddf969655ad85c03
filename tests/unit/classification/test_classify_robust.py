"""No label and no value stops a classification; order and sorting do not change it."""

from __future__ import annotations

import datetime
import decimal
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.demo import _people as people
from jupyter_privguard.frames import view


class Hostile:
    """Raises whatever is asked of it."""

    __hash__ = None

    def _fail(self, *_):
        raise RuntimeError("no")

    __str__ = __repr__ = __eq__ = __len__ = __int__ = _fail


def _entities(frame, **options):
    return [verdict.entity for verdict in classify(view(frame), **options)]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    "values",
    [
        [Hostile(), Hostile()],
        [None, None],
        [[1, 2], {"a": 1}],
        [b"raw", bytearray(b"raw")],
        [1, "x", 2.5, None, datetime.date(2020, 1, 1)],
        [float("inf"), float("nan")],
        [decimal.Decimal("NaN"), decimal.Decimal("1e500")],
        [10**400, -(10**400)],
        ["\ud800", "\x00"],
        ["x" * 100_000, "1" * 100_000],
        [pd.Timestamp("2020-01-01"), pd.NaT],
        [np.array([1, 2]), np.float64(1)],
        [complex(1, 2), object()],
    ],
    ids=lambda values: type(values[0]).__name__,
)
def test_odd_values_are_none_with_a_reason(values, full):
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})

    (verdict,) = classify(view(frame), full=full)

    assert verdict.entity == "NONE"
    assert verdict.evidence


@pytest.mark.parametrize("label", [None, 7, 2.5, ("a", 1), "x" * 70_000, "", b"b", frozenset({1}), pd.Timestamp(0)])
def test_odd_labels_are_none_with_a_reason(label):
    frame = pd.DataFrame([[1], [2]])
    frame.columns = pd.Index([label], tupleize_cols=False)

    (verdict,) = classify(view(frame))

    assert verdict.entity == "NONE"
    assert verdict.evidence
    assert len(verdict.column) <= 200


def test_doubled_labels_are_judged_one_by_one():
    frame = pd.DataFrame([["a@example.org", "blue"], ["b@example.org", "red"]], columns=["x", "x"])

    assert _entities(frame) == ["EMAIL_ADDRESS", "NONE"]


def test_an_empty_table_is_judged_by_its_headers():
    assert _entities(pd.DataFrame()) == []
    assert _entities(pd.DataFrame({"email": [], "plan": []})) == ["EMAIL_ADDRESS", "NONE"]


def test_thousands_of_columns_are_all_judged():
    frame = pd.DataFrame(np.arange(6_003).reshape(3, 2_001))

    assert len(_entities(frame)) == 2_001


@given(st.lists(st.one_of(st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans()), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_mixture_gets_a_verdict(values):
    (verdict,) = classify(view(pd.DataFrame({"email": pd.Series(values, dtype=object)})))

    assert 0 <= verdict.confidence <= 1
    assert verdict.evidence


def _table(rows=400):
    rng = random.Random(9)
    return pd.DataFrame(
        {
            "c1": [people.card(rng) for _ in range(rows)],
            "c2": [people.email(rng, "Asha", "Rao", n) for n in range(rows)],
            "c3": [people.phone(rng, "India") for _ in range(rows)],
            "c4": [rng.choice(["red", "blue", "green"]) for _ in range(rows)],
            "c5": [rng.randrange(10**11, 10**12) for _ in range(rows)],
        }
    )


def test_the_order_of_rows_changes_nothing_in_a_sample_s_reach():
    frame = _table(200)
    shuffled = frame.sample(frac=1, random_state=3)

    assert list(classify(view(frame))) == list(classify(view(shuffled)))


def test_the_order_of_rows_changes_no_entity_of_a_long_table():
    frame = _table(4000)

    orders = [frame, frame.sample(frac=1, random_state=3), frame.sort_values("c1"), frame.iloc[::-1]]

    assert len({tuple(_entities(each)) for each in orders}) == 1


def test_the_head_of_a_sorted_column_does_not_mislead():
    rng = random.Random(2)
    values = sorted([f"000-00-{n:04d}" for n in range(300)] + [people.ssn(rng) for _ in range(20_000)])
    mails = sorted(["#none"] * 900 + [f"u{n}@example.org" for n in range(9000)])

    assert _entities(pd.DataFrame({"col_0": values})) == ["US_SSN"]
    assert _entities(pd.DataFrame({"col_0": mails})) == ["EMAIL_ADDRESS"]


def test_importing_loads_no_heavy_library_and_no_pattern():
    code = (
        "import sys, jupyter_privguard.classification as c;"
        "assert not {'pandas', 'numpy', 'yaml', 'cryptography', 'click'} & set(sys.modules), 'heavy';"
        "assert not [m for m in sys.modules if '.classification.detectors.in_' in m], 'patterns'"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
