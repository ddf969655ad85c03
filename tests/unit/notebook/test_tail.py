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
