"""What has no name is called like everything else without one: that tells nothing of what it holds."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from tests.unit.guard.conftest import PEOPLE, Notebook


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Notebook()
    made.space["df"] = pd.DataFrame(PEOPLE)
    made.run("df.head(1)")
    yield made
    made.close()


@pytest.mark.parametrize(
    "first",
    [
        "pd.IntervalIndex.from_breaks(sorted(df.income)[:4])",
        "pd.Index(df.income.tolist())",
        "pd.Index(df.name.tolist())",
        "s = pd.Series(df.income.tolist()); s",
        "s = pd.Series(df.name.tolist(), index=[f'r{n}' for n in range(len(df))]); s",
    ],
)
def test_the_row_labels_of_other_tables_stay(notebook, first: str) -> None:
    before = notebook.run(first)
    shown = notebook.run("print(df.isna().sum()); print(df.dtypes); print(pd.Series([1, 2, 3], index=['a', 'b', 'c']))")

    for label in ("email", "name", "income", "shelf", "a    1"):
        assert label in shown
    assert "[redacted]" not in shown
    assert "Kulkar" not in before and "50123" not in before and "50914" not in before


def test_a_description_of_it_keeps_the_names_of_its_statistics(notebook) -> None:
    shown = notebook.run(
        "s = pd.Series(df.income.tolist()); print(s.describe()); print(s.head(2)); print(s.tail(3)[:1])"
    )

    assert "count" in shown and "mean" in shown and "30.0" in shown and "50k-60k" in shown
    assert not {str(one) for one in PEOPLE["income"]}.intersection(shown.split())


def test_a_part_of_it_is_known_by_its_values(notebook) -> None:
    shown = notebook.run("s = pd.Series(df.name.tolist(), index=list(range(30))); print(s.head(2)); print(s.sample(3))")

    assert "tok_" in shown and "Kulkar" not in shown and "Ravi" not in shown
