"""Statistics of groups in polars: exact where the groups are large, values of rows never."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.unit.guard.conftest import Guarded

PAY = [50_123 + 791 * n for n in range(300)]


@pytest.fixture
def people(guarded: Guarded) -> Guarded:
    guarded.space["df"] = pl.DataFrame(
        {
            "full_name": [f"Aaravind Kulkar{chr(97 + n % 26)}" for n in range(300)],
            "email": [f"person.{n}@corp.example" for n in range(300)],
            "income": PAY,
            "city": [("Bergen", "Cork", "Ghent")[n % 3] for n in range(300)],
        }
    )
    guarded.session.knowledge.learn()
    return guarded


def shown(guarded: Guarded, table: Any) -> str:
    copy = guarded.session.show(table, None)
    return str(copy.native) if copy is not None else str(table)


PAID = pl.col("income")


@pytest.mark.parametrize(
    "made",
    [
        lambda df: df.group_by("city").agg(PAID.mean()).sort("city"),
        lambda df: df.group_by("city").agg(PAID.mean().round(1).alias("paid"), pl.len(), sd=PAID.std()),
        lambda df: df.group_by("city").agg([PAID.median(), PAID.count().alias("n")]).head(2),
        lambda df: df.select("city", "income").group_by("city").mean(),
        lambda df: df.group_by("city").len(),
    ],
)
def test_statistics_of_large_groups_stay(people: Guarded, made: Any) -> None:
    table = made(people.space["df"])

    assert shown(people, table) == str(table)


@pytest.mark.parametrize(
    "made",
    [
        lambda df: df.group_by("city").agg(PAID.max(), PAID.first().alias("first")),
        lambda df: df.group_by("city").agg(PAID.sort().last().alias("most")).sort("most"),
        lambda df: df.group_by("city").agg(least=PAID.min()),
        lambda df: df.group_by("email").agg(PAID.mean()),
        lambda df: df.group_by("income").agg(pl.len()).head(5),
        lambda df: df.select("income").with_columns(n=1).group_by("income").mean().head(5),
        lambda df: df.group_by("city").agg(PAID).head(1),
        lambda df: df.group_by("city").agg(PAID.filter(PAID > 280_000).mean().alias("few")),
        lambda df: df.group_by("city").agg(PAID.mean(), pl.col("email").first()).select("email"),
    ],
)
def test_values_of_rows_and_of_small_groups_do_not(people: Guarded, made: Any) -> None:
    seen = shown(people, made(people.space["df"]))

    assert [pay for pay in PAY if str(pay) in seen] == []
    assert "person." not in seen
