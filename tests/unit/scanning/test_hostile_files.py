"""Files made to hurt whoever reads them: a sentence each, in bounded time and memory."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.findings import Finding, Scanned
from jupyter_privguard.scanning.judging import Judge
from jupyter_privguard.scanning.scanner import scan
from jupyter_privguard.scanning.walking import files_under
from tests.unit.scanning.made_files import MAIL, as_bytes, notebook, picture

Look = Callable[..., list[Finding]]


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _nested(levels: int) -> bytes:
    data = _zip(a=b"x")
    for _ in range(levels):
        data = _zip(**{"a.zip": data})
    return data


SAID = {
    "zip bomb": ("b.zip", lambda: _zip(a=bytes(64 * 2**20)), "too large"),
    "nested zips": ("b.zip", lambda: _nested(5), "nested"),
    "cut zip": ("b.zip", lambda: _zip(a=b"x" * 99)[:40], "zip archive"),
    "packed bomb": ("b.joblib", lambda: zlib.compress(bytes(64 * 2**20)), "too large"),
    "no packing": ("b.joblib", lambda: b"\x1f\x8b\x08garbage", "unpacked"),
    "broken notebook": ("b.ipynb", lambda: b'{"cells": [', "not JSON"),
    "lists that never end": ("b.json", lambda: b"[" * 100_000, "not JSON"),
    "no parquet": ("b.parquet", lambda: b"PAR1" + bytes(99), "Parquet"),
}


@pytest.mark.parametrize("what", SAID)
def test_a_sentence_each(what: str, found: Look) -> None:
    name, made, said = SAID[what]
    problems: list[str] = []

    assert found(name, made(), problems) == []
    assert said in "".join(problems)


QUIET = {
    "nested lists": ("a.json", b"[" * 100_000 + b"]" * 100_000),
    "nested lists in a notebook": ("a.ipynb", b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "half a pickle": ("a.pkl", pickle.dumps(list(range(999)))[:50]),
    "a pickle that says it is huge": ("a.pkl", b"\x80\x04\x8e" + b"\xff" * 8),
    "half a picture": ("a.png", picture(b"k\0v")[:30]),
    "a picture of zeros": ("a.png", picture(bytes(2**20))),
    "a recursive pickle": ("a.pkl", b"\x80\x04]\x94h\x00a."),
    "other formats": ("a.ipynb", b'{"nbformat": 99, "cells": {"a": [1, null, {}]}}'),
    "lone surrogates": ("a.ipynb", b'{"cells": ["\\ud800 x\\udc00"]}'),
    "an empty file": ("a.ipynb", b""),
}


@pytest.mark.parametrize("what", QUIET)
def test_nothing_happens(what: str, found: Look) -> None:
    assert found(*QUIET[what]) == []


def test_what_is_broken_is_looked_through_all_the_same(found: Look) -> None:
    whole = as_bytes(notebook(source=f"m = '{MAIL}'"))

    assert [one.entity for one in found("n.ipynb", whole[:-20])] == ["EMAIL_ADDRESS"]
    assert [one.entity for one in found("n.pkl", pickle.dumps([MAIL, "x" * 99])[:-50])] == ["EMAIL_ADDRESS"]


def _scan(judge: Judge, *paths: Path, jobs: int = 1) -> tuple[list[Scanned], list[str]]:
    problems: list[str] = []
    files = list(
        files_under(tuple(map(str, paths)), everything=False, problem=lambda path, reason: problems.append(reason))
    )
    return scan(files, judge, fix=False, jobs=jobs, done=lambda share: None), problems


def test_pipes_devices_and_loops_do_not_stop_a_scan(judge: Judge, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "a.txt").write_text(MAIL)

    files, problems = _scan(judge, tmp_path)

    assert not problems
    assert {Path(one.path).name: bool(one.findings) for one in files} == {"a.txt": True, "pipe": False, "zero": False}
    assert all("regular" in one.problems[0] for one in files if not one.findings)


def test_what_is_named_and_not_there(judge: Judge, tmp_path: Path) -> None:
    assert _scan(judge, tmp_path / "gone") == ([], ["there is no such file or folder"])


def test_which_folders_are_looked_into(judge: Judge, tmp_path: Path) -> None:
    for folder in (".git", "node_modules", "own", ".ipynb_checkpoints", "work"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(MAIL)
    (tmp_path / "own" / "pyvenv.cfg").touch()

    files, _ = _scan(judge, tmp_path)

    assert {Path(one.path).parent.name for one in files} == {".ipynb_checkpoints", "work"}


def test_over_processes_as_in_one(judge: Judge, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(f"to {MAIL}" if number % 2 else "nothing")

    assert _scan(judge, tmp_path, jobs=2) == _scan(judge, tmp_path)


class _Killed(Judge):
    def pieces(self, path: str, *rest: object) -> Iterator[Finding]:  # type: ignore[override]
        if path.endswith("killer.txt"):
            os._exit(9)  # as the kernel does where memory ends
        return super().pieces(path, *rest)  # type: ignore[arg-type]


def test_a_file_that_ends_its_process_is_told_and_the_others_are_looked_at(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"to {MAIL}")
    (tmp_path / "killer.txt").write_text("x")

    files, _ = _scan(_Killed(built_in(), None, 60), tmp_path, jobs=2)

    assert sum(bool(one.findings) for one in files) == 20
    assert [Path(one.path).name for one in files if one.problems] == ["killer.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "<table>",
        "</table>" + "<table ",
        "<table><tr>",
        "<table>" + "<td>",
        "-----BEGIN PRIVATE KEY-----\n",
        "a/",
        "password = '",
        " a  b\n",
    ],
)
def test_texts_that_repeat_cost_no_more_than_their_length(text: str, found: Look) -> None:
    assert len(found("a.html", text.encode() * (400_000 // len(text)))) <= 1
