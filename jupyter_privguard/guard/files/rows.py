"""Lines of a text file with separators, known again where they are shown: each field is masked by its column.

A line is known when it is one of the file's, with a line number or a file's name in front of it or not. Of pieces of
lines (``cut``, ``awk``, a list of fields) numbers, amounts and dates are known by their columns, when so many of them
stand in one that it is no accident. Other values are found wherever they stand.
"""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from ..._amounts import amount_of
from ..._chance import are_no_chance
from ..._later import later
from ...frames import FrameView, Kind
from ..columns.assess import Classification
from ..texts.written_values import dates_of, written_in

__all__ = ["FileRows", "MaskField", "Piece"]

MaskField = Callable[[int, str], str]
"""Masks the text of one field of the column at a position; the same text where nothing needs to be hidden."""

_PART = 1 << 22
"""Characters of lines that are looked at at once."""
_LONGEST = 1 << 16
"""Characters of a line that is looked for."""
_IN_FRONT = later(r"\s*(?:[\w./-]+[:-])?\d+[:\t-]?\s*|[\w./-]+:|\s+|[<>+-]\s?")
"""What ``grep``, ``nl``, ``cat -n`` and ``diff`` put in front of a line."""
_NUMBER = later(r"(?:(?<![\w.-])|(?<=\\[nrt]))-?\d+(?:\.\d+)?(?![\w-]|\.\d)")
_STATISTIC = later(
    r"\b(?:mean|average|avg|median|sum|total|count|number|std|rows|lines|seed)\b[\w\s]{0,12}[=:(,]?\s*\Z", re.IGNORECASE
)
"""Before a number: that it is about many rows, whatever it happens to equal."""
_BEFORE = 24
_START = 8
"""Letters by which the beginning of a line is told at first."""
_QUOTED = later(r"\\[rn]|['\"]|</?(?:pre|code|br|p|li|td)\b[^>]{0,80}>")
_DAYS_OF_A_LIFE = 36_525


class Piece(NamedTuple):
    """A part of a line that stands alone: its place in the text."""

    start: int
    end: int


class _Kind(Enum):
    """What stands in a column, and how it is looked for."""

    NUMBER = "numbers, as they are written"
    AMOUNT = "amounts in texts, as numbers"
    DATE = "dates, as days"


class _Token(NamedTuple):
    """A number or date in a text."""

    start: int
    end: int
    text: str
    readings: Mapping[_Kind, frozenset[Any]]
    """What it may be."""


class _Values:
    """What stands in a sensitive column."""

    def __init__(self, kind: _Kind, values: frozenset[Any], density: float) -> None:
        self.kind = kind
        self._values = values
        self._density = density
        """How likely any such value between the least and the greatest is one of them."""
        keys = list(map(float, values))
        self._least, self._greatest = min(keys), max(keys)

    def among(self, tokens: Sequence[_Token]) -> list[_Token]:
        """Those of ``tokens`` that stand in the column; none where as many would by chance."""
        read = [(token, token.readings[self.kind]) for token in tokens if self.kind in token.readings]
        near = {readings for _, readings in read if any(map(self._is_near, readings))}
        hits = {readings for readings in near if not readings.isdisjoint(self._values)}
        if not hits or not are_no_chance(self._density, len(near), len(hits)):
            return []
        return [token for token, readings in read if readings in hits]

    def _is_near(self, value: Any) -> bool:
        return self._least <= float(value) <= self._greatest


class FileRows:
    """The lines and columns of one file."""

    def __init__(self, separator: str, text: str, seen: FrameView, found: Classification) -> None:
        self.separator = separator
        self.width = seen.width
        self.numeric = frozenset(at for at in range(seen.width) if seen.kind(at) in (Kind.INTEGER, Kind.NUMBER))
        """Positions of columns of numbers."""
        self._lines, self._heads, self._starts = _line_hashes(text, separator, seen.width)
        self._values = {at: values for at in range(seen.width) if (values := _values_of(seen, at, found)) is not None}

    def may_begin(self, line: str) -> bool:
        """Whether ``line`` may be the beginning of one of the file's lines, so that it is better seen whole."""
        if not line or len(line) >= _LONGEST or not self._starts:
            return False
        start = line[:_START]
        place = bisect_left(self._starts, start)
        if place == len(self._starts) or not self._starts[place].startswith(start):
            return False
        return line.count(self.separator) < 2 or self._has_head(line)

    def _has_head(self, line: str) -> bool:
        head = _head(line, self.separator)
        return head is not None and _has(self._heads, hash(head))

    def masked(self, line: str, mask: MaskField, *, is_in_view: bool) -> str | None:
        """``line`` with its fields masked, if it is one of the file's or made of some; else None.

        ``is_in_view``: the running cell reads this file, so that the beginning of a line is one too.
        """
        if len(line) >= _LONGEST:
            return None
        start = self._start_of_row(line, is_in_view=is_in_view)
        if start is not None:
            return line[:start] + self._by_fields(line[start:], mask)
        if "\\n" not in line and "'" not in line and '"' not in line and "<" not in line:
            return None
        out, at, is_found = [], 0, False
        for piece in _pieces(line):
            part = line[piece.start : piece.end]
            if self.separator in part and _has(self._lines, hash(part.strip())):
                out += [line[at : piece.start], self._by_fields(part, mask)]
                at, is_found = piece.end, True
        return "".join(out) + line[at:] if is_found else None

    def _start_of_row(self, line: str, *, is_in_view: bool) -> int | None:
        starts = [0]
        if (front := _IN_FRONT.match(line)) is not None and front.end():
            starts.append(front.end())
        for start in starts:
            row = line[start:]
            if self.separator not in row and self.width > 1:
                continue
            if _has(self._lines, hash(row.strip())) or (is_in_view and self._has_head(row)):
                return start
        return None

    def _by_fields(self, row: str, mask: MaskField) -> str:
        out = []
        for at, field in enumerate(_fields(row, self.separator)):
            out.append(_masked_field(field, at, mask) if at < self.width else field)
        return self.separator.join(out)

    def numbers_masked(self, text: str, mask: MaskField, known_in: Callable[[str], list[tuple[int, int]]]) -> str:
        """``text``, which a cell shows that reads this file, with numbers and dates of its sensitive columns masked.

        ``known_in`` tells the places of other values: what stands within one is masked with it.
        """
        if not self._values:
            return text
        found = _tokens(text, {values.kind for values in self._values.values()})
        tokens = [t for t in found if not _STATISTIC.search(text, max(0, t.start - _BEFORE), t.start)]
        hits: dict[int, tuple[_Token, int]] = {}
        for at, values in self._values.items():
            for token in values.among(tokens):
                if token.start not in hits or hits[token.start][0].end < token.end:
                    hits[token.start] = token, at
        if not hits:
            return text
        known = known_in(text)
        out, end = [], 0
        for _, (token, at) in sorted(hits.items()):
            if token.start < end or _is_within(known, token):
                continue
            out += [text[end : token.start], mask(at, token.text)]
            end = token.end
        return "".join(out) + text[end:]


def _is_within(places: Sequence[tuple[int, int]], token: _Token) -> bool:
    """Whether one of the ``places``, in order and apart, holds ``token`` and more."""
    at = bisect_right(places, (token.start, math.inf)) - 1
    return at >= 0 and token.end <= places[at][1] and places[at] != (token.start, token.end)


def _tokens(text: str, kinds: Collection[_Kind]) -> Iterator[_Token]:
    """What in ``text`` may be of ``kinds``; the numbers of a date are none of their own."""
    ends: dict[int, int] = {}
    for one in written_in(text) if kinds != {_Kind.NUMBER} else ():
        kind = _Kind.DATE if one.dates and not one.numbers else _Kind.AMOUNT
        if kind is _Kind.DATE:
            ends[one.start] = one.end
        if kind in kinds:
            readings = one.dates if kind is _Kind.DATE else (number for number, _ in one.numbers)
            yield _Token(one.start, one.end, text[one.start : one.end], {kind: frozenset(readings)})
    starts = list(ends)
    for number in _NUMBER.finditer(text):
        before = bisect_right(starts, number.start()) - 1
        if before < 0 or ends[starts[before]] <= number.start():
            yield _Token(*number.span(), number.group(), {_Kind.NUMBER: frozenset({_plain(number.group())})})


def _masked_field(field: str, at: int, mask: MaskField) -> str:
    bare = field.strip()
    is_quoted = len(bare) > 1 and bare[0] == bare[-1] == '"'
    value = bare[1:-1].replace('""', '"') if is_quoted else bare
    masked = mask(at, value) if value else value
    if masked == value:
        return field
    place = field.index(bare)
    shown = '"' + masked.replace('"', '""') + '"' if is_quoted else masked
    return field[:place] + shown + field[place + len(bare) :]


def _fields(row: str, separator: str) -> list[str]:
    """The fields of a line as they are written, quotes included."""
    if '"' not in row:
        return row.split(separator)
    fields, start, is_quoted = [], 0, False
    for at, letter in enumerate(row):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == separator and not is_quoted:
            fields.append(row[start:at])
            start = at + 1
    return [*fields, row[start:]]


def _head(line: str, separator: str) -> str | None:
    """The first two fields of a line; None if it has no third one."""
    first = line.find(separator)
    second = line.find(separator, first + 1) if first >= 0 else -1
    return line[:second].strip() if second >= 0 else None


def _line_hashes(text: str, separator: str, width: int) -> tuple[array[int], array[int], list[str]]:
    """Of all lines but the first, and of their first two fields; and the lines' first letters; all sorted."""
    from ...frames.packed_texts import merged, ordered_hashes  # only where a file is read

    parts = ([line for line in part if line.count(separator) >= width - 1] for part in _parts(text))
    starts = set[str]()
    heads: list[array[int]] = []

    def lines() -> Iterator[Iterable[str]]:
        for own in parts:
            starts.update([line[:_START] for line in own])
            if width > 2:
                heads.append(ordered_hashes([_heads(own, separator)]))
            yield map(str.strip, own)

    hashes = ordered_hashes(lines())
    return hashes, merged(heads), sorted(starts)


def _heads(lines: Iterable[str], separator: str) -> list[str]:
    """The first two fields of ``lines`` that have three at least."""
    return [line[: line.find(separator, line.find(separator) + 1)].strip() for line in lines]


def _parts(text: str) -> Iterator[list[str]]:
    """The lines of ``text`` but for the first one, some megabytes at a time."""
    at = text.find("\n") + 1
    if not at:
        yield text.splitlines()[1:]
        return
    yield text[:at].splitlines()[1:]
    while at < len(text):
        end = text.find("\n", at + _PART) + 1 or len(text)
        yield text[at:end].splitlines()
        at = end


def _has(ordered: Sequence[int], number: int) -> bool:
    place = bisect_left(ordered, number)
    return place < len(ordered) and ordered[place] == number


def _pieces(line: str) -> Iterator[Piece]:
    at = 0
    for mark in _QUOTED.finditer(line):
        if mark.start() > at:
            yield Piece(at, mark.start())
        at = mark.end()
    if at < len(line):
        yield Piece(at, len(line))


def _plain(field: str) -> str:
    """A number or date as it is looked for."""
    bare = field.strip().strip("'\"")
    return bare[:-2] if bare.endswith(".0") else bare


def _values_of(seen: FrameView, at: int, found: Classification) -> _Values | None:
    if not found[at].is_sensitive:
        return None
    sample = seen.sample(at) or [""]
    if seen.kind(at) in (Kind.INTEGER, Kind.NUMBER):
        values = seen.distinct(at)
        texts = frozenset(map(_text, values))
        return _Values(_Kind.NUMBER, texts, _density(values)) if texts else None
    if all(map(_is_digits, sample)):  # numbers of documents, as texts
        numbers = frozenset(filter(_is_digits, seen.distinct(at)))
        return _Values(_Kind.NUMBER, numbers, _density(numbers))
    if all(map(dates_of, sample)):
        days = frozenset(day for value in seen.distinct(at) for day in dates_of(value))
        return _Values(_Kind.DATE, days, min(0.999, len(days) / _DAYS_OF_A_LIFE))
    if all(isinstance(value, str) and amount_of(value) is not None for value in sample):
        amounts = (amount_of(value) for value in seen.distinct(at) if isinstance(value, str))
        known = frozenset(amount for amount in amounts if amount is not None)
        return _Values(_Kind.AMOUNT, known, _density(known))
    return None


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def _text(value: Any) -> str:
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return _plain(str(value))


def _density(values: Iterable[Any]) -> float:
    """How likely a number between the least and the greatest is one of ``values``, as they are written."""
    numbers = {float(value) for value in values if not isinstance(value, bool) and math.isfinite(float(value))}
    if len(numbers) < 2:
        return 0.001 if numbers else 1.0
    scale = 100 if any(number != int(number) for number in numbers) else 1
    return min(0.999, len(numbers) / ((max(numbers) - min(numbers)) * scale + 1))
