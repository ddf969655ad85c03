"""``privguard report`` and its exit codes."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with one refused cell of experiment exp-1 in its log."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)
    made = Home(tmp_path / "home")
    made.make()
    ring = FileKeys(made.keys).create()
    base = {
        "principal": Principal("asha"),
        "session": "s",
        "policy_sha256": "ab" * 32,
        "experiment": "exp-1",
        "tier": "public",
    }
    with AuditLog.open(made.log, ring) as log:
        run = log.start_run(event("cell.start", outcome="started", cell={"execution_count": 1, "id": None}, **base))
        cell = {"execution_count": 1, "id": None, "source": "x", "source_hmac": "aa"}
        log.end_run(run, event("cell.run", outcome="ok", cell=cell, run=run, duration_ms=1, **base))
    return made


@pytest.fixture
def run(privguard):
    return privguard


def _events(home):
    from jupyter_privguard.audit.reader import LogReader

    return list(LogReader.open(home.log, None).events())


def test_writes_the_file_prints_its_path_and_logs_it(home, tmp_path, run):
    code, out, err = run("report", "exp-1", "--output", "r.html")

    page = (tmp_path / "r.html").read_bytes()
    last = _events(home)[-1]
    assert (code, out, err) == (0, "r.html\n", "")
    assert page.startswith(b"<!DOCTYPE html>")
    assert (last["action"], last["experiment"], last["path"]) == ("report.export", "exp-1", "r.html")
    assert last["sha256"] == hashlib.sha256(page).hexdigest()


def test_a_value_in_the_file_s_name_is_not_logged(home, tmp_path, run):
    assert run("report", "exp-1", "--output", "anna.smith@corp.example.html")[0] == 0

    last = _events(home)[-1]
    assert last["action"] == "report.export" and "anna.smith" not in str(last)


def test_a_damaged_log_is_exit_2_and_writes_nothing(home, tmp_path, run):
    database = next(home.log.glob("*.db"))
    connection = sqlite3.connect(database)
    table, column = next(
        (name, info[1])
        for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        for info in connection.execute(f"pragma table_info({name})").fetchall()
        if info[1] in ("line", "json")
    )
    for (trigger,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {trigger}")
    connection.execute(f"update {table} set {column} = replace({column}, 'asha', 'ravi')")
    connection.commit()
    connection.close()

    code, out, err = run("report", "exp-1", "--output", "r.html")

    assert (code, out) == (2, "")
    assert err.startswith("privguard: ")
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("report", "nosuch", "--output", "r.html"),
        ("report", "exp-1", "--output", "none/r.html"),
        ("report", "exp-1", "--output", "."),
        ("report", "exp-1", "--output", "r.html", "--notebook", "none.ipynb"),
        ("report", "exp-1"),
        ("report",),
    ],
)
def test_unusable_input_is_exit_3_one_sentence_and_no_file(home, tmp_path, run, args):
    before = len(_events(home))

    code, out, err = run(*args)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "r.html").exists()
    assert len(_events(home)) == before


def test_no_log_is_exit_3(tmp_path, monkeypatch, run):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "empty"))

    code, _, err = run("report", "exp-1", "--output", str(tmp_path / "r.html"))

    assert code == 3
    assert err.startswith("privguard: ")
    assert not (tmp_path / "empty").exists()


def test_the_notebook_is_named_with_its_hash(home, tmp_path, run):
    notebook = tmp_path / "n.ipynb"
    notebook.write_text(json.dumps({"cells": [], "nbformat": 4}))

    code, _, _ = run("report", "exp-1", "-o", "r.html", "--notebook", str(notebook))

    assert code == 0
    assert hashlib.sha256(notebook.read_bytes()).hexdigest() in (tmp_path / "r.html").read_text("utf-8")


def test_reports_can_be_made_again_and_say_so(home, tmp_path, run):
    run("report", "exp-1", "-o", "r.html")

    code, _, _ = run("report", "exp-1", "-o", "r.html")

    assert code == 0
    assert "report.export" in (tmp_path / "r.html").read_text("utf-8")
