"""``privguard seal`` and ``unseal``: nothing in plain is left or made unless somebody may and says so."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import jupyter_privguard as pg
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.errors import InputError, KeyStoreError, LogUnavailable, Refused
from jupyter_privguard.settings import account_name
from tests.command_line import Run

SECRET = "alice.secret@corp.example"


@pytest.fixture(autouse=True)
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"email": [SECRET, "b@corp.example"], "code": ["007", "010"]})
    frame.to_csv(tmp_path / "people.csv", index=False)
    frame.to_parquet(tmp_path / "people.parquet")
    return tmp_path


@pytest.fixture
def run(privguard: Run) -> Run:
    def checked(*args: object) -> tuple[object, str, str]:
        code, out, err = privguard(*args)
        assert SECRET not in out + err and "Traceback" not in err
        return code, out, err

    return checked


def events(folder: Path, action: str) -> list[dict[str, Any]]:
    return [e for e in LogReader.open(folder / "home" / "log", None).events() if e["action"] == action]


def grant(folder: Path, monkeypatch: pytest.MonkeyPatch, tiers: str) -> None:
    role = f"{{tiers: [{tiers}], reason: required}}"
    (folder / "p.yaml").write_text(
        f"version: 1\nroles: {{r: {role}}}\nprincipals: {{{account_name()}: {{roles: [r]}}}}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", "p.yaml")


def test_a_file_comes_back_as_it_was(folder: Path, run: Run) -> None:
    code, out, err = run("seal", "people.csv")

    assert (code, out) == (0, "") and "still there in plain" in err
    sealed = folder / "people.csv.sealed"
    assert SECRET.encode() not in sealed.read_bytes() and b"people" not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o777 == 0o600 and (folder / "people.csv").exists()
    assert run("unseal", "people.csv.sealed", "-o", "again.csv", "--reason", f"for {SECRET}")[0] == 0
    assert (folder / "again.csv").read_bytes() == (folder / "people.csv").read_bytes()
    assert (folder / "again.csv").stat().st_mode & 0o777 == 0o600
    (made,), (opened,) = events(folder, "data.seal"), events(folder, "data.unseal")
    assert made["sinks"] == [{"kind": "file", "target": "people.csv.sealed"}] and made["original"] == "kept"
    assert opened["outcome"] == "ok" and opened["key_id"] == made["key_id"] and opened["bytes"] == made["bytes"]
    assert SECRET not in str(opened) and run("audit", "verify")[0] == 0


def test_the_original_goes_only_after_the_sealed_file_was_read(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("seal", "people.csv", "-o", "x.sealed", "--remove")[0] == 0
    assert not (folder / "people.csv").exists() and pg.read_sealed("x.sealed").shape == (2, 2)

    def damaged(*args: object, **options: object) -> None:
        raise KeyStoreError("privguard: chunk 1 was changed.")

    monkeypatch.setattr("jupyter_privguard.guard.files.sealing.open_sealed", damaged)
    assert run("seal", "people.parquet", "--remove")[0] == 3
    assert (folder / "people.parquet").exists()


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_an_original_with_another_name_is_not_said_to_be_gone(link: str, folder: Path, run: Run) -> None:
    getattr(folder / "other.csv", link)(folder / "people.csv")

    code, _, err = run("seal", "other.csv", "--remove")

    assert code == 3 and "another name" in err and (folder / "people.csv").exists()
    assert not (folder / "other.csv.sealed").exists() and run("seal", "other.csv")[0] == 0


def test_an_original_that_changed_meanwhile_stays(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_privguard import runtime

    record = runtime.record

    def late(*args: Any, **fields: Any) -> Any:
        with (folder / "people.csv").open("a") as more:
            more.write("c@corp.example,1\n")
        return record(*args, **fields)

    monkeypatch.setattr(runtime, "record", late)

    code, _, err = run("seal", "people.csv", "--remove")

    assert code == 3 and "has changed" in err and (folder / "people.csv").exists()


@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: d + b"x", lambda d: d[:80] + b"x" + d[81:]])
def test_a_damaged_file_gives_nothing_and_is_recorded(damage: Callable[[bytes], bytes], folder: Path, run: Run) -> None:
    run("seal", "people.csv")
    file = folder / "people.csv.sealed"
    file.write_bytes(damage(file.read_bytes()))

    code, _, err = run("unseal", file.name, "-o", "again.csv")

    assert code == 3 and err.startswith("privguard: people.csv.sealed: chunk 1") and err.count("\n") == 1
    assert not [path for path in folder.iterdir() if "again" in path.name]
    assert [e["outcome"] for e in events(folder, "data.unseal")] == ["error"]
    with pytest.raises(KeyStoreError):
        pg.read_sealed(file.name)


def test_where_there_are_principals_unsealing_needs_the_highest_tier(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("seal", "people.csv")
    grant(folder, monkeypatch, "public, internal")
    assert run("unseal", "people.csv.sealed", "-o", "again.csv", "--reason", "r")[0] == 3
    with pytest.raises(Refused):
        pg.read_sealed("people.csv.sealed", reason="r")
    assert not (folder / "again.csv").exists()

    grant(folder, monkeypatch, "compliance")
    assert "reason" in run("unseal", "people.csv.sealed", "-o", "again.csv")[2]
    assert run("unseal", "people.csv.sealed", "-o", "again.csv", "--reason", "r")[0] == 0
    assert [e["outcome"] for e in events(folder, "data.unseal")] == ["refused", "refused", "refused", "ok"]


def test_what_cannot_be_logged_does_not_happen(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("seal", "people.csv")

    def full(*args: object, **options: object) -> None:
        raise LogUnavailable("privguard: the log cannot be written.")

    monkeypatch.setattr("jupyter_privguard.runtime.events.open_log", full)

    assert run("seal", "people.parquet", "--remove")[0] == 3 and (folder / "people.parquet").exists()
    assert run("unseal", "people.csv.sealed", "-o", "again.csv")[0] == 3
    with pytest.raises(LogUnavailable):
        pg.read_sealed("people.csv.sealed")
    names = {"home", "people.csv", "people.csv.sealed", "people.parquet"}
    assert {path.name for path in folder.iterdir()} == names


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("seal", "nope.csv"), "no such file"),
        (("seal", "home"), "regular"),
        (("seal", "people.csv", "-o", "people.csv"), "is the input itself"),
        (("seal", "people.csv", "-o", "no/x"), "no folder"),
        (("seal", "made.sealed"), "sealed already"),
        (("seal", "made"), "is there already"),
        (("seal", "a\\b"), "backslash"),
        (("unseal", "people.csv", "-o", "x"), "not a sealed file"),
        (("unseal", "nope", "-o", "x"), "no such file"),
        (("unseal", "made.sealed", "-o", "made.sealed"), "is the input itself"),
        (("unseal", "made.sealed"), "--output"),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(
    args: tuple[str, ...], words: str, folder: Path, run: Run
) -> None:
    run("seal", "people.csv", "-o", "made.sealed")
    (folder / "made").write_text("x")
    (folder / "a\\b").write_text("x")
    before = sorted(path.name for path in folder.iterdir())

    code, out, err = run(*args)

    assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1 and words in err
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("name", ["people.csv", "people.parquet"])
def test_a_sealed_table_is_read_without_a_plain_copy(name: str, folder: Path, run: Run) -> None:
    run("seal", name, "-o", "t.sealed")
    before = sorted(path.name for path in folder.iterdir())

    frame = pg.read_sealed("t.sealed")

    assert frame["email"].tolist() == [SECRET, "b@corp.example"] and frame["code"].tolist() == ["007", "010"]
    assert sorted(path.name for path in folder.iterdir()) == before
    (loaded,) = events(folder, "data.load")
    assert loaded["dataset"]["name"] == "t" and loaded["dataset"]["rows"] == 2
    assert loaded["dataset"]["columns"][0]["entity"] == "EMAIL_ADDRESS"
    assert len(events(folder, "data.unseal")) == 1


def test_what_is_no_table_is_not_read(folder: Path, run: Run) -> None:
    (folder / "notes.txt").write_text(SECRET)
    run("seal", "notes.txt")

    with pytest.raises(InputError, match="no table"):
        pg.read_sealed("notes.txt.sealed")
    assert run("unseal", "notes.txt.sealed", "-o", "again.txt")[0] == 0


def test_a_sealed_file_opens_after_rotation_and_not_after_destruction(folder: Path, run: Run) -> None:
    run("seal", "people.csv")
    old = events(folder, "data.seal")[0]["key_id"]
    run("keys", "rotate")
    assert pg.read_sealed("people.csv.sealed").shape == (2, 2)

    run("keys", "destroy", old, "--yes")
    code, _, err = run("unseal", "people.csv.sealed", "-o", "again.csv")
    assert code == 3 and old in err and not (folder / "again.csv").exists()


def test_a_pipe_is_refused(folder: Path, run: Run) -> None:
    os.mkfifo(folder / "pipe")

    assert run("seal", "pipe")[0] == 3 and run("unseal", "pipe", "-o", "x")[0] == 3


def test_the_log_calls_a_sealed_file_as_it_calls_the_table_in_it(folder: Path, run: Run) -> None:
    (folder / "people.csv").rename(folder / "people.csv.gz")

    run("seal", "people.csv.gz")
    run("unseal", "people.csv.gz.sealed", "-o", "again.csv.gz")

    names = [event["dataset"]["name"] for action in ("data.seal", "data.unseal") for event in events(folder, action)]
    assert names == ["people", "people"]
