"""Quasi-identifiers: which columns they are, and how far they single people out together."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.classification.quasi import measured, positions_of, riskiest
from jupyter_privguard.frames import view
from jupyter_privguard.model import ColumnVerdict, DataClass


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path))


def _people(rows=400, seed=5):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "email": [f"person{n}@corp.example" for n in range(rows)],
            "date_of_birth": pd.Timestamp("1950-01-01") + pd.to_timedelta(rng.integers(0, 20, rows) * 400, unit="D"),
            "postcode": rng.choice(["411001", "411002", "560001", None], rows),
            "gender": rng.choice(["female", "male"], rows),
            "plan": rng.choice(["Basic", "Plus"], rows),
        }
    )


QUASI = ["date_of_birth", "postcode", "gender"]


def _brute_force(frame, columns):
    sizes = frame.groupby(list(columns), dropna=False).size()
    return int(sizes.min()), int((sizes == 1).sum())


def _verdict(entity, confidence=0.9):
    data_class = DataClass.NONE if entity == "NONE" else DataClass.PII
    return ColumnVerdict("column", entity, data_class, confidence)


def test_only_verdicts_that_act_make_a_quasi_identifier():
    verdicts = [
        _verdict("GENDER"), _verdict("AGE", 0.6), _verdict("PERSON_NAME"), _verdict("POSTCODE"), _verdict("NONE"),
    ]  # fmt: skip

    assert positions_of(verdicts) == (0, 3)


def test_the_full_set_is_counted_exactly():
    frame = _people()

    quasi = pg.classify(frame).quasi_identifiers

    k, unique = _brute_force(frame, QUASI)
    assert quasi.columns == tuple(QUASI)
    assert (quasi.k, quasi.unique_share) == (k, unique / len(frame))


@pytest.mark.parametrize("seed", range(3))
def test_each_combination_is_counted_exactly_and_the_worst_comes_first(seed):
    frame = _people(seed=seed)
    names = list(frame.columns)

    found = riskiest(view(frame), [names.index(name) for name in QUASI])

    counted = {tuple(names[p] for p in c.positions): (c.k, c.unique) for c in found}
    every = [c for size in (1, 2, 3) for c in itertools.combinations(QUASI, size)]
    assert counted == {columns: _brute_force(frame, columns) for columns in every}
    assert [c.unique for c in found] == sorted((c.unique for c in found), reverse=True)


def test_many_columns_give_ten_combinations_of_at_most_three():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"c{n}": rng.integers(0, n + 2, 300) for n in range(12)})

    found = riskiest(view(frame), range(12))

    assert len(found) == 10
    assert max(len(c.positions) for c in found) == 3
    assert measured(view(frame), found[0].positions) == found[0]


def test_the_frame_begins_with_the_full_set_and_shows_no_value():
    frame = _people()

    shown = pg.classify(frame).quasi_identifiers.to_frame()

    assert list(shown.columns) == ["columns", "k", "unique_share"]
    assert shown["columns"].iloc[0] == "date_of_birth, postcode, gender"
    assert shown["columns"].is_unique
    assert "411001" not in shown.to_string()


def test_one_line_stands_below_the_verdicts():
    frame = _people()
    k, unique = _brute_force(frame, QUASI)
    line = f"quasi-identifiers date_of_birth, postcode, gender: k {k}, {int(100 * unique / 400)} % of the rows unique"

    found = pg.classify(frame)

    assert repr(found).splitlines()[-1] == line
    assert f"<p>{line}</p>" in found._repr_html_()


@pytest.mark.parametrize(
    ("frame", "columns"),
    [(pd.DataFrame({"plan": ["Basic"] * 30}), ()), (_people().iloc[:0], ("date_of_birth", "gender"))],
    ids=["none of them", "no rows"],
)
def test_where_nothing_can_be_counted_nothing_is_claimed(frame, columns):
    quasi = pg.classify(frame).quasi_identifiers

    assert set(quasi.columns) >= set(columns)
    assert (quasi.k, quasi.unique_share) == (None, None)
    assert len(quasi.to_frame()) == 0
    assert "k " not in str(quasi)


def test_values_that_may_not_be_read_are_not_counted():
    quasi = pg.classify(_people(), header_only=True).quasi_identifiers

    assert "gender" in quasi.columns
    assert quasi.k is None
    assert len(quasi.to_frame()) == 0


def test_a_table_that_nobody_else_keeps_can_still_be_counted():
    assert pg.classify(_people()).quasi_identifiers.k is not None


def test_a_table_that_changed_its_columns_is_not_counted_by_old_positions():
    frame = _people()
    found = pg.classify(frame)

    frame.insert(0, "extra", 1)

    assert found.quasi_identifiers.k is None


@pytest.mark.parametrize(("share", "words"), [(0.0, "0 %"), (0.004, "less than 1 %"), (0.999, "99 %"), (1.0, "100 %")])
def test_a_share_is_never_rounded_to_nobody_or_everybody(share, words):
    from jupyter_privguard.guard.columns.quasi import QuasiIdentifiers

    assert str(QuasiIdentifiers(("a",), 1, share)) == f"quasi-identifiers a: k 1, {words} of the rows unique"
