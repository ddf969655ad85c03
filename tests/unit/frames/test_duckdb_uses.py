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


def test_tables_in_memory_are_what_they_were_made_from(used) -> None:
    make = "con = duckdb.connect()\ncon.execute('create table t as select id, pay as p from df where town is not null')"
    assert used(make) == {"people": {"id", "town", "pay"}}
    assert used("con.cursor().execute('select max(p) from t').fetchall()") == {"people": {"pay"}}
    used("con.execute('create table u (a int, b varchar, c int)')")
    used("con.execute('insert into u select * from df')")
    assert used("con.execute('select c from u').fetchall()") == {"people": {"pay"}}
    assert used("con.append('u', df)") == {"people": {"id", "town", "pay"}}
    used("con.execute('create view seen as select b as place from u')")
    assert used("con.execute('select place from seen').fetchall()") == {"people": {"town"}}
    assert used.written == []
    used("con.execute('drop table t')\ncon.execute('create table t (p int)')")
    assert used("con.execute('select p from t').fetchall()") == {"t in memory": {"p"}}
    assert used("con.close()") == {}


def test_tables_of_an_attached_database_are_in_that(used) -> None:
    used("con = duckdb.connect()\ncon.execute(\"attach 'other.duckdb' as other\")")
    used("con.execute('create table other.kept as select pay from df')")
    assert used.written == ["table kept"]
    assert used("con.execute('select pay from other.kept').fetchall()") == {"kept in other.duckdb": {"pay"}}
    used("con.execute('drop table other.kept')")
    assert used.written == []
    assert used("con.close()") == {}


def test_a_table_that_is_filled_from_python_is_written(used) -> None:
    used("con = duckdb.connect('it.duckdb')\ncon.execute('create table kept (id int, town varchar, pay int)')")
    assert used("con.append('kept', df)") == {"people": {"id", "town", "pay"}}
    assert used.written == ["table kept"]
    used("con.execute('create view seen as select pay from df')")
    assert used.written == []
    assert used("con.close()") == {}


@pytest.mark.parametrize("of", ["con", "duckdb"])
def test_rows_are_used_by_the_cell_that_fetches_them(used, of: str) -> None:
    used("con = duckdb.connect()\ncon.register('df', df)")
    wanted = {"people": {"id", "pay"}}
    for fetch in ("fetchone()", "fetchmany(1)", "fetchall()", "df()", "fetchnumpy()"):
        assert used(f"_ = {of}.execute('select id from df where pay > 1')") == wanted
        assert used(f"rows = {of}.{fetch}") == wanted
    used(f"_ = {of}.execute('select id from df')\n{of}.fetchall()")
    assert used(f"{of}.fetchall()") == used(f"{of}.fetchone()") == {}
    assert used("del rows\ncon.close()") == {}


RELATIONS = [
    ("r.limit(2)", "id town pay"),
    ("r.select('id').head(2)", "id"),
    ("r.filter('id > 1').select('town')", "id town"),
    ("r.filter(duckdb.col('id') > 1).select('town')", "id town"),
    ("r.select('id as town').select('town')", "id"),
    ("r.with_columns(x=duckdb.col('id') + 1).select('x')", "id"),
    ("r.rename(pay='p').select('p')", "pay"),
    ("r.drop('pay')", "id town"),
    ("r.group_by('town').agg('sum(pay)')", "town pay"),
    ("r.aggregate('sum(pay) as s').select('s')", "pay"),
    ("r.median('pay')", "pay"),
    ("r.count('*')", ""),
    ("r.unique('town')", "town"),
    ("r.set_alias('a').join(duckdb.from_df(df).set_alias('b'), 'a.id = b.id').select('a.pay')", "id pay"),
    ("r.select('id').union(r.select('pay'))", "id pay"),
    ("r.unpivot('id', 'pay', name='n', value='v').select('v')", "id pay"),
    ("r['id']", "id"),
    ("r.id", "id"),
    ("r.query('v', 'select id from v where pay > 1')", "id pay"),
    ("r.select('pay').set_alias('z')", "pay"),
]


@pytest.mark.parametrize(("steps", "columns"), RELATIONS, ids=[steps for steps, _ in RELATIONS])
def test_steps_of_a_relation_use_what_they_name_and_give(used, steps: str, columns: str) -> None:
    name = steps.split("(")[0].removeprefix("r.")
    if name.isidentifier() and not hasattr(duckdb.DuckDBPyRelation, name) and name != "id":
        pytest.skip("another version of DuckDB")

    assert used(f"r = duckdb.from_df(df)\n{steps}.fetchall()").get("people", set()) == set(columns.split())


def test_a_relation_is_run_where_it_is_printed_and_not_where_it_is_asked_what_it_is(used) -> None:
    used("top = duckdb.sql('select id, pay as p from df')")

    assert used("top.columns, top.types, top.alias, len(top)") == {}
    assert used("str(top)") == {"people": {"id", "pay"}}
    if hasattr(duckdb.DuckDBPyRelation, "_repr_mimebundle_"):
        assert used("top._repr_mimebundle_()") == {"people": {"id", "pay"}}
    assert used("del top") == {}


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("describe df", ""),
        ("explain select pay from df", ""),
        ("summarize df", "id town pay"),
        ("pivot df on town using sum(pay)", "id town pay"),
        ("unpivot df on id, pay", "id town pay"),
        ("select unnest([id, pay]) from df", "id pay"),
        ("select [town] from df", "town"),
        ("select [x + 1 for x in [pay]] from df", "pay"),
        ("select a.pay from df a, df b where a.id = b.id", "id pay"),
    ],
)
def test_statements_of_other_forms(used, sql: str, columns: str) -> None:
    assert used(f"duckdb.sql('{sql}').fetchall()").get("people", set()) == set(columns.split())


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
