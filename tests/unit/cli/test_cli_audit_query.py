"""`privguard audit query`, `lineage` and slices: what is data, what is talk, who may read."""

from __future__ import annotations

import csv
import io
import json
import stat
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home, account_name
from tests.command_line import Run
from tests.unit.audit.log_story import story


@pytest.fixture
def log(home: Path) -> Path:
    """The story in a real log, of this account and of another; its times are those of the test."""
    made = Home(home)
    made.make()
    with AuditLog.open(made.log, FileKeys(made.keys).create()) as written:
        runs: dict[str, str] = {}
        for told in story():
            fields = {
                k: v for k, v in told.items() if k not in ("seq", "time", "action", "principal", "run", "outcome")
            }
            session, policy = fields.pop("session"), fields.pop("policy_sha256")
            who = Principal(account_name() if told["principal"]["id"] == "asha" else "ravi")
            one = event(
                told["action"], principal=who, session=session, outcome=told["outcome"], policy_sha256=policy, **fields
            )
            if told["action"] == "cell.start":
                runs[told["run"]] = written.start_run(one)
            elif told["action"] == "cell.run":
                written.end_run(runs[told["run"]], one)
            else:
                written.append(one)
    return made.log


SALARY = ("audit", "query", "--column", "salary", "--how", "shown", "--during", "today")


def test_a_table_is_for_reading(log: Path, privguard: Run) -> None:
    code, out, err = privguard(*SALARY)
    heading, line = out.splitlines()

    assert (code, err) == (0, "")
    assert heading.split() == "seq time who action outcome tier dataset columns how shown why".split()
    assert line.split()[4:] == [
        "cell.run",
        "ok",
        "public",
        "customers",
        "salary",
        "loaded,",
        "shown",
        "generalise",
        "churn",
    ]


def test_other_forms_have_every_field(log: Path, privguard: Run) -> None:
    (as_json,) = json.loads(privguard(*SALARY, "--format", "json")[1])
    (line,) = privguard(*SALARY, "--format", "jsonl")[1].splitlines()
    (row,) = csv.DictReader(io.StringIO(privguard(*SALARY, "--format", "csv")[1], newline=""))

    assert json.loads(line) == as_json
    assert as_json["masks"] == ["salary: generalise"] and as_json["source"] == "/data/customers.csv"
    assert list(row) == list(as_json) and row["how"] == "loaded; shown"


def test_a_table_cannot_steer_a_terminal_and_a_csv_no_spreadsheet(home: Path, privguard: Run) -> None:
    made = Home(home)
    made.make()
    with AuditLog.open(made.log, FileKeys(made.keys).create()) as written:
        about: dict[str, Any] = {"principal": Principal("x"), "session": "s", "policy_sha256": "0", "outcome": "ok"}
        written.append(event("alert", **about, purpose="\x1b[31m", reason="=cmd()"))

    assert "\x1b" not in privguard("audit", "query")[1]
    assert "'=cmd()" in privguard("audit", "query", "--format", "csv")[1]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_no_answer_is_said_and_is_no_failure(log: Path, privguard: Run, form: str) -> None:
    code, out, err = privguard("audit", "query", "--column", "nothing", "--format", form)

    assert code == 0 and "no event that you may read answers this" in err
    assert form != "json" or json.loads(out) == []
    assert form != "jsonl" or out == ""


@pytest.mark.parametrize(
    "words", [("--tier", "x"), ("--since", "soon"), ("--token", "asha@corp.example"), ("--signed",), ("--nothing",)]
)
def test_a_wrong_question_is_one_sentence(log: Path, privguard: Run, words: tuple[str, ...]) -> None:
    code, out, err = privguard("audit", "query", *words)

    assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1
    assert "asha@" not in err


def test_without_a_log_there_is_no_answer_and_nothing_is_made(home: Path, privguard: Run) -> None:
    for words in (("query",), ("lineage", "m"), ("query", "--signed", "-o", str(home / "x"))):
        code, out, err = privguard("audit", *words)
        assert (code, out) == (3, "") and err.startswith("privguard: ")
    assert not home.exists()


def test_a_slice_is_checked_anywhere(
    log: Path, privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, vkey = tmp_path / "slice.json", privguard("audit", "vkey")[1].strip()
    code, out, err = privguard("audit", "query", "--column", "salary", "--signed", "-o", file)
    assert (code, out) == (0, "") and "wrote 6 records" in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "elsewhere"))

    code, _, err = privguard("audit", "verify", file)
    assert code == 0 and "6 records, each in the log" in err and f"signed by {vkey}; compare it" in err
    (tmp_path / "vkey.txt").write_text(f"{vkey}\n")
    for key in (vkey, tmp_path / "vkey.txt"):
        code, _, err = privguard("audit", "verify", file, "--vkey", key)
        assert code == 0 and "compare" not in err
    for key in ("", " ", "not+a+key", tmp_path / "none"):  # a variable that is not set proves nothing
        code, _, err = privguard("audit", "verify", file, "--vkey", key)
        assert code == 3 and err.startswith("privguard: ") and "Traceback" not in err
    assert not (tmp_path / "elsewhere").exists()

    file.write_text(file.read_text().replace("salary", "celery", 1))
    code, out, err = privguard("audit", "verify", file)
    assert (code, out) == (2, "") and err.startswith("privguard: ")


def test_a_slice_is_held_against_a_kept_checkpoint(log: Path, privguard: Run, tmp_path: Path) -> None:
    kept, newer, file = tmp_path / "kept", tmp_path / "newer", tmp_path / "slice.json"
    kept.write_text(privguard("audit", "checkpoint")[1])
    privguard("experiment", "close", "exp-1")
    newer.write_text(privguard("audit", "checkpoint")[1])
    privguard("keys", "rotate")
    assert privguard("audit", "query", "--column", "salary", "--signed", "--checkpoint", kept, "-o", file)[0] == 0

    code, _, err = privguard("audit", "verify", file, "--checkpoint", kept)
    assert code == 0 and f"it extends the checkpoint in {kept}" in err
    code, _, err = privguard("audit", "verify", file, "--checkpoint", newer)
    assert code == 3 and "no proof for that checkpoint" in err
    assert privguard("audit", "query", "--checkpoint", kept)[0] == 3


def test_a_slice_of_another_log_is_not_taken_for_ones_own(
    log: Path, privguard: Run, tmp_path: Path, monkeypatch
) -> None:
    file = tmp_path / "slice.json"
    privguard("audit", "query", "--signed", "-o", file)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "other"))
    privguard("keys", "init")

    code, _, err = privguard("audit", "verify", file)

    assert code == 2 and "another log" in err


@pytest.mark.parametrize(
    "words",
    [("--incremental",), ("--vkey", "x"), ("SLICE", "--incremental"), ("SLICE", "--checkpoint", "x"), ("SLICE",)],
)
def test_options_that_do_not_go_together_are_said(
    log: Path, privguard: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, _, err = privguard("audit", "verify", *(str(tmp_path / "none") if w == "SLICE" else w for w in words))

    assert code == 3 and err.startswith("privguard: ")


def test_only_what_came_later_is_read_again(log: Path, privguard: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(privguard("audit", "checkpoint")[1])

    code, _, err = privguard("audit", "verify", "--checkpoint", kept, "--incremental")

    assert code == 0 and f"extends the checkpoint in {kept}, what that covers taken as proven then" in err


def people(role: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    policy = folder / "p.yaml"
    policy.write_text(
        f"version: 1\nroles: {{r: {{tiers: [public]{role}}}}}\nprincipals: {{{account_name()}: {{roles: [r]}}}}\n"
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))


@pytest.mark.parametrize(("role", "whose"), [("", "own"), (", log: all", "all")])
def test_a_role_says_whose_events_answer(log: Path, privguard: Run, tmp_path: Path, monkeypatch, role, whose) -> None:
    people(role, monkeypatch, tmp_path)

    found = json.loads(privguard("audit", "query", "--outcome", "refused", "--format", "json")[1])
    names = [one["who"] for one in json.loads(privguard("audit", "query", "--format", "json")[1])]
    privguard("audit", "query", "--signed", "-o", tmp_path / "s.json")
    privguard("audit", "lineage", "customers")

    assert [one["who"] for one in found] == (["ravi"] if whose == "all" else [])
    assert ("ravi" in names) is (whose == "all")
    records = [json.loads(one["line"]) for one in json.loads((tmp_path / "s.json").read_bytes())["records"]]
    assert ("ravi" in {record["principal"]["id"] for record in records}) is (whose == "all")
    noted = [(e["what"], e["whose"]) for e in LogReader.open(log, None).events() if e["action"] == "log.read"]
    assert noted == [("query", whose)] * 2 + [("slice", whose), ("lineage", whose)]
    assert privguard("audit", "verify")[0] == 0


def test_lineage_is_text_a_picture_or_json(log: Path, privguard: Run, tmp_path: Path) -> None:
    code, text, err = privguard("audit", "lineage", "m")
    assert code == 0 and "from customers.salary" in text and "not in the log" in err

    picture = tmp_path / "m.svg"
    assert privguard("audit", "lineage", "m", "--format", "svg", "-o", picture)[0] == 0
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    (first, *_) = json.loads(privguard("audit", "lineage", "m", "--format", "json")[1])["frames"]
    assert first["name"] == "m"
    code, _, err = privguard("audit", "lineage", "df")
    assert (code, err) == (0, "")
    assert privguard("audit", "lineage", "nothing")[0] == 3


@pytest.mark.parametrize("form", ["cadf", "ocsf", "openlineage"])
def test_exports_for_others_are_json_lines(log: Path, privguard: Run, form: str) -> None:
    code, out, err = privguard("audit", "export", "--format", form)

    assert (code, err) == (0, "") and len(out.splitlines()) > 5
    assert all(isinstance(json.loads(line), dict) for line in out.splitlines())


def test_a_log_that_nobody_keeps_checkpoints_of_is_said_to_be_not_anchored(log: Path, privguard: Run) -> None:
    code, _, err = privguard("audit", "verify")

    assert code == 0 and err.splitlines()[1].startswith("privguard: not anchored: ")


def test_a_log_is_held_against_its_anchor(log: Path, privguard: Run, tmp_path: Path, monkeypatch) -> None:
    kept, policy = tmp_path / "witness", tmp_path / "p.yaml"
    policy.write_text(f"version: 1\nanchor: {{file: {kept}}}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    code, _, err = privguard("audit", "verify")
    assert code == 3 and "cannot be read" in err
    privguard("experiment", "close", "exp-1")

    code, _, err = privguard("audit", "verify")
    assert code == 0 and f"privguard: anchored in {kept} (up to record 19)." in err
    assert privguard("report", "exp-1", "--output", tmp_path / "r.html")[0] == 0
    assert "Not anchored" not in (tmp_path / "r.html").read_text()

    kept.write_text("")
    code, _, err = privguard("audit", "verify")
    assert code == 2 and "emptied or exchanged" in err
