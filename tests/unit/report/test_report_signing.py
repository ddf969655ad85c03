"""A finished page proves itself: whatever byte is changed shows, and where."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError, KeyStoreError, LogError
from jupyter_privguard.report.signing import check_signed, sign_page
from tests.unit.report.unsigned_page import unsigned_page

if TYPE_CHECKING:
    from conftest import Story

NOW = datetime(2026, 11, 25, 22, tzinfo=UTC)


def signed(story: Story) -> bytes:
    log = story.verified()
    page = unsigned_page("exp-1", log, now=NOW)
    return sign_page(page, log, [event["seq"] for event in log.events], story.keyring).encode()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, new_story: type[Story]) -> tuple[bytes, str]:
    """A signed page, and the verifier key of its log."""
    story = new_story(tmp_path_factory.mktemp("signed"))
    story.tell()
    page, vkey = signed(story), story.keyring.vkey
    story.close()
    return page, vkey


def parts_of(page: bytes) -> list[tuple[str, int, str]]:
    proof = page[page.rfind(b'id="proof">') + len(b'id="proof">') :]
    return json.loads(proof[: proof.index(b"</script>")])["parts"]


def part_at(page: bytes, at: int) -> str:
    """What `check_signed` must call the place ``at``."""
    for name, size, _ in parts_of(page):
        if at < size:
            return name
        at -= size
    return "at the end of the file"


def test_a_page_is_proven_with_all_events_that_it_lists(told: tuple[bytes, str]) -> None:
    page, vkey = told

    found = check_signed(page, vkey=vkey)

    assert found.vkey == vkey
    assert found.cited == found.checkpoint.size == page.count(b" id=event-")
    assert check_signed(page) == found


@settings(max_examples=400)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_any_changed_byte_shows_and_where(told: tuple[bytes, str], place: float, bits: int) -> None:
    page, vkey = told
    at = int(place * len(page))
    changed = bytearray(page)
    changed[at] ^= bits

    with pytest.raises(LogError) as error:
        check_signed(bytes(changed), vkey=vkey)

    assert part_at(page, at) in str(error.value)


@pytest.mark.parametrize("end", [1, 40, 200, 400])
def test_bytes_of_the_end_show_one_by_one(told: tuple[bytes, str], end: int) -> None:
    page, vkey = told
    for at in range(len(page) - end, len(page) - end + 40 if end > 40 else len(page)):
        changed = bytearray(page)
        changed[at] ^= 1
        with pytest.raises(LogError):
            check_signed(bytes(changed), vkey=vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page + b"\n",
        lambda page: page + b"<script>alert(1)</script>",
        lambda page: b" " + page,
        lambda page: page.replace(b"<section", b"<p>more</p><section", 1),
        lambda page: page.replace(b"</main>", b"<section id='new'></section></main>", 1),
        lambda page: page.replace(b"</script>\n<script type", b"</script>\n\n<script type", 1),
        lambda page: page[:-1],
        lambda page: page[: len(page) // 2] + page[len(page) // 2 + 1 :],
        lambda page: page.replace(b"\n", b"\r\n"),
    ],
)
def test_what_was_added_or_taken_away_shows(told: tuple[bytes, str], change) -> None:
    page, vkey = told

    with pytest.raises((LogError, InputError)):
        check_signed(change(page), vkey=vkey)


def test_a_signature_can_be_written_in_one_way_only(told: tuple[bytes, str]) -> None:
    page, vkey = told
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = page.rfind(b"==</script>") - 1
    for letter in alphabet:
        changed = page[:last] + bytes([letter]) + page[last + 1 :]
        if changed != page:
            with pytest.raises(LogError, match="signature"):
                check_signed(changed, vkey=vkey)


def test_a_page_of_another_log_is_not_taken_for_ours(
    told: tuple[bytes, str], tmp_path: Path, new_story: type[Story]
) -> None:
    other = new_story(tmp_path)
    other.tell()

    with pytest.raises(LogError, match="another log"):
        check_signed(signed(other), vkey=told[1])

    other.close()


def test_a_verifier_key_that_is_none_is_said(told: tuple[bytes, str]) -> None:
    with pytest.raises(KeyStoreError, match="malformed"):
        check_signed(told[0], vkey="none")


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"\xff\xfe", b"PK\x03\x04"])
def test_what_is_no_report_is_said(data: bytes) -> None:
    with pytest.raises(InputError, match="no signed report"):
        check_signed(data)


def resigned(page: bytes, story: Story, **changes: object) -> bytes:
    """``page`` with another proof that the log's own key signed: what a dishonest owner could make."""
    from jupyter_privguard.report import signing

    start, proof, _ = signing._ends(page, "x")
    content = {**signing._read(proof, "x"), **changes}
    block = (signing._PROOF + signing._as_script(content)).encode()
    signature = base64.b64encode(story.keyring.sign(signing._signed_text(block)))
    return page[:start] + block + signing._SLOT.encode() + signature + signing._END.encode()


def test_events_that_are_not_in_the_log_are_not_proven_whoever_signs(story: Story) -> None:
    story.tell()
    page = signed(story)
    size = story.verified().size
    assert check_signed(resigned(page, story)).cited == size

    for changes in (
        {"leaves": base64.b64encode(bytes(32 * size)).decode()},
        {"cited": [[1, size - 1]]},
        {"cited": [[2, size + 1]]},
        {"cited": [[1, 10**15]]},
        {"cited": [[size, 1]]},
        {"cited": "all"},
        {"nodes": base64.b64encode(bytes(32)).decode()},
        {"checkpoint": "privguard/x\n1\nAAAA\n\nnone\n"},
    ):
        with pytest.raises(LogError, match="not in the log that was signed"):
            check_signed(resigned(page, story, **changes))


def test_a_proof_ends_no_script_whatever_stands_in_it(story: Story) -> None:
    story.begin()
    story.cell("</script><script>alert(1)</script>", purpose="</script>")

    page = signed(story).decode()

    assert len(re.findall(r"<script", page)) == len(re.findall(r"</script>", page)) == 3
