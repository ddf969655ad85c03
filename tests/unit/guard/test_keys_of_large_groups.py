"""Keys of groups: bands that were computed stay where the groups are large, values of rows never do."""

from __future__ import annotations

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
