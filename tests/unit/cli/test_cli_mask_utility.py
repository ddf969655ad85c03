"""``privguard mask --utility``: what the masks leave, without a value."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import Run

SECRET = "alice.secret@corp.example"


@pytest.fixture(autouse=True)
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    mails = [SECRET, *(f"user{n}@mail{n}.example" for n in range(29))]
    frame = pd.DataFrame({"customer_id": [f"C-{n:05d}" for n in range(30)], "email": mails, "amount": range(30)})
    frame.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path


def test_the_proof_is_said_and_written(privguard: Run, folder: Path) -> None:
    code, out, err = privguard("mask", "people.csv", "-o", "out.csv", "--utility", "--utility-json", "proof.json")

    assert not code and out == "" and SECRET not in err
    assert "privguard: what is left, counted over 30 rows:" in err
    proof = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
    told = {column["column"]: column for column in proof["columns"]}
    assert proof["rows"] == 30 and set(told) == {"customer_id", "email"}
    assert told["customer_id"]["joins"] and not told["email"]["joins"]
    assert stat.S_IMODE((folder / "proof.json").stat().st_mode) == 0o600


def test_nothing_is_said_unasked(privguard: Run) -> None:
    _, _, err = privguard("mask", "people.csv", "-o", "out.csv")

    assert "what is left" not in err


def test_a_proof_that_cannot_be_written_stops_the_work_before_it_begins(privguard: Run, folder: Path) -> None:
    code, _, err = privguard("mask", "people.csv", "-o", "out.csv", "--utility-json", "nowhere/proof.json")

    assert code == 3 and err.startswith("privguard: ") and not (folder / "out.csv").exists()
