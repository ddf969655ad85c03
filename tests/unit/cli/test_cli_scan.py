"""`privguard scan` as people, hooks and forges use it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from tests.command_line import Run

MAIL = "asha.patel@corp.example"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "work" / "notes.md"
    file.parent.mkdir()
    file.write_text(f"# Notes\n\nWrite to {MAIL}.\n")
    return file


def _keys(privguard: Run) -> None:
    assert privguard("keys", "init")[0] == 0


def test_findings_are_told_without_their_values(home: Path, privguard: Run, notes: Path) -> None:
    code, out, err = privguard("scan", notes.parent)

    assert code == 1
    assert "EMAIL_ADDRESS" in out and "3:10" in out and "asha" not in out + err
    assert err.startswith("privguard: 1 finding in 1 file")
    assert not home.exists(), "without keys nothing is written"


def test_nothing_found(home: Path, privguard: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")

    assert privguard("scan", tmp_path / "a.py")[:2] == (0, "")


@pytest.mark.parametrize(("others", "code"), [(True, 1), (False, 3)])
def test_unreadable_files_count_where_nothing_was_found(
    others: bool, code: int, home: Path, privguard: Run, notes: Path
) -> None:
    paths = [notes] if others else []

    result = privguard("scan", *paths, notes.parent / "gone.ipynb")

    assert result[0] == code
    assert "gone.ipynb: there is no such file" in result[2]


def test_json(home: Path, privguard: Run, notes: Path) -> None:
    (one,) = json.loads(privguard("scan", notes, "--format", "json")[1])

    assert one["place"] == {"line": 3, "character": 10}
    assert one.keys() == {
        "path",
        "place",
        "entity",
        "confidence",
        "excerpt",
        "count",
        "fixable",
        "fingerprint",
        "severity",
    }


def test_sarif_has_what_its_schema_requires(home: Path, privguard: Run, notes: Path) -> None:
    (notes.parent / "broken.ipynb").write_text("{")

    log = json.loads(privguard("scan", notes.parent, "--format", "sarif")[1])

    # SARIF 2.1.0, sections 3.13, 3.14, 3.18, 3.19, 3.20, 3.27: what is required, and the values that are closed lists.
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "privguard"
    assert all(rule["id"] for rule in run["tool"]["driver"]["rules"])
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    (result,) = run["results"]
    assert result["message"]["text"] and result["level"] in ("none", "note", "warning", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 10}
    assert place["artifactLocation"]["uri"].endswith("notes.md")
    assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
    assert -1.0 <= result["rank"] <= 100.0


def test_fix_keeps_the_mode_and_a_second_run_finds_nothing(home: Path, privguard: Run, notes: Path) -> None:
    notes.chmod(0o640)

    code, out, err = privguard("scan", notes, "--fix")

    assert (code, out) == (0, "") and "1 value taken out" in err
    assert notes.read_text() == "# Notes\n\nWrite to [redacted].\n"
    assert notes.stat().st_mode & 0o777 == 0o640
    assert privguard("scan", notes)[0] == 0


def test_fix_says_what_it_cannot(home: Path, privguard: Run, tmp_path: Path) -> None:
    import pickle

    file = tmp_path / "m.pkl"
    file.write_bytes(pickle.dumps([MAIL]))
    before = file.read_bytes()

    code, _, err = privguard("scan", file, "--fix")

    assert code == 1 and "cannot be taken out in place" in err
    assert file.read_bytes() == before


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_baseline_accepts_what_was_there(with_keys: bool, home: Path, privguard: Run, notes: Path) -> None:
    if with_keys:
        _keys(privguard)
    baseline = notes.parent.parent / "accepted.json"
    assert privguard("scan", notes, "--write-baseline", baseline)[0] == 0
    assert "asha" not in baseline.read_text()

    assert privguard("scan", notes, "--baseline", baseline)[0] == 0
    notes.write_text(notes.read_text() + "and ravi@corp.example\n")
    code, out, _ = privguard("scan", notes, "--baseline", baseline)

    assert code == 1 and out.count("EMAIL_ADDRESS") == 1


def test_by_value_a_baseline_holds_wherever_it_moves(home: Path, privguard: Run, notes: Path) -> None:
    _keys(privguard)
    baseline = notes.parent.parent / "accepted.json"
    privguard("scan", notes, "--write-baseline", baseline)
    notes.write_text("\n\n" + notes.read_text())

    assert privguard("scan", notes, "--baseline", baseline)[0] == 0


def test_a_baseline_of_another_key_is_refused(
    home: Path, privguard: Run, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keys(privguard)
    baseline = notes.parent.parent / "accepted.json"
    privguard("scan", notes, "--write-baseline", baseline)
    monkeypatch.setenv("PRIVGUARD_HOME", str(home.parent / "other"))

    code, _, err = privguard("scan", notes, "--baseline", baseline)

    assert code == 3 and "another key" in err


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 2, "key_id": null, "accepted": []}', "[" * 99_999])
def test_what_is_no_baseline(text: str, home: Path, privguard: Run, notes: Path) -> None:
    (notes.parent.parent / "b.json").write_text(text)

    code, _, err = privguard("scan", notes, "--baseline", notes.parent.parent / "b.json")

    assert code == 3 and err.startswith("privguard:") and err.count("\n") == 1


def test_a_scan_is_an_event_without_values(home: Path, privguard: Run, notes: Path) -> None:
    _keys(privguard)

    privguard("scan", notes)

    *_, event = runtime.log_reader().events()
    assert event["action"] == "scan" and event["outcome"] == "ok"
    assert event["entities"] == {"EMAIL_ADDRESS": 1}
    assert (event["paths"], event["files"], event["findings"], event["fixed"], event["unread"]) == (1, 1, 1, 0, 0)
    assert "asha" not in str(event)


def test_names_cannot_steer_the_terminal(home: Path, privguard: Run, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\n.txt").write_text(MAIL)

    _, out, err = privguard("scan", tmp_path)

    assert "\x1b" not in out + err and out.count("\n") == 2


@pytest.mark.parametrize(
    ("options", "code"), [([], 3), (["--allow-unread"], 0), (["--allow-unread", "--confidence", "10"], 0)]
)
def test_forms_that_are_not_read_are_said(
    options: list[str], code: int, home: Path, privguard: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99))
    (tmp_path / "a.gif").write_bytes(b"GIF89a" + bytes(99))

    result = privguard("scan", tmp_path, *options)

    assert result[:2] == (code, "")
    assert result[2].startswith(f"privguard: {tmp_path / 'a.h5'}: not read: HDF5 ")
    assert "1 file without text (pictures, sounds, fonts, programs) not looked at" in result[2]


@pytest.mark.parametrize("option", [[], ["--allow-unread"]])
def test_what_is_damaged_is_never_allowed(option: list[str], home: Path, privguard: Run, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 and no more")

    assert privguard("scan", tmp_path, *option)[0] == 3


def test_sarif_tells_what_is_not_read(home: Path, privguard: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")

    (run,) = json.loads(privguard("scan", tmp_path, "--format", "sarif")[1])["runs"]

    assert "PDF is not read" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize("form", ["table", "json", "sarif"])
def test_names_of_any_bytes_are_told_in_every_form(form: str, home: Path, privguard: Run, tmp_path: Path) -> None:
    for name in (b"\xff\xfe.txt", b"a\nb.h5", "ü\x1b[2J.txt".encode()):
        content = b"\x89HDF\r\n\x1a\n" if name.endswith(b"h5") else MAIL.encode()
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(content)

    code, out, err = privguard("scan", tmp_path, "--format", form)

    assert code == 1 and "\x1b" not in out + err and err.count("\n") == 2
    assert form == "table" or json.loads(out)


def test_what_is_less_sure_is_left_out(home: Path, privguard: Run, notes: Path) -> None:
    assert privguard("scan", notes, "--confidence", "90")[0] == 0


TABLE = "customer_id,email,age,plan,note,seen\n" + "".join(
    f"K{n * 7919 % 90_000 + 10_000},p{n}@corp.example,{20 + n},{'AB'[n % 2]},call +44 20 7946 0{100 + n},"
    f"2026-01-0{1 + n % 9}\n"
    for n in range(30)
)
POLICIES = {
    "built-in": "",
    "one with columns": "version: 1\ndatasets: {'people*': {columns: {plan: EMPLOYEE_ID, seen: DATE_OF_BIRTH}}}\n",
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("form", ["csv", "tsv", "csv.gz", "parquet", "tar"])
def test_a_table_is_judged_as_classify_judges_it(
    policy: str, form: str, home: Path, privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gzip
    import io
    import tarfile

    import pandas as pd

    if POLICIES[policy]:
        (tmp_path / "policy.yaml").write_text(POLICIES[policy])
        monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    plain, file = tmp_path / "people.csv", tmp_path / f"people.{form}"
    plain.write_text(TABLE)
    if form == "parquet":
        pd.read_csv(io.StringIO(TABLE)).to_parquet(file)
    elif form == "tar":
        with tarfile.open(file, "w") as archive:
            archive.add(plain, "people.csv")
    elif form == "csv.gz":
        file.write_bytes(gzip.compress(TABLE.encode()))
    else:
        file.write_text(TABLE.replace(",", "\t") if form == "tsv" else TABLE)

    told = json.loads(privguard("classify", plain, "--format", "json")[1])["columns"]
    found = json.loads(privguard("scan", file, "--format", "json")[1])

    judged = {
        (one["column"], one["entity"], round(one["confidence"] * 100))
        for one in told
        if one["confidence"] >= 0.7 and one["action"]["public"] != "clear" and one["entity"] != "FREE_TEXT_WITH_PII"
    }
    assert judged
    assert {
        (one["place"]["column"], one["entity"], one["confidence"]) for one in found if one["place"]["column"] != "note"
    } == judged
