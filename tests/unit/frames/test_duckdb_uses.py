"""Which columns of tables and files queries of DuckDB use: truth by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pytest

from jupyter_privguard.errors import Refused
from jupyter_privguard.frames.engines import duckdb_uses, pandas_uses
from jupyter_privguard.frames.uses import Tracker
from tests.unit.frames.conftest import runner


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that runs code as a program's and says what it used, by table or file; `.written` what it wrote."""
    monkeypatch.chdir(tmp_path)
    people = pd.DataFrame({"id": [1, 2, 3], "town": ["Pune", "Delhi", "Pune"], "pay": [5, 6, 7]})
    for name in ("a", "b"):
        people.to_csv(f"{name}.csv", index=False)
    files: dict[str, set[str]] = {}
    written: list[str] = []
    refuses: list[str] = []

    def writing_unseen(target: str) -> None:
        if target in refuses:
            raise Refused("privguard: not this one.")

    def queried(source: str, columns: Callable[[list[str]], list[str]]) -> None:
        files.setdefault(source, set()).update(columns(["id", "town", "pay"]))

    watcher = SimpleNamespace(
        queried=queried,
        stored=lambda table, source, labels: f"{table} in {Path(source).name if source else 'memory'}",
        written=lambda obj, target, kind: written.append(f"{kind} {target}"),
        writing=lambda *args: None,
        writing_unseen=writing_unseen,
        reading=lambda *args: None,
    )
    tracker = Tracker(lambda table: "people" if table is people else "another")
    undo = duckdb_uses.install(tracker, watcher)
    undo_pandas = pandas_uses.install(tracker)
    space = {"__name__": "__main__", "df": people, "duckdb": duckdb}
    run = runner(tracker, space)

    def used_by(code: str) -> dict[str, set[str]]:
        files.clear()
        written.clear()
        return run(code) | files

    used_by.written, used_by.refuses = written, refuses  # type: ignore[attr-defined]
    yield used_by
    undo_pandas()
    undo()


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("duckdb.sql('select avg(pay) from df where town = \\'Pune\\'').fetchall()", {"people": {"pay", "town"}}),
        ("duckdb.sql('select count(*) from df').fetchall()", {"people": set()}),
        ("duckdb.sql('select * exclude (pay) from df').fetchall()", {"people": {"id", "town"}}),
        ("duckdb.sql('select id as town from df').fetchall()", {"people": {"id"}}),
        ("duckdb.sql('select avg(pay) from (select * from df)').fetchall()", {"people": {"pay"}}),
        ("duckdb.sql('with x as (select * from df) select pay from x').fetchall()", {"people": {"pay"}}),
        (
            "duckdb.sql(\"select a.town from df a join 'a.csv' b using (id)\").df()",
            {"people": {"id", "town"}, "a.csv": {"id"}},
        ),
        ("duckdb.sql(\"select columns('^p') from df\").fetchall()", {"people": {"pay"}}),
        ("duckdb.sql('from df').fetchall()", {"people": {"id", "town", "pay"}}),
        ("x = duckdb.sql('select max(pay) as top, town from df group by town').df()", {"people": {"pay", "town"}}),
        ("duckdb.from_df(df).filter('pay > 5').aggregate('max(id) as top').fetchall()", {"people": {"pay", "id"}}),
        ("duckdb.sql(\"select sum(pay) from '*.csv'\").fetchall()", {"a.csv": {"pay"}, "b.csv": {"pay"}}),
        ("duckdb.sql(\"select id from read_csv(['a.csv'])\").fetchall()", {"a.csv": {"id"}}),
        ("duckdb.sql('select 1').fetchall()", {}),
        ("duckdb.sql(\"select 'pay', 'df'\").fetchall()", {}),
    ],
)
def test_columns_are_those_that_were_used(used, code: str, uses: dict[str, set[str]]) -> None:
    assert used(code) == uses


def test_tables_of_a_database_are_data_sets_of_their_own(used) -> None:
    make = "con = duckdb.connect('it.duckdb')\ncon.execute('create table kept as select id, pay from df')"
    assert used(make) == {"people": {"id", "pay"}}
    assert used.written == ["table kept"]
    assert used("con.execute('select max(pay) from kept').fetchall()") == {"kept in it.duckdb": {"pay"}}
    assert used("con.execute('select id, pay as money from kept').df().shape") == {"kept in it.duckdb": {"id", "pay"}}
    assert used("con.table('kept').filter('pay > 5').project('pay').fetchall()") == {"kept in it.duckdb": {"pay"}}
    assert used("con.table('kept').df().id.max()") == {"kept in it.duckdb": {"id"}}
    assert used("con.execute('insert into kept select id, pay from df')") == {"people": {"id", "pay"}}
    assert used.written == ["table kept"]
    assert used("con.close()") == {}


def test_a_database_in_a_file_is_asked_for_before_it_is_filled(used) -> None:
    used("con = duckdb.connect('it.duckdb')")
    used.refuses.append("kept")

    with pytest.raises(Refused):
        used("con.execute('create table kept as select id from df')")

    assert used("con.execute('create temp table kept as select id from df')") == {"people": {"id"}}
    assert used("con.close()") == {}


def test_tables_in_memory_are_written_nowhere(used) -> None:
    assert used("con = duckdb.connect()\ncon.execute('create temp table part as select pay from df')") == {
        "people": {"pay"}
    }
    assert used.written == []
    assert used("con.execute('select max(pay) from part').fetchall()") == {"people": {"pay"}}


def test_columns_of_a_result_with_names_of_their_own_are_known_later(used) -> None:
    used("top = duckdb.sql('select town as place, pay as id from df').df()")

    assert used("top.id.max()") == {"people": {"pay"}}
    assert used("top.place.max()") == {"people": {"town"}}


def test_what_a_result_was_made_from_is_known_later(used) -> None:
    used("top = duckdb.sql('select town, max(pay) as top from df group by town')")

    assert used("top.filter('top > 1').fetchall()") == {"people": {"pay", "town"}}
    assert used("rows = top.df()") == {"people": {"pay", "town"}}
    assert used("rows.town.max()") == {"people": {"town"}}
    assert used("del top, rows") == {}
