"""Whose events a person reads: everybody's without principals, else their own, or all by a role."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home, account_name

READS: list[tuple[str, ...]] = [
    ("audit", "export"),
    ("audit", "export", "--format", "csv"),
    ("audit", "acts"),
    ("experiment", "list"),
]
MINE, THEIRS = "exp-mine", "exp-theirs"


@pytest.fixture
def log(home: Path) -> Path:
    """A log with an experiment of this account and one of another."""
    made = Home(home)
    made.make()
    with AuditLog.open(made.log, FileKeys(made.keys).create()) as written:
        for who, name in ((account_name(), MINE), ("ravi", THEIRS)):
            base: dict[str, Any] = {"principal": Principal(who), "session": "s", "policy_sha256": "0"}
            base |= {"experiment": name, "tier": "compliance", "cell": {"execution_count": 1, "id": None}}
            run = written.start_run(event("cell.start", outcome="started", **base))
            written.end_run(run, event("cell.run", outcome="ok", reason=name, **base))
    return made.log


@pytest.fixture
def under(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def under(text: str) -> None:
        (tmp_path / "p.yaml").write_text(f"version: 1\n{text}")
        monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "p.yaml"))

    return under


def people(log: str) -> str:
    return f"roles: {{r: {{tiers: [public]{log}}}}}\nprincipals: {{{account_name()}: {{roles: [r]}}}}\n"


def reads(log: Path) -> list[tuple[str, str]]:
    return [(e["what"], e["whose"]) for e in LogReader.open(log, None).events() if e["action"] == "log.read"]


@pytest.mark.parametrize("words", READS)
def test_without_principals_the_local_user_reads_all_and_nothing_is_written(log, under, privguard, words) -> None:
    under("k: 5\n")
    code, out, _ = privguard(*words)

    assert code == 0 and MINE in out and THEIRS in out
    assert reads(log) == []


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize(("role", "whose"), [("", "own"), (", log: own", "own"), (", log: all", "all")])
def test_with_principals_a_role_says_whose_events_are_read(log, under, privguard, words, role, whose) -> None:
    under(people(role))
    code, out, err = privguard(*words)

    assert code == 0 and MINE in out and (THEIRS in out) is (whose == "all")
    assert ("2 events of others are left out: reading what others did is not granted" in err) is (whose == "own")
    assert "`log: all`" in err or whose == "all"
    assert [found[1] for found in reads(log)] == [whose]
    assert privguard("audit", "verify")[0] == 0


def test_whoever_has_no_role_reads_their_own_events(log, under, privguard) -> None:
    under("principals: {somebody: {roles: []}}\n")

    lines = privguard("audit", "export")[1].splitlines()
    assert {json.loads(line)["principal"]["id"] for line in lines} == {account_name()}
    kept = set(LogReader.open(log, None).lines())
    assert set(lines) <= kept


def test_of_two_policies_both_have_to_say_all(log, under, privguard, tmp_path) -> None:
    from jupyter_privguard.model import Request, Tier
    from jupyter_privguard.policy.decide import decide
    from jupyter_privguard.policy.load import load

    files = []
    for name, role in (("admin", ""), ("own", ", log: all")):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(f"version: 1\n{people(role)}")
    asked = Request(Principal(account_name()), "log.read", Tier.PUBLIC)

    assert not decide(asked, load(files[0], files[1], user_can_write=lambda _: True)).allowed
    assert decide(asked, load(None, files[1], user_can_write=lambda _: True)).allowed


def test_proof_needs_no_leave_and_a_report_is_whole_or_not_made(log, under, privguard, tmp_path) -> None:
    under(people(""))
    for words in (("verify",), ("checkpoint",), ("vkey",)):
        assert privguard("audit", *words)[0] == 0

    code, _, err = privguard("report", MINE, "--output", tmp_path / "r.html")
    assert code == 3 and "reading what others did is not granted" in err and not (tmp_path / "r.html").exists()
    refused = [e for e in LogReader.open(log, None).events() if e["action"] == "report.export"]
    assert reads(log) == [] and [(e["outcome"], e["rule"]) for e in refused] == [("refused", "principals")]

    under(people(", log: all"))
    assert privguard("report", MINE, "--output", tmp_path / "r.html")[0] == 0
