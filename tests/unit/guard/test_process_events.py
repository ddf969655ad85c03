"""What a listener hears of files and programs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from jupyter_privguard.guard.files.process_events import Listener, ignore, listen


class Ear(Listener):
    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []
        listen(self)

    def opened_to_read(self, path: str) -> None:
        self.heard.append(("read", Path(path).name))

    def opened_to_write(self, path: str) -> None:
        self.heard.append(("write", Path(path).name))

    def moved(self, source: str, target: str) -> None:
        self.heard.append(("moved", Path(source).name, Path(target).name))

    def started(self, command: str | None, folder: str | None) -> None:
        self.heard.append(("started", (command or "").rpartition("\n")[2]))


def test_files_and_programs_are_told_of(tmp_path) -> None:
    ear, path = Ear(), tmp_path / "a.txt"

    path.write_text("x")
    path.read_text()
    path.open("r+").close()
    path.rename(tmp_path / "b.txt")
    with closing(sqlite3.connect(tmp_path / "c.db")):
        pass
    subprocess.run([sys.executable, "-c", ""], check=True)
    os.system("true")

    assert [fact for fact in ear.heard if fact[-1] in ("a.txt", "b.txt", "c.db", "", "true")] == [
        ("write", "a.txt"),
        ("read", "a.txt"),
        ("write", "a.txt"),
        ("read", "a.txt"),
        ("moved", "a.txt", "b.txt"),
        ("read", "c.db"),
        ("started", ""),
        ("started", "true"),
    ]


def test_a_file_that_is_empty_at_first_is_told_of_as_such(tmp_path) -> None:
    class Empty(Ear):
        def opened_empty(self, path: str) -> None:
            self.heard.append(("empty", Path(path).name))

    ear, path = Empty(), tmp_path / "a.txt"
    for mode in ("x+", "w+", "r+", "a+", "w"):
        path.open(mode).close()

    heard = [what for what, *names in ear.heard if names == ["a.txt"]]
    assert heard == ["write", "empty", "write", "empty", "write", "read", "write", "read", "write"]


def test_a_listener_that_fails_stops_nobody(tmp_path) -> None:
    class Failing(Listener):
        def opened_to_write(self, path: str) -> None:
            raise RuntimeError

    failing = Failing()
    listen(failing)

    (tmp_path / "a.txt").write_text("x")

    assert (tmp_path / "a.txt").read_text() == "x"


def test_who_is_ignored_hears_no_more(tmp_path) -> None:
    ear = Ear()

    ignore(ear)
    ignore(ear)
    (tmp_path / "a.txt").write_text("x")

    assert ear.heard == []
