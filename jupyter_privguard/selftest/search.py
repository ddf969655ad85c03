"""Looks for the planted values in what a front end received, however they are written there.

It knows nothing of how the guard masks: this is a second opinion, made to be stricter than the guard.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from .decoding import PNG, readings

__all__ = ["Search"]

_WORD = re.compile(r"[^\W_]+|\*{3,}")
"""A masked part counts as a word: 11 at the end of a line and ***-**-1977 at the next one's are no date."""
_SHORTEST_NAME = 6
_LONG = 9
"""Digits of a number that is looked for without its separators too."""
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[,'_\u202f]\d{3}){1,5}|\d{1,20})(?:\.0*)?(?!\w|\.\d)")
_SCIENTIFIC = re.compile(r"(?<![\w.])\d\.\d+e\+?\d\d?(?!\w)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ ()/\-]{1,2}(?=\d)")
_DIGITS = re.compile(rf"\d{{{_LONG},}}")
_FORMS = ("<d", "<q", "<f", "<i")
_EIGHT = 8
_EPOCH = date(1970, 1, 1)
_DAY_S = 86_400


class Search:
    """Which columns of made-up people stand in something.

    Of a name the family name is enough, of an e-mail address the part before the ``@``. Case, the form of Unicode and
    what stands between words do not count; a number may have separators, a date another order.
    """

    def __init__(self, people: Mapping[str, Sequence[str]], *, numbers: Iterable[str], dates: Iterable[str]) -> None:
        """``people`` has the texts of each column; those named in ``numbers`` and ``dates`` are read as such."""
        self._phrases: dict[str, list[tuple[str, str]]] = {}
        self._numbers: dict[int, str] = {}
        self._digits: dict[str, str] = {}
        self._packed: dict[bytes, str] = {}
        as_numbers, as_dates = set(numbers), set(dates)
        for column, values in people.items():
            for value in values:
                if column in as_numbers:
                    self._add_number(column, int(value))
                elif column in as_dates:
                    self._add_date(column, date.fromisoformat(value))
                else:
                    self._add_text(column, value)

    def _add_text(self, column: str, value: str) -> None:
        words = _words(value)
        self._add_phrase(column, words)
        before_at, _, host = value.partition("@")
        if host:
            self._add_phrase(column, _words(before_at))
        elif all(word.isalpha() for word in words) and len(words[-1]) >= _SHORTEST_NAME:
            self._add_phrase(column, words[-1:])
        digits = "".join(words)
        if digits.isdigit() and len(digits) >= _LONG:
            self._digits[digits] = column

    def _add_phrase(self, column: str, words: Sequence[str]) -> None:
        self._phrases.setdefault(max(words, key=len), []).append((f" {' '.join(words)} ", column))

    def _add_number(self, column: str, value: int) -> None:
        self._numbers[value] = column
        for form in _FORMS:
            self._packed[struct.pack(form, value)] = column

    def _add_date(self, column: str, day: date) -> None:
        for form in ("%Y %m %d", "%d %m %Y", "%m %d %Y", "%Y%m%d", "%d %B %Y", "%d %b %Y"):
            self._add_phrase(column, _words(day.strftime(form)))
        self._add_phrase(column, [str(day.year), str(day.month), str(day.day)])
        seconds = (day - _EPOCH).days * _DAY_S
        for unit in (1, 1000, 10**6, 10**9):
            if abs(seconds) > _DAY_S:
                self._numbers[abs(seconds) * unit] = column

    def columns_in(self, received: Iterable[str | bytes]) -> set[str]:
        """The columns of which a value stands in one of ``received``."""
        found: set[str] = set()
        for one in received:
            for reading in readings(one):
                found |= self._in_bytes(reading) if isinstance(reading, bytes) else self._in_text(reading)
        return found

    def _in_text(self, text: str) -> set[str]:
        words = _words(text)
        phrases = [phrase for word in set(words) for phrase in self._phrases.get(word, ())]
        joined = f" {' '.join(words)} " if phrases else ""
        found = {column for phrase, column in phrases if phrase in joined}
        numbers = {int(re.sub(r"\D", "", match[1])) for match in _NUMBER.finditer(text)}
        numbers |= {int(float(match[0])) for match in _SCIENTIFIC.finditer(text)}
        found |= {self._numbers[number] for number in numbers & self._numbers.keys()}
        for run in set(_DIGITS.findall(_BETWEEN_DIGITS.sub("", text))):
            found |= {column for digits, column in self._digits.items() if run.endswith(digits)}
        return found

    def _in_bytes(self, data: bytes) -> set[str]:
        if data.startswith(PNG):
            return set()
        return {column for packed, column in self._packed.items() if _holds(data, packed)}


def _holds(data: bytes, packed: bytes) -> bool:
    """Whether a number stands in an array; of four bytes only where such a number can begin."""
    at = data.find(packed)
    while at >= 0 and len(packed) < _EIGHT and at % len(packed):
        at = data.find(packed, at + 1)
    return at >= 0


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
