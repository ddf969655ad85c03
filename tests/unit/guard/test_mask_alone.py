"""`jupyter_privguard.mask` without a guarded notebook: labels are judged by the table itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import jupyter_privguard as pg

pytestmark = pytest.mark.usefixtures("home")

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


class Person:
    """Somebody's own class, which writes what it holds."""

    def __str__(self) -> str:
        return f"Person({MAILS[0]})"


class Mute:
    """A class whose objects cannot be read."""

    def __str__(self) -> str:
        raise RuntimeError(MAILS[0])


@pytest.mark.parametrize(
    "cell",
    [
        MAILS[0],
        f"wrote to {MAILS[0]}",
        f"wrote to {MAILS[0]}".encode(),
        Person(),
        Mute(),
        pd.Series([MAILS[0]]),
        pd.DataFrame({"who": [MAILS[0]]}),
        [7, MAILS[0]],
    ],
    ids=lambda cell: type(cell).__name__,
)
def test_one_text_among_many_numbers_is_searched(cell: Any) -> None:
    cells = pd.Series([*range(997), Decimal("2.5"), date(2024, 5, 1), None, "fine"], dtype=object)
    cells[611] = cell
    for table in (pd.DataFrame({"x": cells}), cells, pd.DataFrame({"n": range(len(cells))}, index=pd.Index(cells))):
        masked = pg.mask(table)

        column = masked["x"] if "x" in masked else masked if isinstance(masked, pd.Series) else masked.index
        left = list(column)
        assert MAILS[0] not in str(left[611]) and left[610] == 610
        assert left[997:999] == [Decimal("2.5"), date(2024, 5, 1)] and pd.isna(left[999]) and left[1000] == "fine"


def test_a_description_of_texts_and_numbers_names_nobody() -> None:
    # Without numbers nothing says that the mixed columns of a description hold mail addresses.
    left = texts(pg.mask(people()[["email", "income"]].describe(include="all")))

    assert not [mail for mail in MAILS if mail in left]


@pytest.mark.parametrize(
    "label", [MAILS[0].encode(), ("x", (MAILS[0],)), frozenset({MAILS[0]}), (MAILS[0].encode(), 1)]
)
def test_labels_of_any_type_name_nobody(label: Any) -> None:
    table = pd.DataFrame({label: [1, 2]})

    assert MAILS[0] not in str(list(pg.mask(table).columns))
