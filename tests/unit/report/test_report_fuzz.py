"""A report stands for its log to the byte, and whatever people wrote into the log is text in it."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError, LogError
from jupyter_privguard.report.signing import check_signed, sign_page
from tests.fuzzing import fuzz
from tests.unit.report.unsigned_page import unsigned_page

if TYPE_CHECKING:
    from conftest import Story

NOW = datetime(2026, 11, 25, 22, tzinfo=UTC)
MARK = "zqmark"
PIECES = [
    f"<img src=x onerror={MARK}>", f"<script>{MARK}()</script>", f"</script><script>{MARK}()", f'" onload="{MARK}',
    f"'>{MARK}<svg/onload={MARK}>", f"<!--{MARK}", "-->", "]]>", "<![CDATA[", "&lt;b&gt;", "&", "<", ">", "`",
    "{{7*191}}", f"[x](javascript:{MARK})", "</title>", "</style>", "</textarea>", "<plaintext>", "\x00", "\x1b[31m",
    "\u202e", "\u2028", "${7*191}", "{% for x in y %}", "=HYPERLINK(1)", "\\u003cb", "<?php", f"<{MARK}>",
    f"<a href=//{MARK}>", "\r\n", "%",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=6).map("".join)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, new_story: type[Story]) -> tuple[bytes, str]:
    """A signed page, and the verifier key of its log."""
    story = new_story(tmp_path_factory.mktemp("signed"))
    story.tell()
    log = story.verified()
    page = unsigned_page("exp-1", log, now=NOW)
    signed = sign_page(page, log, [event["seq"] for event in log.events], story.keyring).encode()
    vkey = story.keyring.vkey
    story.close()
    return signed, vkey


@fuzz(150)
@given(st.data())
def test_no_edit_of_a_page_passes(told: tuple[bytes, str], data: st.DataObject) -> None:
    page, vkey = told
    edited = page
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(edited)))
        until = min(len(edited), at + data.draw(st.sampled_from([0, 0, 1, 2, 100]) | st.integers(0, len(page))))
        other = data.draw(st.integers(0, len(edited)))
        new = data.draw(
            st.sampled_from([b"", b"\n", b" ", b"<script>x</script>", page[other : other + 200]])
            | st.binary(max_size=20)
        )
        edited = edited[:at] + new + edited[until:]
    if edited == page:
        return

    with pytest.raises((LogError, InputError)) as error:
        check_signed(edited, vkey=vkey)

    assert str(error.value).startswith("privguard: ") and len(str(error.value).splitlines()) == 1


class Seen(HTMLParser):
    """What a browser makes elements and attributes of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.scripts += tag == "script"
        self.attributes.update(name for name, _ in attrs)
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src", "action", "xlink:href")]

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def handle_pi(self, data: str) -> None:
        self.tags.add("?")

    def unknown_decl(self, data: str) -> None:
        self.tags.add("![")


def parsed(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    seen.close()
    return seen


def page_of(story: Any, texts: list[str]) -> str:
    """The report of a story in which people wrote ``texts`` wherever they can."""
    a, b, c, d = (texts * 4)[:4]
    story.begin()
    columns = [{"label": text, "entity": "EMAIL_ADDRESS", "class": "pii", "action": "token"} for text in texts]
    named = {"name": a, "source": f"data/{b}.csv", "rows": 600, "columns": texts, "as": [c], "how": ["loaded"]}
    story.cell(
        f"print({a!r}) # {b}",
        purpose=c,
        notebook=f"{d}.ipynb",
        datasets=[named],
        sinks=[{"kind": "file", "target": a}],
        shown=[{"dataset": b, "columns": columns, "rows": 5}],
    )
    story.cell(b, outcome="refused", refusal=f"privguard: {c}", reason=d)
    story.add("alert", "error", about=a, reason=b, experiment="exp-1")
    return unsigned_page("exp-1", story.verified(), now=NOW)


@pytest.fixture(scope="module")
def plain_pages() -> dict[int, Seen]:
    """What a page has where people wrote so many harmless texts; made when they are asked for."""
    return {}


@fuzz(5)
@given(texts=st.lists(hostile, min_size=1, max_size=4))
def test_what_people_wrote_is_text(
    tmp_path_factory: pytest.TempPathFactory, new_story: Any, plain_pages: dict[int, Seen], texts: list[str]
) -> None:
    def seen_of(*written: str) -> Seen:
        place: Path = tmp_path_factory.mktemp("told")
        story = new_story(place)
        try:
            return parsed(page_of(story, [*written]))
        finally:
            story.close()

    if len(texts) not in plain_pages:
        plain_pages[len(texts)] = seen_of(*["plain"] * len(texts))
    plain, page = plain_pages[len(texts)], seen_of(*texts)

    assert page.tags <= plain.tags and page.attributes <= plain.attributes and page.scripts == plain.scripts
    assert not any(name.startswith("on") for name in page.attributes)
    assert all(address.startswith(("#", "data:")) for address in page.addresses)
