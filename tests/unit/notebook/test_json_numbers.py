"""Numbers in JSON that leaves are masked as in text, and what is no value keeps its type."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jupyter_privguard.notebook.messages import clean_buffers, clean_content


def clean(text: str) -> str:
    """Knows one number by itself and one by its label."""
    return re.sub(r"\b424709(\.0)?\b|(?<=age: )37\b", "***", text).replace("Velonavitch", "***")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (424709, "***"),
        ({"income": 424709.0, "n": 5}, {"income": "***", "n": 5}),
        ({"rows": [{"age": 37, "visits": 37}]}, {"rows": [{"age": "***", "visits": 37}]}),
        ({"age": [36, 37]}, {"age": [36, "***"]}),
        ([[1, 424709], [2, 3]], [[1, "***"], [2, 3]]),
        ({"flag": True, "none": None, "share": 0.25}, {"flag": True, "none": None, "share": 0.25}),
        ({1: 424709}, {1: "***"}),
        ([], []),
    ],
)
@pytest.mark.parametrize("kind", ["display_data", "comm_msg"])
def test_a_number_is_judged_as_in_text_with_its_label(kind: str, value: Any, expected: Any) -> None:
    mime = "application/json" if kind == "display_data" else "state"

    cleaned = clean_content(kind, {"data": {mime: value}}, clean)

    assert cleaned["data"] == {mime: expected}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("execute_result", {"execution_count": 424709, "data": {}, "metadata": {}}),
        ("history_reply", {"history": [[0, 424709, "x"]], "status": "ok"}),
        ("comm_msg", {"data": {"state": {}, "buffer_paths": [["age", 424709]]}}),
        ("display_data", {"data": {"application/vnd.plotly.v1+json": {"y": [424709]}}}),
        ("display_data", {"data": {"application/vnd.vegalite.v5+json": {"values": [{"y": 424709}]}}}),
        ("display_data", {"data": {"application/json": {"nan": float("inf"), "n": [1, 2.5, 10**30]}}}),
    ],
)
def test_counts_positions_and_numbers_of_charts_stay(kind: str, content: dict[str, Any]) -> None:
    assert clean_content(kind, content, clean) == content


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_a_buffer_with_a_value_is_zeroed_whatever_its_coding(coding: str) -> None:
    value, harmless = "to Velonavitch".encode(coding), "to nobody".encode(coding)

    assert clean_buffers([value, harmless], clean) == [bytes(len(value)), harmless]


def test_a_value_with_an_accent_is_known_in_a_buffer() -> None:
    [buffer] = clean_buffers(["é".encode()], lambda text: text.replace("é", "*")) or []

    assert buffer == bytes(2)


def test_texts_that_a_message_repeats_are_looked_at_once_and_values_each_time() -> None:
    asked: list[str] = []

    def noting(text: str) -> str:
        asked.append(text)
        return clean(text)

    cleaned = clean_content("display_data", {"data": {"application/json": [{"who": "Velonavitch"}] * 50}}, noting)

    assert cleaned["data"]["application/json"] == [{"who": "***"}] * 50
    assert (asked.count("who"), asked.count("Velonavitch")) == (1, 50), "what is masked is counted"
