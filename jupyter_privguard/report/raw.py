"""Whether a finished page still shows something that looks like a person's data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from ..classification.spans import find_spans
from ..model import Pattern
from .own_words import is_own

__all__ = ["raw_cells", "raw_sections"]

_BLOCKS = frozenset(
    {
        "title",
        "h1",
        "h2",
        "h3",
        "p",
        "div",
        "td",
        "th",
        "caption",
        "pre",
        "figcaption",
        "li",
        "summary",
        "text",
        "label",
    }
)
_SKIPPED = frozenset({"proof", "who"})
_MOMENT = re.compile(
    r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?: UTC)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: to [0-9]{4}-[0-9]{2}-[0-9]{2})? \(UTC\)"
)
_CELLS = frozenset({"td", "th"})
"""Elements whose end tag may be missing: another cell, or the end of the row or table, ends them."""
_ROWS = frozenset({"tr", "tbody", "thead", "table"})
_VOID = frozenset({"br", "meta", "link", "img", "hr", "input"})


def raw_sections(page: str, patterns: tuple[Pattern, ...] = ()) -> list[tuple[str, str]]:
    """The section and the entity of everything in the text of ``page`` that looks like a value.

    Hashes, signatures and keys (``class="proof"``) are letters and digits at random and are not
    looked at; neither are account names (``class="who"``), which may be e-mail addresses and are
    what a record of access is about. ``patterns`` are the policy's own, which may be as loose as three
    capitals: what the report itself says (`UTC`) and its points in time are no hits of theirs.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [(section, entity) for section, text in reader.texts for entity in _entities(text, patterns)]


def raw_cells(text: str, patterns: tuple[Pattern, ...] = ()) -> list[str]:
    """The entity of everything in the cells of the CSV ``text`` that looks like a value; accounts are left out."""
    header, *rows = csv.reader(io.StringIO(text))
    return [
        entity
        for row in rows
        for label, cell in zip(header, row, strict=True)
        if label != "account"
        for entity in _entities(cell, patterns)
    ]


def _entities(text: str, patterns: tuple[Pattern, ...]) -> Iterator[str]:
    known = find_spans(text)
    yield from (span.entity for span in known)
    if not patterns:
        return
    text = _MOMENT.sub(lambda found: "\n" * len(found[0]), text)
    for span in find_spans(text, patterns):
        if span not in known and not is_own(text, span.start, span.end):
            yield span.entity


class _Reader(HTMLParser):
    """The text of each block, with the section it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self._section = "title"
        self._skipping = 0
        self._cell_skipped = False
        self._open: list[bool] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _BLOCKS:
            self._flush()
        if tag in _CELLS | _ROWS:
            self._flush()
            skipped = tag in _CELLS and self._is_skipped(tag, values)
            self._cell_skipped = skipped
            return
        if tag == "section":
            self._section = values.get("id") or ""
        if tag in _VOID:
            self._text.append("\n")
            return
        skipped = self._is_skipped(tag, values)
        self._open.append(skipped)
        self._skipping += skipped

    @staticmethod
    def _is_skipped(tag: str, values: dict[str, str | None]) -> bool:
        return tag in ("style", "script") or bool(_SKIPPED & set((values.get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _CELLS | _ROWS:
            self._flush()
            self._cell_skipped = False
        elif tag not in _VOID and self._open:
            self._skipping -= self._open.pop()

    def handle_data(self, data: str) -> None:
        self._text.append("\n" if self._skipping or self._cell_skipped else data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self.texts.append((self._section, text))
        self._text = []
