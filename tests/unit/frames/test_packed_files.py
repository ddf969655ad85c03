"""CSV and TSV that are packed by gzip are the tables that are in them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.errors import InputError
from jupyter_privguard.frames.files import read, read_head
from jupyter_privguard.frames.streaming import open_table

SECRET = "alice.secret@corp.example"
ROWS = [f"{n:05d},{SECRET},{n}\n" for n in range(3000)]
CSV = "code,email,n\n" + "".join(ROWS)


@pytest.mark.parametrize(("name", "text"), [("t.csv.gz", CSV), ("T.TSV.GZ", CSV.replace(",", "\t"))])
def test_a_packed_table_is_read_like_the_unpacked_one(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    (tmp_path / name[:-3]).write_text(text)

    packed, plain = read(str(tmp_path / name)), read(str(tmp_path / name[:-3]))

    pd.testing.assert_frame_equal(packed, plain)
    assert packed["code"][7] == "00007"
    pd.testing.assert_frame_equal(read_head(str(tmp_path / name), 5), plain[:5])


def test_it_is_read_in_chunks_and_as_often_as_needed(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(CSV.encode()))

    with open_table(str(tmp_path / "t.csv.gz"), block=5000, done=lambda size: None) as table:
        passes = [[frame["n"].tolist() for frame in table.chunks(lambda size: None)] for _ in range(2)]

    assert passes[0] == passes[1] and len(passes[0]) > 10
    assert [n for chunk in passes[0] for n in chunk] == list(range(3000))


PACKED = gzip.compress(CSV.encode(), mtime=0)
DAMAGED = {
    "cut": PACKED[:-20],
    "not packed": CSV.encode(),
    "changed": PACKED[:200] + bytes([PACKED[200] ^ 255]) + PACKED[201:],
    "without the end": PACKED[:30],
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_no_whole_gzip_file_is_one_sentence(kind: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(DAMAGED[kind])

    with pytest.raises(
        InputError, match=r"t\.csv\.gz: [^\n]*(not a whole gzip file|make a table|UTF-8)[^\n]*$"
    ) as error:
        read(str(tmp_path / "t.csv.gz"))

    assert SECRET not in str(error.value) and error.value.__cause__ is None


@pytest.mark.parametrize(("content", "said"), [(gzip.compress(b"", mtime=0), "is empty"), (b"", "is empty")])
def test_an_empty_one_is_said_to_be_empty(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(content)

    with pytest.raises(InputError, match=said):
        read(str(tmp_path / "t.csv.gz"))


@pytest.mark.parametrize("name", ["t.gz", "t.parquet.gz", "t.csv.zip", "t.xlsx"])
def test_other_packed_files_are_refused_by_their_names(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PACKED)

    with pytest.raises(InputError, match=r"only .*\.csv\.gz, \.tsv\.gz files can be read"):
        read(str(tmp_path / name))
