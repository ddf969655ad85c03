"""Texts that are too long to be held: looked at window by window, found and fixed as if they were looked at whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.scanning import json_parts, letters, scanner, sources, texts, windows
from jupyter_privguard.scanning.baseline import NOTHING
from jupyter_privguard.scanning.findings import Finding, Scanned
from jupyter_privguard.scanning.judging import Judge
from jupyter_privguard.scanning.letters import encoding_of
from jupyter_privguard.scanning.scanner import scan
from jupyter_privguard.scanning.sources import Source
from jupyter_privguard.scanning.windows import windows_of
from tests.unit.scanning.made_files import AWS, MAIL


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_SIZE", 4_000)
    monkeypatch.setattr(windows, "_OVERLAP", 800)
    monkeypatch.setattr(letters, "_STEP", 1_000)


@pytest.fixture
def long(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONG", 2_000)


def _scan(judge: Judge, file: Path, *, fix: bool = False) -> Scanned:
    (one,) = scan([str(file)], judge, fix=fix, jobs=1, done=lambda _: None)
    return one


def _told(found: Scanned) -> list[tuple[str, str, int]]:
    return sorted((str(one.place), one.entity, one.count) for one in found.findings)


LINES = [f"{number} a line about parcels, their weights and where they went" for number in range(300)]
PEOPLE = [f"K{place * 7919 % 90_000 + 10_000},p{place}@corp.example,{place * 3.5}" for place in range(500)]
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAtx9Zk3\n" * 9 + "-----END RSA PRIVATE KEY-----\n"
FILES = {
    "a.log": "\n".join(f"{line} {f'mail {MAIL}' if at % 50 == 7 else ''}" for at, line in enumerate(LINES)),
    "a.md": "\n\n".join(
        f"{line}\n{line} {'card 4111 1111 1111 1111' if at % 70 == 7 else ''}" for at, line in enumerate(LINES)
    ),
    "a.py": "\n".join(f"x{at} = {at}" for at in range(3_000)) + f"\nk = '{AWS}'\n" + "y = 1\n" * 900,
    "keys.txt": "\n".join(LINES[:60]) + "\n" + KEY + "\n".join(LINES[:60]) + "\n" + KEY + "\n".join(LINES[:60]),
    "one line.html": "<p>" + "word and word, " * 1_000 + MAIL + " word" * 3_000 + "</p>",
    "a.csv": "customer_id,email,amount\n" + "\n".join(PEOPLE) + "\n",
    "crlf.csv": "customer_id,email,amount\r\n" + "\r\n".join(PEOPLE),
    "notes.csv": "n,note\n" + "".join(f'{at},"said\nmuch, {MAIL if at % 90 == 3 else ""}"\n' for at in range(500)),
    "a.jsonl": "".join(
        json.dumps(dict(zip(("customer_id", "email", "amount"), line.split(","), strict=True))) + "\n"
        for line in PEOPLE[:220]
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "utf-16-be"])
@pytest.mark.parametrize("name", FILES)
def test_a_long_text_is_found_and_fixed_as_a_short_one(
    name: str, encoding: str, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    file = tmp_path / name
    data = (FILES[name] + ("\né" if encoding == "latin-1" and "csv" not in name and "json" not in name else "")).encode(
        encoding
    )
    file.write_bytes(data)
    whole, in_windows = _scan(judge, file), None
    _scan(judge, file, fix=True)
    fixed = file.read_bytes()
    file.write_bytes(data)
    monkeypatch.setattr(texts, "LONG", 2_000)
    file.chmod(0o640)

    in_windows = _scan(judge, file)
    again = _scan(judge, file, fix=True)

    assert whole.findings and _told(in_windows) == _told(whole)
    assert {one.by_place for one in in_windows.findings} == {one.by_place for one in whole.findings}
    assert file.read_bytes() == fixed != data
    assert again.fixed == sum(one.count for one in whole.findings) and not again.findings
    assert file.stat().st_mode & 0o777 == 0o640 and list(tmp_path.iterdir()) == [file]


@given(st.text(alphabet='ab,"\n\r é', max_size=400), st.booleans(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_windows_give_the_whole_text_and_each_place_once(text: str, rows: bool, table: bool) -> None:
    kept = windows._SIZE, windows._OVERLAP, letters._STEP
    windows._SIZE, windows._OVERLAP, letters._STEP = 40, 10, 7  # type: ignore[misc]
    try:
        seen, head = "", ""
        for one in windows_of(Source(text.encode()), "utf-8", rows=rows, table=table):
            assert 0 < one.own <= len(one.text) or not one.text
            head = head or one.head
            assert one.start == len(head) + len(seen)
            assert one.line == (head + seen).count("\n")
            seen += one.text[: one.own]
    finally:
        windows._SIZE, windows._OVERLAP, letters._STEP = kept  # type: ignore[misc]

    assert head + seen == text


def test_what_lies_over_the_end_of_a_window_is_found_once(judge: Judge, tmp_path: Path, long: None) -> None:
    file = tmp_path / "a.log"
    for before in range(3_960, 4_060, 25):
        file.write_text("x" * 10 + "\n" * (before - 10) + f"mail {MAIL}\n" + "y\n" * 4_000)
        assert [(one.entity, one.place.line) for one in _scan(judge, file).findings] == [("EMAIL_ADDRESS", before - 9)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"abc" * 99, "utf-8"),
        ("é".encode() * 900_000, "utf-8"),
        (b"abc" * 900_000 + b"\xe9", "latin-1"),
        ("abc".encode("utf-16"), "utf-16-le"),
        ("abc".encode("utf-32"), "utf-32-le"),
        ("abcdef".encode("utf-16-be"), "utf-16-be"),
        (b"ab\0c", None),
    ],
)
def test_in_which_encoding_a_text_is_read(data: bytes, encoding: str | None) -> None:
    assert encoding_of(Source(data)) == encoding


def test_a_large_document_is_looked_at_as_text_and_it_is_said(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: None
) -> None:
    monkeypatch.setattr(texts, "_LONGEST_WHOLE", 3_000)
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"cells": [{"source": line} for line in FILES["a.log"].splitlines()]}, indent=1))

    one = _scan(judge, file)

    assert {each.entity for each in one.findings} == {"EMAIL_ADDRESS"}
    assert len(one.problems) == 1 and "as plain text" in one.problems[0]


def test_a_text_of_any_size_is_read_and_other_files_only_so_far(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: None
) -> None:
    monkeypatch.setattr(sources, "LARGEST", 10_000)
    (tmp_path / "a.log").write_text(FILES["a.log"])
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04" + bytes(20_000))

    assert _scan(judge, tmp_path / "a.log").findings
    assert "larger than" in _scan(judge, tmp_path / "a.pkl").problems[0]


class _Changes(Judge):
    """While it is looked at, somebody else writes to the file."""

    def __init__(self, judge: Judge, change: object) -> None:
        self.__dict__.update(judge.__dict__)
        self._change = change

    def pieces(self, path: str, *rest: object) -> Iterator[Finding]:  # type: ignore[override]
        self._change(path)  # type: ignore[operator]
        return super().pieces(path, *rest)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [200, 20_000])
@pytest.mark.parametrize("fix", [False, True])
def test_files_that_grow_shrink_or_vanish_meanwhile(
    size: int, fix: bool, judge: Judge, tmp_path: Path, long: None
) -> None:
    changes = {
        "grows": lambda path: Path(path).write_bytes(Path(path).read_bytes() + b"more\n" * 9),
        "shrinks": lambda path: os.truncate(path, 50),
        "vanishes": lambda path: Path(path).unlink(missing_ok=True),
        "is another": lambda path: (Path(path).unlink(missing_ok=True), Path(path).write_text("another")),
    }
    for name, change in changes.items():
        file = tmp_path / f"{name}.log"
        file.write_text((f"mail {MAIL}\n" + "x\n" * 90) * (size // 100))
        scanner._judge[:] = [(_Changes(judge, change), fix, NOTHING)]

        one = scanner._one(str(file))

        assert bool(one.problems) == (fix or name == "shrinks"), name
        assert len(one.problems) < 3 and MAIL not in str(one)
        assert not file.exists() or b"redacted" not in file.read_bytes()
        assert not [left for left in tmp_path.iterdir() if "part" in left.name]
    scanner._judge.clear()


def test_a_file_that_grows_without_end_is_read_as_far_as_it_was(judge: Judge, tmp_path: Path, long: None) -> None:
    file = tmp_path / "a.log"
    file.write_text(f"mail {MAIL}\n" + "x\n" * 9_000)
    scanner._judge[:] = [
        (_Changes(judge, lambda path: os.truncate(path, Path(path).stat().st_size + 2**26)), False, NOTHING)
    ]

    one = scanner._one(str(file))

    scanner._judge.clear()
    assert [each.entity for each in one.findings] == ["EMAIL_ADDRESS"] and not one.is_unread


@pytest.mark.parametrize("form", ["records", "split", "index", "columns"])
def test_a_json_document_in_parts_is_found_and_fixed_as_in_one(
    form: str, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [line.split(",") for line in PEOPLE[:220]]
    names = ["customer_id", "email", "amount"]
    records = [dict(zip(names, row, strict=True)) for row in rows]
    made: object = {
        "records": records,
        "split": {"columns": names, "data": rows},
        "index": {str(at): record for at, record in enumerate(records)},
        "columns": {name: [row[at] for row in rows] for at, name in enumerate(names)},
    }[form]
    file, told = tmp_path / "a.json", []
    for most in (10**6, 130):
        monkeypatch.setattr(json_parts, "_MANY", most)
        file.write_text(json.dumps(made))
        told.append(_told(_scan(judge, file)))
        _scan(judge, file, fix=True)
        told.append(file.read_text())

    assert told[0] == told[2] and len(told[0]) == 2
    assert told[1] == told[3] and "corp.example" not in told[1]


def test_lines_that_are_no_json_are_said_once(judge: Judge, tmp_path: Path, long: None) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(f"{json.dumps({'n': at})}\nno json, {MAIL}\n" for at in range(2_000)))

    one = _scan(judge, file)

    assert {each.entity for each in one.findings} == {"EMAIL_ADDRESS"} and len(one.findings) == 2_000
    assert one.problems == ("not all of its lines are JSON; the text around those was looked at as plain text",)
