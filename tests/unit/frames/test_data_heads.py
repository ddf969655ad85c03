"""Labels in data files, from their beginning."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.frames.data_heads import labels_in


@pytest.mark.parametrize(
    ("name", "content", "labels"),
    [
        ("a.csv", "email,pay\nx,1\ny,2\n", ["email", "pay"]),
        ("a.txt", "email;pay\nx;1\ny;2\n", ["email", "pay"]),
        ("a.tsv", "email\tpay\nx\t1\n", ["email", "pay"]),
        ("one.csv", "email\nx\n", ["email"]),
        ("a.json", '[{"email": "x", "pay": 1}, {"email": "y"}]', ["email", "pay"]),
        ("a.jsonl", '{"email": "x"}\n{"email": "y"}\n', ["email"]),
        ("columns.json", '{"email": ["x"], "pay": [1]}', ["email", "pay"]),
        ("note.txt", "The run went well.\nNothing to report.\n", None),
        ("settings.json", '{"depth": 3, "rate": 0.1}', None),
        ("broken.json", "[{", None),
        ("empty.csv", "", None),
    ],
)
def test_labels_of_texts(tmp_path: Path, name: str, content: str, labels: list[str] | None) -> None:
    path = tmp_path / name
    path.write_text(content)

    assert labels_in(str(path)) == labels


def test_labels_of_other_forms(tmp_path: Path) -> None:
    frame = pd.DataFrame({"email": ["x"], "pay": [1]})
    frame.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"email,pay\nx,1\n"))
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("create table people (email, pay)")

    assert labels_in(str(tmp_path / "a.parquet")) == ["email", "pay"]
    assert labels_in(str(tmp_path / "a.csv.gz")) == ["email", "pay"]
    assert labels_in(str(tmp_path / "a.db")) == ["email", "pay"]
    assert labels_in(str(tmp_path / "nowhere.csv")) is None
    assert labels_in(str(tmp_path)) is None


def test_a_long_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_text('[{"email": "x", "pay": 1},' + '{"email": "x", "pay": 1},' * 100_000)

    assert labels_in(str(path)) == ["email", "pay"]


def test_parquet_is_read_also_before_the_program_has_imported_its_library(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "people.parquet"
    pd.DataFrame({"a": [1], "b": [2]}).to_parquet(path)
    code = f"from jupyter_privguard.frames.data_heads import labels_in\nprint(labels_in({str(path)!r}))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['a', 'b']"
