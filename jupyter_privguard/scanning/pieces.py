"""Texts within a file, each with where it stands and where its characters are written in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ..frames.stored.limits import Unreadable
from .findings import Edit, Place

__all__ = [
    "NOWHERE",
    "REDACTED",
    "Cell",
    "Column",
    "Form",
    "Part",
    "Piece",
    "Unreadable",
    "edits_of",
    "joined",
    "line_starts",
]

NOWHERE = Place()
REDACTED = "[redacted]"
_ESCAPED = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


class Form(Enum):
    """What kind of text a piece is: what may be believed of it."""

    CODE = "code"
    PROSE = "prose"
    SETTINGS = "settings"
    """Lines of names and values, where a value needs no quotation marks."""
    DATA = "data"


class Part(NamedTuple):
    """Characters ``start`` to ``end`` of a piece are written at ``raw`` to ``raw_end`` of the file."""

    start: int
    end: int
    raw: int
    raw_end: int
    kind: str = "plain"
    """``plain``, ``json`` (with escapes, within quotation marks) or ``number`` (bare in JSON)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a file; without ``parts`` it can be read and not be changed."""

    text: str = field(repr=False)
    place: Place = NOWHERE
    form: Form = Form.DATA
    parts: tuple[Part, ...] = field(default=(), repr=False)
    key: str = ""
    """The name under which it is kept, if it has one."""
    picture: str = field(default="", repr=False)
    """In base64 the picture that the text is a part of; then ``parts`` says where that is written."""


class Cell(NamedTuple):
    """A value of a column, and what would take it out of the file."""

    value: object
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Values under one label, all of them of one table."""

    label: str
    cells: list[Cell] = field(repr=False)
    place: Place = NOWHERE


def joined(texts: Iterable[tuple[str, int, int]], place: Place, form: Form, key: str = "") -> Piece:
    """One piece of the JSON strings (text, start, end between the quotation marks) that are lines of one text."""
    pieces: list[str] = []
    parts: list[Part] = []
    at = 0
    for text, raw, raw_end in texts:
        if pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
            at += 1
        pieces.append(text)
        parts.append(Part(at, at + len(text), raw, raw_end, "json"))
        at += len(text)
    return Piece("".join(pieces), place, form, tuple(parts), key)


def edits_of(piece: Piece, start: int, end: int, raw_text: str) -> tuple[Edit, ...]:
    """What takes characters ``start`` to ``end`` of ``piece`` out of the file that reads ``raw_text``.

    A value over several lines of a notebook leaves the ends of lines where they are.
    """
    made = []
    first = max(0, bisect_right(piece.parts, start, key=lambda part: part.start) - 1) if piece.parts else 0
    for part in piece.parts[first:]:
        if part.start >= end:
            break
        begin, stop = max(start, part.start), min(end, part.end)
        while stop > begin and end > part.end and piece.text[stop - 1] in "\r\n":
            stop -= 1
        if begin >= stop:
            continue
        if part.kind == "number":
            made.append(Edit(part.raw, part.raw_end, f'"{REDACTED}"'))
        elif part.kind == "json":
            raw = raw_text[part.raw : part.raw_end]
            made.append(
                Edit(
                    part.raw + _written(raw, begin - part.start), part.raw + _written(raw, stop - part.start), REDACTED
                )
            )
        else:
            made.append(Edit(part.raw + begin - part.start, part.raw + stop - part.start, REDACTED))
    return tuple(made)


def _written(raw: str, letters: int) -> int:
    """At which character of a JSON string as written the decoded one has passed so many letters."""
    if "\\" not in raw:
        return letters
    at = passed = 0
    for escape in _ESCAPED.finditer(raw):
        if passed + escape.start() - at >= letters:
            break
        passed += escape.start() - at + 1
        at = escape.end()
    return at + letters - passed


def line_starts(text: str) -> Sequence[int]:
    """Where the lines of ``text`` begin."""
    return [0, *(found.end() for found in re.finditer("\n", text))]
