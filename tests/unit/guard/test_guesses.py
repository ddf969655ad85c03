"""Handles of values that no data source had: counted, wherever they stand, and nothing else is."""

from __future__ import annotations

import io
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.frames.watch import watch
from jupyter_privguard.guard.session import Session
from jupyter_privguard.guard.tables.watch import TableWatcher
from jupyter_privguard.guard.texts.guesses import Guesses

FIRST = "Asha Ravi Meena Anil Sunita Vikram Leela Kiran Farida Joseph".split()
LAST = "Kulkarni Menon Sharma Iyer Bose Reddy Naidu Thomas Gupta Verma".split()
NAMES = [(first, last) for first in FIRST for last in LAST]
ROWS = 100
LEAST = 50
"""A threshold for small tables; the session's own is asked in a kernel."""

KNOWN = pd.DataFrame(
    {
        "customer_id": [f"C{n * 37 + 100_003:06d}" for n in range(ROWS)],
        "first_name": [first for first, _ in NAMES],
        "last_name": [last for _, last in NAMES],
        "email": [f"{first}.{last}@corp.example".lower() for first, last in NAMES],
        "account_number": [7_000_000_123 + 991 * n for n in range(ROWS)],
        "amount": [n % 7 for n in range(ROWS)],
    }
)
GUESSES = [f"C{n * 37 + 500_001:06d}" for n in range(ROWS)]


class Desk:
    """A session at work in a folder with a file of customers."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.file = str(folder / "customers.csv")

    def load(self) -> pd.DataFrame:
        return pd.read_csv(self.file)

    def guesses_in(self, table: Any) -> int:
        pg.mask(table)
        return sum(self.session.knowledge.guesses.take(LEAST).values())


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        at = runtime.home()
        ring, _ = runtime.keyring(at)
        session = runtime.open_session(at, runtime.policy(), ring, kernel=None)
        end = watch(TableWatcher(session))
        yield session
        end()
        session.close()


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    KNOWN.to_csv(tmp_path / "customers.csv", index=False)
    KNOWN.assign(customer_id=[f"C{n + 900_000}" for n in range(ROWS)]).to_csv(tmp_path / "more.csv", index=False)
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        KNOWN.to_sql("customers", database, index=False)
    session.knowledge.guesses = Guesses()  # those files were there before
    return Desk(session, tmp_path)


def put_by_column(desk: Desk) -> Any:
    table = desk.load()
    table["customer_id"] = GUESSES
    return table


def put_by_loc(desk: Desk) -> Any:
    table = desk.load()
    table.loc[:, "customer_id"] = GUESSES
    return table


def put_cell_by_cell(desk: Desk) -> Any:
    table = desk.load()
    for row, guess in enumerate(GUESSES):
        table.loc[row, "customer_id"] = guess
    return table


def concatenated(desk: Desk) -> Any:
    return pd.concat([desk.load(), pd.DataFrame({"customer_id": GUESSES})], ignore_index=True)


def assigned(desk: Desk) -> Any:
    return desk.load().assign(customer_id=GUESSES)


def copied_and_set(desk: Desk) -> Any:
    table = desk.load().copy()
    table["customer_id"] = GUESSES
    return table[["customer_id", "amount"]].head(ROWS)


def mapped(desk: Desk) -> Any:
    table = desk.load()
    return table.assign(customer_id=table.index.map(dict(enumerate(GUESSES))))


def as_index(desk: Desk) -> Any:
    return desk.load().set_index(pd.Index(GUESSES, name="customer_id"))


def merged(desk: Desk) -> Any:
    return desk.load().merge(pd.DataFrame({"customer_id": GUESSES}), how="outer", on="customer_id")


def written_and_read(desk: Desk) -> Any:
    pd.DataFrame({"customer_id": GUESSES}).to_csv(desk.folder / "guesses.csv", index=False)
    return pd.read_csv(desk.folder / "guesses.csv")


def written_by_hand_and_read(desk: Desk) -> Any:
    (desk.folder / "guesses.csv").write_text("customer_id\n" + "\n".join(GUESSES))
    return pd.read_csv(f"file://{desk.folder}/guesses.csv")


def written_moved_and_read(desk: Desk) -> Any:
    pd.DataFrame({"customer_id": GUESSES}).to_csv(desk.folder / "guesses.csv", index=False)
    shutil.move(desk.folder / "guesses.csv", desk.folder / "customers 2026.csv")
    return pd.read_csv(desk.folder / "customers 2026.csv")


def over_the_file_that_was_read(desk: Desk) -> Any:
    desk.load().assign(customer_id=GUESSES).to_csv(desk.file, index=False)
    return desk.load()


def through_a_database(desk: Desk) -> Any:
    with sqlite3.connect(desk.folder / "own.db") as database:
        pd.DataFrame({"customer_id": GUESSES}).to_sql("guesses", database, index=False)
        return pd.read_sql("select customer_id from guesses", database)


def from_a_buffer(desk: Desk) -> Any:
    return pd.read_csv(io.StringIO("customer_id\n" + "\n".join(GUESSES)))


def typed_into_polars(desk: Desk) -> Any:
    return pl.DataFrame({"customer_id": GUESSES})


def put_into_polars(desk: Desk) -> Any:
    return pl.read_csv(desk.file).with_columns(customer_id=pl.Series(GUESSES))


def written_and_read_by_polars(desk: Desk) -> Any:
    pl.DataFrame({"customer_id": GUESSES}).write_parquet(desk.folder / "guesses.parquet")
    return pl.scan_parquet(desk.folder / "*.parquet").collect()


def typed_into_a_lazy_frame(desk: Desk) -> Any:
    return pl.LazyFrame({"customer_id": GUESSES})


def in_a_folder_that_got_another_name(desk: Desk) -> Any:
    folder = desk.folder / "new"
    folder.mkdir()
    (folder / "guesses.csv").write_text("customer_id\n" + "\n".join(GUESSES))
    folder.rename(desk.folder / "old")
    return pd.read_csv(desk.folder / "old" / "guesses.csv")


def through_a_file_without_a_name(desk: Desk) -> Any:
    with tempfile.TemporaryFile() as file:
        file.write(("customer_id\n" + "\n".join(GUESSES)).encode())
        file.flush()
        return pd.read_csv(f"/dev/fd/{file.fileno()}")


def every_name_with_every_other(desk: Desk) -> Any:
    desk.load()
    made = [f"{a} {b}" for a in FIRST + LAST for b in FIRST + LAST]
    return pd.DataFrame({"full_name": made})


@pytest.mark.parametrize(
    "made",
    [
        put_by_column,
        put_by_loc,
        put_cell_by_cell,
        concatenated,
        assigned,
        copied_and_set,
        mapped,
        as_index,
        merged,
        written_and_read,
        written_by_hand_and_read,
        written_moved_and_read,
        over_the_file_that_was_read,
        through_a_database,
        from_a_buffer,
        typed_into_polars,
        put_into_polars,
        written_and_read_by_polars,
        typed_into_a_lazy_frame,
        in_a_folder_that_got_another_name,
        through_a_file_without_a_name,
        every_name_with_every_other,
    ],
)
def test_guesses_are_counted_wherever_they_stand(desk: Desk, made: Callable[[Desk], Any]) -> None:
    assert desk.guesses_in(desk.load()) == 0

    assert desk.guesses_in(made(desk)) >= LEAST


def test_guesses_in_many_tables_add_up_and_equal_ones_count_once(desk: Desk) -> None:
    for at in range(0, LEAST - 1, 12):
        assert desk.guesses_in(pd.DataFrame({"customer_id": GUESSES[: at + 1]})) == 0

    assert desk.guesses_in(pd.DataFrame({"customer_id": GUESSES[:LEAST]})) == LEAST
    assert desk.guesses_in(pd.DataFrame({"customer_id": GUESSES[: LEAST - 1]})) == 0


def test_the_same_guesses_are_told_of_once(desk: Desk) -> None:
    table = pd.DataFrame({"customer_id": GUESSES})

    assert [desk.guesses_in(table), desk.guesses_in(table)] == [ROWS, 0]


@pytest.mark.parametrize(
    "made",
    [
        lambda desk: desk.load(),
        lambda desk: pl.scan_csv(desk.file),
        lambda desk: desk.load().assign(key=lambda t: t.customer_id + "-" + t.account_number.astype(str)),
        lambda desk: pd.read_csv(desk.file, dtype=str),
        lambda desk: pd.read_sql("select * from customers", sqlite3.connect(desk.folder / "shop.db")),
        lambda desk: pl.read_csv(desk.file),
        lambda desk: pl.scan_csv(desk.file).with_columns(pl.col("customer_id").str.to_lowercase()).collect(),
        lambda desk: pl.from_pandas(desk.load()),
        lambda desk: desk.load().merge(pd.read_csv(desk.folder / "more.csv"), on="email"),
        lambda desk: desk.load().merge(desk.load(), how="cross"),
        lambda desk: desk.load().query("amount > 2"),
        lambda desk: desk.load().sample(frac=0.9, random_state=3),
        lambda desk: desk.load().rename(columns={"email": "customer_id", "customer_id": "old"}),
        lambda desk: desk.load().set_index("customer_id").sort_index().reset_index(),
        lambda desk: pd.concat([desk.load(), pd.read_csv(desk.folder / "more.csv")]),
        lambda desk: pd.DataFrame(desk.load().to_dict("records")),
        lambda desk: desk.load().assign(customer_id=lambda t: t.customer_id.str.strip().str.lower()),
        lambda desk: desk.load().assign(customer_id=lambda t: " " + t.customer_id.str.upper() + " "),
        lambda desk: desk.load().assign(account_number=lambda t: t.account_number.astype(str).str.zfill(16)),
        lambda desk: desk.load().assign(account_number=lambda t: t.account_number.astype(float)),
        lambda desk: desk.load().assign(customer_id=lambda t: "IN-" + t.customer_id.str[1:]),
        lambda desk: desk.load().assign(full_name=lambda t: t.first_name + " " + t.last_name),
        lambda desk: desk.load().assign(full_name=lambda t: t.last_name.str.upper() + ", " + t.first_name),
        lambda desk: desk.load().assign(customer_id=lambda t: t.email.str.split("@").str[0]),
        lambda desk: desk.load().groupby("customer_id", as_index=False)["amount"].sum(),
        lambda desk: pd.DataFrame({"customer_id": GUESSES[: LEAST - 1]}),
        lambda desk: pd.DataFrame({"customer_id": GUESSES[:5] * 1000}),
        lambda desk: pd.DataFrame({"amount": range(5000), "note": ["x"] * 5000}),
    ],
)
def test_ordinary_work_is_none(desk: Desk, made: Callable[[Desk], Any]) -> None:
    desk.load()

    assert desk.guesses_in(made(desk)) == 0


def test_a_table_from_before_the_guard_is_no_guess(desk: Desk) -> None:
    before = pl.DataFrame({"customer_id": GUESSES})
    desk.session.watch_namespace({"before": before})

    assert desk.guesses_in(before) == 0


def test_a_file_that_was_only_read_is_not_the_sessions_own(desk: Desk) -> None:
    files = desk.session.knowledge.guesses.files
    with Path(desk.file).open(encoding="utf-8") as opened:
        opened.read(1)

    assert (
        not files.has(desk.file) and not files.has("select * from customers") and not files.has("https://a.example/x")
    )
