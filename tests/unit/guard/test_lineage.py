"""Columns that a cell's code names are found without running it."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.cells.lineage import columns_named

TABLES = {"df": ["email", "income", "plan"], "other": ["email", "7"]}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("df['email'].str.lower()", {"df": ["email"]}),
        ("df.income.mean()", {"df": ["income"]}),
        ("df[['plan', 'email']]", {"df": ["email", "plan"]}),
        ("df.groupby('plan')['income'].mean()", {"df": ["income", "plan"]}),
        ("df", {"df": ["email", "income", "plan"]}),
        ("print(df.head())", {"df": ["email", "income", "plan"]}),
        ("df.assign(plan=1)", {"df": ["plan"]}),
        ("other[7]", {"other": ["7"]}),
        ("x = 1", {}),
        ("df = 1", {}),
        ("'df'", {}),
        ("# df", {}),
        ("this is not python", {}),
        ("", {}),
    ],
)
def test_columns_are_those_the_code_names(source: str, found: dict[str, list[str]]) -> None:
    assert columns_named(source, TABLES) == found
