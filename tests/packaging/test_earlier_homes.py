"""Homes that earlier versions wrote are used as they are, and those of later versions are left alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
HOMES = ROOT / "tests" / "vectors" / "homes"
NAMES = sorted(place.name for place in HOMES.iterdir() if (place / "keys").is_dir())
SAID_OF_COLUMNS = {"sealed-heads", "vault-and-overrides"}
"""Homes in which somebody has said what the column `code` holds."""
PEOPLE = "email,full_name,income,code\n" + "".join(
    f"person.{n}@corp.example,Aaravind Kulkar{chr(97 + n)},{51_000 + 731 * n},ZZ-{1000 + 7 * n}\n" for n in range(12)
)
"""The table of `make.py`."""


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an earlier home, which is in use; a checkout knows nothing of modes."""
    place = tmp_path / "home"
    shutil.copytree(HOMES / request.param, place)
    for path in (place, *place.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    monkeypatch.setenv("PRIVGUARD_HOME", str(place))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(place / "policy.yaml"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text(PEOPLE)
    return place


@pytest.fixture
def privguard(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must end with ``code``; what it printed, and all that it said where it failed."""

    def run(*words: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert left.value.code == code, err
        return out if code == 0 else err

    return run


def test_there_are_homes_of_several_formats_and_they_are_small() -> None:
    assert len(NAMES) == 3
    assert all(sum(path.stat().st_size for path in (HOMES / name).rglob("*")) < 200_000 for name in NAMES)


@pytest.mark.parametrize("home", NAMES, indirect=True)
def test_a_log_of_an_earlier_version_verifies_and_answers(home: Path, privguard: Callable[..., str]) -> None:
    privguard("policy", "check", home / "policy.yaml")
    privguard("audit", "verify", "--checkpoint", home / "checkpoint.txt")
    events = [json.loads(line) for line in privguard("audit", "export", "--format", "jsonl").splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {"cell.run", "data.load", "experiment.close"} <= {event["action"] for event in events}

    shown = json.loads(privguard("audit", "query", "--experiment", "churn", "--column", "income", "--format", "json"))
    assert shown
    assert [e["state"] for e in json.loads(privguard("experiment", "list", "--format", "json"))] == ["open", "closed"]
    privguard("report", "churn", "-o", "page.html")
    privguard("report", "verify", "page.html")


@pytest.mark.parametrize("home", NAMES, indirect=True)
def test_todays_version_goes_on_where_an_earlier_one_ended(home: Path, privguard: Callable[..., str]) -> None:
    """The masks are the same, the log grows, and a checkpoint that was kept still proves that it has only grown."""
    before = len(privguard("audit", "export").splitlines())

    privguard("mask", "customers.csv", "--tier", "internal", "-o", "masked.csv")

    old, new = ((place / "masked.csv").read_text().splitlines() for place in (home, home.parent))
    assert [line.split(",")[:2] for line in new] == [line.split(",")[:2] for line in old]
    assert len(privguard("audit", "export").splitlines()) > before
    privguard("audit", "verify", "--checkpoint", home / "checkpoint.txt")
    privguard("experiment", "close", "churn")
    privguard("keys", "rotate")
    privguard("audit", "verify", "--checkpoint", home / "checkpoint.txt")


@pytest.mark.parametrize("home", NAMES, indirect=True)
def test_a_session_takes_over_what_people_said(home: Path, privguard: Callable[..., str]) -> None:
    cells = (
        "import pandas as pd\ndf = pd.read_csv('customers.csv')\nget_ipython().run_line_magic('privguard', 'set')\ndf"
    )
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", "%load_ext jupyter_privguard", "-i"],
        input=f"{cells}\n", text=True, capture_output=True, timeout=120,
        env={**os.environ, "IPYTHONDIR": str(home.parent / "ipython")},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "tok_" in said and "Kulkar" not in said and "person.3@" not in said, said
    assert ("ZZ-1007" not in said) == (home_name(home) in SAID_OF_COLUMNS), said
    privguard("audit", "verify", "--checkpoint", home / "checkpoint.txt")


def home_name(home: Path) -> str:
    """Which of the earlier homes ``home`` is a copy of."""
    policy = (home / "checkpoint.txt").read_bytes()
    return next(name for name in NAMES if (HOMES / name / "checkpoint.txt").read_bytes() == policy)


def _later_log(home: Path) -> None:
    with sqlite3.connect(home / "log" / "privguard.db") as connection:
        connection.execute("pragma user_version = 2")
    connection.close()


def _later(name: str) -> Callable[[Path], None]:
    def make(home: Path) -> None:
        (path,) = home.glob(name)
        path.write_text(path.read_text().replace('"version":1', '"version":2'))

    return make


LATER = {
    "log": (_later_log, [("audit", "verify"), ("audit", "export"), ("experiment", "close", "churn")]),
    "key of the log": (_later("keys/log.key"), [("experiment", "close", "churn"), ("report", "churn", "-o", "p.html")]),
    "key": (_later("keys/????????.key"), [("mask", "customers.csv", "-o", "m.csv")]),
    "classes": (_later("overrides.json"), [("mask", "customers.csv", "-o", "m.csv")]),
    "domains": (_later("domains.json"), [("mask", "customers.csv", "-o", "m.csv")]),
}


@pytest.mark.parametrize("what", LATER)
@pytest.mark.parametrize("home", ["sealed-heads"], indirect=True)
def test_what_a_later_version_wrote_is_refused_in_a_sentence_and_not_changed(
    home: Path, what: str, privguard: Callable[..., str]
) -> None:
    make, commands = LATER[what]
    make(home)
    before = _digests(home)

    for words in commands:
        code = 2 if what == "log" else 3
        said = privguard(*words, code=code)
        assert "was written by a later version of jupyter-privguard; update this one" in said, words
        assert _digests(home) == before, words
    assert not list(home.parent.glob("*.html")) and not (home.parent / "m.csv").exists()


def test_a_policy_of_a_later_version_is_refused_by_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy.yaml").write_text("# for the next one\nversion: 2\n")

    with pytest.raises(SystemExit) as left:
        main(["policy", "check", str(tmp_path / "policy.yaml")])

    assert left.value.code == 3
    assert "line 2, column 10: `version` must be 1" in capsys.readouterr().out


def _digests(home: Path) -> dict[str, str]:
    """What is in every file that holds something; locks and shared memory hold nothing."""
    found = {}
    for path in home.rglob("*"):
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal")):
            found[str(path.relative_to(home))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
