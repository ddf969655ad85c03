"""Only what might become a value is held back, and it comes out unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.notebook.tail import Tail


def never(tail: str) -> bool:
    return False


@pytest.mark.parametrize("text", ["done\n", "50%\r", "name: ", "loading", "a b c", "", "…", "\x1b[0m"])
def test_ordinary_text_comes_through_at_once(text: str) -> None:
    assert Tail(never).feed(text) == text


@pytest.mark.parametrize("text", ["mail asha.k@co", "card 4111 1111 11", "12345"])
def test_what_a_pattern_could_complete_is_held_back(text: str) -> None:
    tail = Tail(never)

    assert tail.feed(text) != text
    assert tail.held


@pytest.mark.parametrize("pieces", [list("Asha Kulkarni\n"), ["Asha ", "Kulkarni\n"], ["asha.k@", "corp.example\n"]])
def test_a_value_in_pieces_comes_out_whole(pieces: list[str]) -> None:
    tail = Tail(lambda end: "asha kulkarni".startswith(end.casefold().strip()))

    out = [tail.feed(piece) for piece in pieces]

    assert [piece for piece in out if piece] == ["".join(pieces)]


def test_what_a_known_value_could_complete_is_held_back_and_joined() -> None:
    tail = Tail(lambda end: end.endswith("Kul"))

    first = tail.feed("dear Asha Kul")
    second = tail.feed("karni\n")

    assert first + second == "dear Asha Kulkarni\n"
    assert "Kul" not in first


@given(st.lists(st.text(max_size=30), max_size=8))
def test_nothing_is_lost_or_changed(pieces: list[str]) -> None:
    tail = Tail(lambda end: len(end) % 2 == 0)

    out = "".join(tail.feed(piece) for piece in pieces) + tail.flush()

    assert out == "".join(pieces)


@pytest.mark.parametrize("start", ["\x1b[31m", "\x1b[1;31mA ", "x \x1b[0m"])
def test_a_colour_code_is_not_cut_from_the_word_behind_it(start: str) -> None:
    tail = Tail(lambda end: end.endswith("CUST-0"))

    assert tail.feed(f"{start}CUST-0") + tail.held == f"{start}CUST-0"
    assert "CUST-0" in tail.held and "\x1b" in tail.held
    assert tail.feed("0017\n") == f"{start}CUST-00017\n"


@pytest.mark.parametrize("cut", range(1, 6))
def test_half_a_colour_code_waits_for_its_end(cut: int) -> None:
    tail = Tail(never)

    out = [tail.feed("so: x \x1b[31mCUST-00017\n"[: 6 + cut]), tail.feed("so: x \x1b[31mCUST-00017\n"[6 + cut :])]

    assert out[0] == ("so: x " if cut < 5 else "so: x \x1b[31m") and "".join(out) == "so: x \x1b[31mCUST-00017\n"


@pytest.mark.parametrize("shift", range(12))
def test_no_value_is_cut_in_a_long_line(shift: int) -> None:
    value = "asha kulkarni"
    tail = Tail(lambda end: any(end.casefold().endswith(value[:size]) for size in range(1, len(value))))
    text = "word " * 60 + "Asha Kulkarni " + "x" * (181 + shift) + " ash"

    out = [tail.feed(text), tail.feed("\n")]

    assert "".join(out) == f"{text}\n" and any("Asha Kulkarni" in piece for piece in out)
    assert len(out[1]) < 500
