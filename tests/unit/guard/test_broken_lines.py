"""Line ends in the middle of words, as `textwrap` and terminals make them, hide no known value."""

from __future__ import annotations

import textwrap

import pytest

from jupyter_privguard.guard.texts.broken_lines import spans_a_break, unbroken
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.guard.texts.known_index import Index
from jupyter_privguard.guard.texts.masker import _all_hits

NAMES = ["Bartholomew Hollingsworth", "Annelise Abernathy", "Theodora Marr"]
MAIL = "annelise.abernathy@mailbox.example"


@pytest.fixture
def known() -> KnownValues:
    values = KnownValues()
    values.learn("PERSON_NAME", NAMES, column="name")
    values.learn("EMAIL_ADDRESS", [MAIL], column="email")
    values.learn("PHONE_NUMBER", ["+14155550132"], column="phone")
    return values


def shown(text: str, known: KnownValues) -> str:
    at, out = 0, []
    for hit in _all_hits(text, known, ()):
        out += [text[at : hit.start], f"[{hit.entity}]"]
        at = hit.end
    return "".join(out) + text[at:]


@pytest.mark.parametrize("width", range(4, 30))
@pytest.mark.parametrize(
    "text",
    [
        "It was Bartholomew Hollingsworth, seen with Annelise Abernathy in town.",
        f"write to {MAIL} please",
        "Annelise Abernathy",
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_wrapped_name_or_address_is_found_at_any_width(known, text: str, width: int, indent: str) -> None:
    wrapped = textwrap.fill(text, width + len(indent), subsequent_indent=indent)

    left = "".join(shown(wrapped, known).split()).lower()

    for part in ("bartholomew", "hollingsworth", "annelise", "abernathy", "annelise.abernathy"):
        assert part not in left
        assert part[:6] not in left, "nor a piece of it at a line's end"


@pytest.mark.parametrize(
    "text",
    [
        "seen there: Bartholo\r\nmew Hollingsworth",  # lines of Windows
        "and then 42Annelise Aber\nnathy came",  # the first word is known by a piece of it only
        "and then MrsAnnelise Aber\nnathy came",
        "\ufdfa and \xe9t\xe9 and Annelise Aber\nnathy",  # one letter that stands for several words
        "a\0b and Annelise Aber\nnathy",
    ],
)
def test_so_is_one_beside_other_things(known, text: str) -> None:
    left = shown(text, known)

    assert "nathy" not in left and "Bartholo" not in left


@pytest.mark.parametrize("width", [7, 20, 40, 79, 80])
def test_so_is_one_at_the_edge_of_a_terminal(known, width: int) -> None:
    line = "log: " + "x" * (width - 8) + " Annelise Abernathy came"
    broken = "\n".join(line[at : at + width] for at in range(0, len(line), width))

    assert "bernath" not in shown(broken, known).replace("\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "the\nodora is a name, but not here",
        "Theo\nand then a longer line, so that the first was not full\n",
        "Annelise\n",
        "one\ntwo\nthree\nfour",
        "a  b\n1  2\n3  4\n",
        "def f():\n    return theodolite\n",
        "somebody of the name aber\nnathy, who is nobody's",
        "\ufdfa stands before the aber\nnathy",
    ],
)
def test_lines_that_end_where_words_do_stay(known, text: str) -> None:
    assert shown(text, known).replace("[PERSON_NAME]", "Annelise") == text


def test_a_text_is_the_same_but_for_the_breaks_within_words(known) -> None:
    read = unbroken("of Theodo\n  ra, an\nd", known.index)

    assert read is not None and read.text == "of Theodora, an\nd"
    assert read.span(3, 11) == (3, 14) and spans_a_break(read, 3, 11)
    assert not spans_a_break(read, 0, 2) and not spans_a_break(read, 11, 12)


@pytest.mark.parametrize(
    "text", ["", "one line", "ends.\nBegins", "a short\nline before a longer one", "\n\n", "a" * 30_000]
)
def test_nothing_is_read_anew_where_no_word_is_broken(text: str) -> None:
    assert unbroken(text, Index()) is None
