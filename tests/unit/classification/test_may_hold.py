"""What is passed over at a glance: at most three digits, no long word, no mark of a credential."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.classification.spans import _RARE, _may_hold

_FOUR_DIGITS = re.compile(r"\d(?:\D*\d){3}")
_LONG_WORD = re.compile(r"[A-Za-z0-9_-]{16}")
_TEXTS = st.text(alphabet="ab9٣é漢_- \n.", max_size=60) | st.text(max_size=40)


@given(_TEXTS)
def test_it_is_what_the_patterns_say(text: str) -> None:
    expected = _FOUR_DIGITS.search(text) or _LONG_WORD.search(text) or any(mark in text for mark in _RARE)

    assert _may_hold(text) is bool(expected or text.count("-") > 4)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("a1b2c3", False),
        ("a1b2c3d4", True),
        ("é1٢3", False),
        ("é1٢3٤", True),
        ("abcdefijklmnopq", False),
        ("abcdef_ijklmn-pq", True),
        ("abcdefgéijklmnop", False),
        ("漢" * 40, False),
        ("\ud800" * 20, False),
    ],
)
def test_near_misses(text: str, may: bool) -> None:
    assert _may_hold(text) is may
