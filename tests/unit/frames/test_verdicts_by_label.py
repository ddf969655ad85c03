"""Verdicts of a classification are reached by label and by position."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

import jupyter_privguard as pg
from jupyter_privguard.errors import InputError

pytestmark = pytest.mark.usefixtures("home")

MAILS = [f"asha{n}@corp.example" for n in range(30)]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_a_verdict_is_found_by_label_and_by_position(make: Any) -> None:
    found = pg.classify(make({"plan": ["gold", "basic"] * 15, "email": MAILS}))

    assert found["email"] is found[1] is found[-1] is found.columns[1] and found["email"].entity == "EMAIL_ADDRESS"
    assert found.labels == ("plan", "email") and found.position("email") == 1 and found[:1] == found.columns[:1]


def test_whole_numbers_are_positions_and_all_other_labels_are_labels() -> None:
    columns = pd.MultiIndex.from_tuples([("a", 7), ("b", 8)])
    found = pg.classify(pd.DataFrame([[1, "x"]], columns=columns))

    assert found.labels == (("a", 7), ("b", 8)) and found["b", 8] is found[1]
    numbered = pg.classify(pd.DataFrame({7: MAILS, 0: [1] * 30}))
    assert numbered[0].entity == "EMAIL_ADDRESS" and numbered.position(0) == 1 and numbered["7"] is numbered[0]


def test_a_label_that_is_a_value_finds_its_column_and_is_not_shown() -> None:
    found = pg.classify(pd.DataFrame({MAILS[0]: [1]}), header_only=True)

    assert found[MAILS[0]] is found[0] and found[0].column == "[redacted]"
    assert MAILS[0] not in f"{found!r}{found._repr_html_()}{found.to_json()}"


@pytest.mark.parametrize("label", ["mail", ("email",), None, 1.5, MAILS[0]])
def test_a_label_that_is_not_there_is_one_sentence_without_it(label: Any) -> None:
    found = pg.classify(pd.DataFrame({"email": MAILS}))

    with pytest.raises(InputError) as refused:
        found[label]
    assert str(refused.value) == "privguard: this table has no column of that name; its `labels` are what there is."


def test_a_label_that_is_there_twice_is_asked_for_by_position() -> None:
    found = pg.classify(pd.DataFrame([[1, "x"]], columns=["a", "a"]))

    with pytest.raises(InputError, match=r"^privguard: 2 columns have that name; choose one by"):
        found["a"]


def test_what_has_no_name_is_called_so_and_the_name_none_is_one() -> None:
    assert pg.classify(pd.Series(MAILS))[0].column == "(no name)"
    assert pg.classify(pd.Series(MAILS, name="None"))[0].column == "None"


def test_a_frame_of_verdicts_has_the_five_columns() -> None:
    made = pg.classify(pd.DataFrame({"email": MAILS})).to_frame()

    assert list(made.columns) == ["column", "entity", "class", "confidence", "action"]
