"""A column that was made of a sensitive one is masked as that is from the first look on, whatever it is called."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from jupyter_privguard.frames import view
from tests.unit.guard.conftest import Notebook

CHANCE = random.Random(3)
BORN = [(CHANCE.randrange(1950, 2001), CHANCE.randrange(1, 13), CHANCE.randrange(1, 29)) for _ in range(60)]
DATES = {
    "iso": [f"{year}-{month:02d}-{day:02d}" for year, month, day in BORN],
    "german": [f"{day:02d}.{month:02d}.{year}" for year, month, day in BORN],
    "american": [f"{month:02d}/{day:02d}/{year}" for year, month, day in BORN],
    "compact": [f"{year}{month:02d}{day:02d}" for year, month, day in BORN],
    "british": [f"{day:02d}/{month:02d}/{year}" for year, month, day in BORN],
}


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)
    made = Notebook()
    made.space["born"] = DATES["iso"]
    made.space["pay"] = [f"${51_234.81 + 8_311.07 * n:,.2f}" for n in range(60)]
    yield made
    made.close()


TABLE = "df = pd.DataFrame({'birth_date': born, 'salary': pay, 'visits': range(60), 'seen': '2024-05-01'})"


def entity(notebook: Notebook, label: str) -> str:
    table = notebook.space["df"]
    return notebook.session.knowledge.classification(table, view(table))[label].entity


@pytest.mark.parametrize("form", DATES)
@pytest.mark.parametrize("way", ["read", "made"])
def test_a_date_that_was_parsed_in_the_first_cell(notebook: Notebook, form: str, way: str) -> None:
    notebook.space["born"] = DATES[form]
    read = "\ndf.to_csv('people.csv', index=False); df = pd.read_csv('people.csv')" if way == "read" else ""
    first = form in ("german", "british")

    date = f"pd.to_datetime(df.birth_date.astype(str), dayfirst={first})"
    seen = notebook.run(f"{TABLE}{read}\ndf['d'] = {date}\ndf.head(3)")

    assert [day for day in DATES["iso"] if day in seen] == []
    assert "2024-05-01" in seen
    assert entity(notebook, "d") == "DATE_OF_BIRTH" and entity(notebook, "seen") == "NONE"


@pytest.mark.parametrize("form", ["%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%y-%m-%d"])
def test_so_is_the_same_date_in_another_form(notebook: Notebook, form: str) -> None:
    notebook.run(f"{TABLE}\ndf['d'] = pd.to_datetime(df.birth_date)")

    seen = notebook.run(f"print(df.d.dt.strftime('{form}').rename('x').head(3))")
    shown = notebook.space["df"].d.dt.strftime(form).head(3).tolist()

    assert "x" in seen and [day for day in shown if day in seen] == []


@pytest.mark.parametrize("form", ["%m/%d/%y", "%d.%m.%Y", "%Y%m%d"])
def test_a_row_of_it_is_known_by_its_label(notebook: Notebook, form: str) -> None:
    notebook.run(f"{TABLE}\ndf['d'] = pd.to_datetime(df.birth_date)")
    assert DATES["iso"][0] not in notebook.run("df.head(1)")

    seen = notebook.run(f"df.d.dt.strftime('{form}').head(1)")
    days = notebook.run("df.d.dt.day_name().head(2)")

    assert notebook.space["df"].d.dt.strftime(form)[0] not in seen
    assert "day" in days


def test_so_is_an_amount(notebook: Notebook) -> None:
    seen = notebook.run(f"{TABLE}\ndf['y'] = df.salary.str.replace(r'[$,]', '', regex=True).astype(float)\ndf.tail(3)")

    assert "541587" not in seen and "57" in seen
    assert entity(notebook, "y") == "INCOME" and entity(notebook, "visits") == "NONE"


def test_what_somebody_says_of_such_a_column_holds(notebook: Notebook) -> None:
    notebook.run(f"{TABLE}\ndf['d'] = pd.to_datetime(df.birth_date)")
    assert DATES["iso"][0] not in notebook.run("df[['d', 'visits']].head(2)")

    table = notebook.space["df"]
    notebook.session.classes.set(table, view(table), [[*table.columns].index("d")], "NONE", save=False)

    assert entity(notebook, "d") == "NONE" and entity(notebook, "birth_date") == "DATE_OF_BIRTH"
    assert DATES["iso"][0] in notebook.run("df[['d', 'visits']].head(2)")
