"""Files in and out: faithful where they are tables, one sentence without values where not."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard.errors import InputError
from jupyter_privguard.frames import read_table
from jupyter_privguard.frames.files import read
from jupyter_privguard.frames.spreadsheet import defused
from jupyter_privguard.frames.streaming import write_table

SECRET = "alice.secret@corp.example"

BAD = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n\n", "no columns"),
    "long.csv": (f"a,b\n1,2\n\n{SECRET},4,5\n".encode(), "line 4 has 3 fields where the first line has 2"),
    "short.csv": (f"a,b\n1,2\n{SECRET}\n".encode(), "line 3 has 1 field where the first line has 2"),
    "short_crlf.csv": (f"a,b\r\n1,2\r\n{SECRET}\r\n".encode(), "line 3"),
    "quoted.csv": (f'a,b\n"x\ny,z",2\n"{SECRET}",3,4\n'.encode(), "line 4 has 3"),
    "latin.csv": ("a,b\n1,2\nJosé,3\n".encode("latin-1"), "line 3 is not UTF-8"),
    "utf16.csv": ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
    "nul.csv": (b"a,b\n1,\0\n", "line 2 holds a NUL"),
    "renamed.csv": (b"PAR1xxxxPAR1", ".parquet"),
    "text.parquet": (f"a,b\n{SECRET},2\n".encode(), "not a whole Parquet"),
    "broken.parquet": (b"PAR1" + SECRET.encode() + b"PAR1", "not a Parquet"),
    "tabs.tsv": (b"a\tb\n1\n", "line 2 has 1"),
    "semicolons.csv": (
        f"name;income\nAnna;1,5\n\n{SECRET};2\n".encode(),
        "parted by semicolons, not by commas; save it",
    ),
    "told.csv": (f"sep=;\nname;income\n{SECRET};2\n".encode(), "parted by semicolons, not by commas"),
    "told_with_mark.csv": (f"\ufeffsep=|\r\nname|income\r\n{SECRET}|2\r\n".encode(), "parted by bars"),
    "told.tsv": (f"sep=,\nname,income\n{SECRET},2\n".encode(), "parted by commas, not by tabs"),
    "quoted_semicolons.csv": (f'name;note\nAnna;"a; b"\n{SECRET};"c\nd;e;f"\n'.encode(), "parted by semicolons"),
    "uneven_semicolons.csv": (("name;note\nBen;y;z\n" + f"{SECRET};x\n" * 9).encode(), "parted by semicolons"),
    "decimal_commas.csv": (f'name;note\nAnna;"1,5"\n{SECRET};2,5\n'.encode(), "parted by semicolons"),
    "tabs.csv": (
        f"name\tincome\nAnna\t1\n{SECRET}\t2\n".encode(),
        "parted by tabs, not by commas; give it the ending .tsv",
    ),
    "commas.tsv": (f"name,income\nAnna,1\n{SECRET},2\n".encode(), "parted by commas, not by tabs"),
    "table.xlsx": (b"x", "only .csv, .tsv, .parquet"),
    "pickled.pkl": (b"\x80\x04.", "only"),
    "pickled.csv": (b"\x80\x04\x95.", "UTF-8"),
}


def write(frame: pd.DataFrame, path: str) -> None:
    write_table(path, lambda: iter([frame]))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_sentence_without_values(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(InputError) as caught:
        read(str(file))

    said = str(caught.value)
    assert said.startswith("privguard: ") and "\n" not in said
    assert words in said and SECRET not in said and name in said


def test_missing_files_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, words in {"nope.csv": "no such file", "folder.csv": "folder", "pipe.csv": "not a regular file"}.items():
        with pytest.raises(InputError, match=words):
            read(str(tmp_path / name))


GOOD = {
    "plain.csv": ("a,b\n1,x\n2,y\n", [[1, "x"], [2, "y"]]),
    "crlf.csv": ("a,b\r\n1,x\r\n2,y", [[1, "x"], [2, "y"]]),
    "bom.csv": ("\ufeffa,b\n1,x\n", [[1, "x"]]),
    "quotes.csv": ('a,b\n1,"x, ""y""\nz"\n2,"é"\n', [[1, 'x, "y"\nz'], [2, "é"]]),
    "inch.csv": ('a,b\n1,5" pipe\n2,y\n', [[1, '5" pipe'], [2, "y"]]),
    "blank.csv": ("a,b\n\n1,x\n\n", [[1, "x"]]),
    "codes.csv": ("a,b\n007,0\n123,1\n", [["007", 0], ["123", 1]]),
    "gaps.csv": ("a,b\n12,0\n,1\n", [[12, 0], [pd.NA, 1]]),
    "fractions.csv": ("a,b\n0.5,0\n1.25,1\n", [[0.5, 0], [1.25, 1]]),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_table_is_read_as_it_stands(name: str, tmp_path: Path) -> None:
    content, rows = GOOD[name]
    file = tmp_path / name
    file.write_text(content, encoding="utf-8", newline="")

    frame = read(str(file))

    assert list(frame.columns) == ["a", "b"] and frame.to_numpy(dtype=object).tolist() == rows


def test_whole_numbers_beside_gaps_are_written_as_they_were(tmp_path: Path) -> None:
    content = "age,share,code,card\n57,1.0,01,9999888877776665\n,2.0,,\n58,,22,4111111111111111\n"
    (tmp_path / "t.csv").write_text(content)

    write(read(str(tmp_path / "t.csv")), str(tmp_path / "u.csv"))

    assert (tmp_path / "u.csv").read_text() == content


@pytest.mark.parametrize("content", ["note\na;b\nc;d\n", "a;b\nx;y\nz\n", "a|b\nx\n", '"a;b"\nx\n'])
def test_one_column_of_text_with_other_separators_is_still_a_table(content: str, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(content)

    assert read(str(tmp_path / "one.csv")).shape == (content.count("\n") - 1, 1)


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("a,b\n")

    assert read_table(str(tmp_path / "h.csv")).rows == 0


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.parquet"])
def test_what_is_written_can_be_read_again(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["007", "x,y\t"], "b": [1, 2]})

    write(frame, str(tmp_path / name))

    assert read(str(tmp_path / name)).to_numpy(dtype=object).tolist() == [["007", 1], ["x,y\t", 2]]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_row_labels_are_written_when_they_are_data(tmp_path: Path) -> None:
    write(pd.DataFrame({"b": [1]}, index=pd.Index(["k"], name="key")), str(tmp_path / "t.csv"))

    assert (tmp_path / "t.csv").read_text() == "key,b\nk,1\n"


def test_a_failed_write_leaves_nothing_and_says_no_value(tmp_path: Path) -> None:
    mixed = pd.DataFrame({"a": pd.Series([1, SECRET, object()], dtype=object)})
    for name in ("t.parquet", "missing/t.csv", "t.xlsx"):
        with pytest.raises(InputError) as caught:
            write(mixed, str(tmp_path / name))
        assert SECRET not in str(caught.value) and str(caught.value).startswith("privguard: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-2+3", "-cmd", " =1", " -cmd", "\uff1d1", "\uff0d1+1"),
        *("\ufeff=1", "\u00a0=1", "\u200b+1", "\u3000@x", "\u202e=1", "\x00=1", "\u2060 -cmd", "\ufe661", "\ufe63x"),
    ],
)
def test_formulas_are_defused_in_cells_labels_and_index(text: str) -> None:
    frame = pd.DataFrame({text: [text, "x"]}, index=pd.Index([text, "y"], name=text))

    out = defused(frame)

    assert out.columns[0] == out.iloc[0, 0] == out.index[0] == out.index.name == "'" + text
    assert frame.iloc[0, 0] == text


@pytest.mark.parametrize("value", ["-5", "-5.25", " -5", "x=1", "", "\u00a0x", "\ufeff", "a@b.example", -5, -2.5, None])
def test_what_is_no_formula_stays(value: object) -> None:
    frame = pd.DataFrame({"a": [value, value]})

    pd.testing.assert_frame_equal(defused(frame), frame)


def test_a_lone_carriage_return_ends_no_row(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x\r=1+1", "y", None], "b\rc": [1, 2, 3]})

    write(frame, str(tmp_path / "t.csv"))

    assert (tmp_path / "t.csv").read_bytes() == b'a,"b\rc"\n"x\r=1+1",1\ny,2\n,3\n'
