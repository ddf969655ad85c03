"""The same verdicts for the same data, whatever the library, the type of the columns and the order of the rows."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.frames import explicit_view

Data = dict[str, list[Any]]

_FIRST = "Asha Ravi Meera John Emily Lukas Sofia Omar Priya Daniel Clara Hugo".split()
_LAST = "Kulkarni Menon Nair Smith Walker Becker Rossi Haddad Sharma Novak Dubois Larsen".split()
_CITIES = "Pune Mumbai Berlin London Chicago Lyon Oslo".split()


def _people(rows: int) -> Data:
    dice = random.Random(7)
    names = [f"{dice.choice(_FIRST)} {dice.choice(_LAST)}" for _ in range(rows)]
    return {
        "customer_id": [f"C-{100_000 + n}" for n in range(rows)],
        "full_name": names,
        "email": [f"{name.lower().replace(' ', '.')}{n}@corp.example" for n, name in enumerate(names)],
        "phone": [f"+91 98{dice.randrange(10**8):08d}" for _ in range(rows)],
        "birth_date": [datetime.date(1950, 1, 1) + datetime.timedelta(dice.randrange(20_000)) for _ in range(rows)],
        "age": [dice.choice([None, *range(18, 90)]) for _ in range(rows)],
        "city": [dice.choice(_CITIES) for _ in range(rows)],
        "income": [Decimal(dice.randrange(20_000, 90_000)) for _ in range(rows)],
        "has_loan": [dice.random() < 0.3 for _ in range(rows)],
        "photo": [b"\x89PNG\r\n" + bytes([n % 256]) for n in range(rows)],
        "last_seen": [
            datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=dice.randrange(10**7)) for _ in range(rows)
        ],
        "empty": [None] * rows,
    }


def _unlabelled(rows: int) -> Data:
    people = _people(rows)
    kept = ["email", "phone", "full_name", "birth_date", "age"]
    return {f"col{n}": people[name] for n, name in enumerate(kept)} | {"x": [n * 37 % 1000 for n in range(rows)]}


def _gaps(rows: int) -> Data:
    people = _people(rows)
    return {
        name: [value if (n + column) % 3 else None for n, value in enumerate(values)]
        for column, (name, values) in enumerate(people.items())
    }


def _sales(rows: int) -> Data:
    dice = random.Random(3)
    return {
        "sku": [f"SKU-{n % 40:04d}" for n in range(rows)],
        "quantity": [dice.randrange(1, 9) for _ in range(rows)],
        "price": [round(dice.uniform(1, 90), 2) for _ in range(rows)],
        "sold_at": [
            datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC) + datetime.timedelta(hours=n) for n in range(rows)
        ],
        "name": [f"Widget {n % 40}" for n in range(rows)],
        "took": [datetime.timedelta(minutes=n % 90) for n in range(rows)],
        "opens": [datetime.time(n % 24) for n in range(rows)],
    }


def _notes(rows: int) -> Data:
    people = _people(rows)
    return {
        "note": [
            f"{name} asked for a call back at {phone}"
            for name, phone in zip(people["full_name"], people["phone"], strict=True)
        ],
        "tags": [["a", "b"][: n % 3] for n in range(rows)],
        "gender": ["female" if n % 2 else "male" for n in range(rows)],
        "patient_id": list(range(500_000, 500_000 + rows)),
        "diagnosis": [["asthma", "diabetes", "migraine"][n % 3] for n in range(rows)],
    }


TABLES: dict[str, Data] = {
    "people": _people(300),
    "few people": _people(6),
    "many people": _people(3_000),
    "unlabelled": _unlabelled(300),
    "gaps": _gaps(300),
    "sales": _sales(300),
    "notes": _notes(120),
}


def _objects(data: Data) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in data.items()})


def _categorical(data: Data) -> pd.DataFrame:
    frame = _objects(data)
    texts = [name for name, values in data.items() if any(isinstance(value, str) for value in values)]
    return frame.astype(dict.fromkeys(texts, "category"))


def _polars_categorical(data: Data) -> pl.DataFrame:
    return pl.DataFrame(data).with_columns(pl.col(pl.String).cast(pl.Categorical))


def _records(data: Data) -> Any:
    return np.array(list(zip(*data.values(), strict=True)), dtype=[(name, object) for name in data])


ENGINES: dict[str, Callable[[Data], Any]] = {
    "pandas, guessed": pd.DataFrame,
    "pandas, nullable": lambda data: _objects(data).convert_dtypes(),
    "pandas, categorical": _categorical,
    "pandas, arrow": lambda data: pa.table(data).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.DataFrame,
    "polars, categorical": _polars_categorical,
    "polars, lazy": pl.LazyFrame,
    "arrow": pa.table,
    "arrow, in pieces": lambda data: pa.Table.from_batches(pa.table(data).to_batches(max_chunksize=7)),
    "arrow, batch": pa.RecordBatch.from_pydict,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
    "numpy": _records,
}


def _verdicts(native: Any, *, full: bool = False) -> list[tuple[str, str, str, float]]:
    found = classify(explicit_view(native), full=full)
    return [(v.column, v.entity, v.data_class.value, v.confidence) for v in found]


@pytest.fixture(scope="module")
def expected() -> dict[str, list[tuple[str, str, str, float]]]:
    return {name: _verdicts(_objects(data)) for name, data in TABLES.items()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("table", TABLES)
def test_engines_give_the_same_answer(engine: str, table: str, expected: dict[str, Any]) -> None:
    assert _verdicts(ENGINES[engine](TABLES[table])) == expected[table]


@pytest.mark.parametrize("table", ["people", "gaps", "notes"])
@pytest.mark.parametrize("engine", ["pandas, guessed", "polars", "arrow", "duckdb"])
def test_a_full_look_gives_the_same_answer(engine: str, table: str) -> None:
    data = TABLES[table]

    assert _verdicts(ENGINES[engine](data), full=True) == _verdicts(_objects(data), full=True)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("table", [name for name in TABLES if name != "many people"])
def test_shuffled_rows_give_the_same_answer(table: str, seed: int, expected: dict[str, Any]) -> None:
    data = TABLES[table]
    order = list(range(len(next(iter(data.values())))))
    random.Random(seed).shuffle(order)
    shuffled = {name: [values[row] for row in order] for name, values in data.items()}

    assert _verdicts(_objects(shuffled)) == _verdicts(pl.DataFrame(shuffled)) == expected[table]


@pytest.mark.parametrize("seed", range(3))
def test_another_sample_of_a_long_table_gives_the_same_entities(seed: int, expected: dict[str, Any]) -> None:
    shuffled = pl.DataFrame(TABLES["many people"]).sample(fraction=1.0, shuffle=True, seed=seed)

    assert [found[:3] for found in _verdicts(shuffled)] == [found[:3] for found in expected["many people"]]


def test_the_tables_hold_what_they_should(expected: dict[str, Any]) -> None:
    entities = {column: entity for column, entity, _, _ in expected["people"]}

    assert entities["email"] == "EMAIL_ADDRESS" and entities["full_name"] == "PERSON_NAME"
    assert entities["birth_date"] == "DATE_OF_BIRTH" and entities["empty"] == "NONE"
    assert {entity for _, entity, _, _ in expected["sales"]} == {"NONE"}


def test_a_column_alone_gives_the_same_answer() -> None:
    emails = TABLES["people"]["email"]
    alone = [pd.Series(emails), pd.Index(emails), pa.array(emails), pa.chunked_array([emails]), np.array(emails)]

    assert len({str(_verdicts(native)) for native in alone}) == 1
    assert _verdicts(pl.Series("email", emails)) == _verdicts(pd.Series(emails, name="email"))
