"""``privguard classify`` on real files."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import pytest


@pytest.fixture(autouse=True)
def folder(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    rows = [f"C{n:04d},asha{n}@example.org,{20 + n},basic" for n in range(30)]
    file.write_text("\n".join(["customer_id,email,age,plan", *rows]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def run(privguard):
    return partial(privguard, "classify")


def test_json_has_the_contract_s_fields(people, run):
    code, out, err = run(people, "--format", "json")

    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["file", "rows", "columns", "quasi_identifiers"]
    assert (answer["file"], answer["rows"]) == (str(people), 30)
    assert [column["entity"] for column in answer["columns"]] == ["CUSTOMER_ID", "EMAIL_ADDRESS", "AGE", "NONE"]
    for column in answer["columns"]:
        assert list(column) == ["column", "entity", "class", "confidence", "evidence", "action"]
        assert 0 <= column["confidence"] <= 1
        assert column["evidence"]
        assert all(isinstance(reason, str) for reason in column["evidence"])
        assert list(column["action"]) == ["public", "internal", "compliance"]


def test_several_files_give_a_list(people, run):
    code, out, _ = run(people, people, "--format", "json")

    assert code == 0
    assert [table["file"] for table in json.loads(out)] == [str(people)] * 2


def test_the_table_is_aligned_and_shows_no_value(people, run):
    code, out, _ = run(people)

    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["column", "entity", "class", "confidence", "public", "internal", "compliance"]
    assert (
        len({line.index(word) for line, word in zip(lines[1:4], ("CUSTOMER_ID", "EMAIL_ADDRESS", "AGE"), strict=True)})
        == 1
    )
    assert "@" not in out


def test_csv_has_a_line_a_column(people, run):
    code, out, _ = run(people, "--format", "csv")

    lines = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [line["column"] for line in lines] == ["customer_id", "email", "age", "plan"]
    assert lines[1]["public"] == "partial"


def test_csv_runs_nothing_in_a_spreadsheet(tmp_path, run):
    file = tmp_path / "f.csv"
    file.write_text("=1+1,b\n1,2\n", encoding="utf-8")

    _, out, _ = run(file, "--format", "csv")

    assert [line["column"] for line in csv.DictReader(io.StringIO(out))] == ["'=1+1", "b"]


def test_the_header_alone_and_every_cell_are_not_asked_for_at_once(people, run):
    code, out, err = run(people, "--header-only", "--full")

    assert (code, out) == (3, "") and err.startswith("privguard: a table cannot be classified by its header alone")
    assert err.count("\n") == 1


def test_header_only_and_full(people, run):
    _, by_header, _ = run(people, "--header-only", "--format", "json")
    _, by_all, _ = run(people, "--full", "--format", "json")

    assert "only the header was read" in by_header
    assert json.loads(by_all)["columns"][1]["entity"] == "EMAIL_ADDRESS"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("empty.csv", b""),
        ("ragged.csv", b"a,b\n1,2\nsecret@example.org,2,3,4\n"),
        ("latin.csv", "name\nJos\u00e9 Secret\n".encode("latin-1")),
        ("text.pdf", b"secret"),
        ("torn.parquet", b"PAR1secret"),
    ],
)
def test_bad_files_get_one_sentence_and_exit_3(tmp_path, run, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    code, out, err = run(file, "--format", "json")

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert err.count("\n") == 1
    assert "secret" not in err.lower().replace(str(tmp_path).lower(), "")


def test_one_bad_file_among_several_prints_nothing_half(people, tmp_path, run):
    code, out, _ = run(people, tmp_path / "missing.csv", "--format", "json")

    assert (code, out) == (3, "")


def test_wrong_usage_is_exit_3(run):
    assert run()[0] == 3
    assert run("x.csv", "--format", "xml")[0] == 3


def test_columns_that_identify_together_are_told_with_their_k(tmp_path, run):
    path = tmp_path / "patients.csv"
    lines = [f"a{n}@corp.example,19{60 + n % 4}-02-03,{'female' if n % 2 else 'male'}" for n in range(40)]
    path.write_text("\n".join(["email,date_of_birth,gender", *lines]))

    _, table, _ = run(path)
    _, answer, _ = run(path, "--format", "json")
    _, unread, _ = run(path, "--format", "json", "--header-only")

    assert table.splitlines()[-1] == "quasi-identifiers date_of_birth, gender: k 10, 0 % of the rows unique"
    assert json.loads(answer)["quasi_identifiers"] == {
        "columns": ["date_of_birth", "gender"], "k": 10, "unique_share": 0.0,
    }  # fmt: skip
    assert json.loads(unread)["quasi_identifiers"]["k"] is None
