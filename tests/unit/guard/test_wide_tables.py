"""A table on its side has a column for each person: what is shown of it is masked, and what the rest tells counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import polars as pl
import pytest

from jupyter_privguard.frames import view
from tests.unit.guard.conftest import PEOPLE, Notebook

MANY = {
    "name": [f"Aaravind Kulkar{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)],
    "email": [f"person.{n}@corp.example" for n in range(400)],
    "income": [50_123 + 791 * n for n in range(400)],
    "plan": ["basic", "gold"] * 200,
}


def incomes_in(shown: str) -> set[str]:
    """As words: the digits of a token may be anything."""
    return {str(one) for one in MANY["income"]}.intersection(re.findall(r"\w+", shown))


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Notebook()
    yield made
    made.close()


@pytest.fixture
def people(notebook):
    notebook.space["df"] = pd.DataFrame(MANY)
    notebook.run("df.head()")
    return notebook


@pytest.mark.parametrize("most", ["20", "5", "300", "None"])
def test_a_table_on_its_side_is_masked_as_far_as_it_is_shown(people, most: str) -> None:
    shown = people.run(f"with pd.option_context('display.max_columns', {most}):\n    print(repr(df.T))")

    assert "tok_" in shown and "[4 rows x 400 columns]" in shown and "basic" in shown
    assert "Kulkar" not in shown and "person." not in shown and not incomes_in(shown)


def test_a_cell_shows_it_as_it_shows_any_table(people) -> None:
    shown = people.run("df.T")

    assert "tok_" in shown and "[4 rows x 400 columns]" in shown
    assert "Kulkar" not in shown and "person." not in shown and "50123" not in shown


@pytest.mark.parametrize(
    "code", ["print(df.T.to_string())", "print(df.T.to_html())", "print(df.T.to_csv())", "print(df.T.to_dict())"]
)
def test_what_shows_all_columns_is_masked_as_a_whole(people, code: str) -> None:
    shown = people.run(code)

    assert "Kulkar" not in shown and "person." not in shown and not incomes_in(shown)
    assert shown.count("basic") == 200


def test_a_first_row_that_was_taken_for_labels_is_known_by_those_that_are_not_shown(notebook) -> None:
    columns = {f"{90_210 + at}": [f"{90_211 + at + row}" for row in range(30)] for at in range(300)}
    first = [f"person.{row}@corp.example" for row in range(30)]
    labels = list(columns)
    table = {**dict(list(columns.items())[:150]), "person.77@corp.example": first, **dict(list(columns.items())[150:])}
    notebook.space["df"] = pd.DataFrame(table)
    notebook.run("df.head(1)")

    shown = notebook.run("df")

    assert "person." not in shown and "[30 rows x 301 columns]" in shown
    assert labels  # the labels beside it are numbers of nobody


def test_a_wide_polars_table_states_its_size(notebook) -> None:
    notebook.space["pl"] = pl
    notebook.space["wide"] = pl.DataFrame({f"email_{at}": PEOPLE["email"] for at in range(300)})

    shown = notebook.run("wide")

    assert "shape: (30, 300)" in shown and "person." not in shown


def test_a_part_of_a_wide_table_is_told_apart_from_others(people) -> None:
    people.run("wide = df.T")

    shown = people.run("wide.head(1)")

    assert "Kulkar" not in shown and "[1 rows x 400 columns]" in shown


@pytest.mark.parametrize("code", ["next(df.iterrows())", "df.iloc[0]", "df.T", "df.head(2).T"])
def test_the_number_of_a_row_is_no_column_of_that_number_elsewhere(people, code: str) -> None:
    people.run("parts = df.email.str.split('@', expand=True); numbers = pd.DataFrame(df[['email', 'name']].values)")
    people.run("parts.head(2)")
    people.run("numbers.head(2)")

    shown = people.run(code)

    assert "basic" in shown and "tok_" in shown
    assert "Kulkar" not in shown and "person." not in shown and "50123" not in shown


def _verdicts(notebook, name: str) -> list:
    table = notebook.space[name]
    return list(notebook.session.knowledge.classification(table, view(table)))


@pytest.mark.parametrize(
    ("code", "is_looked_at"),
    [
        ("x = df.T", False),
        ("x = df[['email', 'income']].T", False),
        ("x = df.T.iloc[:2, :300]", False),
        ("x = df.head(150).T", True),  # few columns cost little
        ("x = df.set_index('plan').T", True),
        ("x = df[['income', 'plan']].T", True),  # nothing in it is a word of somebody's
        ("x = pd.DataFrame([['a'] * 400, ['b'] * 400], index=['name', 'email'])", True),
        ("x = df.isna().T", True),
    ],
)
def test_the_columns_of_a_known_table_on_its_side_are_not_looked_at_one_by_one(people, code, is_looked_at) -> None:
    people.run(code)

    evidence = {line for verdict in _verdicts(people, "x") for line in verdict.evidence}

    assert any("on its side" in line for line in evidence) is not is_looked_at


@pytest.mark.parametrize("code", ["x", "x.head(1)", "x[3]", "x.iloc[:, 5:8]", "x[[3, 4]].to_dict()", "x.T.head(2)"])
def test_what_is_taken_from_it_is_masked_as_ever(people, code: str) -> None:
    people.run("x = df.T")

    shown = people.run(f"print({code})")

    assert "tok_" in shown and "Kulkar" not in shown and "person." not in shown and not incomes_in(shown)
