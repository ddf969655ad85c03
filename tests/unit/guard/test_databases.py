"""What cells read of SQLite databases, by table and column, and where columns of results come from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.files.databases import Databases


class Cells:
    """Runs functions as cells and tells what each of them read."""

    def __init__(self) -> None:
        self.run: CellRun | None = None
        self.databases = Databases(lambda: self.run, is_told=lambda path: True, may_write=lambda run: True)
        self.count = 0

    def begin(self, code: str = "") -> CellRun:
        self.count += 1
        self.run = CellRun(f"{self.count}", CellOptions(), code, self.count)
        self.databases.renew()
        return self.run

    def end(self) -> dict[str, set[str]]:
        run, self.run = self.run, None
        assert run is not None
        return {read.name: set(read.columns) for read in self.databases.read_by(run)}


@pytest.fixture
def cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cells]:
    monkeypatch.chdir(tmp_path)
    connection = sqlite3.connect("club.db")
    connection.executescript("create table m (id, town, pay); create table v (id, fee); insert into m values (1, 2, 3)")
    connection.close()
    made = Cells()
    yield made
    made.databases.restore()


def test_a_statement_that_is_run_again_is_told_of_again(cells: Cells) -> None:
    query = "select town from m where pay > 1"
    cells.begin()
    connection: Any = sqlite3.connect("club.db")
    connection.execute(query).fetchall()
    assert cells.end() == {"m": {"town", "pay"}}

    cells.begin("connection.execute(query)")
    connection.execute(query).fetchall()
    assert cells.end() == {"m": {"town", "pay"}}

    cells.begin("1 + 1")
    assert cells.end() == {}


def test_rows_that_are_being_fetched_come_on_in_the_next_cell(cells: Cells) -> None:
    cells.begin()
    connection = sqlite3.connect("club.db")
    connection.execute("insert into m values (2, 3, 4)")
    cursor = connection.execute("select id from m order by id")
    assert cursor.fetchone() == (1,)
    cells.end()

    cells.begin()
    assert cursor.fetchall() == [(2,)]


def test_an_authorizer_of_the_program_s_own_stays(cells: Cells) -> None:
    cells.begin()
    connection = sqlite3.connect("club.db")
    connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
    cells.end()

    cells.begin()
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        connection.execute("select id from m")


def test_connections_are_what_they_are_without_us(cells: Cells) -> None:
    class Own(sqlite3.Connection):
        """The program's."""

    assert isinstance(sqlite3.connect("club.db"), sqlite3.Connection)
    assert str(type(sqlite3.connect("club.db"))) == "<class 'sqlite3.Connection'>"
    assert type(sqlite3.connect("club.db", factory=Own)) is Own


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("select m.town, v.fee from m join v using (id)", {"m": {"id", "town"}, "v": {"id", "fee"}}),
        ("select fee from m natural join v", {"m": {"id"}, "v": {"id", "fee"}}),
        ("select m.town from m join v on m.id = v.id", {"m": {"id", "town"}, "v": {"id"}}),
        ("select count(*) from m", {"m": set()}),
        ("select town as using_it from m", {"m": {"town"}}),
    ],
)
def test_columns_by_which_tables_are_joined_are_read(cells: Cells, query: str, read: dict[str, set[str]]) -> None:
    cells.begin(f"sqlite3.connect('club.db').execute({query!r})")
    sqlite3.connect("club.db").execute(query)

    assert cells.end() == read


@pytest.mark.parametrize(
    ("query", "labels", "columns"),
    [
        ("select town t, max(pay) as top from m", ["t", "top"], [("t", "m", "town"), ("top", "m", "pay")]),
        (
            "select m.*, fee from m join v using (id)",
            ["id", "town", "pay", "fee"],
            [("id", "m", "id"), ("town", "m", "town"), ("pay", "m", "pay"), ("fee", "v", "fee")],
        ),
        ("select count(*) n from v", ["n"], [("n", "v", None)]),
        ("select 1 as one", ["one"], []),
        ("m", ["id", "town", "pay"], [("id", "m", "id"), ("town", "m", "town"), ("pay", "m", "pay")]),
    ],
)
def test_columns_of_a_result(cells: Cells, query: str, labels: list[str], columns: list[tuple[str, str, Any]]) -> None:
    run = cells.begin()
    sqlite3.connect("club.db").execute(query if " " in query else f"select * from {query}")

    found = cells.databases.columns_of(run, query, labels)

    assert [(one.label, one.table.name, one.origin) for one in found] == columns
    assert {one.table.source for one in found} <= {"club.db"}


def test_tables_that_are_written_are_told_with_their_database(cells: Cells) -> None:
    run = cells.begin()
    sqlite3.connect("club.db").execute("insert into v values (1, 2)")
    sqlite3.connect(":memory:").execute("create table w (a)")

    assert (
        run.sinks
        == [
            {"kind": "table", "target": "v", "database": "club.db"},
            {"kind": "table", "target": "w"},
            {"kind": "table", "target": "sqlite_master"},
        ][: len(run.sinks)]
    )
