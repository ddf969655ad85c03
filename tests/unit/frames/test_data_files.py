"""Tables are found in data files of many forms; what holds none is no error."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.frames import data_files
from jupyter_privguard.frames.data_files import is_data_file, tables_of

ROWS = [{"name": "Wendeline", "income": 51234}, {"name": "Jürgen", "income": 48765}]
FRAME = pd.DataFrame(ROWS)


def written(folder: Path, name: str) -> Path:
    path = folder / name
    text = FRAME.to_csv(index=False)
    match name:
        case "a.csv" | "noending":
            path.write_text(text, "utf-8")
        case "a.tsv":
            path.write_text(text.replace(",", "\t"), "utf-8")
        case "semicolons.txt":
            path.write_text(text.replace(",", ";"), "utf-8")
        case "bars.dat":
            path.write_text(text.replace(",", "|"), "latin-1")
        case "wide.csv":
            path.write_text(text, "utf-16")
        case "a.csv.gz":
            path.write_bytes(gzip.compress(text.encode()))
        case "a.json":
            path.write_text(json.dumps(ROWS))
        case "lines.jsonl":
            path.write_text("\n".join(map(json.dumps, ROWS)))
        case "nested.json":
            path.write_text(json.dumps({"about": {"n": 2}, "rows": ROWS}))
        case "by_key.json":
            path.write_text(json.dumps({"a": ROWS[0], "b": ROWS[1]}))
        case "columns.json":
            path.write_text(FRAME.to_json(orient="columns"))
        case "lists.json":
            path.write_text(json.dumps(FRAME.to_dict("list")))
        case "a.parquet":
            FRAME.to_parquet(path)
        case "a.feather":
            FRAME.to_feather(path)
        case "a.db":
            with closing(sqlite3.connect(path)) as connection:
                FRAME.to_sql("people", connection, index=False)
    return path


@pytest.mark.parametrize(
    "name",
    "a.csv a.tsv noending semicolons.txt bars.dat wide.csv a.csv.gz a.json lines.jsonl nested.json by_key.json "
    "lists.json a.parquet a.feather a.db".split(),
)
def test_a_table_is_found_whatever_the_form(tmp_path, name: str) -> None:
    found = tables_of(str(written(tmp_path, name)))

    values = [frame.to_dict("list") for frame, _, _ in found]
    assert {"name": ["Wendeline", "Jürgen"], "income": [51234, 48765]} in values


def test_records_by_column_are_a_table_too(tmp_path) -> None:
    frames = [frame for frame, _, _ in tables_of(str(written(tmp_path, "columns.json")))]

    assert any("Wendeline" in frame.to_string() for frame in frames)


def test_records_within_records_are_columns(tmp_path) -> None:
    rows = [{"id": n, "name": {"first": "Wendeline", "title": {"short": "Dr"}}, "tags": ["a"]} for n in range(3)]
    (tmp_path / "nested.json").write_text(json.dumps(rows))

    (table,) = tables_of(str(tmp_path / "nested.json"))

    assert list(table.frame.columns) == ["id", "tags", "name.first", "name.title.short"]


def test_records_in_lists_of_records_are_tables_too(tmp_path) -> None:
    children = [{"name": "Wendeline", "school": {"town": "Leeds"}}, {"name": "Ottoline"}]
    rows = [{"id": 1, "children": children}, {"id": 2, "children": []}, {"id": 3}]
    (tmp_path / "families.json").write_text(json.dumps(rows))

    first, second = (table.frame for table in tables_of(str(tmp_path / "families.json")))

    assert list(first.columns) == ["id", "children"] and list(first["id"]) == [1, 2, 3]
    assert list(second["name"]) == ["Wendeline", "Ottoline"] and "school.town" in second


def test_what_is_nested_without_end_is_read_as_far_as_it_goes(tmp_path) -> None:
    deep: object = "Wendeline"
    for _ in range(400):
        deep = {"in": deep, "list": [{"x": 1}]}
    (tmp_path / "deep.json").write_text(json.dumps([deep]))

    assert 1 <= len(tables_of(str(tmp_path / "deep.json"))) < 50


def test_records_that_cannot_be_made_flat_are_a_table_still(tmp_path, monkeypatch) -> None:
    (tmp_path / "nested.json").write_text(json.dumps([{"id": 1, "name": {"first": "Wendeline"}}]))

    def fails(*_: object, **__: object) -> None:
        raise AttributeError("no such thing")

    monkeypatch.setattr(pd, "json_normalize", fails)

    (table,) = tables_of(str(tmp_path / "nested.json"))

    assert list(table.frame.columns) == ["id", "name"]


def test_a_text_knows_its_separator_and_lines(tmp_path) -> None:
    (table,) = tables_of(str(written(tmp_path, "semicolons.txt")))

    assert table.separator == ";"
    assert table.text.splitlines()[1] == "Wendeline;51234"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02" * 99,
        b"just one line, with a comma",
        b"A letter.\nIt has lines, some of them with commas, some\nwithout.\n\nYours",
        b"PAR1 broken",
        b"SQLite format 3\x00 broken",
        b"PK\x03\x04 broken",
        b"\x1f\x8b broken",
        b"{broken",
        b"[1, 2, 3]",
        b"null",
        b"[" * 100_000,
    ],
)
def test_what_is_no_table_is_no_error(tmp_path, content: bytes) -> None:
    path = tmp_path / "any.dat"
    path.write_bytes(content)

    assert tables_of(str(path)) == []


def test_no_more_is_read_than_allowed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(data_files, "MOST_BYTES", 400)
    path = tmp_path / "a.csv"
    path.write_text("name,income\n" + "Wendeline,51234\n" * 100)

    (table,) = tables_of(str(path))

    assert 20 < len(table.frame) < 30
    FRAME.to_parquet(tmp_path / "a.parquet")
    assert tables_of(str(tmp_path / "a.parquet")) == []


def test_endings_of_data() -> None:
    assert all(map(is_data_file, ("a.csv", "b/c.CSV.gz", "x.parquet", "x.jsonl", "x.sqlite")))
    assert not any(map(is_data_file, ("a.py", "a", ".csv", "csv", "x.csv.py", "model.pt")))
