"""What queries name."""

from __future__ import annotations

import pytest

from jupyter_privguard.frames._sql import columns_in, query_of, written_by

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
