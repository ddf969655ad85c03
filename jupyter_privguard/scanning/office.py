"""Documents of offices, which are zip files of XML: sheets as tables, words of texts and slides without their tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from .archives import Archive
from .findings import Finding, Place
from .judging import Judge
from .merging import merged
from .pieces import Cell, Column, Form, Piece
from .workbooks import dates_in, ods_sheets, shared_texts, xlsx_rows

__all__ = ["found_in_office", "is_office"]

_TYPES, _KIND = "[Content_Types].xml", "mimetype"
_SHEET = re.compile(r"xl/worksheets/[\w-]{1,60}\.xml")
_WORDS = re.compile(
    r"(?:word|ppt/slides|ppt/notesSlides|ppt/comments|xl/comments|xl/threadedComments)[/\w-]{0,80}\.xml"
)
_ENDS = re.compile(r"</(?:\w{1,10}:)?(?:p|h|tc|tr|si|comment)>|<(?:\w{1,10}:)?(?:br|tab|cr|line-break)\s*/>")
_TAG = re.compile(r"<[^<>]*>")
_MOST_CELLS = 400_000
"""Cells of a sheet, the empty ones among them too, that are judged at once."""


def is_office(names: Sequence[str]) -> bool:
    """Whether a zip file with these members is a document of an office."""
    return _TYPES in names or ("content.xml" in names and _KIND in names)


def found_in_office(path: str, archive: Archive, judge: Judge) -> Iterator[Finding]:
    """What stands in the document; the members that are read here are ``taken`` then."""
    if "xl/workbook.xml" in archive.names:
        yield from _of_xlsx(path, archive, judge)
    elif "content.xml" in archive.names:
        text = _text(archive, "content.xml")
        archive.taken.add("content.xml")
        if "<table:table " in text and "<office:spreadsheet" in text:
            yield from chain.from_iterable(
                _of_sheet(path, rows, number, judge) for number, rows in enumerate(ods_sheets(text), 1)
            )
        else:
            yield from judge.pieces(path, [_words(text, "content.xml")], "")
    for name in archive.names:
        if _WORDS.fullmatch(name):
            yield from judge.pieces(path, [_words(_text(archive, name), name)], "")
            archive.taken.add(name)


def _of_xlsx(path: str, archive: Archive, judge: Judge) -> Iterator[Finding]:
    strings, styles = "xl/sharedStrings.xml", "xl/styles.xml"
    shared = shared_texts(_text(archive, strings)) if strings in archive.names else []
    dates = dates_in(_text(archive, styles)) if styles in archive.names else set()
    archive.taken |= {strings, styles}
    for number, name in enumerate(filter(_SHEET.fullmatch, archive.names), 1):
        archive.taken.add(name)
        yield from _of_sheet(path, xlsx_rows(_text(archive, name), shared, dates), number, judge)


def _text(archive: Archive, name: str) -> str:
    return archive.content(name).decode("utf-8", "replace")


def _words(text: str, name: str) -> Piece:
    plain = html.unescape(_TAG.sub("", _ENDS.sub("\n", text)))
    return Piece(plain, Place(member=name), Form.PROSE)


def _of_sheet(path: str, rows: Iterator[dict[int, Any]], number: int, judge: Judge) -> Iterator[Finding]:
    place = Place(part=f"sheet {number}")
    return merged(
        one
        for part in _parts(rows)
        for one in judge.columns(path, [Column(label, cells, place) for label, cells in part])
    )


def _parts(rows: Iterator[dict[int, Any]]) -> Iterator[list[tuple[str, list[Cell]]]]:
    """Labels and cells, as many rows at once as can be held; the first row is that of the labels if it is all texts."""
    first = next(rows, {})
    labels = first if len(first) > 1 and all(isinstance(one, str) for one in first.values()) else {}
    held: list[dict[int, Any]] = [] if labels else [first]
    columns: set[int] = set(labels)
    for row in rows:
        held.append(row)
        columns.update(row)
        if len(columns) * len(held) >= _MOST_CELLS:
            yield _columns(held, columns, labels)
            held = []
    yield _columns(held, columns, labels)


def _columns(held: list[dict[int, Any]], columns: set[int], labels: dict[int, Any]) -> list[tuple[str, list[Cell]]]:
    return [(str(labels.get(at, "")), [Cell(row.get(at)) for row in held]) for at in sorted(columns)]
