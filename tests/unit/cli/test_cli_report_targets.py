"""``privguard report``: where it writes, and what an experiment may be called; nothing lands anywhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.report.export import export, file_name
from jupyter_privguard.settings import Home

Run = Callable[..., tuple[object, str, str]]

ODD = {
    "above": "../x",
    "a folder": "a/b",
    "absolute": "/etc/passwd",
    "dots": "..",
    "long": "n" * 300,
    "control": "a\x1b[31mb\x07\r\n\x00c",
    "emoji": "🦜🔒 " * 20,
    "right to left": "\u202etxt.exe\u202c שלום",
    "quotes": """it's "so" `fine`""",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "option": "--output",
    "dash": "-rf",
    "percent": "%s%n{0}$HOME",
}


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a cell of exp-1 and of the test's odd name in its log; one works in a folder of its own."""
    odd = request.node.callspec.params.get("odd") if hasattr(request.node, "callspec") else None
    names = [ODD[odd]] if odd else []
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    made = Home(tmp_path / "home")
    made.make()
    ring = FileKeys(made.keys).create()
    base = {"principal": Principal("asha"), "session": "s", "policy_sha256": "ab" * 32, "tier": "public"}
    cell = {"execution_count": 1, "id": None}
    with AuditLog.open(made.log, ring) as log:
        for name in ("exp-1", *names):
            run = log.start_run(event("cell.start", outcome="started", cell=cell, experiment=name, **base))
            told = {**cell, "source": "x", "source_hmac": "aa"}
            log.end_run(
                run, event("cell.run", outcome="ok", cell=told, run=run, experiment=name, duration_ms=1, **base)
            )
    return made


def files_in(folder: Path) -> set[str]:
    """All that is there but the home."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "home" not in path.relative_to(folder).parts}


# --- folders for CSV files ------------------------------------------------------------------------


def test_the_folder_for_csv_files_is_made_for_nobody_else_and_one_that_is_there_is_left(
    home: Home, privguard: Run
) -> None:
    code, out, err = privguard("report", "exp-1", "-o", "r.html", "--csv", "new/below")
    Path("kept").mkdir(mode=0o755)
    Path("kept").chmod(0o755)
    again, _, _ = privguard("report", "exp-1", "-o", "r.html", "--csv", "kept")

    assert (code, err, again) == (0, "", 0)
    assert "new/below/article-30.csv" in out.splitlines()
    modes = [stat.S_IMODE(Path(name).stat().st_mode) for name in ("new", "new/below", "kept")]
    assert modes == [0o700, 0o700, 0o755]


def test_the_report_may_lie_in_the_folder_that_is_made(home: Home, privguard: Run) -> None:
    code, out, _ = privguard("report", "exp-1", "-o", "records/r.html", "--csv", "records")

    assert code == 0 and out.splitlines()[0] == "records/r.html"


def test_no_folder_is_left_where_there_is_no_report(home: Home, tmp_path: Path, privguard: Run) -> None:
    assert privguard("report", "nosuch", "-o", "r.html", "--csv", "new")[0] == 3
    assert files_in(tmp_path) == {"work"}


@pytest.mark.parametrize("folder", ["file", "file/below", "dangling", "/proc/none", "n" * 300, "read-only/new"])
def test_a_folder_that_cannot_be_made_is_one_sentence_and_nothing_is_written(
    home: Home, tmp_path: Path, privguard: Run, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    Path("file").write_text("mine")
    Path("dangling").symlink_to(tmp_path / "elsewhere")
    Path("read-only").mkdir()
    _deny(monkeypatch, Path("read-only"))
    before = files_in(tmp_path)

    code, out, err = privguard("report", "exp-1", "-o", "r.html", "--csv", folder)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1 and "folder" in err
    assert files_in(tmp_path) == before and Path("file").read_text() == "mine"


def test_the_report_is_not_lost_under_the_name_of_a_csv_file(home: Home, tmp_path: Path, privguard: Run) -> None:
    code, _, err = privguard("report", "exp-1", "-o", "records/../records/article-30.csv", "--csv", "records")

    assert code == 3 and "another name" in err and err.count("\n") == 1
    assert files_in(tmp_path) == {"work"}


def _deny(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As for an account that may not write there; root may everywhere."""
    allowed, denied = os.access, folder.absolute()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).absolute() != denied and allowed(path, mode))


# --- the report's own file ------------------------------------------------------------------------


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_replaced_and_what_it_leads_to_stays(
    home: Home, tmp_path: Path, privguard: Run, is_there: bool
) -> None:
    other = tmp_path / "other.txt"
    if is_there:
        other.write_text("not yours")
    Path("r.html").symlink_to(other)

    assert privguard("report", "exp-1", "-o", "r.html")[0] == 0
    assert not Path("r.html").is_symlink() and Path("r.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert (other.read_text() == "not yours") if is_there else not other.exists()


@pytest.mark.parametrize("target", [".", "folder", "link to folder", "read-only/r.html", "/proc/r.html", "n" * 300])
def test_what_cannot_be_a_file_is_one_sentence(
    home: Home, tmp_path: Path, privguard: Run, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    Path("folder").mkdir()
    Path("link to folder").symlink_to("folder")
    Path("read-only").mkdir()
    _deny(monkeypatch, Path("read-only"))
    before = files_in(tmp_path)

    code, out, err = privguard("report", "exp-1", "-o", target)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1 and "Errno" not in err
    assert files_in(tmp_path) == before


def test_what_lies_beside_it_under_a_name_like_that_of_a_part_stays(tmp_path: Path) -> None:
    (tmp_path / ".r.html.part").mkdir()
    (tmp_path / ".s.html.part").write_text("mine")

    for name in ("r.html", "s.html"):
        export("page", tmp_path / name, lambda _: None)
    assert files_in(tmp_path) == {".r.html.part", ".s.html.part", "r.html", "s.html"}
    assert (tmp_path / ".s.html.part").read_text() == "mine"


@pytest.mark.parametrize("name", ["n" * 250, "é" * 120, "🦜" * 61], ids=["latin", "accents", "emoji"])
def test_a_name_as_long_as_the_system_takes_is_a_name(tmp_path: Path, name: str) -> None:
    export("page", tmp_path / f"{name}.html", lambda _: None)

    assert os.listdir(tmp_path) == [f"{name}.html"]


# --- odd names of experiments ---------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["above", "long", "control", "right to left", "markup", "dash"])
def test_an_experiment_of_an_odd_name_has_a_report_where_it_was_asked_for(
    home: Home, tmp_path: Path, privguard: Run, odd: str
) -> None:
    code, out, err = privguard("report", "-o", "r.html", "--csv", "records", "--", ODD[odd])

    assert (code, err) == (0, ""), err
    page = Path("r.html").read_text("utf-8")
    assert "<script>alert" not in page and "<img src=x" not in page
    assert not set(out + page) & set("\x00\x07\x1b\r\u202c\u202e"), "nothing steers a terminal or turns the text around"
    assert {str(Path(path).parent) for path in out.splitlines()} == {".", "records"}
    assert files_in(tmp_path) == {"work", "work/records", *(f"work/{path}" for path in out.splitlines())}
    assert privguard("report", "verify", "r.html")[0] == 0


@pytest.mark.parametrize("name", [*ODD.values(), "", " ", "\t"])
def test_the_file_that_is_named_after_an_experiment_is_one_plain_name(name: str) -> None:
    found = file_name(name)

    assert Path(found).name == found and found.isascii() and found.isprintable()
    assert found.startswith("compliance-") and found.endswith(".html") and len(found) < 90


@pytest.mark.parametrize("name", ["", " ", "no\nsuch", "\x1b[31m"])
def test_an_experiment_that_the_log_does_not_know_is_one_sentence(home: Home, privguard: Run, name: str) -> None:
    code, out, err = privguard("report", "-o", "r.html", "--", name)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: the log knows no experiment of that name") and err.count("\n") == 1
    assert "\x1b" not in err and not Path("r.html").exists()
