"""Tables as texts show them: HTML, and columns of blanks as pandas prints them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

__all__ = ["TextColumn", "tables_in"]

_Tags = tuple[re.Pattern[str], re.Pattern[str]]
_TABLE = re.compile(r"<table\b[^<>]*>", re.IGNORECASE), re.compile("</table>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE), re.compile("</tr>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE), re.compile("</t[dh]>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MOST_ROWS = 100_000
_INDEX = re.compile(r"\S+")


class TextColumn(NamedTuple):
    """A label, and its values with their places in the text."""

    label: str
    cells: list[tuple[str, int, int]]


def tables_in(text: str) -> Iterator[list[TextColumn]]:
    """The tables that ``text`` shows, in order."""
    if "<table" in text or "<TABLE" in text:
        for table in _elements(text, _TABLE, 0, len(text)):
            rows = [_cells(text, row) for row in islice(_elements(text, _ROW, *table), _MOST_ROWS)]
            if columns := _columns([row for row in rows if row]):
                yield columns
    elif "\n" in text and "  " in text:
        yield from _printed(text)


def _elements(
    text: str, tags: tuple[re.Pattern[str], re.Pattern[str]], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """What stands between the tags, each part of the text looked at once."""
    begins, ends = tags
    while (first := begins.search(text, start, end)) and (last := ends.search(text, first.end(), end)):
        yield first.end(), last.start()
        start = last.end()


def _cells(text: str, row: tuple[int, int]) -> list[tuple[str, int, int]]:
    found = []
    for start, end in _elements(text, _CELL, *row):
        plain = html.unescape(_TAG.sub("", text[start:end]))
        found.append((plain.strip(), start, end))
    return found


def _columns(rows: list[list[tuple[str, int, int]]]) -> list[TextColumn]:
    if len(rows) < 2:
        return []
    heads = rows[0]
    body = [row for row in rows[1:] if len(row) == len(heads)]
    return [TextColumn(head[0], [row[place] for row in body]) for place, head in enumerate(heads)] if body else []


def _printed(text: str) -> Iterator[list[TextColumn]]:
    """Labels and values that end at the same characters of their lines, behind an index."""
    at, lines = 0, []
    for line in text.split("\n")[:_MOST_ROWS]:
        lines.append((line, at))
        at += len(line) + 1
    place = 0
    while place < len(lines) - 1:
        taken = _block(lines, place)
        if taken is None:
            place += 1
            continue
        columns, place = taken
        yield columns


def _block(lines: list[tuple[str, int]], head: int) -> tuple[list[TextColumn], int] | None:
    line = lines[head][0]
    if not line.startswith(" ") or not line.strip():
        return None
    labels = list(re.finditer(r"\S+", line))
    ends = [found.end() for found in labels]
    columns = [TextColumn(found.group(), []) for found in labels]
    place = head + 1
    while place < len(lines):
        row, start = lines[place]
        index = _INDEX.match(row)
        if index is None or len(row) != ends[-1] or any(row[end : end + 1] not in ("", " ") for end in ends):
            break
        before = index.end()
        for column, end in zip(columns, ends, strict=True):
            value = row[before:end]
            text = value.strip()
            begin = start + before + len(value) - len(value.lstrip())
            column.cells.append((text, begin, begin + len(text)))
            before = max(before, end)
        place += 1
    return (columns, place) if place > head + 1 else None
