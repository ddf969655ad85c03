"""Characters beside a match: wider than what a pattern asks for, never narrower."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.patterns.edges import edges
from jupyter_privguard.patterns.engine import Candidates


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"(?<![\w.-])a(?![\w-]|\.\d)", (r"[^\w\x2e\x2d]", r"[^\w\x2d]")),
        (r"(?<!@)a(?!@)", (r"[^\x40]", r"[^\x40]")),
        (r"a(?!b)c", ("", "")),
        (r"(?<![^a])a(?![^b])", ("", "")),
        (r"(?<!k)a(?!5)", ("", "")),
        (r"(?<!\?)a(?!\?)", ("", "")),
        (r"(?<![\w])a|b(?!\d)", ("", "")),
        (r"(?a)(?<!\w)a(?!\w)", ("", "")),
        (r"\ba\b", ("", "")),
    ],
)
def test_what_stands_beside_every_match(pattern, expected):
    assert edges(re.compile(pattern)) == expected


@pytest.mark.parametrize(
    "pattern",
    [r"(?<![\w.-])\d{2}(?![\w-]|\.\d)", r"(?<![k-])\d(?![^a])", r"(?i)(?<![k?])a(?!k)", r"(?<!\d)x?(?!\s)a(?!-)"],
)
@settings(max_examples=80, deadline=None)
@given(texts=st.lists(st.text(alphabet="aAkK5\u06635-. ?x\ud800\0\u212aé", max_size=7), min_size=1, max_size=8))
def test_no_match_beside_other_characters_is_missed(pattern, texts):
    compiled = re.compile(pattern)

    found = set(Candidates([compiled]).among(texts))

    assert {place for place, text in enumerate(texts) if compiled.search(text)} <= found
