"""Many patterns over many texts: the same answers with the engine and without, in bounded time."""

from __future__ import annotations

import os
import re
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification.detector import DETECTORS
from jupyter_privguard.classification.spans import find_spans
from jupyter_privguard.patterns import engine
from jupyter_privguard.patterns.engine import Candidates, Forms, compiled_together, problem

BUILT_IN = [detector.span for detector in DETECTORS.values() if detector.span is not None]

PIECES = st.sampled_from(
    """asha@corp.example|4111 1111 1111 1111|DE89370400440532013000|192.0.2.7|00:1B:44:11:3A:B7|ABCPE1234F
    |123-45-6789|+91 98220 12345|2345 6789 0124|٣٤٥|९८७६|müller@corp.example|İ|ſ|K|é|\n|\0| |-|.|@|9|a|AKIA
    |529.982.247-25|naïve|日本|\x1c|\x85""".split("|")
)
TEXTS = st.lists(st.lists(PIECES, max_size=5).map("".join), min_size=1, max_size=12)


@cache
def candidates() -> Candidates:
    """Of all built-in forms; a second's work, which collecting the tests need not do."""
    return Candidates(BUILT_IN)


@pytest.fixture
def without_engine(monkeypatch):
    monkeypatch.setattr(engine, "_hyperscan", lambda: None)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example(["a\0b", "asha@corp.example"])
@example(["\ud800 asha@corp.example", "x"])
def test_no_text_in_which_a_built_in_form_stands_is_missed(texts):
    found = set(candidates().among(texts))

    assert {place for place, text in enumerate(texts) if any(p.search(text) for p in BUILT_IN)} <= found
    assert {place for place, text in enumerate(texts) if find_spans(text)} <= found


def test_texts_without_any_form_are_hardly_ever_candidates():
    texts = [f"item {n}, in stock since 2026-01-{n % 28 + 1:02d}; colour blue" for n in range(2000)]

    assert len(candidates().among(texts)) < 20


def test_the_engine_takes_every_built_in_pattern():
    assert candidates()._others == []
    assert candidates()._compiled is not None


def test_without_the_engine_every_text_is_a_candidate(without_engine):
    assert Candidates(BUILT_IN).among(["a", "b", "c"]) == [0, 1, 2]


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile(r"(a)(?(1)b|c)"),
        re.compile(r"x*"),
        re.compile(r"(?x) a b  # spaced out"),
        re.compile(r"(?<!\w)[^\W\d_]{2}\d\b", re.IGNORECASE),
        re.compile(r"(?P<quote>['\"])\w+(?P=quote)"),
        re.compile(r"^a.c$", re.DOTALL | re.MULTILINE),
        re.compile(r"[^\D5]+(?i:k)[^a]"),
        re.compile(r"\S\W\D\s"),
    ],
    ids=lambda pattern: pattern.pattern,
)
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(alphabet="abckKxİſK05٣é_ '\"#\n\0-", max_size=8), min_size=1, max_size=8))
def test_any_python_pattern_is_widened_or_looked_for_by_python(pattern, texts):
    found = set(Candidates([pattern]).among(texts))

    assert {place for place, text in enumerate(texts) if pattern.search(text)} <= found


CUSTOM = ["ST-[0-9]{6}", "[^0-9]+[0-9]+", "(?i)ref[a-z]{2,4}", "é+", "^top|end$", "[A-Z]{2}|x\\s?y"]
PYTHON = [re.compile(text, re.ASCII) for text in CUSTOM]
CELLS = st.lists(
    st.one_of(
        st.sampled_from(["ST-123456", "ST-1234567", "abc12", "REFab", "Kefab", "éé", "top", "x\ny", "a\nb1", "", "AB"]),
        st.text(alphabet="abST-1234éRx y\n", max_size=8),
    ),
    max_size=30,
)


@cache
def custom() -> Forms:
    return Forms(CUSTOM)


@settings(max_examples=150, deadline=None)
@given(CELLS)
@example(["abc", "123"])
@example(["a\n1", "b"])
def test_whole_cells_are_counted_as_python_counts_them(cells):
    forms = custom()
    counts = forms.counts(cells)

    # `$` before a last line break is the one difference between the dialects; cells are trimmed before.
    trimmed = [cell.strip() for cell in cells]
    assert forms.counts(trimmed) == [sum(p.fullmatch(cell) is not None for cell in trimmed) for p in PYTHON]
    assert all(count <= len(cells) for count in counts)


@settings(max_examples=100, deadline=None)
@given(CELLS)
def test_texts_with_spans_are_among_the_candidates(cells):
    forms = custom()

    assert {place for place, cell in enumerate(cells) if forms.spans(cell)} <= set(forms.among(cells))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see ST-123456, and ST-654321.", ["ST-123456", "ST-654321"]),
        ("é ST-123456 é", ["ST-123456"]),
        ("XST-123456", []),
        ("ST-1234567", []),
        ("ST-123456é", []),
        ("", []),
    ],
)
def test_a_form_in_a_text_has_no_letter_or_digit_beside_it(text, found):
    assert [text[start:end] for start, end, _ in Forms(["ST-[0-9]{6}"]).spans(text)] == found


def test_of_overlapping_matches_the_first_and_longest_stands():
    forms = Forms(["[A-Z]{2}", "[A-Z]{2}-[0-9]+"])

    assert forms.spans("AB-12 CD") == [(0, 5, 1), (6, 8, 0)]


@pytest.mark.parametrize(
    "regex",
    [
        "ST-[0-9]{6}", "(?i)st-[0-9]{6}", r"\p{Lu}{3}", "[[:alpha:]]{3}", "[]a]b", "a{2", "x{,5}", r"a\{2\}", "(a|b)+c",
        r"[^\]]x", "(?:AB|CD)[0-9]{2,8}", r"\x{e9}\d", "ü[äöü]+", "^ST-[0-9]{6}$", "(?i)^a$", r"a\$",
    ],
)  # fmt: skip
def test_regular_expressions_are_taken(regex):
    assert problem(regex) is None


@pytest.mark.parametrize(
    ("regex", "said"),
    [
        ("", "is empty"),
        ("a" * 301, "longer than 300"),
        ("a\n", "cannot be seen"),
        (r"(a)\1", "back-reference"),
        (r"(a)\k{1}", "back-reference"),
        ("(?P=a)", "back-reference"),
        ("a(?=b)", "looks around"),
        ("a(?!b)", "looks around"),
        ("(?<=a)b", "looks around"),
        ("(?<!a)b", "looks around"),
        ("(?x)a#", "for more than a group"),
        ("(*UTF8)a", "for more than a group"),
        ("(?P<name>a)", "for more than a group"),
        (r"\Aa", "write `^`"),
        (r"a\z", "write `$`"),
        (r"\Qa", "uses `\\Q`"),
        ("a)|(b", "nothing opened"),
        ("(a", "parenthesis open"),
        ("[a", "bracket open"),
        ("a^b", "uses `^` inside"),
        ("(a$)", "uses `$` inside"),
        ("^$", "empty text"),
        ("a*", "empty text"),
        ("(a?)*", "empty text"),
        ("a**", "does not compile"),
        ("\\", "does not compile"),
        (r"(\w{1,500}){1,500}", "repeats too often"),
        ("a{1,99999}", "repeats too often"),
        ("((a{1,100}){1,100}){1,100}", "repeats too often"),
        ("a{9999999999999}", "repeats too often"),
        (".{0,999}x", "repeats too often"),
        ("[^a]{0,999}x", "repeats too often"),
        (r"\W{300}", "repeats too often"),
        (r"\p{L}{1,30}x", "repeats too often"),
        (r"[\p{L}-]{1,30}x", "repeats too often"),
    ],
)
def test_what_has_no_bounded_time_or_size_is_refused_in_words(regex, said):
    assert said in (problem(regex) or "")


@pytest.mark.parametrize(
    "regex", [".{0,200}x", "[^,]{1,200}x", r"\p{Lu}\p{L}+", r"\w{0,900}x", "(a|b){1,400}", r"\S{1,200}"]
)
def test_what_compiles_in_a_moment_is_taken(regex):
    assert problem(regex) is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=r"a1(){}[]|\^$*+?:-,.Qd", max_size=12))
def test_a_regular_expression_that_is_taken_stays_one_when_it_is_put_into_a_group(regex):
    if problem(regex) is None:
        Forms([regex]).counts(["a", "1", "a1"])


def test_without_the_engine_a_user_s_pattern_is_refused_with_what_to_install(without_engine):
    assert "pip install hyperscan" in (problem("ST-[0-9]{6}") or "")
    with pytest.raises(ValueError, match="pip install hyperscan"):
        Forms(["a"])


def test_it_ends_where_python_would_not_in_a_lifetime():
    forms = Forms(["(a+)+$", "(x+x+)+y"])
    text = "a" * 50_000 + "!" + "x" * 50_000

    assert len(forms.counts([text])) == 2
    assert forms.spans(text[:2000]) is not None


@pytest.mark.parametrize("regex", ["a+b", "a+?b", "aa*b", "(ab)+c", "[a-z]+@x", "x?a+b"])
def test_where_a_match_begins_is_found_in_texts_over_which_the_engine_itself_would_crash(regex):
    text = "a" * 2000 + " ab " + "ab" * 1000

    assert [text[start:end] for start, end, _ in Forms([f"(?:{regex})"]).spans(text)] == (
        ["ab"] if re.fullmatch(regex, "ab") else []
    )


ATOMS = st.sampled_from(["a", "b", "[ab]", "-", r"\d", "(?:a|b-)", "é"])
REPEATS = st.sampled_from(["", "", "+", "?", "*", "{2}", "{1,3}", "+?"])
EXPRESSIONS = st.lists(st.tuples(ATOMS, REPEATS).map("".join), min_size=1, max_size=4).map("".join)


def _in_word(letter):
    return letter == "_" or letter.isalnum()


def _by_python(regex, text):
    """First and longest matches that stand alone: every part of the text is tried."""
    found, last = [], 0
    for start in range(len(text)):
        for end in range(len(text), max(start, last - 1), -1):
            alone = not (start and _in_word(text[start - 1]) and _in_word(text[start])) and not (
                end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])
            )
            if start >= last and alone and re.fullmatch(regex, text[start:end], re.ASCII):
                found.append((start, end, 0))
                last = end
                break
    return found


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS, st.text(alphabet="ab-1é ", max_size=24))
@example("a+b", "ab aab b-ab")
@example("é+-", "é- éé-é")
def test_spans_are_the_first_and_longest_that_python_finds(regex, text):
    if problem(regex) is None:
        assert Forms([regex]).spans(text) == _by_python(regex, text)


def test_a_match_is_found_however_long_the_text_is_and_has_a_longest_length():
    text = "- " * 50_000 + "ST-123456" + " -" * 50_000 + "ST-" + "1" * 5000

    assert Forms(["ST-[0-9]{6}"]).spans(text) == [(100_000, 100_009, 0)]
    assert Forms(["ST-[0-9]+"]).spans(text) == [(100_000, 100_009, 0)]


def test_very_many_matches_in_one_text_are_all_found():
    found = Forms(["ST-[0-9]{6}", "[A-Z]{3}"]).spans("é ST-123456, ABC\n" * 5000)

    assert len(found) == 10_000
    assert found[-1] == (4999 * 17 + 13, 4999 * 17 + 16, 1)


def test_many_patterns_are_looked_for_at_once():
    forms = Forms([f"ST{n}-[0-9]{{6}}" for n in range(200)])

    assert forms.counts(["ST7-123456", "ST200-123456"])[7] == 1
    assert forms.spans("see ST199-123456") == [(4, 16, 199)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_is_forked_while_texts_are_looked_at_can_look_itself():
    compiled, _ = compiled_together({0: ("abc", False)})
    statuses = []

    def fork(*_):
        child = os.fork()
        if not child:
            found = []
            try:
                compiled.scan(b"xabcx", lambda *hit: found.append(hit))
            finally:
                os._exit(len(found) if found else 7)
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    compiled.scan(b"abc", fork)

    assert statuses == [1]
