"""Documents, tables and archives made to hurt whoever reads them: bounded, a sentence at most, nothing run."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import random
import signal
import sqlite3
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pytest

from jupyter_privguard.frames.stored.limits import Unreadable
from jupyter_privguard.frames.stored.unpacking import unpacked
from jupyter_privguard.scanning import scanner
from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.judging import Judge
from jupyter_privguard.scanning.scanner import scan
from jupyter_privguard.scanning.walking import files_under
from jupyter_privguard.scanning.workbooks import ods_sheets, shared_texts, xlsx_rows
from tests.unit.scanning.made_files import MAIL, zipped

Look = Callable[..., list[Finding]]


def _xlsx(sheet: str, shared: str = "<sst/>") -> bytes:
    return zipped(
        **{
            "[Content_Types].xml": "",
            "xl/workbook.xml": "",
            "xl/sharedStrings.xml": shared,
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
        }
    )


FAR = "".join(f'<row r="{row}"><c r="XFD{row}" t="str"><v>x</v></c></row>' for row in range(1, 3_000))
WIDE = '<row r="1">' + "".join(f"<c t='str'><v>{at}</v></c>" for at in range(2_000)) + "</row>"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
BOMBS = {
    "a bomb of texts": lambda: _xlsx("", "<sst><si><t>" + "0" * 40 * 2**20 + "</t></si></sst>"),
    "a far column": lambda: _xlsx(FAR),
    "a wide row": lambda: _xlsx(WIDE * 3),
    "entities of entities": lambda: _xlsx("", f"{LAUGHS}]><sst><si><t>&h;</t></si></sst>"),
    "tags that never end": lambda: _xlsx("<row><c><v>" * 40_000, "<sst>" + "<si>" * 80_000),
    "marks alone": lambda: _xlsx("<" * 200_000, "<si" * 100_000),
    "numbers of texts": lambda: _xlsx('<row><c t="s"><v>99999999999999999999</v></c><c t="s"><v>-1</v></c></row>'),
    "numbers that are none": lambda: _xlsx("<row><c><v>1e999</v></c><c s='9'><v>nan</v></c></row>" * 50),
    "places that are none": lambda: _xlsx('<row><c r="ZZZZZ1" t="str"><v>x</v></c><c r="é" t="str"><v>y</v></c></row>'),
    "repeated cells": lambda: zipped(
        mimetype="x",
        **{
            "content.xml": "<office:spreadsheet><table:table >"
            + '<table:table-row table:number-rows-repeated="1000000">'
            + '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            + "</table:table-row>" * 3
            + "</table:table></office:spreadsheet>"
        },
    ),
    "tables in tables": lambda: zipped(
        mimetype="x", **{"content.xml": "<office:spreadsheet>" + "<table:table >" * 20_000}
    ),
    "words of marks": lambda: zipped(**{"[Content_Types].xml": "", "word/document.xml": "<w:p" * 60_000}),
    "a checkpoint without numbers": lambda: zipped(**{"m/data.pkl": pickle.dumps([1, 2]), "m/data/0": b"\0" * 9}),
    "a zip that says it is a checkpoint": lambda: zipped(**{"data.pkl": b"\x80\x04garbage"}),
}


@pytest.mark.parametrize("what", BOMBS)
def test_documents_that_grow_or_never_end(what: str, found: Look) -> None:
    problems: list[str] = []

    assert found("a.xlsx", BOMBS[what](), problems) == []
    assert len(problems) <= 2


@pytest.mark.parametrize("text", ["<si><t>", "<si><t>a</t>", "<c", '<c r="', "<v>", "<", "</si>", "<row", "<t><t"])
def test_tags_that_repeat_cost_no_more_than_their_length(text: str) -> None:
    many = text * (200_000 // len(text))

    assert len(shared_texts(many)) <= len(many)
    assert list(xlsx_rows(many, [], set())) == []
    assert [list(rows) for rows in ods_sheets(many)] == []


def _mail(levels: int) -> bytes:
    start = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(levels))
    return (start + f"Content-Type: text/plain\n\nto {MAIL}\n").encode()


MAILS = {
    "deep": _mail(600),
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 2_500,
    "no end": b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Transfer-Encoding: base64\n\n'
    + b"A" * 99_999,
    "headers alone": b"A: b\n" * 6_000,
    "a header that is none": b"Subject: =?utf-9?q?" + b"=?" * 9_999 + b"?=\nFrom: <<<<@\n\n",
    "an unknown encoding": b"Content-Type: text/plain; charset=nobody\nContent-Transfer-Encoding: x-none\n\nhi",
    "no letters": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("what", MAILS)
def test_messages_that_are_none(what: str, found: Look) -> None:
    problems: list[str] = []

    assert {one.entity for one in found("a.eml", MAILS[what], problems)} <= {"EMAIL_ADDRESS"}
    assert len(problems) < 3


TABLE = pd.DataFrame({"n": range(200), "word": ["a", "b"] * 100})


def _in(write: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


FORMS = {
    "a.feather": _in(lambda out: pa.feather.write_feather(TABLE, out, compression="lz4")),
    "a.orc": _in(lambda out: pa.orc.write_table(pa.Table.from_pandas(TABLE), out)),
    "a.parquet": _in(TABLE.to_parquet),
    "a.dta": _in(lambda out: TABLE.to_stata(out, write_index=False)),
    "a.sas7bdat": b"\0" * 12
    + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c\x18\x1f\x10\x11"
    + b"\0" * 4_000,
    "a.xpt": b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 400,
    "a.xlsx": _xlsx('<row><c t="str"><v>a</v></c></row>' * 9),
    "a.safetensors": struct.pack("<Q", 60)
    + json.dumps({"a": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}).encode().ljust(60)
    + b"\0" * 8,
    "a.npz": zipped(**{"a.npy": b"\x93NUMPY\1\0" + b"\0" * 99}),
    "a.zst": pa.compress(b"x" * 999, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("name", FORMS)
def test_damaged_files_of_every_form_are_a_sentence(name: str, found: Look) -> None:
    chance = random.Random(name)
    for _ in range(25):
        data = bytearray(FORMS[name])
        for _ in range(chance.choice([1, 3, 20])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.4:
            del data[chance.randrange(len(data)) :]
        problems: list[str] = []
        found(name, bytes(data), problems)
        assert len(problems) < 6 and all("\n" not in one and len(one) < 200 for one in problems)


def test_bombs_of_each_packing(found: Look) -> None:
    zeros = bytes(64 * 2**20)
    for data in (gzip.compress(zeros), pa.compress(zeros, codec="zstd", asbytes=True), gzip.compress(b"") * 50_000):
        problems: list[str] = []
        assert found("a.gz", data, problems) == []
        assert len(problems) <= 1
    with pytest.raises(Unreadable):
        unpacked(gzip.compress(bytes(10 * 2**20)) * 3)


def test_packed_in_packed_ends(found: Look) -> None:
    data = b"x"
    for _ in range(9):
        data = gzip.compress(data)
    problems: list[str] = []

    assert found("a.gz", data, problems) == []
    assert len(problems) == 1 and "deeper" in problems[0]


def test_links_devices_and_paths_of_archives_lead_nowhere(
    found: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outside.txt").write_text(MAIL)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, to in (
            ("link", tarfile.SYMTYPE, "outside.txt"),
            ("hard", tarfile.LNKTYPE, "outside.txt"),
            ("null", tarfile.CHRTYPE, ""),
            ("pipe", tarfile.FIFOTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, to
            archive.addfile(info)
        info = tarfile.TarInfo(f"{tmp_path}/../../absolute.txt")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"hello"))

    assert found("a.tar", out.getvalue()) == []
    assert found("a.zip", zipped(**{"../../up.txt": "hello", "/etc/x": "hello", "a\nb\x1b[2J": "hello"})) == []
    assert [one.name for one in tmp_path.iterdir()] == ["outside.txt"]


def test_a_database_within_an_archive_runs_nothing(found: Look, tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    store = sqlite3.connect(file)
    store.executescript(
        "CREATE TABLE t(n, mail); CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c)"
        " SELECT x FROM c;"
        "CREATE VIRTUAL TABLE f USING fts5(x);"
    )
    store.executemany("INSERT INTO t VALUES (?, ?)", [(at, f"p{at}@corp.example") for at in range(50)])
    store.commit()
    store.close()
    data = file.read_bytes()

    (one,) = found("a.zip", zipped(**{"in.sqlite": data}))
    assert (one.entity, one.count, one.place.member, one.place.part) == ("EMAIL_ADDRESS", 50, "in.sqlite", "table t")
    for cut in (100, 3_000, len(data) - 500):
        problems: list[str] = []
        found("a.zip", zipped(**{"in.sqlite": data[:cut]}), problems)
        assert len(problems) <= 1


def test_files_of_any_name_and_kind_in_a_folder(judge: Judge, tmp_path: Path) -> None:
    names = [b"a\nb.txt", b"\xff\xfe.txt", b"c\x1b[2J.txt", "ü.txt".encode()]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(f"to {MAIL}")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "self").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "null.csv").symlink_to("/dev/null")
    (tmp_path / "sparse.log").touch()
    os.truncate(tmp_path / "sparse.log", 2**33)

    files = list(files_under((str(tmp_path),), everything=True, problem=lambda *_: None))
    scanned = scan(files, judge, fix=False, jobs=1, done=lambda _: None)

    assert sum(bool(one.findings) for one in scanned) == len(names)
    unread = {Path(one.path).name: (*one.problems, *one.not_read) for one in scanned if one.is_unread}
    assert unread.keys() == {"pipe.csv", "null.csv", "sparse.log"}
    assert all(len(said) == 1 for said in unread.values())


def _greedy(size: int) -> str:
    try:
        bytearray(size)
    except MemoryError:
        return "refused"
    return "given"


def test_a_process_is_refused_more_memory_than_a_file_should_need() -> None:
    with scanner._pool(1) as pool:
        assert [pool.submit(_greedy, size).result() for size in (2**20, 2**28, 5 * 2**30)] == [
            "given",
            "given",
            "refused",
        ]


def test_a_process_that_is_ended_says_nothing_of_its_own() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)  # as a long command of the command line has it
    try:
        with scanner._pool(1) as pool:
            told = [pool.submit(signal.getsignal, one).result() for one in (signal.SIGTERM, signal.SIGINT)]
    finally:
        signal.signal(signal.SIGTERM, before)

    assert told == [signal.SIG_DFL, signal.SIG_DFL]


def test_files_that_unfold_are_read_in_processes_of_their_own(judge: Judge, tmp_path: Path) -> None:
    assert scanner._are_few([str(tmp_path / "a.csv")])
    assert not scanner._are_few([str(tmp_path / "a.PARQUET")])
    (tmp_path / "a.feather").write_bytes(FORMS["a.feather"])

    (one,) = scan([str(tmp_path / "a.feather")], judge, fix=False, jobs=2, done=lambda _: None)

    assert not one.findings and not one.is_unread


@pytest.mark.parametrize("is_long", [False, True])
def test_a_list_of_very_many_members_is_not_read(is_long: bool, found: Look) -> None:
    size = 20 * 2**20
    entry = b"PK\1\2" + bytes(42)
    told = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, size, 4, 0)
    if is_long:
        told = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, 4) + told.replace(
            struct.pack("<I", size), b"\xff" * 4
        )
    problems: list[str] = []

    assert found("a.zip", b"PK\3\4" + (entry * (size // len(entry) + 1))[:size] + told, problems) == []
    assert problems == ["it has more than 10000 members"]
