"""``privguard demo`` with input that cannot be used: one sentence, exit 3, before any kernel starts."""

from __future__ import annotations

from functools import partial

import pytest


@pytest.fixture
def run(privguard):
    return partial(privguard, "demo")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.delenv("PRIVGUARD_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.csv", None),
        ("empty.csv", b""),
        ("latin.csv", "näme,x\nä,1\n".encode("latin-1")),
        ("ragged.csv", b"a,b\n1,2\n3,4,5,6\n"),
        ("text.txt", b"a,b\n1,2\n"),
        ("fake.parquet", b"PAR1 not really"),
    ],
)
def test_unusable_data_is_one_sentence_and_leaves_nothing(tmp_path, run, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)

    code, out, err = run("--data", name)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "demo-output").exists()


def test_an_output_folder_that_is_a_file_is_one_sentence(tmp_path, run):
    (tmp_path / "out").write_text("here first")

    code, _, err = run("--output", "out")

    assert code == 3
    assert err.startswith("privguard: ")
    assert (tmp_path / "out").read_text() == "here first"


def test_an_invalid_policy_is_one_sentence(tmp_path, run, monkeypatch):
    (tmp_path / "policy.yaml").write_text("version: 99\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))

    code, _, err = run("--output", "out")

    assert code == 3
    assert err.startswith("privguard: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("rows", ["0", "49", "-1", "many"])
def test_unusable_numbers_of_rows_are_usage_errors(run, rows):
    code, _, err = run("--rows", rows)

    assert code == 3
    assert err.startswith("privguard: ")
