"""What counts as a value in an output, and what is sent instead of one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.server.messages import read_message, withheld
from jupyter_privguard.server.outputs import UNCHECKED, entities_in, stands_instead, text_of

EMAIL = "jane.doe.canary@example-bank.com"
CARD = "4111 1111 1111 1111"


def packed(content: Any, *, ascii_only: bool = False) -> bytes:
    return json.dumps(content, ensure_ascii=ascii_only).encode()


@pytest.mark.parametrize(
    "content",
    [
        {"name": "stdout", "text": f"mail\n{EMAIL}\n"},
        {"data": {"text/html": f'<td class="x">{EMAIL}</td>'}},
        {"data": {"application/json": {"a": [{"b": EMAIL}]}}},
        {"data": {EMAIL: 1}},
        {"data": {"image/svg+xml": f"<text>{EMAIL}</text>"}},
        {"data": {"image/png": "iVBOR", "text/plain": EMAIL}},
        {"data": {"image/png": EMAIL}},
        {"data": {"audio/ogg": f"iVBOR {EMAIL}", "text/plain": ""}},
        {"traceback": ["\u001b[31m" + EMAIL + "\u001b[0m"]},
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_value_is_found_wherever_it_stands(content: Any, ascii_only: bool) -> None:
    assert entities_in(text_of(packed(content, ascii_only=ascii_only)), ()) == {"EMAIL_ADDRESS"}


def test_a_value_that_is_written_in_escapes_is_found() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in EMAIL)

    assert entities_in(text_of(f'{{"text": "{escaped}"}}'.encode()), ()) == {"EMAIL_ADDRESS"}


@pytest.mark.parametrize(
    "content",
    [
        {"name": "stdout", "text": "total 42, 0.5, 2024-05-06 12:00:01\n"},
        {"data": {"text/plain": "***@gmail.com  4111 11** **** 1111  tok_7f3a91bc  enc_91bc0011"}},
        {"data": {"image/png": f"iVBOR{CARD}AKIAIOSFODNN7EXAMPLE==".replace(" ", "")}},
        {"data": {"image/jpeg": "AKIAIOSFODNN7EXAMPLE\n/9j/4AAQ\n", "text/plain": "<Figure size 640x480>"}},
        {"execution_state": "idle"},
        {},
    ],
)
def test_near_misses(content: Any) -> None:
    assert entities_in(text_of(packed(content)), ()) == frozenset()


@settings(deadline=None, max_examples=25)
@given(before=st.integers(0, 17_000), after=st.integers(0, 200))
def test_a_value_is_found_at_any_place_of_a_long_text(before: int, after: int) -> None:
    assert entities_in("x " * before + EMAIL + " y" * after, ()) == {"EMAIL_ADDRESS"}


@pytest.mark.parametrize("cut", range(1, len(EMAIL)))
def test_a_value_that_comes_in_two_parts_is_found(cut: int) -> None:
    assert entities_in(f"{EMAIL[cut:]} and more", (), before=f"so {EMAIL[:cut]}") == {"EMAIL_ADDRESS"}


def test_what_was_sent_before_does_not_count_again() -> None:
    assert entities_in("harmless", (), before=f"{EMAIL} ") == frozenset()


def test_a_picture_that_is_written_in_escapes_is_none() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in EMAIL)

    assert entities_in(text_of(f'{{"image/png": "{escaped}"}}'.encode()), ()) == {"EMAIL_ADDRESS"}


def test_a_picture_that_does_not_end_costs_no_time() -> None:
    assert entities_in(text_of(b'{"image/png": "' + b"A" * 300_000 + b" "), ()) == frozenset()


KINDS = """
stream display_data update_display_data execute_result error execute_reply inspect_reply complete_reply history_reply
comm_open comm_msg comm_close input_request debug_reply debug_event kernel_info_reply comm_info_reply is_complete_reply
shutdown_reply made_up_kind
""".split()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_instead_holds_nothing_of_the_texts(kind: str) -> None:
    text = {"text": EMAIL, "data": {"text/plain": EMAIL}, "evalue": EMAIL, "traceback": [EMAIL], "prompt": EMAIL}
    more = {"matches": [EMAIL], "history": [[1, 1, EMAIL]], "payload": [{"text": EMAIL}], "message": EMAIL, "body": {}}

    content = stands_instead(kind, {**text, **more, "status": "ok", "name": "stdout"}, "privguard: withheld.")

    assert EMAIL not in json.dumps(content)
    told = "privguard: withheld." in json.dumps(content)
    assert told or kind in ("execute_reply", "complete_reply", "history_reply", "comm_close", "comm_info_reply")
    assert kind not in UNCHECKED


@pytest.mark.parametrize("form", ["parts", "dictionary"])
def test_a_text_beside_the_content_is_looked_through_and_a_picture_is_not(form: str) -> None:
    header, content, buffers = {"msg_type": "comm_msg"}, {"comm_id": "c", "data": {}}, [b"\xff\x00\x80", EMAIL.encode()]
    original: Any = (
        [packed(header), b"{}", b"{}", packed(content), *buffers]
        if form == "parts"
        else {"header": header, "content": content, "buffers": [memoryview(one) for one in buffers]}
    )
    message = read_message(original)

    assert message is not None
    assert entities_in(text_of(message.raw()), ()) == {"EMAIL_ADDRESS"}
    assert b"\xff" not in message.raw()
    assert message.size >= len(EMAIL)


@pytest.mark.parametrize("form", ["parts", "dictionary"])
def test_a_message_is_withheld_in_the_form_in_which_it_came(form: str) -> None:
    header, parent = {"msg_type": "stream", "msg_id": "1"}, {"msg_id": "asked"}
    content, metadata = {"name": "stdout", "text": EMAIL}, {"note": EMAIL}
    original: Any = (
        [packed(header), packed(parent), packed(metadata), packed(content), EMAIL.encode()]
        if form == "parts"
        else {"header": header, "parent_header": parent, "metadata": metadata, "content": content, "buffers": [b"x"]}
    )
    message = read_message(original)
    assert message is not None and (message.kind, message.parent) == ("stream", "asked")

    instead = withheld(original, message, "privguard: withheld.")

    assert type(instead) is type(original)
    assert EMAIL not in str(instead)
    body = json.loads(instead[3]) if form == "parts" else instead["content"]
    assert body == {"name": "stdout", "text": "privguard: withheld.\n"}


@pytest.mark.parametrize(
    "odd",
    [None, [], [b"{}"], [b"x", b"{}", b"{}", b"{}"], [b"[]", b"[]", b"{}", b"{}"], {}, {"header": None}, 5, "text"],
)
def test_what_is_not_understood_is_left_alone(odd: Any) -> None:
    assert read_message(odd) is None
