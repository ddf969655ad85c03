"""``privguard report`` and its exit codes."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import sqlite3

import pytest
from nbconvert.utils.exceptions import ConversionException

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.errors import InputError, LogError
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home
from tests.command_line import command


def _made(place, patch):
    """A home in ``place``, where one works from now on, with one cell of experiment exp-1 in its log."""
    patch.setenv("PRIVGUARD_HOME", str(place / "home"))
    patch.delenv("PRIVGUARD_POLICY", raising=False)
    patch.chdir(place)
    made = Home(place / "home")
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
def home(tmp_path, monkeypatch):
    return _made(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """A folder with a home, and the page and the notebook that were made there, for tests that read them."""
    place = tmp_path_factory.mktemp("reported")
    with pytest.MonkeyPatch.context() as patch:
        _made(place, patch)
        for name in ("r.html", "r.ipynb"):
            assert command("report", "exp-1", "-o", name).code == 0
    return place


@pytest.fixture
def at_work(reported, tmp_path, monkeypatch):
    """A folder of one's own with copies of both, in which one works with that home."""
    for name in ("r.html", "r.ipynb"):
        (tmp_path / name).write_bytes((reported / name).read_bytes())
    monkeypatch.setenv("PRIVGUARD_HOME", str(reported / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def test_a_file_that_it_made_verifies_under_the_own_key_a_given_one_and_in_an_empty_home(at_work, run, monkeypatch):
    vkey = run("audit", "vkey")[1]
    (at_work / "vkey.txt").write_text(vkey)

    own = run("report", "verify", "r.html")
    monkeypatch.setenv("PRIVGUARD_HOME", str(at_work / "auditor"))
    given = [run("report", "verify", "r.html", "--vkey", key) for key in (vkey.strip(), "vkey.txt")]
    alone = run("report", "verify", "r.html")

    assert (own[0], own[2]) == (0, "")
    assert "r.html: unchanged, and all 2 events that it lists are in the signed log of 2 records (" in own[1]
    assert given == [own, own]
    assert alone[:2] == own[:2]
    assert vkey.strip() in alone[2]
    assert not (at_work / "auditor").exists()


@pytest.mark.parametrize("key", ["own", "given"])
def test_a_changed_file_is_exit_2_and_says_where(at_work, run, key):
    page = (at_work / "r.html").read_bytes()
    assert b"asha" in page
    (at_work / "r.html").write_bytes(page.replace(b"asha", b"ravi", 1))

    code, out, err = run("report", "verify", "r.html", *(["--vkey", run("audit", "vkey")[1]] if key == "given" else []))

    assert (code, out) == (2, "")
    assert "was changed after it was made: section `" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("none.html",), 3),
        (("plain.txt",), 3),
        (("r.html", "--vkey", "none.txt"), 3),
        (("r.html", "--vkey", "not+a+key"), 3),
        (("r.html", "--vkey", ""), 3),
        ((), 3),
    ],
)
def test_what_cannot_be_verified_is_one_sentence(at_work, run, args, code):
    (at_work / "plain.txt").write_text("no report")

    found, out, err = run("report", "verify", *args)

    assert (found, out) == (code, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1


def test_an_experiment_may_be_called_like_the_sub_command(home, tmp_path, run):
    assert run("report", "verify", "--output", "v.html")[0] == 3  # the log knows no experiment of that name
    assert "no experiment of that name" in run("report", "verify", "--output", "v.html")[2]


def test_the_notebook_of_a_report_makes_it_anew_and_says_when_the_log_is_another(home, tmp_path, run, monkeypatch):
    assert run("report", "exp-1", "-o", "r.ipynb")[0] == 0
    notebook = json.loads((tmp_path / "r.ipynb").read_text("utf-8"))
    run("report", "exp-1", "-o", "later.html")  # the log has grown since

    codes = {cell["id"]: cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"}
    known: dict[str, object] = {}
    exec("".join(codes.pop("log")), known)
    for name, source in codes.items():
        shown = next(cell for cell in notebook["cells"] if cell["id"] == name)["outputs"][0]["data"]["text/html"]
        assert eval("".join(source), known)._repr_html_() == "".join(shown)

    opening = "".join(notebook["cells"][1]["source"])
    with pytest.raises(LogError, match="does not begin with"):
        exec(opening.replace("size=2", "size=1"), {})
    with pytest.raises(InputError, match="no section of that name"):
        eval('log.section("none")', known)


def test_the_notebook_of_a_report_is_no_finding_of_our_own_scan(at_work, run):
    code, out, _ = run("scan", "r.ipynb")

    assert (code, out) == (0, "")


def test_a_root_as_earlier_versions_wrote_it_is_read(at_work):
    opening = "".join(json.loads((at_work / "r.ipynb").read_text("utf-8"))["cells"][1]["source"])
    [root] = re.findall(r'root="([0-9a-f]{64})"', opening)

    known: dict[str, object] = {}
    exec(opening.replace(root, base64.b64encode(bytes.fromhex(root)).decode()), known)

    assert "verified" in repr(known["log"])
    for wrong in ("z" * 64, "not base64"):
        with pytest.raises(InputError, match="no root of a log"):
            exec(opening.replace(root, wrong), {})


def nbconvert(notebook, *, name, **traits):
    import nbformat
    from nbconvert import get_exporter

    exporter = get_exporter("privguard-report")(**traits)
    return exporter.from_notebook_node(nbformat.from_dict(notebook), {"metadata": {"name": name}})[0]


def test_nbconvert_makes_the_signed_file_from_the_log_alone(home, tmp_path, run):
    run("report", "exp-1", "-o", "r.ipynb")
    notebook = json.loads((tmp_path / "r.ipynb").read_text("utf-8"))
    notebook["cells"][0]["source"] = "# Forged"
    notebook["cells"][3]["outputs"] = []

    page = nbconvert(notebook, name="r")

    assert "Forged" not in page
    (tmp_path / "n.html").write_text(page)
    code, out, _ = run("report", "verify", "n.html")
    assert (code, "signed log of 2 records" in out) == (0, True)  # as it was, whatever came since
    assert _events(home)[-1]["action"] == "report.export"


@pytest.mark.parametrize("made", ["soon", "2026-11-26T12:00:00", ""])
def test_nbconvert_says_what_is_no_time_in_a_notebook(at_work, made):
    notebook = json.loads((at_work / "r.ipynb").read_text("utf-8"))
    notebook["metadata"]["privguard"]["made"] = made

    with pytest.raises(ConversionException, match="no time with its zone"):
        nbconvert(notebook, name="r")


def test_nbconvert_takes_the_experiment_that_ran_in_a_notebook_or_the_one_that_is_named(home, run):
    plain = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    with pytest.raises(ConversionException, match="no experiment of the log ran in a notebook of this name"):
        nbconvert(plain, name="elsewhere")

    assert "Experiment" in nbconvert(plain, name="elsewhere", experiment="exp-1")


def test_parts_are_written_as_csv_too_and_each_file_is_an_event(home, tmp_path, run):
    (tmp_path / "out").mkdir()

    code, out, _ = run("report", "exp-1", "-o", "r.html", "--csv", "out")

    assert code == 0
    files = ["article-30.csv", "dpia-inputs.csv", "data-inventory.csv", "access-history.csv"]
    assert out.splitlines() == ["r.html", *(f"out/{name}" for name in files)]
    exports = [event for event in _events(home) if event["action"] == "report.export"]
    written = [tmp_path / name for name in out.splitlines()]
    assert [event["sha256"] for event in exports] == [hashlib.sha256(file.read_bytes()).hexdigest() for file in written]
    header, *rows = csv.reader((tmp_path / "out" / "article-30.csv").open(newline="", encoding="utf-8"))
    assert header[:2] == ["point", "asks"] and rows
