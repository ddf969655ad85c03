"""Diagnoses of three or four letters, where they stand among others of their column: in labels, categories, lists."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import polars as pl
import pytest

from tests.unit.guard.conftest import Notebook

TABLE = {
    "full_name": [f"Aaravind Kulkar{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)],
    "diagnosis": ["HIV", "COPD", "Asthma", "Migraine", "Type 2 diabetes", "Depression"] * 10,
    "city": ["Leeds", "York", "Bath"] * 20,
    "visits": [n % 7 for n in range(60)],
}


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Notebook()
    made.space.update(pl=pl, df=pd.DataFrame(TABLE), other=pl.DataFrame(TABLE))
    made.run("df.head(1)")
    yield made
    made.close()


@pytest.mark.parametrize(
    "code",
    [
        "pd.get_dummies(df.diagnosis).head(2)",
        "pd.get_dummies(df[['diagnosis', 'city']]).head(2)",
        "print(pd.get_dummies(df[['diagnosis']]).columns)",
        "print(list(pd.get_dummies(df[['diagnosis']]).columns))",
        "df.diagnosis.astype('category').dtype",
        "print(sorted(set(df.diagnosis)))",
        "print(dict.fromkeys(df.diagnosis, 0))",
        "pd.crosstab(df.city, df.diagnosis)",
        "other.pivot(on='diagnosis', index='city', values='visits', aggregate_function='sum')",
        "print(other.pivot(on='diagnosis', index='city', values='visits', aggregate_function='sum').columns)",
        "df.set_index(['city', 'diagnosis']).visits.groupby(level=[0, 1]).sum().unstack()",
    ],
)
def test_short_diagnoses_are_masked_among_others(notebook, code: str) -> None:
    shown = notebook.run(code)

    assert "HIV" not in shown and "COPD" not in shown and "Asthma" not in shown and "[redacted]" in shown


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("print(['HIV', 'NEW', 'x'])", "['HIV', 'NEW', 'x']"),
        ("print('the HIV and COPD wards')", "the HIV and COPD wards"),
        ("print(['Asthma', 'GOLD', 'HIVE', 'York'])", "'GOLD', 'HIVE', 'York'"),
        ("print(['Asthma', 'Migraine', 'GOLD', 'HIVE', 'city_York'])", "'GOLD', 'HIVE', 'city_York'"),
        ("pd.DataFrame({'HIV': ['a'], 'other': ['b']})", "HIV other"),
    ],
)
def test_alone_they_may_be_anything(notebook, code: str, kept: str) -> None:
    assert kept in notebook.run(code)
