"""polars and pyarrow in a real kernel: what a person sees of their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PEOPLE = """
import polars as pl, pyarrow as pa
first = "Asha Ravi Meera John Emily Lukas Sofia Omar Priya Daniel Clara Hugo".split()
last = "Kulkarni Menon Nair Smith Walker Becker Rossi Haddad Sharma Novak Dubois Larsen".split()
names = [f"{first[n % 12]} {last[n * 5 % 12]}" for n in range(1234)]
df = pl.DataFrame({
    "full_name": names,
    "email": [f"{name.lower().replace(' ', '.')}{n}@department.corp.example" for n, name in enumerate(names)],
    "income": [51234 + 7 * n for n in range(1234)],
    "plan": ["gold", "basic"] * 617,
})
table = df.to_arrow()
"""
VALUES = ("Asha", "Kulkarni", "asha.", "51234", "51241", "59865")


@pytest.fixture
def people(kernel: Any) -> Any:
    return guarding(kernel)


@pytest.fixture
def again(renewed: Any) -> Any:
    """As ``people``, in a process that tests share."""
    return guarding(renewed)


def guarding(kernel: Any) -> Any:
    assert kernel.run("%load_ext jupyter_privguard").ok
    assert kernel.run(PEOPLE).ok
    return kernel


def test_no_exit_shows_values_of_a_polars_frame(people: Any) -> None:
    for code in (
        "df",
        "print(df)",
        "display(df.head(3))",
        "[df.head(2)]",
        "f'{df}'",
        "df['income']",
        "print(df['email'])",
        "print(df.head(2).write_csv())",
        "df.to_pandas().head(2)",
        "print(df.filter(pl.col('income') > 59000))",
        "df.lazy().head(2).collect()",
    ):
        cell = people.run(code)
        assert cell.ok and "***@" in cell.screen + "***@" * ("income'" in code), code
        assert not [value for value in VALUES if value in cell.screen], code


def test_what_is_no_value_stays(again: Any) -> None:
    shown = again.run("df").data[0]

    assert "shape: (1_234, 4)" in shown["text/plain"] and "shape: (1_234, 4)" in shown["text/html"]
    assert "gold" in shown["text/plain"] and "privguard: tier public sees" in shown["text/html"]
    assert "shape: (1_234, 4)" in again.run("print(df)").streams
    plain = again.run("pl.DataFrame({'x': [51234, 2]})").data[0]["text/plain"]
    assert "51234" in plain and "i64" in plain


def test_a_description_keeps_counts_and_means(again: Any) -> None:
    for code in ("df.describe()", "print(df.describe())", "df['income'].describe()"):
        screen = again.run(code).screen
        assert "1234" in screen and "55549.5" in screen and "mean" in screen
        assert not [value for value in VALUES if value in screen], code


@pytest.mark.parametrize("code", ["table", "table.to_batches()[0]", "table.slice(0, 2)"])
def test_an_arrow_table_is_masked(again: Any, code: str) -> None:
    screen = again.run(code).screen

    assert "***@" in screen and "gold" in screen and "full_name" in screen
    assert not [value for value in VALUES if value in screen]


def test_the_log_knows_the_tables(people: Any, home: Any) -> None:
    people.run("df.head(2)")
    people.close()

    loaded = {event["dataset"]["name"]: event["dataset"] for event in home.events("data.load")}
    classes = {column["label"]: column["entity"] for column in loaded["df"]["columns"]}
    assert classes["email"] == "EMAIL_ADDRESS" and loaded["df"]["rows"] == 1234


NESTED = """
import pandas as pd, polars as pl
d = pd.DataFrame({
    "people": [{"name": "Nadia Brandt", "dob": "1980-02-03"}, {"name": "Tomas Winkler", "dob": "1979-11-30"}] * 20,
    "kids": [["Emil Krause", "Ida Krause"]] * 40,
    "emails": [["nadia@department.corp.example"]] * 40,
    "colours": [["teal", "ochre"]] * 40,
})
p = pl.DataFrame(d.to_dict("list"))
"""


@pytest.mark.parametrize(
    "code",
    [
        "d.head(2)",
        "p.head(2)",
        "p.to_arrow()",
        "print(d.head(2))",
        "d.loc[0]",
        "d.people[0]",
        "print(p['kids'].to_list())",
    ],
)
def test_lists_and_records_in_cells_show_nobody(renewed: Any, code: str) -> None:
    assert renewed.run("%load_ext jupyter_privguard").ok
    assert renewed.run(NESTED).ok

    cell = renewed.run(code)

    assert cell.ok
    assert not [v for v in ("Nadia", "Brandt", "Krause", "nadia@", "Tomas") if v in cell.screen], cell.screen
    assert "teal" in cell.screen or not code.endswith(("head(2)", "head(2))"))


def test_no_library_is_imported_for_the_question_what_a_table_is(start: Callable[..., Any]) -> None:
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    kernel.run("x = [1]; x")

    loaded = kernel.run("import sys; print(sorted({'polars', 'pyarrow', 'duckdb'} & set(sys.modules)))")

    assert loaded.streams.strip() == "[]"
