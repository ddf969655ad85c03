"""What cells read of SQLite databases, by table and column, and where columns of results come from."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.guard.cells.cell import CellOptions, CellRun
from jupyter_privguard.guard.files.databases import Databases


class Cells:
    """Runs functions as cells and tells what each of them read."""

    def __init__(self) -> None:
        self.run: CellRun | None = None
        self.may_write = True
        self.databases = Databases(lambda: self.run, is_told=lambda path: True, may_write=lambda run: self.may_write)
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


def test_rows_are_read_by_the_cell_that_fetches_them(cells: Cells) -> None:
    fetching: list[Callable[[sqlite3.Cursor], Any]] = [
        lambda cursor: cursor.fetchone(),
        lambda cursor: cursor.fetchmany(1),
        lambda cursor: cursor.fetchmany(size=1),
        lambda cursor: cursor.fetchall(),
        lambda cursor: next(cursor),
        lambda cursor: list(cursor),
    ]
    connection: Any = sqlite3.connect(":memory:")
    for fetch in fetching:
        cells.begin()
        connection = sqlite3.connect("club.db")
        cursor = connection.execute("select id from m where pay > 1")
        assert cells.end() == {"m": {"id", "pay"}}

        cells.begin("fetch(cursor)")
        assert fetch(cursor)
        assert cells.end() == {"m": {"id", "pay"}}

        cells.begin("fetch(cursor)")  # there are none any more
        cursor.fetchall()
        assert cells.end() == {}
        connection.close()


def test_what_is_falsy_was_fetched_too(cells: Cells) -> None:
    class Odd:
        def __bool__(self) -> bool:
            raise ValueError("no truth")

    cells.begin()
    cursor = sqlite3.connect("club.db").execute("select id from m")
    cursor.row_factory = lambda *_: Odd()
    cells.end()

    cells.begin()
    assert isinstance(cursor.fetchone(), Odd)
    assert cells.end() == {"m": {"id"}}


def test_a_query_is_none_of_another_connection_s(cells: Cells) -> None:
    cells.begin("sqlite3.connect('club.db').execute('select id from m')")
    sqlite3.connect("club.db").execute("select id from m").fetchall()
    cells.end()

    cells.begin("duckdb.sql('select id from m')")
    assert cells.end() == {}


def test_statements_within_others_are_told_apart(cells: Cells) -> None:
    cells.begin()
    connection = sqlite3.connect("club.db")
    connection.executemany("insert into v (id) values (?)", connection.execute("select id from m where pay > 1"))
    cursor = connection.execute("select fee from v")
    assert cells.end() == {"m": {"id", "pay"}, "v": {"fee"}}

    cells.begin()
    cursor.fetchall()
    assert cells.end() == {"v": {"fee"}}


def test_what_is_no_statement_fails_as_it_does_without_us(cells: Cells) -> None:
    cells.begin()
    connection: Any = sqlite3.connect("club.db")

    with pytest.raises(TypeError, match="must be str"):
        connection.execute(["select 1"])
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        connection.execute("no sql")


def test_a_connection_of_the_program_s_own_class_is_told_of_by_its_queries(cells: Cells) -> None:
    class Own(sqlite3.Connection):
        """The program's."""

    code = "connection.execute('select town from m').fetchall()"
    cells.begin(code)
    connection: Any = sqlite3.connect("club.db", factory=Own)
    connection.execute("select town from m").fetchall()
    assert cells.end() == {"m": {"town"}}

    cells.begin(code)
    connection.execute("select town from m").fetchall()
    assert cells.end() == {"m": {"town"}}


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
    assert str(type(sqlite3.connect("club.db").cursor())) == "<class 'sqlite3.Cursor'>"
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


def test_columns_of_a_result_are_those_of_its_own_database(cells: Cells) -> None:
    other = sqlite3.connect("other.db")
    other.executescript("create table m (town)")
    run = cells.begin()
    connections = [sqlite3.connect(path) for path in ("club.db", "other.db")]
    connections[0].execute("select town from m")
    connections[1].execute("select town as t from m")

    for query, path in (("select town from m", "club.db"), ("select town as t from m", "other.db")):
        (found,) = cells.databases.columns_of(run, query, ["town"])
        assert found.table.source == path


WRITES: list[tuple[str, list[dict[str, Any]]]] = [
    ("insert into v values (1, 2)", [{"kind": "table", "target": "v", "database": "club.db"}]),
    ("create table w as select id from m", [{"kind": "table", "target": "w", "database": "club.db"}]),
    ("delete from v where fee > 1", [{"kind": "table", "target": "v", "database": "club.db"}]),
    ("drop table v", []),
    ("create temp table w as select id from m; insert into w values (1); drop table w", []),
    (
        "drop table v; create table v (id); insert into v values (1)",
        [{"kind": "table", "target": "v", "database": "club.db"}],
    ),
    ("alter table v add column z", []),
    ("vacuum", []),
    ("select * from m", []),
]


@pytest.mark.parametrize(("script", "sinks"), WRITES, ids=[script for script, _ in WRITES])
def test_tables_that_are_written_are_told_with_their_database(
    cells: Cells, script: str, sinks: list[dict[str, Any]]
) -> None:
    run = cells.begin()
    sqlite3.connect("club.db").executescript(script)

    assert run.sinks == sinks


def test_tables_in_memory_are_told_without_one(cells: Cells) -> None:
    run = cells.begin()
    sqlite3.connect(":memory:").execute("create table w (a)")

    assert run.sinks == [{"kind": "table", "target": "w"}]


def test_an_attached_database_is_told_by_its_own_path(cells: Cells, tmp_path: Path) -> None:
    run = cells.begin()
    connection = sqlite3.connect("club.db")
    connection.execute("attach ? as other", ("other.db",))
    connection.execute("create table other.w as select id from m")
    connection.execute("create table v2 as select id from m")

    assert [(one["target"], Path(one["database"]).name) for one in run.sinks] == [("w", "other.db"), ("v2", "club.db")]
    cells.end()
    run = cells.begin()
    connection.execute("select id from other.w").fetchall()
    assert [(one.name, Path(one.source).name) for one in cells.databases.read_by(run)] == [("w", "other.db")]


ALL = {"m": {"id", "town", "pay"}, "v": {"id", "fee"}}


@pytest.mark.parametrize(
    ("copy", "files"),
    [
        (lambda one: one.backup(sqlite3.connect("copy.db")), ["copy.db"]),
        (lambda one: one.backup(sqlite3.connect(":memory:"), pages=1), []),
        (lambda one: one.execute("vacuum into 'copy.db'"), ["copy.db"]),
        (lambda one: one.execute("vacuum into ?", ("copy.db",)), ["copy.db"]),
    ],
)
def test_a_database_that_is_written_whole_is_a_sink(
    cells: Cells, copy: Callable[[sqlite3.Connection], Any], files: list[str]
) -> None:
    run = cells.begin()
    copy(sqlite3.connect("club.db"))

    assert [(one["kind"], one["target"]) for one in run.sinks] == [("file", name) for name in files]
    assert {one.name: set(one.columns) for one in run.touched.values()} == ALL
    assert {(one.source, *one.how) for one in run.touched.values()} == {("club.db", "exported")}


def test_a_database_as_bytes_was_read_whole(cells: Cells) -> None:
    cells.begin()
    assert sqlite3.connect("club.db").serialize()

    assert cells.end() == ALL


@pytest.mark.parametrize(
    "copy",
    [lambda one: one.backup(sqlite3.connect("copy.db")), lambda one: one.execute("vacuum into 'copy.db'")],
)
def test_a_database_is_not_written_whole_where_a_cell_may_not_write(
    cells: Cells, copy: Callable[[sqlite3.Connection], Any]
) -> None:
    cells.may_write = False
    run = cells.begin()

    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        copy(sqlite3.connect("club.db"))

    assert run.sinks == []
    sqlite3.connect("club.db").execute("vacuum")
