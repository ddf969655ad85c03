"""What `--fix` changes: the findings, and no other byte."""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.fixing import fixed
from jupyter_privguard.scanning.judging import Judge
from tests.unit.scanning.made_files import AWS, MAIL, code, notebook, picture, shown

JUDGE = Judge(built_in(), None, 60)
HTML = "<table>\n<tr><th></th><th>name</th></tr>\n<tr><th>0</th><td>Asha Patel</td></tr>\n</table>"
_words = st.sampled_from(
    [
        "plain",
        "é",
        "😀",
        '"quoted"',
        "back\\slash",
        "\t",
        MAIL,
        f"k = '{AWS}'",
        "password = 'hunter2xy'",
        "/",
        "\u2028",
        HTML,
    ]
)
_text = st.lists(_words, max_size=5).map(" ".join)
_lines = st.one_of(_text, st.lists(_text.map(lambda line: line + "\n"), max_size=4))


@st.composite
def _notebooks(draw: Any) -> bytes:
    cells = []
    for _ in range(draw(st.integers(0, 3))):
        output = shown(text_plain=draw(_lines), text_html=draw(_lines), image_png=code(picture()))
        cells += notebook(output, source=draw(_lines), metadata={draw(_text): draw(_text)})["cells"]
    text = json.dumps(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        indent=draw(st.sampled_from([None, 0, 1, 2, "\t"])),
        ensure_ascii=draw(st.booleans()),
        sort_keys=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\r\n", " :")])),
    )
    return (draw(st.sampled_from(["", "\n", " "])) + text + draw(st.sampled_from(["", "\n", "\r\n\n"]))).encode()


def _find(name: str) -> Callable[[bytes], list[Finding]]:
    return lambda data: findings_in(name, data, JUDGE, [])


@settings(max_examples=60, deadline=None)
@given(_notebooks())
def test_once_is_as_good_as_twice_and_nothing_else_changes(data: bytes) -> None:
    find = _find("n.ipynb")

    once, count = fixed(data, find)

    assert fixed(once, find) == (once, 0)
    assert not find(once)
    assert MAIL.encode() not in once and AWS.encode() not in once
    assert bool(count) == (once != data)
    json.loads(once)
    found = [edit for one in find(data) for edit in one.edits]
    _same_outside(data.decode(), once.decode(), sorted({(edit.start, edit.end) for edit in found}))


def _same_outside(before: str, after: str, spans: list[tuple[int, int]]) -> None:
    at = place = 0
    for start, end in spans:
        part = before[at:start]
        place = after.index(part, place) if at else 0
        assert after.startswith(part, place)
        place, at = place + len(part), end
    assert after.endswith(before[at:])


def test_only_lines_with_findings_change() -> None:
    lines = ["# title  ", "mail: " + MAIL, "\tlast\t", f"x = '{AWS}' # é"]
    data = "\r\n".join(lines).encode()

    new, count = fixed(data, _find("notes.md"))

    assert count == 2
    changed = [line for line in difflib.ndiff(lines, new.decode().split("\r\n")) if line[0] == "+"]
    assert changed == ["+ mail: [redacted]", "+ x = '[redacted]' # é"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encoding_stays(encoding: str) -> None:
    text = f"café {MAIL}\n"

    new, _ = fixed(text.encode(encoding), _find("a.txt"))

    assert new == text.replace(MAIL, "[redacted]").encode(encoding)


def test_a_table_keeps_its_quotation_marks_and_other_columns() -> None:
    data = b'name;n;note\n"Patel, ""A"" Asha";1;"a b"\nRavi Kumar;2;\n'

    new, count = fixed(data, _find("t.csv"))

    assert new == b'name;n;note\n"[redacted]";1;"a b"\n[redacted];2;\n'
    assert count == 2


def test_numbers_in_json_become_texts() -> None:
    data = b'{"card_number" : 4111111111111111 , "n":1}'

    new, _ = fixed(data, _find("c.json"))

    assert new == b'{"card_number" : "[redacted]" , "n":1}'


def test_a_key_over_several_lines_of_a_cell_is_gone_and_the_lines_stay() -> None:
    lines = ["a\n", "-----BEGIN PRIVATE KEY-----\n", "MIIEvQIBADAN\n", "-----END PRIVATE KEY-----\n", "b"]
    data = json.dumps(notebook(source=lines)).encode()

    new, _ = fixed(data, _find("n.ipynb"))

    source = json.loads(new)["cells"][0]["source"]
    assert source[0] == "a\n" and source[-1] == "b" and "MIIE" not in str(source)
    assert all(line.endswith("\n") for line in source[:-1])


def test_a_picture_in_a_notebook_keeps_its_points() -> None:
    data = json.dumps(notebook(shown(image_png=code(picture())))).encode()

    new, _ = fixed(data, _find("n.ipynb"))

    kept = base64.b64decode(json.loads(new)["cells"][0]["outputs"][0]["data"]["image/png"])
    assert MAIL.encode() not in kept and b"IDAT" in kept and kept.startswith(b"\x89PNG")


def test_what_cannot_be_fixed_stays() -> None:
    data = picture()

    assert fixed(data, _find("p.png")) == (data, 0)
