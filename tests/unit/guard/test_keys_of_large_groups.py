"""Keys of groups: bands that were computed stay where the groups are large, values of rows never do."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from tests.unit.guard.conftest import Guarded


@pytest.fixture
def people(guarded: Guarded) -> Any:
    guarded.space["df"] = pd.DataFrame(
        {
            "full_name": [f"Aaravind Kulkar{chr(97 + n % 26)}" for n in range(300)],
            "email": [f"person.{n}@corp.example" for n in range(300)],
            "dob": [pd.Timestamp("1951-02-03") + pd.Timedelta(days=47 * n) for n in range(300)],
            "income": [50_123 + 791 * n for n in range(300)],
        }
    )
    guarded.session.knowledge.learn()
    return guarded


def shown(guarded: Guarded, table: Any) -> str:
    copy = guarded.session.show(table, None)
    return str(copy.native) if copy is not None else ""


def test_means_by_decade_stay(people: Guarded) -> None:
    df = people.space["df"]
    means = df.groupby(df.dob.dt.year // 10 * 10).income.mean().round(0)
    assert shown(people, means) == str(means)


def test_means_of_few_are_masked(people: Guarded) -> None:
    df = people.space["df"].head(3)
    means = df.groupby(df.dob.dt.year).income.mean()
    assert means.min() < 60_000
    assert str(means.iloc[0]) not in shown(people, means)


def test_dates_as_keys_are_masked(people: Guarded) -> None:
    df = people.space["df"]
    assert "1951-02-03" not in shown(people, df.groupby("dob").income.mean())


BANDS = [
    lambda df: pd.cut(df.income, [0, 100_000, 250_000, 500_000]).value_counts(),
    lambda df: df.groupby(pd.cut(df.income, [0, 1e5, 2.5e5, float("inf")]), observed=True).size(),
    lambda df: pd.cut(2026 - df.dob.dt.year, [0, 30, 50, 70, 100]).rename("age").value_counts(),
    lambda df: pd.cut(df.income, [0, 100_000, 500_000]).head(),
    lambda df: df[["full_name"]].assign(full_name="x", income=pd.cut(df.income, [0, 100_000, 500_000])).head(),
]


@pytest.mark.parametrize("make", BANDS)
def test_bands_whose_bounds_somebody_chose_stay(people: Guarded, make: Any) -> None:
    table = make(people.space["df"])
    bands = re.findall(r"\([\d., inf]+\]", str(table))

    assert bands
    assert [band for band in bands if band not in (shown(people, table) or str(table))] == []


MADE = [
    lambda df: pd.qcut(df.income, 4).head(),
    lambda df: pd.qcut(df.income, 4).value_counts(),
    lambda df: pd.cut(df.income, 3).value_counts(),
    lambda df: df[["dob"]].assign(band=pd.qcut(df.income, 4)).head(1),
    lambda df: df[["dob"]].assign(band=pd.qcut(df.income, 4)).tail(1),
    lambda df: pd.qcut(df.income, 4).cat.categories,
    lambda df: pd.cut(df.income, range(50_000, 300_000, 5_000)).head(),
]


@pytest.mark.parametrize("make", MADE)
def test_bounds_that_were_made_of_the_values_or_are_close_are_masked(people: Guarded, make: Any) -> None:
    table = make(people.space["df"])

    assert re.findall(r"\([\d., ]+\]", shown(people, table) or str(table)) == []
    assert re.findall(r"\([\d., ]+\]", str(table))
