"""Python patterns over long texts: the engine says where a match may begin, and only there Python looks.

The answers are those of `re`, to the letter; without the engine they are the same, slower. Measured on 23 patterns:
`re` alone 1.5 MB a second of text with numbers, the engine 50 to 190.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .engine import I_S_K, Compiled, as_python_reads, compiled_together, is_available
from .heads import Head, head

__all__ = ["Finder", "Found"]

# `Any` in this file is a part of the hyperscan module, which has no useful types.

_FAR_BEYOND = 4096
"""Characters behind a match that a pattern may look at, so that it is looked for in a part of the text."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_STAND_IN = "\ue000"
"""A letter that is of no script either: in place of lone surrogates, which the engine does not take."""

Zone = tuple[int, int]
"""First and last character (exclusive) of a part of a text."""


class Finder:
    """Finds matches of ``patterns``; making one takes the engine some tenths of a second."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)
        self._heads: dict[int, Head] = {}
        self._taken: list[int] = []
        self._compiled: Compiled | None = None
        if not is_available():
            return
        heads = {place: found for place, pattern in enumerate(patterns) if (found := head(pattern)) is not None}
        expressions = {place: (found.expression, found.ignores_case) for place, found in heads.items()}
        self._compiled, taken = compiled_together(expressions)
        self._taken = list(taken)
        self._heads = {place: heads[place] for place in taken}

    def over(self, text: str) -> Found:
        """Where in ``text`` each of the patterns matches; looked at once for all of them."""
        return Found(text, self._patterns, self._zones(text))

    def _zones(self, text: str) -> dict[int, _Zones]:
        """By pattern where it may begin; those are left out that are to be looked for everywhere."""
        if self._compiled is None:
            return {}
        ends: dict[int, array[int]] = {place: array("Q") for place in self._taken}

        def seen(which: int, _start: int, end: int, *_: Any) -> None:
            ends[self._taken[which]].append(end - 1)  # one byte stands before the text

        data = as_python_reads(_SURROGATE.sub(_STAND_IN, text) if not text.isascii() else text)
        self._compiled.scan(data, seen)
        is_odd = not text.isascii() and any(letter in text for letter in I_S_K)
        return {
            place: _Zones(_in_characters(found, data, is_ascii=text.isascii()), self._heads[place])
            for place, found in ends.items()
            if not (is_odd and self._heads[place].ignores_case)
        }


class Found:
    """What a `Finder` finds in one text."""

    def __init__(self, text: str, patterns: Sequence[re.Pattern[str]], zones: dict[int, _Zones]) -> None:
        self._text = text
        self._patterns = patterns
        self._zones = zones

    def matches(self, place: int) -> Iterator[re.Match[str]]:
        """What ``finditer`` of the pattern at ``place`` gives."""
        zones = self._zones.get(place)
        if zones is None:
            return self._patterns[place].finditer(self._text)
        return zones.matches(self._patterns[place], self._text)


class _Zones(NamedTuple):
    """Where matches of one pattern may begin: so many characters before the ends of matches of its head."""

    ends: Sequence[int]
    head: Head

    def matches(self, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        """All matches, as ``finditer`` gives them."""
        begins = self._anywhere if self.head.is_whole and self.head.beyond <= _FAR_BEYOND else self._one_by_one
        passed = 0
        for start, end in self._merged(len(text)):
            at = max(start, passed)
            while (match := begins(pattern, text, at, end)) is not None:
                yield match
                at = passed = match.end()

    def _merged(self, length: int) -> Iterator[Zone]:
        begin = last = -1
        for end in self.ends:
            start = max(0, end - self.head.width)
            if start > last:
                if last >= 0:
                    yield begin, min(last, length)
                begin = start
            last = end
        if last >= 0:
            yield begin, min(last, length)

    def _anywhere(self, pattern: re.Pattern[str], text: str, at: int, end: int) -> re.Match[str] | None:
        """The next match that begins at ``at`` or later, and ends at ``end`` at the latest."""
        while at < end:
            # What stands behind the part may change what matches, so that each is looked at once more in the whole.
            near = pattern.search(text, at, end + self.head.beyond)
            if near is None:
                return None
            match = pattern.match(text, near.start())
            if match is not None:
                return match
            at = near.start() + 1
        return None

    def _one_by_one(self, pattern: re.Pattern[str], text: str, at: int, end: int) -> re.Match[str] | None:
        """The next match that begins at ``at`` or later, and before ``end``."""
        return next((match for start in range(at, end) if (match := pattern.match(text, start)) is not None), None)


def _in_characters(ends: array[int], data: bytes, *, is_ascii: bool) -> Sequence[int]:
    """Places in ``data``, which has a byte before the text, in order and counted in characters of the text."""
    ordered = sorted(set(ends))
    if is_ascii:
        return ordered
    found, passed, count = [], 1, 0
    for end in ordered:
        count += len(data[passed : end + 1].decode("utf-8", "ignore"))
        passed = end + 1
        found.append(count)
    return found
