"""`jupyter_privguard.mask` without a guarded notebook: labels are judged by the table itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg

NAMES = ["Anna Smith", "Bob Jones", "Carla Brown", "Grace Hunter", "Emily Clarke", "James Wilson"]
MAILS = [f"{name.lower().replace(' ', '.')}@corp.example" for name in NAMES]
IDS = [f"C-{10_000 + 7 * n}" for n in range(6)]
TABLE = {
    "full_name": NAMES,
    "email": MAILS,
    "customer_id": IDS,
    "income": [50_123 + n for n in range(6)],
    "day": list("aababb"),
}
SECRETS = [*NAMES, *MAILS, *IDS]


def people() -> pd.DataFrame:
    return pd.DataFrame(TABLE)


MADE: dict[str, Callable[[], Any]] = {
    "an index": lambda: people().set_index("full_name")[["income"]],
    "a pivot": lambda: people().pivot_table(index="day", columns="full_name", values="income"),
    "a pivot by id": lambda: people().pivot_table(index="day", columns="customer_id", values="income"),
    "a pivot without a name": lambda: (
        people().pivot_table(index="day", columns="full_name", values="income").rename_axis(columns=None)
    ),
    "unstacked": lambda: people().set_index(["day", "email"])[["income"]].unstack(),
    "a cut of the unstacked": lambda: people().set_index(["day", "email"])[["income"]].unstack().iloc[:, :2],
    "a square": lambda: pd.DataFrame(0, index=pd.Index(NAMES, name="full_name"), columns=NAMES[:2]),
    "on its side": lambda: people()[["full_name", "email", "customer_id"]].head(3).T,
    "a row": lambda: people().iloc[2][["full_name", "email", "day"]],
    "a name over the columns": lambda: people()[["full_name", "day"]].rename_axis(columns=NAMES[2]),
    "a name over the rows": lambda: people()[["full_name", "day"]].rename_axis(index=NAMES[2]),
    "a pivot of polars": lambda: pl.DataFrame(TABLE).pivot(
        "full_name", index="day", values="income", aggregate_function="sum"
    ),
    "a table of pyarrow": lambda: pa.table({name: [1, 2] for name in ["day", *MAILS]}),
}


def texts(table: Any) -> str:
    if isinstance(table, pl.DataFrame):
        return table.write_csv()
    if isinstance(table, pa.Table):
        return f"{table.schema}{table.to_pylist()}"
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    levels = frame.columns.levels if isinstance(frame.columns, pd.MultiIndex) else [frame.columns]
    return "\n".join([frame.to_csv(), str(frame.columns.names), *(str(list(level)) for level in levels)])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)


@pytest.mark.parametrize("made", MADE)
def test_no_label_or_name_is_anybodys_value(made: str) -> None:
    table = MADE[made]()
    before = texts(table)

    masked = pg.mask(table)

    left = texts(masked)
    assert [secret for secret in SECRETS if secret in left] == []
    assert type(masked) is type(table) and masked.shape == table.shape
    assert texts(table) == before


@pytest.mark.parametrize(
    "labels",
    [
        ["customer_id", "email", "full_name", "city", "income"],
        ["Asthma", "Diabetes", "Hypertension", "Cancer"],
        ["catholic", "hindu", "muslim"],
        ["2024-01", "2024-02", "2024-03"],
        ["AAPL", "MSFT", "GOOG", "AMZN"],
        ["sepal_length", "sepal_width", "petal_length"],
        ["Jan", "Feb", "Mar", "Apr", "May", "June"],
        ["White", "Black", "Asian"],
        ["male", "female"],
        [0, 1, 2],
        [2019, 2020, 2021],
        [("a", 1), None, "x"],
    ],
    ids=str,
)
def test_labels_that_are_no_values_stay(labels: list[Any]) -> None:
    table = pd.DataFrame([[1] * len(labels)], columns=pd.Index(labels, dtype=object, tupleize_cols=False))

    assert list(pg.mask(table).columns) == labels


def test_counts_with_the_labels_of_columns_are_no_table_on_its_side() -> None:
    for table in (people().isna().sum(), people().nunique(), people().dtypes.astype(str), people().notna().head(2).T):
        assert (
            pg.mask(table).tolist() == table.tolist() if isinstance(table, pd.Series) else pg.mask(table).equals(table)
        )


def test_names_of_the_table_are_found_in_its_notes() -> None:
    table = people().assign(note=[f"{name} was called" for name in NAMES])

    left = texts(pg.mask(table))
    assert not [name for name in NAMES if name in left]


def test_labels_and_cells_of_one_person_have_one_token() -> None:
    square = pd.DataFrame(0, index=pd.Index(NAMES, name="full_name"), columns=pd.Index(NAMES, name="full_name"))

    masked = pg.mask(square)

    assert list(masked.index) == list(masked.columns) == pg.mask(people())["full_name"].tolist()
