"""Files that nobody would write: a verdict or one sentence, in every format, and never a value."""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.command_line import Run

VALUE = "zq.canary@corp.example"

TEXTS = {
    "only a header": "email,plan\n",
    "a mark at the beginning": "\ufeffemail,plan\na@corp.example,x\n",
    "labels twice and none": "email,email,email.1,,\na@corp.example,b@corp.example,c,1,2\n",
    "no header": f"{VALUE},5\n{VALUE},6\n",
    "one column without header": f"{VALUE}\nx\n",
    "old line ends": "email\ra@corp.example\r",
    "line breaks in a field": f'a,b\n"x\n{VALUE}\n",1\n',
    "3 MB in a field": f"note,x\n{'x' * 3_000_000},1\n",
    "5,000 digits": f"a\n{'9' * 5000}\n",
    "a label of 70,000 letters": f"{'e' * 70_000},x\n1,2\n",
    "500 columns": f"{','.join(f'c{n}' for n in range(500))}\n{','.join('1' * 500)}\n",
    "escapes in a label": "em\x1b[31mail,\u202ex\na@corp.example,1\n",
    "a formula as label": "=cmd|' /C calc'!A0,email\n1,a@corp.example\n",
    "no date": "born\n9999-99-99\n",
}
REFUSED = {
    "nothing": b"",
    "empty lines": b"\n\n\n",
    "NUL": b"a,b\n\0,1\n",
    "UTF-16": "email\nx".encode("utf-16"),
    "Latin-1": b"n\xe4me\nx\n",
    "an open quote": f'a,b\n"{VALUE},1\n'.encode(),
    "too many fields": f"a,b\n1,{VALUE},3\n".encode(),
}


def _all_types() -> pa.Table:
    return pa.table(
        {
            "email": pa.array([["a@corp.example"], None]),
            "struct": pa.array([{"x": VALUE}, None]),
            "map": pa.array([[("a", VALUE)], None], pa.map_(pa.string(), pa.string())),
            "bytes": pa.array([b"abc", None]),
            "decimal": pa.array([decimal.Decimal("1.1"), None]),
            "first and last": pa.array(
                [datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)], pa.timestamp("us")
            ),
            "dictionary": pa.array([VALUE, "x"]).dictionary_encode(),
            "nothing": pa.nulls(2),
            "day": pa.array([datetime.date(1951, 2, 3), None]),
            "time": pa.array([datetime.time(1), None]),
            "half": pa.array(np.array([1, 2], dtype="float16")),
            "span": pa.array([datetime.timedelta(1), None]),
        }
    )


FORMS = [("table",), ("json",), ("csv",), ("json", "--full"), ("json", "--header-only")]


def _classified(privguard: Run, path: Path) -> list[str]:
    entities: list[str] = []
    for form, *more in FORMS:
        code, out, err = privguard("classify", path, "--format", form, *more)
        assert (code, err) == (0, "")
        assert VALUE not in out
        assert "\x1b" not in out or form != "table"
        if form == "json" and not more:
            columns = json.loads(out)["columns"]
            assert all(column["evidence"] for column in columns)
            entities = [column["entity"] for column in columns]
    return entities


@pytest.mark.parametrize("name", TEXTS)
def test_a_strange_table_gets_its_verdicts(home: Path, privguard: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "strange.csv"
    path.write_text(TEXTS[name], encoding="utf-8", newline="")

    assert _classified(privguard, path)
    assert not home.exists()


@pytest.mark.parametrize("table", [_all_types(), pa.table({})], ids=["all types", "no columns"])
def test_parquet_of_all_types_gets_its_verdicts(home: Path, privguard: Run, tmp_path: Path, table: pa.Table) -> None:
    pq.write_table(table, tmp_path / "types.parquet")

    assert len(_classified(privguard, tmp_path / "types.parquet")) == table.num_columns


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("command", ["classify", "mask"])
def test_what_is_no_table_is_refused_in_one_sentence(
    home: Path, privguard: Run, tmp_path: Path, name: str, command: str
) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(REFUSED[name])
    more = ["-o", tmp_path / "out.csv"] if command == "mask" else []

    code, out, err = privguard(command, path, *more)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1
    assert VALUE not in err and "unexpected" not in err
    assert not (tmp_path / "out.csv").exists()


# --- regular expressions of the policy -----------------------------------------------------------

TAKEN = ["(a+)+$", "((a*)*)*b", "(a|aa)+$", "(x+x+)+y", r"^([a-z0-9])(([\-.]|[_]+)?([a-z0-9]+))*@[a-z]+$", "a+?b"]
NASTY = {
    r"(a)\1": "back-reference",
    r"(?P<x>a)(?P=x)": "for more than a group",
    "a(?=b)": "looks around",
    "(?<!a)b": "looks around",
    "(?>a+)b": "for more than a group",
    "a++b": "does not compile",
    "(a(?R)?b)": "for more than a group",
    "a{999999999}": "repeats too often",
    "((a{100}){100}){100}": "repeats too often",
    ".{0,999}x": "repeats too often",
    r"\p{L}{1,300}": "repeats too often",
    r"\p{Nope}x": "does not compile",
    "[z-a]": "does not compile",
    ".*": "empty text",
    "(" * 150: "parenthesis open",
}


def _policy(tmp_path: Path, *regexes: str) -> Path:
    path = tmp_path / "policy.yaml"
    patterns = [{"entity": f"FORM_{place}", "regex": regex} for place, regex in enumerate(regexes)]
    path.write_text(f"version: 1\npatterns: {json.dumps(patterns)}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("regex", NASTY)
def test_an_expression_without_bounds_is_named_by_line_and_not_quoted(
    home: Path, privguard: Run, tmp_path: Path, regex: str
) -> None:
    path = _policy(tmp_path, regex)

    code, out, _ = privguard("policy", "check", path)

    assert code == 3
    assert "line 2, column " in out and NASTY[regex] in out
    assert regex not in out


def test_64_kilobytes_are_refused_and_two_hundred_patterns_are_not(home: Path, privguard: Run, tmp_path: Path) -> None:
    assert privguard("policy", "check", _policy(tmp_path, "a" * 65_536))[0] == 3
    assert privguard("policy", "check", _policy(tmp_path, *(f"ST{n}-[0-9]{{6}}" for n in range(200))))[0] == 0


def test_what_would_never_end_elsewhere_ends_in_columns_and_in_texts(
    home: Path, privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVGUARD_POLICY", str(_policy(tmp_path, *TAKEN)))
    long = ["a" * 20_000 + "!", "x" * 20_000, "ab" * 10_000, "a " * 10_000 + "so that it is a sentence of some words"]
    path = tmp_path / "long.csv"
    path.write_text("note\n" + "\n".join(long * 10) + "\n", encoding="utf-8")

    for more in ([], ["--full"]):
        code, out, err = privguard("classify", path, "--format", "json", *more)
        assert (code, err) == (0, "")
        assert json.loads(out)["rows"] == 40
    assert privguard("mask", path, "-o", tmp_path / "masked.csv")[0] == 0
