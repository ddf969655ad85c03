"""However a program's text is cut into pieces on its way, what leaves is the same, and no value is in it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_privguard.guard.session import Session
from jupyter_privguard.notebook.tail import Tail
from tests.fuzzing import fuzz
from tests.unit.guard.conftest import opened

NAMES = ["Asha Kulkarni", "Jörg Müßig", "Wendeline Oster-Haus", "Seán O'Brien"]
PEOPLE = {
    "full_name": NAMES * 3,
    "email": [f"person.k{n}@corp.example" for n in range(12)],
    "phone": [f"+91 98765 432{n:02d}" for n in range(12)],
    "customer_id": [f"CUST-{n:05d}" for n in range(12)],
}
VALUES = sorted({value for values in PEOPLE.values() for value in values})
WORDS = ["step", "loss=0.25", "12", "50%", "of", "done", "a@b", "2026-11-25", "10:15:00", "…", "", "Asha", "CUST"]
SIGNS = [" ", "\n", ", ", ": ", "\r", "\t", "=", "\x1b[31m", "\x1b[0m", "(", ")", "|", '"']
between = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=3).map(" ".join)
texts = st.lists(
    st.tuples(between, st.sampled_from(SIGNS), st.sampled_from(VALUES), st.sampled_from(SIGNS)), max_size=6
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session that knows some people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVGUARD_HOME", str(tmp_path_factory.mktemp("streams") / "home"))
        patch.delenv("PRIVGUARD_POLICY", raising=False)
        made = opened()
        made.watch_namespace({"df": pd.DataFrame(PEOPLE)})
        yield made
        made.close()


def sent(session: Session, pieces: list[str]) -> str:
    """What leaves of ``pieces``, as the kernel's exits do it."""
    tail = Tail(session.may_go_on, session.row_may_go_on, session.places_in)
    out = [session.clean(tail.feed(piece), None) for piece in pieces]
    return "".join([*out, session.clean(tail.flush(), None)])


@fuzz(150)
@given(texts.map(lambda parts: "".join(map("".join, parts))), st.lists(st.integers(0, 300), max_size=12))
@example("dear Asha Kulkarni\n", [8])
@example("mail person.k3@corp.example now", list(range(31)))
def test_pieces_leave_no_value(session: Session, text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    at_once, in_pieces = session.clean(text, None), sent(session, pieces)

    assert [value for value in VALUES if value in at_once] == []
    assert [value for value in VALUES if value in in_pieces] == []


@fuzz(80)
@given(
    st.lists(st.sampled_from(VALUES) | st.sampled_from(["step", "12", "of", "done", "loss=0.25"]), max_size=10),
    st.data(),
)
def test_lines_leave_as_if_they_were_written_at_once(session: Session, words: list[str], data: st.DataObject) -> None:
    text = "".join(f"{word}\n" for word in words)
    pieces = []
    while text:
        size = data.draw(st.integers(1, len(text)))
        pieces.append(text[:size])
        text = text[size:]

    # A sign before a number may leave with the piece before it, and the mask of a phone number has its own.
    assert sent(session, pieces).replace("++", "+") == session.clean("".join(pieces), None)


@fuzz(80)
@given(
    st.lists(st.sampled_from(["step", "12", "50%", "done", "loss=0.25", "…", " ", "\n", "naïve"]), max_size=14),
    st.integers(1, 5),
)
def test_text_without_values_is_what_it_was(session: Session, words: list[str], size: int) -> None:
    text = "".join(words)

    assert sent(session, [text[at : at + size] for at in range(0, len(text), size)]) == text


@fuzz(25)
@given(
    st.lists(st.sampled_from(VALUES), min_size=22, max_size=40),
    st.sampled_from([" ", " ; ", "  "]),
    st.booleans(),
)
@example(["Asha Kulkarni"] * 40, " ", True)
def test_one_long_line_of_nothing_but_values_is_cut_between_them(
    session: Session, values: list[str], between: str, apart: bool
) -> None:
    pieces = [part for value in values for part in ([value, between] if apart else [value + between])]
    words = {word for name in NAMES for word in name.split() if len(word) > 4}

    out = sent(session, pieces)

    assert [word for word in words if word in out] == []
    assert "432" not in out and "person" not in out and "CUST-0" not in out
