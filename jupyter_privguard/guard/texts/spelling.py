r"""Texts as they are read, not as they are written: escapes decoded, colour codes and inline tags taken away.

``M\u00fcller``, ``M%C3%BCller`` and ``<b>M</b>&uuml;ller`` are one name. What is found in the plain form is found in
the written one: every place in it is known.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from ..._later import later

__all__ = ["Plain", "plain_parts", "without_colours"]

_MARKS = r"""\x1b\[[0-?]*[\ -/]*[@-~]                                  # a colour code
    | </?(?:a|b|code|del|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]{0,300})?/?>
    | \\{1,4}(?:u[0-9a-f]{4} | x[0-9a-f]{2} | U[0-9a-f]{8} | [nrtfv/"'])
    | %[0-9a-f]{2}(?:%[0-9a-f]{2})*
    | =[c-e][0-9a-f](?:=[89ab][0-9a-f])+ | =(?:20|2[ce]|40) | =\r?\n      # mail, where a letter beyond ASCII stands
    | &(?:\#\d{1,7} | \#x[0-9a-f]{1,6} | [a-z]{2,31});"""
_MAIL = ("=C", "=D", "=E")
"""What letters beyond ASCII begin with in mail."""
# All of these begin with one of few letters, so that they are found at the speed of a look at each letter.
_ACCENTS = r"\w[\u0300-\u036f]+"
_BLANK_ESCAPES = "nrtfv"
_AROUND = 160
"""Characters around marks that are looked at."""
_TELLING = later(r"[\w.+-]*[\d@]")


_COLOUR = later(r"\x1b\[[0-?]*[ -/]*[@-~]")


def without_colours(text: str) -> str:
    """``text`` with blanks where it has colour codes: everything else stays in its place."""
    return _COLOUR.sub(lambda found: " " * len(found[0]), text) if "\x1b" in text else text


class Plain(NamedTuple):
    """A text in its plain form, and where its letters stand in the written one."""

    text: str
    places: list[int]
    """Where in the plain form a piece of the text, or what a mark stands for, begins."""
    written: list[tuple[int, int]]
    """Start and end of these in the written form; a piece is as long in both."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the written form of what stands at ``start`` to ``end`` in the plain one."""
        first, last = bisect_right(self.places, start) - 1, bisect_right(self.places, end - 1) - 1
        return self._place(first, start, is_end=False), self._place(last, end, is_end=True)

    def _place(self, piece: int, at: int, *, is_end: bool) -> int:
        begin, end = self.written[piece]
        if self._is_copied(piece):
            return begin + at - self.places[piece]
        return end if is_end else begin

    def _is_copied(self, piece: int) -> bool:
        after = self.places[piece + 1] if piece + 1 < len(self.places) else len(self.text)
        begin, end = self.written[piece]
        return after - self.places[piece] == end - begin


@cache
def _marks(*, with_accents: bool) -> re.Pattern[str]:
    return re.compile(f"{_MARKS} | {_ACCENTS}" if with_accents else _MARKS, re.VERBOSE | re.IGNORECASE)


def plain_parts(text: str) -> Iterator[Plain]:
    """The plain forms of those parts of ``text`` in which a mark hides something from who takes letters as they are."""
    yield from (part for part in _parts(text) if part.text)


def _parts(text: str) -> Iterator[Plain]:
    is_composed = text.isascii() or unicodedata.is_normalized("NFC", text)
    is_mail = "=" in text and any(mark in text for mark in _MAIL)  # one letter is looked for much faster than two
    if is_composed and not is_mail and not any(mark in text for mark in ("\x1b", "\\", "%", "&", "<")):
        return
    marks: list[tuple[int, int, str]] = []
    last = None
    for found in _marks(with_accents=not is_composed).finditer(text):
        mark = (found.start(), found.end(), _meaning(found.group()))
        if marks and mark[0] - marks[-1][1] > 2 * _AROUND:
            if last is not None:
                yield _plain(text, marks)
            marks, last = [], None
        marks.append(mark)
        if _hides(text, *mark):
            last = mark
    if last is not None:
        yield _plain(text, marks)


def _hides(text: str, start: int, end: int, meaning: str) -> bool:
    """Whether a mark is glued to letters in a way that changes the words around it, or stands for a part of one."""
    after = text[end : end + 1]
    if meaning == " " and text[end - 1].isdigit():
        return after.isalnum()  # of ``%20`` the digits are glued to the word behind it
    if meaning not in ("", " "):
        return text[start] != "&" or meaning.isalnum()
    if not after.isalnum():
        return after == "\x1b" or after == "<"
    if text[start - 1 : start].isalnum() and not meaning:
        return True
    # A number or address behind a colour code or line break is found by its form, which begins where no letter stands.
    return text[start] != "<" and _TELLING.match(text, end) is not None


def _plain(text: str, marks: list[tuple[int, int, str]]) -> Plain:
    out: list[str] = []
    places: list[int] = []
    written: list[tuple[int, int]] = []
    at, stop, size = max(0, marks[0][0] - _AROUND), min(len(text), marks[-1][1] + _AROUND), 0
    for start, end, meaning in [*marks, (stop, stop, "")]:
        for piece, begin, until in ((text[at:start], at, start), (meaning, start, end)):
            if piece:
                out.append(piece)
                places.append(size)
                written.append((begin, until))
                size += len(piece)
        at = end
    return Plain("".join(out), places, written)


@lru_cache(4096)
def _meaning(mark: str) -> str:
    first = mark[0]
    if first in "\x1b<":
        return ""
    if first in "%=":
        raw = unquote_to_bytes(mark.replace("=", "%")) if mark[-1] != "\n" else b""
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if first == "&":
        import html  # brings in a table of two thousand names

        return html.unescape(mark)
    if first != "\\":
        return unicodedata.normalize("NFC", mark)
    escape = mark.lstrip("\\")
    if len(escape) == 1:
        return " " if escape in _BLANK_ESCAPES else escape
    number = int(escape[1:], 16)
    return chr(number) if number <= 0x10FFFF else " "
