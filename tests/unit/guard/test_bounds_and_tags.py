"""Bounds of bands that are somebody's numbers, and values within tags that are called as their column is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import polars as pl
import pytest

from tests.unit.guard.conftest import PEOPLE, Notebook

TABLE = PEOPLE | {"dob": [f"{1950 + n}-03-{10 + n % 19}" for n in range(30)], "visits": [n % 9 for n in range(30)]}


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Notebook()
    made.space.update(pl=pl, df=pd.DataFrame(TABLE), other=pl.DataFrame(TABLE))
    made.run("df.head(1); other.head(1)")
    yield made
    made.close()


@pytest.mark.parametrize("code", ["other['income'].hist(bin_count=4)", "print(other['income'].hist(bin_count=3))"])
def test_a_histogram_of_polars_tells_no_ones_number(notebook, code: str) -> None:
    shown = notebook.run(code)

    assert "50123" not in shown and "73062" not in shown and "count" in shown


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("other['income'].hist(bins=[0, 50000, 100000])", "(50000.0, 100000.0]"),
        ("other['visits'].hist(bin_count=2)", "[0.0, 4.0]"),
        ("pd.cut(df.income, [0, 50000, 100000]).value_counts()", "(50000, 100000]"),
    ],
)
def test_bounds_that_somebody_chose_or_nobody_owns_stay(notebook, code: str, kept: str) -> None:
    assert kept in notebook.run(code)


@pytest.mark.parametrize("end", [17, 20, 40])
def test_a_birth_date_within_its_tag_is_masked_wherever_the_text_ends(notebook, end: int) -> None:
    notebook.run("df['dob'] = pd.to_datetime(df.dob); df.head(1)")

    shown = notebook.run(f"x = df.head(4).to_xml(parser='etree'); at = x.index('<dob>1953'); print(x[at : at + {end}])")

    assert "03-13" not in shown and shown.startswith("<dob>")
