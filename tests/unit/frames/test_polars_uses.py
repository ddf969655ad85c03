"""Which columns of polars tables a piece of code uses; of queries that are not run, none."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from jupyter_privguard.frames.engines import polars_uses
from jupyter_privguard.frames.uses import Tracker
from tests.unit.frames.conftest import runner

ALL = {"id", "town", "pay"}


@pytest.fixture
def used() -> Iterator[object]:
    """A function that runs code as a program's and says what it used, by table."""
    people = pl.DataFrame({"id": [1, 2, 3], "town": ["Pune", "Delhi", "Pune"], "pay": [5, 6, 7]})
    visits = pl.DataFrame({"id": [1, 2], "count": [9, 8]})
    names = {id(people): "people", id(visits): "visits"}
    tracker = Tracker(lambda table: names.get(id(table), "another"))
    undo = polars_uses.install(tracker)
    space = {"__name__": "__main__", "df": people, "visits": visits, "pl": pl}

    yield runner(tracker, space)
    undo()


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("df['pay']", {"pay"}),
        ("df[0, 'pay']", {"pay"}),
        ("df[:, 1]", {"town"}),
        ("df.select('id', pl.col('pay') * 2)", {"id", "pay"}),
        ("df.select(pl.col('id', 'pay'))", {"id", "pay"}),
        ("df.select(pl.col('pay').alias('money'))['money']", {"pay"}),
        ("df.select(pl.all().exclude('pay'))", {"id", "town"}),
        ("df.filter(pl.col('pay') > 5)['town']", {"pay", "town"}),
        ("df.with_columns(twice=pl.col('pay') * 2)['twice']", {"pay"}),
        ("df.group_by('town').agg(pl.col('pay').mean())", {"town", "pay"}),
        ("df.group_by('town').len()", {"town"}),
        ("for _, part in df.group_by('town'): part['pay'].sum()", {"town", "pay"}),
        ("df.rename({'pay': 'money'})['money']", {"pay"}),
        ("df.drop('pay')", {"id", "town"}),
        ("df.sql('select town from self where pay > 5')", {"town", "pay"}),
        ("pl.sql('select max(pay) as top from df', eager=True)", {"pay"}),
        ("df.sql('select id as town from self')", {"id"}),
        ("df.sql('select pay as p, town from self')['p']", {"pay", "town"}),
        ("df.sql('select count(*) as n from self')", set()),
        ("df.sql('select * from self')['pay']", {"pay"}),
        ("pl.SQLContext(p=df).execute('select town from p where pay > 5').collect()", {"town", "pay"}),
        ("pl.SQLContext({'p': df.lazy()}, eager=True).execute('select max(pay) from p')", {"pay"}),
        ("pl.SQLContext().register('p', df).execute('select id from p', eager=True)", {"id"}),
        ("df.partition_by('town')[0].select('pay').sum()", {"town", "pay"}),
        ("df.partition_by('town', as_dict=True)['Pune',]['pay'].sum()", {"town", "pay"}),
        ("df.filter(pl.col('pay') > 5).height", {"pay"}),
        ("df.filter(pl.col('pay') > 5).is_empty()", {"pay"}),
        ("df.unique('town').shape", {"town"}),
        ("df.select('town', 'pay').shape", {"town", "pay"}),
        ("len(df.filter(pl.col('pay') > 5))", {"pay"}),
        ("df.map_rows(lambda row: row[0])", ALL),
        ("df.head(1)", ALL),
        ("df.to_dicts()", ALL),
        ("str(df)", ALL),
        ("df.lazy().filter(pl.col('pay') > 5).select('town').collect()", {"town", "pay"}),
        ("df.lazy().group_by('town').agg(pl.col('pay').sum()).collect()", {"town", "pay"}),
    ],
)
def test_columns_are_those_that_were_used(used, code: str, columns: set[str]) -> None:
    assert used(code) == {"people": columns}


def test_a_query_uses_its_columns_when_it_is_run(used) -> None:
    assert used("query = df.lazy().filter(pl.col('pay') > 5).select('town')") == {}
    assert used("query.collect()") == {"people": {"town", "pay"}}
    assert used("df.columns, df.height, len(df)") == {}
    assert used("df.with_row_index()['index']") == {}


def test_tables_that_are_joined_keep_their_columns_apart(used) -> None:
    assert used("df.select('id', 'pay').join(visits, on='id')") == {
        "people": {"id", "pay"},
        "visits": {"id", "count"},
    }


def test_a_column_that_was_taken_out_is_known_later(used) -> None:
    used("pay = df['pay']")

    assert used("pay.mean()") == {"people": {"pay"}}
