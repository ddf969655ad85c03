"""Notebooks that come in chunks are whole again, byte by byte, and take a bounded amount of memory."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.web import HTTPError

from jupyter_privguard.server.chunks import Chunks


def part(text: str, chunk: int, how: str = "text") -> dict[str, Any]:
    content = base64.b64encode(text.encode()).decode() if how == "base64" else text
    return {"type": "file", "format": how, "content": content, "chunk": chunk}


@given(st.lists(st.tuples(st.text(), st.sampled_from(["text", "base64"])), min_size=1, max_size=6))
def test_what_comes_out_is_what_came_in(parts: list[tuple[str, str]]) -> None:
    chunks = Chunks()
    for number, (text, how) in enumerate(parts, 1):
        assert chunks.add(part(text, number, how), "a.ipynb") is None

    whole = chunks.add(part("", -1), "a.ipynb")

    assert whole is not None
    assert base64.b64decode(whole["content"]).decode() == "".join(text for text, _ in parts)


def test_two_at_once_do_not_mix_and_a_first_chunk_begins_anew() -> None:
    chunks = Chunks()
    for text, number, path in (("x", 1, "b"), ("one", 1, "a"), ("left over", 1, "b"), ("two", 1, "b"), ("!", 2, "a")):
        chunks.add(part(text, number), path)

    found = [chunks.add(part(".", -1), path) for path in ("a", "b")]

    assert [base64.b64decode(one["content"]) for one in found if one] == [b"one!.", b"two."]
    with pytest.raises(HTTPError):
        chunks.add(part(".", -1), "a")


def test_what_is_too_large_is_refused_and_forgotten() -> None:
    chunks = Chunks(largest=10)
    chunks.add(part("12345678", 1), "a")

    with pytest.raises(HTTPError) as caught:
        chunks.add(part("90x", 2), "a")

    assert caught.value.status_code == 413
    with pytest.raises(HTTPError):
        chunks.add(part("", -1), "a")


def test_uploads_that_nobody_goes_on_with_make_room() -> None:
    chunks = Chunks(largest=10)
    for number in range(50):
        chunks.add(part("12345", 1), f"{number}")

    assert chunks.add(part("", -1), "49") is not None
    with pytest.raises(HTTPError):
        chunks.add(part("", -1), "0")


@pytest.mark.parametrize("odd", [{"format": "json"}, {"type": "notebook"}, {"content": None}, {"content": 5}])
def test_what_is_no_chunk_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(HTTPError) as caught:
        Chunks().add({**part("x", 1), **odd}, "a")

    assert caught.value.status_code == 400
    with pytest.raises(HTTPError, match="base64"):
        Chunks().add({**part("x", 1), "format": "base64", "content": "ä"}, "a")
