"""A lowered column shows more of itself alone: two tables may look the same, and caches are no evidence."""

from __future__ import annotations

from datetime import date

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyter_privguard.guard.columns.datasets import name_of_source, place_of_source
from tests.unit.guard.conftest import PEOPLE

OTHERS = PEOPLE | {"email": [f"else.{n}@corp.example" for n in range(30)]}
OTHERS["income"] = [50_124 + 791 * n for n in range(30)]
MAKERS = {
    "polars": pl.DataFrame,
    "arrow": pa.table,
    "to_pandas": lambda data: pa.table(data).to_pandas(),
    "read": None,
}


@pytest.mark.parametrize("make", [maker for maker in MAKERS.values() if maker], ids=[m for m in MAKERS if m != "read"])
def test_a_table_that_only_looks_the_same_is_one_of_its_own(guarded, make) -> None:
    guarded.space["a"], guarded.space["b"] = make(PEOPLE), make(OTHERS)
    guarded.session.knowledge.learn()

    guarded.set("b", "email", "NONE")

    a, b = guarded.space["a"], guarded.space["b"]
    assert guarded.entity(b, "email") == "NONE" and guarded.entity(a, "email") == "EMAIL_ADDRESS"
    assert guarded.knows("person.3@corp.example") and not guarded.knows("else.3@corp.example")
    guarded.set("a", "income", "NONE")
    assert guarded.entity(a, "income") == "NONE" and guarded.entity(b, "income") == "INCOME"
    assert guarded.entity(b, "name") == "PERSON_NAME"


@pytest.mark.parametrize("make", [maker for maker in MAKERS.values() if maker], ids=[m for m in MAKERS if m != "read"])
def test_a_part_of_such_a_table_belongs_to_the_one_whose_values_it_has(guarded, make) -> None:
    guarded.space["a"], guarded.space["b"] = make(PEOPLE), make(OTHERS)
    guarded.session.knowledge.learn()
    part = guarded.space["a"].slice(3, 4) if make is not MAKERS["to_pandas"] else guarded.space["a"].iloc[3:7]
    guarded.space["part"] = part

    guarded.set("part", "email", "NONE")

    assert guarded.entity(guarded.space["a"], "email") == "NONE", "said of the table that it was cut from"
    assert guarded.entity(guarded.space["b"], "email") == "EMAIL_ADDRESS"


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("hiv_positive", [n % 2 == 0 for n in range(30)]),
        ("date_of_birth", [date(1950 + n, 3, 1) for n in range(30)]),
        ("income", [50_123.25 + 791 * n for n in range(30)]),
    ],
)
def test_values_that_text_does_not_hold_are_hidden_as_another_ones_even_when_that_was_long_ago(
    guarded, label, values
) -> None:
    guarded.space["other"] = pd.DataFrame(PEOPLE | {label: values})
    guarded.space["df"] = df = pd.DataFrame(PEOPLE | {label: values})
    entity = guarded.entity(df, label)
    assert entity != "NONE"
    del guarded.space["other"]
    for n in range(120):  # more tables and columns than are remembered
        guarded.space["passing"] = pd.DataFrame({f"income_{n}": [1_000.5 + n, 2_000.5], "email": ["a@b.example"] * 2})
        guarded.session.knowledge.learn()

    guarded.set("df", label, "NONE")

    assert guarded.entity(df, label) == "NONE" and guarded.entity(df.head(), label) == entity


def test_a_table_that_was_made_in_one_go_has_its_variables_name(guarded) -> None:
    guarded.space["df"] = df = pd.DataFrame(PEOPLE).sort_values("name")

    guarded.set("df", "email", "NONE")
    guarded.set("df", "shelf", "CUSTOMER_ID")

    assert guarded.entity(df, "email") == guarded.entity(df.head(), "email") == "NONE"
    assert guarded.entity(df, "shelf") == guarded.entity(df.head(), "shelf") == "CUSTOMER_ID"
    assert [o.dataset.shown for o in guarded.session.classes.in_force()] == ["df", "df"]


def test_a_copy_with_other_numbers_does_not_share_the_word(guarded, file) -> None:
    guarded.space["df"] = df = pd.read_csv(file)
    guarded.space["doubled"] = doubled = df.assign(income=df.income * 2 + 1)
    guarded.session.knowledge.learn()

    guarded.set("doubled", "income", "NONE")

    assert guarded.entity(df, "income") == "INCOME" and guarded.entity(df.head(), "income") == "INCOME"
    assert guarded.entity(doubled, "income") == "NONE"


def test_tables_that_look_alike_are_judged_as_before_when_a_word_was_taken_back(guarded) -> None:
    guarded.space["a"] = pl.DataFrame(PEOPLE)
    guarded.session.knowledge.learn()
    guarded.space["b"] = b = pl.DataFrame({label: values[:2] for label, values in OTHERS.items()})
    before = {label: guarded.entity(b, label) for label in PEOPLE}

    guarded.set("a", "shelf", "CUSTOMER_ID")
    guarded.off("a", "shelf")

    assert {label: guarded.entity(b, label) for label in PEOPLE} == before


def test_a_saved_lowering_is_for_one_file_and_a_raise_for_all_of_its_name(guarded, tmp_path) -> None:
    for folder, people in (("1", PEOPLE), ("2", OTHERS)):
        (tmp_path / folder).mkdir()
        pd.DataFrame(people).to_csv(tmp_path / folder / "data.csv", index=False)
    guarded.space["one"] = pd.read_csv(tmp_path / "1" / "data.csv")
    guarded.space["two"] = two = pd.read_csv(tmp_path / "2" / "data.csv")

    guarded.set("one", "email", "NONE", save=True)
    guarded.set("one", "shelf", "CUSTOMER_ID", save=True)

    assert guarded.entity(two, "email") == "EMAIL_ADDRESS" and guarded.entity(two, "shelf") == "CUSTOMER_ID"
    again = pd.read_csv(str(tmp_path / "2" / ".." / "1" / "data.csv"))
    assert guarded.entity(again, "email") == "NONE", "the same file by another path"
    with pytest.raises(Exception, match=r"^privguard: that class was given to another data set of this name, in .*csv"):
        guarded.off("two", "shelf")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("data/customers.csv", "customers"),
        ("users.2024.csv", "users"),
        (".hidden", ".hidden"),
        ("https://example.org/a/b.parquet?x=1", "b"),
        ("SELECT * FROM hr", "hr"),
        ("select id, name\n from hr.people;", "hr.people"),
        ("SELECT * FROM hr.people WHERE x = 1", "hr.people"),
        ("select town, avg(pay) as m from people group by town order by 2 limit 3;", "people"),
        ("select a from p join q on p.x = q.x", "select a from p join q on p.x = q.x"),
        ("select a from p, q", "select a from p, q"),
        ("select a from p where x in (select x from q)", "select a from p where x in (select x from q)"),
        ("with a as (select 1) select * from a", "with a as (select 1) select * from a"),
        ("select.csv", "select"),
    ],
)
def test_the_name_of_a_source(source: str, name: str) -> None:
    assert name_of_source(source) == name


def test_the_place_of_a_source_tells_files_of_one_name_apart(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert place_of_source("a.csv") == place_of_source(str(tmp_path / "b" / ".." / "a.csv"))
    assert place_of_source("a.csv") != place_of_source("b/a.csv")
    assert place_of_source("select *\n from t") == "select * from t" and place_of_source("") == ""
    assert place_of_source("https://example.org/a.csv") == "https://example.org/a.csv"
