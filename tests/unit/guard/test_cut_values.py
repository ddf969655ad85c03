"""Beginnings of known values beside an ellipsis: shorter ones count where a quote says that a value begins."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.texts.known import KnownValues


@pytest.fixture
def known() -> KnownValues:
    values = KnownValues()
    values.learn("PERSON_NAME", ["Dragomir Fitzwilliam", "Marketa Nowakowa"], column="name")
    values.learn("EMAIL_ADDRESS", ["annelise.abernathy0@mailbox.example"], column="email")
    return values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<Expr [\'[(col("full_name")) == ("Drago…\'] at 0x7F>', "Drago"),
        ('<Expr [\'[(col("email")) == ("annelise.…\'] at 0x7F>', "annelise."),
        ("'Drag...'", "Drag"),
        ("`Dragomir F…`", "Dragomir F"),
        ('x = "Dragomir …"', "Dragomir "),
        ("annelise.abe…", "annelise.abe"),
        ("seen by Dragomir Fitz...", "Dragomir Fitz"),
        ("note  str  seen by Dragomir Fitz<...>the mobile, broken", "Dragomir Fitz"),
        ("seen by Dragomir [...]", "Dragomir "),
        ("{'who': 'Dragomir F[364 chars]ken'} != {}", "Dragomir F"),
    ],
)
def test_the_beginning_of_a_value_is_found(known, text: str, found: str) -> None:
    hits = [text[hit.start : hit.end] for hit in known.find_cut(text)]

    assert hits and hits[0] == found


@pytest.mark.parametrize(
    "text",
    [
        "'Dra...'",
        "loading Drag...",
        '"drag…"',
        '"Dragon…"',
        '"Market data…"',
        "'market…'",
        "wait ...",
        '"…"',
        "a, b, ...",
        "'anne, …'",
        "market[364 chars]data",
        "wait <...> for market",
        "Dragomir F[36 charts]",
    ],
)
def test_what_begins_no_value_is_left(known, text: str) -> None:
    assert known.find_cut(text) == []
