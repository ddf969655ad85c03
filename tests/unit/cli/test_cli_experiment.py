"""``privguard experiment list|show|close``."""

from __future__ import annotations

import json
from functools import partial

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    made = Home(tmp_path / "home")
    made.make()
    ring = FileKeys(made.keys).create()
    with AuditLog.open(made.log, ring) as log:
        for name, outcome in [("exp-1", "ok"), ("exp-1", "error"), ("exp-2", "refused")]:
            _cell(log, name, outcome)
    return made


def _cell(log, name, outcome):
    base = {
        "principal": Principal("asha"),
        "session": "s",
        "policy_sha256": "ab" * 32,
        "experiment": name,
        "tier": "internal",
        "purpose": "churn-model",
    }
    run = log.start_run(event("cell.start", outcome="started", cell={"execution_count": 1, "id": None}, **base))
    cell = {"execution_count": 1, "id": None, "source": "x", "source_hmac": "aa"}
    log.end_run(run, event("cell.run", outcome=outcome, cell=cell, run=run, duration_ms=1, **base))


@pytest.fixture
def run(privguard):
    return partial(privguard, "experiment")


def test_list_names_all_with_their_state(home, run):
    code, out, _ = run("list")

    lines = [line.split()[:3] for line in out.splitlines()]
    assert code == 0
    assert lines == [["experiment", "state", "cells"], ["exp-1", "open", "2"], ["exp-2", "open", "1"]]


def test_list_as_json(home, run):
    code, out, _ = run("list", "--format", "json")

    assert code == 0
    assert [(item["experiment"], item["state"]) for item in json.loads(out)] == [("exp-1", "open"), ("exp-2", "open")]


def test_show_says_what_one_amounts_to(home, run):
    code, out, _ = run("show", "exp-1", "--format", "json")

    shown = json.loads(out)
    assert code == 0
    assert shown["cells"] == {"error": 1, "ok": 1}
    assert (shown["people"], shown["tiers"], shown["purposes"]) == (["asha"], ["internal"], ["churn-model"])


def test_show_as_a_table(home, run):
    code, out, _ = run("show", "exp-2")

    assert code == 0
    assert "1 refused" in out
    assert "churn-model" in out


def test_close_ends_it_once(home, run):
    code, out, err = run("close", "exp-1")
    again, _, refusal = run("close", "exp-1")
    _, listed, _ = run("list", "--format", "json")

    last = list(LogReader.open(home.log, None).events())[-1]
    assert (code, out) == (0, "")
    assert "closed with event 7" in err
    assert (last["action"], last["experiment"], last["seq"]) == ("experiment.close", "exp-1", 7)
    assert again == 3
    assert "closed at" in refusal
    assert [item["state"] for item in json.loads(listed)] == ["closed", "open"]


@pytest.mark.parametrize("verb", ["show", "close"])
def test_unknown_is_exit_3_and_logs_nothing(home, run, verb):
    code, out, err = run(verb, "exp-9")

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert LogReader.open(home.log, None).size == 6


@pytest.mark.parametrize("args", [("show",), ("close",), ("list", "--format", "xml"), ("nosuch",)])
def test_wrong_usage_is_exit_3(home, run, args):
    code, _, err = run(*args)

    assert code == 3
    assert err.startswith("privguard: ")


def test_a_name_cannot_steer_the_terminal(home, run):
    with AuditLog.open(home.log, FileKeys(home.keys).load()) as log:
        _cell(log, "a\x1b[2Jb\nc", "ok")

    _, out, _ = run("list")

    assert "\x1b" not in out
    assert len(out.splitlines()) == 4


def test_an_empty_log_lists_nothing_and_says_how_to_begin(tmp_path, monkeypatch, run):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    made = Home(tmp_path / "home")
    made.make()
    AuditLog.open(made.log, FileKeys(made.keys).create()).close()

    code, out, err = run("list")

    assert code == 0
    assert len(out.splitlines()) == 1
    assert "%%secure --experiment" in err
