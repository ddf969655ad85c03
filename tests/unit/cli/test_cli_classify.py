"""``privguard classify`` on real files."""

from __future__ import annotations

import csv
import io
import json

import pytest

from jupyter_privguard.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    rows = [f"C{n:04d},asha{n}@example.org,{20 + n},basic" for n in range(30)]
    file.write_text("\n".join(["customer_id,email,age,plan", *rows]) + "\n", encoding="utf-8")
    return file


def _run(capsys, *args):
    with pytest.raises(SystemExit) as left:
        main(["classify", *map(str, args)])
    out, err = capsys.readouterr()
    return left.value.code, out, err


def test_json_has_the_contract_s_fields(people, capsys):
    code, out, err = _run(capsys, people, "--format", "json")

    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["file", "rows", "columns"]
    assert (answer["file"], answer["rows"]) == (str(people), 30)
    assert [column["entity"] for column in answer["columns"]] == ["CUSTOMER_ID", "EMAIL_ADDRESS", "AGE", "NONE"]
    for column in answer["columns"]:
        assert list(column) == ["column", "entity", "class", "confidence", "evidence", "action"]
        assert 0 <= column["confidence"] <= 1
        assert column["evidence"]
        assert all(isinstance(reason, str) for reason in column["evidence"])
        assert list(column["action"]) == ["public", "internal", "compliance"]


def test_several_files_give_a_list(people, capsys):
    code, out, _ = _run(capsys, people, people, "--format", "json")

    assert code == 0
    assert [table["file"] for table in json.loads(out)] == [str(people)] * 2


def test_the_table_is_aligned_and_shows_no_value(people, capsys):
    code, out, _ = _run(capsys, people)

    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["column", "entity", "class", "confidence", "public", "internal", "compliance"]
    assert (
        len({line.index(word) for line, word in zip(lines[1:4], ("CUSTOMER_ID", "EMAIL_ADDRESS", "AGE"), strict=True)})
        == 1
    )
    assert "@" not in out


def test_csv_has_a_line_a_column(people, capsys):
    code, out, _ = _run(capsys, people, "--format", "csv")

    lines = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [line["column"] for line in lines] == ["customer_id", "email", "age", "plan"]
    assert lines[1]["public"] == "partial"


def test_csv_runs_nothing_in_a_spreadsheet(tmp_path, capsys):
    file = tmp_path / "f.csv"
    file.write_text("=1+1,b\n1,2\n", encoding="utf-8")

    _, out, _ = _run(capsys, file, "--format", "csv")

    assert [line["column"] for line in csv.DictReader(io.StringIO(out))] == ["'=1+1", "b"]


def test_header_only_and_full(people, capsys):
    _, by_header, _ = _run(capsys, people, "--header-only", "--format", "json")
    _, by_all, _ = _run(capsys, people, "--full", "--format", "json")

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
def test_bad_files_get_one_sentence_and_exit_3(tmp_path, capsys, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    code, out, err = _run(capsys, file, "--format", "json")

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert err.count("\n") == 1
    assert "secret" not in err.lower().replace(str(tmp_path).lower(), "")


def test_one_bad_file_among_several_prints_nothing_half(people, tmp_path, capsys):
    code, out, _ = _run(capsys, people, tmp_path / "missing.csv", "--format", "json")

    assert (code, out) == (3, "")


def test_wrong_usage_is_exit_3(capsys):
    assert _run(capsys)[0] == 3
    assert _run(capsys, "x.csv", "--format", "xml")[0] == 3
