"""Columns that are pieces of a value are masked as it is; columns beside each other by chance are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyter_privguard.frames import view
from tests.unit.guard.conftest import Guarded

ROWS = 12
PEOPLE = pd.DataFrame(
    {
        "full_name": [
            f"{a} Virtanen" for a in "Aino Eetu Veikko Sirpa Ilmari Kerttu Onni Pirkko Reijo Salme Toivo Ulla".split()
        ],
        "email": [f"person{n}.v@mail.example" for n in range(ROWS)],
        "phone": [f"+358 {401 + n} {217 + 3 * n} {5789 - 11 * n}" for n in range(ROWS)],
        "iban": [f"FI{21 + n}4949{1500 + n}02{100 + n}1" for n in range(ROWS)],
        "customer_id": [f"KA-{7101 + n}-{n % 5}X" for n in range(ROWS)],
    }
)


@pytest.fixture
def people(guarded: Guarded) -> Iterator[Guarded]:
    guarded.space["people"] = PEOPLE.copy()
    guarded.session.knowledge.learn()
    yield guarded


def entities(guarded: Guarded, table: Any) -> list[str]:
    guarded.space["table"] = table
    found = guarded.session.knowledge.classification(table, view(table))
    return [verdict.entity if verdict.is_sensitive else "NONE" for verdict in found]


@pytest.mark.parametrize("rows", [1, 3, ROWS])
def test_pieces_of_phone_numbers(people: Guarded, rows: int) -> None:
    split = people.space["people"].phone.str.split(" ", expand=True).head(rows)

    assert entities(people, split)[1:] == ["PHONE_NUMBER"] * 3


def test_pieces_that_touch_and_others_beside_them(people: Guarded) -> None:
    cut = people.space["people"].customer_id.str.extract(r"(KA)-(\d+)-(.+)")

    assert entities(people, cut.assign(plan="gold", orders=range(ROWS))) == ["CUSTOMER_ID"] * 3 + ["NONE"] * 2


def test_numbers_beside_each_other_are_no_piece(people: Guarded) -> None:
    orders = pd.DataFrame({"a": [401, 12, 13, 14], "b": [217, 99, 98, 97], "c": [5789, 1, 2, 3], "plan": list("wxyz")})

    assert entities(people, orders) == ["NONE"] * 4


def test_pieces_in_polars_and_beside_missing_ones(people: Guarded) -> None:
    split = people.space["people"].phone.str.split(" ", expand=True)
    split.loc[1, 0] = None

    assert entities(people, split) == ["PHONE_NUMBER"] * 4
    assert entities(people, pl.from_pandas(split.rename(columns=str))) == ["PHONE_NUMBER"] * 4


def test_tables_whose_rows_cannot_be_read_are_left(people: Guarded) -> None:
    table = pa.table({"a": ["401", "x"], "b": ["217", "y"]})

    assert entities(people, table) == ["NONE"] * 2


def test_pieces_beside_some_that_are_judged_by_another_tables_labels(people: Guarded) -> None:
    names = people.space["people"].full_name.str.split(" ", expand=True)
    assert entities(people, names) == ["PERSON_NAME"] * 2

    split = people.space["people"].phone.str.split(" ", expand=True)

    assert "NONE" not in entities(people, split)
