"""Values are found in texts as they are read, whatever they are written like; texts without values stay."""

from __future__ import annotations

import html
import json
import quopri
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.guard.texts.spelling import plain_parts

NAME, MAIL, CARD = "Jürgen Größmann", "wendeline.osterhaus71@post.example", "4111111111111111"
ACCENTED = "Ju\u0308rgen Gro\u0308ßmann"
PEOPLE = pd.DataFrame({"full_name": [NAME, "Wendeline Osterhaus"] * 4, "email": ["j.g71@post.example", MAIL] * 4})

HIDDEN = {
    "JSON": json.dumps({"n": NAME}),
    "JSON within JSON": json.dumps(json.dumps({"n": NAME})),
    "Python": ascii(NAME),
    "address": "q=" + quote(NAME),
    "address of a mail": "https://x.example/?m=" + quote(MAIL, safe=""),
    "last name in an address": "https://x.example/q/Mr%20Osterhaus/edit",
    "mail": quopri.encodestring(f"Dear {NAME},".encode()).decode(),
    "mail, broken": "Dear J=C3=BCrgen Gr=C3=B6=C3=9F=\nmann,",
    "head of a mail": "=?utf-8?q?J=C3=BCrgen_Gr=C3=B6=C3=9Fmann?=",
    "escaped blank": r"'Wendeline\x20Osterhaus'",
    "entities": NAME.encode("ascii", "xmlcharrefreplace").decode(),
    "named entities": "J&uuml;rgen Gr&ouml;&szlig;mann",
    "decomposed": ACCENTED,
    "coloured inside": "Wen\x1b[1;31mdeline\x1b[0m Osterhaus",
    "tag inside": "<p><b>Wen</b>deline <i>Osterhaus</i></p>",
    "tag with attributes": 'Wen<span class="hit" id="a">deline</span> Osterhaus',
    "colour before a card": f"\x1b[32m{CARD}\x1b[0m",
    "line break before a card": f"'a\\n{CARD}'",
    "local part": "user wendeline.osterhaus71 logged in",
}
HARMLESS = (
    "progress 50%\x1b[0m done",
    "\x1b[1mbold\x1b[0m and \x1b[32mgreen 4111\x1b[0m",
    "C:\\new\\table\\users\\x41",
    "<b>Total</b>: <i>42</i> &amp; more &lt;3",
    "100%20of%20nothing",
    r"{\"a\": \"\u00fcber\"}",
    "lr=20 n=40, seed=Cat=2E",
    "%d of %s, %5.2f%%",
    "gr\x1b[31memlin",
    "post.example is a domain",
)


@pytest.mark.parametrize("how", HIDDEN)
def test_a_value_is_found_as_it_is_read(guarded, how: str) -> None:
    guarded.space["people"] = PEOPLE

    shown = guarded.session.clean(HIDDEN[how], None)

    assert shown != HIDDEN[how]
    read = html.unescape(shown).replace("\x1b[1;31m", "").lower()
    assert not any(part in read for part in ("mann", "osterhaus", "rgen", "111111111"))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_holds_no_value_stays(guarded, text: str) -> None:
    guarded.space["people"] = PEOPLE

    assert guarded.session.clean(text, None) is text


_PIECES = st.sampled_from(
    ["an", "Na", " ", "7", "\x1b[0m", "<b>", "</b>", "%20", "%C3%BC", "\\u00fc", "\\n", "&amp;", "ü", "u\u0308"]
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_every_place_in_the_plain_form_is_a_place_in_the_written_one(text: str) -> None:
    for part in plain_parts(text):
        for start in range(len(part.text)):
            begin, end = part.span(start, start + 1)
            assert 0 <= begin < end <= len(text)
        begin, end = part.span(0, len(part.text))
        assert begin < end


def test_far_marks_are_looked_at_apart() -> None:
    text = "a\x1b[1mb" + " filler" * 200 + " c\x1b[1md"

    parts = [part.text for part in plain_parts(text)]

    assert [len(part) < len(text) / 2 for part in parts] == [True, True]
    assert (parts[0][:2], parts[1][-2:]) == ("ab", "cd")


def test_what_threads_print_at_the_same_time_is_told_apart(guarded) -> None:
    guarded.space["people"] = PEOPLE

    shown = guarded.session.clean(f"Wendeline Osterhaus{NAME}Wendeline Osterhaus\n\n\n", None)

    assert not any(part in shown for part in ("Osterhaus", "Wendeline", "mann"))
    for text in ("LogisticRegression WendelineDecoder", "iPhone", "OsterhausNet", "McDonald McOsterhaus"):
        assert guarded.session.clean(text, None) is text


CUT = {
    "Wendeline Oster...": "Wendeline",
    "Wendeline O…": "Wendeline",
    "['wendeline.osterh...', 'x']": "osterh",
    "...haus71@post.example": "haus71",
    "…eline Osterhaus": "Osterhaus",
}
WHOLE = (
    "Loading data...",
    "Downloading...",
    "…post.example",
    "wendel…",
    "…haus",
    "and so on...",
    "a ... b",
    "Oster...",
)


@pytest.mark.parametrize("text", CUT)
def test_the_visible_end_of_a_cut_value_is_masked(guarded, text: str) -> None:
    guarded.space["people"] = PEOPLE

    assert CUT[text] not in guarded.session.clean(text, None)


@pytest.mark.parametrize("text", WHOLE)
def test_an_ellipsis_beside_other_words_changes_nothing(guarded, text: str) -> None:
    guarded.space["people"] = PEOPLE

    assert guarded.session.clean(text, None) is text


def test_what_is_learned_later_is_found_cut_too() -> None:
    known = KnownValues()
    known.learn("PERSON_NAME", ["Wendeline Osterhaus"])
    assert known.find_cut("Oluwaseun Brandv...") == []

    known.learn("PERSON_NAME", ["Oluwaseun Brandvold"])

    assert [hit.value for hit in known.find_cut("Oluwaseun Brandv...")] == ["Oluwaseun Brandvold"]


def test_a_single_word_before_the_at_is_no_name() -> None:
    known = KnownValues()
    known.learn("EMAIL_ADDRESS", ["marketing@post.example", "info@post.example", "12345678@post.example"])

    assert known.find("the marketing team, info 12345678") == []
