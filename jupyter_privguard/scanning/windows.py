"""A long text window by window: each overlaps the next, ends between lines or rows, and is forgotten after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .letters import decoded
from .sources import Source

__all__ = ["LONG", "Window", "windows_of"]

LONG = 8 * 2**20
"""Bytes of a text from which on it is looked at window by window."""
_SIZE = 2**20
"""Characters of a window."""
_OVERLAP = 64 * 2**10
"""Characters that are looked at with the window before too: no value, and hardly a table, is longer."""
_TRIES = 1_000


@dataclass(slots=True)
class Window:
    """A part of a text, and where it stands in it."""

    text: str = field(repr=False)
    own: int
    """What begins before this character of ``text`` is told of this window, what begins after it of the next."""
    start: int
    """Characters of the file before it."""
    line: int
    """Ends of lines before it."""
    before: int
    """Characters of its first line before it."""
    head: str = field(default="", repr=False)
    """The first row of a table, which is not a part of ``text``."""
    end: int = 0
    """Where the next one begins: ``own``, or the end of what was taken out over it."""


def windows_of(source: Source, encoding: str, *, rows: bool, table: bool) -> Iterator[Window]:
    """The text in ``source``, window by window. UnicodeDecodeError where it is none.

    With ``rows`` each is of whole lines and they do not overlap; with ``table`` they are rows of a CSV, whose fields
    may hold ends of lines, and each has the first one as its ``head``.
    """
    texts = decoded(source, encoding)
    text, head = "", ""
    start = line = before = 0
    is_over = False
    while not is_over or text:
        parts, size = [text], len(text)
        while size < _SIZE + _OVERLAP and not is_over:
            more = next(texts, None)
            is_over = more is None
            parts.append(more or "")
            size += len(parts[-1])
        text = "".join(parts)
        if table and not start and not head:
            end = _end_of_row(text)
            head, text, start, line = text[:end], text[end:], end, text.count("\n", 0, end)
        if not text and start > len(head):
            return  # the last one ended where the text does
        own = len(text) if is_over and len(text) <= _SIZE + _OVERLAP else _own(text, rows=rows, table=table)
        part = text if own == len(text) or not rows else text[:own]
        window = Window(part[: _SIZE + 2 * _OVERLAP], own, start, line, before, head, own)
        yield window
        passed = text[: window.end]
        start += len(passed)
        line += passed.count("\n")
        before = len(passed) - passed.rfind("\n") - 1 if "\n" in passed else before + len(passed)
        text = text[window.end :]


def _end_of_row(text: str) -> int:
    at = 0
    for _ in range(_TRIES):
        at = text.find("\n", at) + 1
        if not at:
            break
        if text.count('"', 0, at) % 2 == 0:
            return at
    return len(text)


def _own(text: str, *, rows: bool, table: bool) -> int:
    """Where a window of ``text`` ends: behind a row, or before a table or paragraph, or else behind a line."""
    most = min(_SIZE, len(text))
    if not rows:
        blank = text.rfind("\n\n", most - most // 4, most)
        if blank > 0:
            return blank + 2
    end = text.rfind("\n", 0, most) + 1
    if table:
        quotes = text.count('"', 0, end)
        for _ in range(_TRIES):
            if quotes % 2 == 0 or end <= 0:
                break
            earlier = text.rfind("\n", 0, end - 1) + 1
            quotes -= text.count('"', earlier, end)
            end = earlier
    return end or most
