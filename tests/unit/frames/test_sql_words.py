"""What queries name."""

from __future__ import annotations

import pytest

from jupyter_privguard.frames._sql import columns_in, filled_by, named_tables, query_of, written_by

LABELS = ["id", "Town", "pay", "first name"]


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select pay from t", ["pay"]),
        ("SELECT PAY, town FROM t", ["Town", "pay"]),
        ("select * from t", LABELS),
        ("select t.* from t", LABELS),
        ("select count(*) from t where pay > 3", ["pay"]),
        ("select count(*) from t", []),
        ("select pay * 2 from t", ["pay"]),
        ('select "first name" from t', ["first name"]),
        ("select id from t where x = 'pay'", ["id"]),
        ("select id -- pay\nfrom t /* town */", ["id"]),
        ("from t", LABELS),
        ("copy t to 'x.csv'", LABELS),
    ],
)
def test_columns_of_a_query(sql: str, columns: list[str]) -> None:
    assert columns_in(query_of(sql), LABELS) == columns


@pytest.mark.parametrize(
    ("sql", "files"),
    [
        ("copy t to 'x.csv'", ["x.csv"]),
        ("COPY (select 'a to b') TO 'it''s.parquet' (format parquet)", ["it's.parquet"]),
        ("export database 'folder'", ["folder"]),
        ("attach 'other.db' as o", ["other.db"]),
        ("attach 'other.db' as o (read_only)", []),
        ("copy t from 'x.csv'", []),
        ("select 'copy'", []),
    ],
)
def test_files_that_a_query_writes(sql: str, files: list[str]) -> None:
    assert written_by(sql) == files


def test_texts_of_a_query_are_no_words() -> None:
    query = query_of("select a from 'people.csv' where b = 'it''s'")

    assert query.texts == ("people.csv", "it's")
    assert "people" not in query.words


@pytest.mark.parametrize(
    ("sql", "name", "verb"),
    [
        ("create table t as select 1", ("t",), "create"),
        ('create or replace temp table if not exists a."b c" (x int)', ("a", "b c"), "create"),
        ("create view v as select 1", ("v",), "create"),
        ("insert or ignore into main.t values (1)", ("main", "t"), "insert"),
        ("update t set a = 1", ("t",), "update"),
        ("delete from o.t where a", ("o", "t"), "delete"),
        ("drop table if exists t", ("t",), "drop"),
    ],
)
def test_the_table_that_a_query_makes_or_changes(sql: str, name: tuple[str, ...], verb: str) -> None:
    found = filled_by(sql)

    assert found is not None and (found.name, found.verb) == (name, verb)
    assert (found.is_temporary, found.is_view) == ("temp" in sql, "view" in sql)


@pytest.mark.parametrize("sql", ["select 1", "create schema s", "copy t to 'x.csv'", "with a as (select 1) from a"])
def test_other_queries_change_no_table(sql: str) -> None:
    assert filled_by(sql) is None


def test_names_of_tables_come_in_parts_and_functions_are_none() -> None:
    sql = 'select * from a.b.c join "x y" on true join read_csv(1) join d'

    assert named_tables(sql) == [("a", "b", "c"), ("x y",), ("d",)]
