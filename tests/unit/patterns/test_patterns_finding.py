"""Patterns over long texts: what is found is what `re` finds, with the engine and without, and wherever it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification import spans
from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.patterns import engine, heads
from jupyter_privguard.patterns.finding import Finder

BUILT_IN = [detector.span for detector in DETECTORS.values() if detector.span is not None]
FINDER = Finder(BUILT_IN)

PIECES = st.sampled_from(
    """asha@corp.example|4111 1111 1111 1111|4111111111111111|DE89370400440532013000|DE89 3704 0044 0532 0130 00
    |192.0.2.7|fe80::1:2|00:1B:44:11:3A:B7|ABCPE1234F|123-45-6789|+91 98220 12345|0221/123456|2345 6789 0124|٣٤٥|९८७६
    |müller@corp.example|İ|ſ|K|é|\n|\r\n|\0| | |\t|-|.|:|/|@|9|0|a|AKIA|AKIAQ7RT5WXZ2MKP4NDV|529.982.247-25|naïve|日本
    |\x1c|\x85|\ud800|\udfff|Bearer |eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl|postgres://u:secret@h/db|\\|<b>|</b>|%40
    |-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----|1234567890|ABCDEFGHIJKLMNOPQRSTUVWXYZ|200.|::|a:b""".split(
        "|"
    )
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(PIECES, max_size=12).map(lambda parts: ("x" * 700).join(parts)),
    st.text(max_size=80),
)


class _WithoutEngine(spans._Engine):
    def _ready(self, length):
        return None


class _AtOnce(spans._Engine):
    def _ready(self, length):
        if self._finder is None:
            self._asked = spans._MUCH
        return super()._ready(length)


AT_ONCE, WITHOUT = _AtOnce(), _WithoutEngine()


def _matches(finder, text):
    found = finder.over(text)
    return [[match.span() for match in found.matches(place)] for place in range(len(BUILT_IN))]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("a" * 70_000 + " asha@corp.example")
@example("\ud800 asha@corp.example \ud800")
@example("asha@corp.example\0asha@corp.example")
def test_what_is_found_is_what_python_finds(text):
    assert _matches(FINDER, text) == [[match.span() for match in pattern.finditer(text)] for pattern in BUILT_IN]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_values_in_texts_are_the_same_with_the_engine_and_without(text):
    text = f"{text} {'.' * spans._SHORT}"
    try:
        spans._ENGINE = AT_ONCE
        found = spans.find_spans(text)
        spans._ENGINE = WITHOUT
        assert found == spans.find_spans(text)
    finally:
        spans._ENGINE = spans._Engine()


@pytest.mark.parametrize(
    "pattern",
    [
        r"a+b",
        r"ab*",
        r"a{2,}",
        r"(a)(?:b|c+)d",
        r"(?:ab|c*d)e",
        r"(['\"])\w{1,3}\1",
        r"(?:a+b){2}",
        r"(?:a+b)?c",
        r"x*",
        r"(?<!a)b(?=c)",
        r"a(?!b)c?",
        r"\ba\b",
        r"^a|b$",
        r"(?i:k)a",
        r"(?:a|ab)(?=c|b\Z)",
        r"[^\W_a]b{1,3}(?!b)",
        r"a(?=b+c)",
        r"(a)(?(1)b|c)",
        r"a.c",
    ],
)
@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="aabbcdeKkx'\" \n\0é٣\ud800", max_size=14))
def test_any_python_pattern_is_found_as_python_finds_it(pattern, text):
    compiled = re.compile(pattern)

    found = Finder([compiled]).over(text).matches(0)

    assert [match.span() for match in found] == [match.span() for match in compiled.finditer(text)]


def test_without_the_engine_python_looks_at_everything(monkeypatch):
    monkeypatch.setattr(engine, "_hyperscan", lambda: None)
    text = "to asha@corp.example, 4111 1111 1111 1111"

    assert _matches(Finder(BUILT_IN), text) == [[m.span() for m in pattern.finditer(text)] for pattern in BUILT_IN]


@pytest.mark.parametrize(
    ("pattern", "expression", "width", "is_whole"),
    [
        (r"ab{2,4}", "(?:a(?:b){2,4})", 7, True),
        (r"eyJ[a-c]{8,}\.x", "(?:eyJ(?:[a-c]){8,8})", 13, False),
        (r"(?:a|b+c)d", "(?:(?:a|(?:b){1,1}))", 3, False),
        (r"a*b", None, 0, False),
        (r"(?:a)?", None, 0, False),
    ],
)
def test_a_head_ends_at_the_first_repeat_without_a_bound(pattern, expression, width, is_whole):
    found = heads.head(re.compile(pattern))

    if expression is None:
        assert found is None
    else:
        assert found is not None
        assert (found.width, found.is_whole) == (width, is_whole)
        assert found.expression == expression


def test_short_texts_and_the_first_long_ones_do_without_the_engine(monkeypatch):
    made = []
    monkeypatch.setattr("jupyter_privguard.patterns.finding.Finder", lambda patterns: made.append(1) or FINDER)
    monkeypatch.setattr(spans, "_ENGINE", spans._Engine())

    spans.find_spans("1234 " * (spans._MUCH // 10))
    assert not made
    spans.find_spans("1234 " * (spans._MUCH // 10))
    spans.find_spans("1234 " * (spans._MUCH // 10))
    assert made == [1]
