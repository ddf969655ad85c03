"""Where in long texts known values may begin: found at the speed of splitting words, part by part.

A careful look at each word costs a microsecond. Here the words of a part of the text are asked all at once
whether anything known begins with them; what is left is looked at carefully.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, compress
from operator import sub
from typing import NamedTuple

from ..._later import later
from .known_index import BETWEEN_DECIMALS, MOST_GROUPS, MOST_TOKENS, TIME, Index, folded, separators
from .long_columns import among

__all__ = ["BREAK", "Part", "Token", "parts_of", "words_across"]

BREAK = "\0"
"""Stands in words for what breaks them; a text has none in its words."""

_SIZE = 1 << 14
"""Characters of a part."""
_WORD = later(r"[^\W_]+")
_BROKEN_WORD = later(r"[^\W_]+(?:\0[^\W_]+)*")
_NO_ASCII = b"\xff"
_CUTS = later(r"[ \n]"), later(r"\n")
"""Between parts: never within a word, an escape or an entity; a colour code may hold a blank."""
_RUN = later(rb"(?<![a0])0+(?![a0])(?:[-., ]{1,2}0+(?![a0]))+")
"""Groups of digits, as ``_KINDS`` writes them, with little between them."""
_GROUP = later(rb"0+")
_BETWEEN_DECIMALS = later(BETWEEN_DECIMALS.pattern.replace("[0-9]", "0").encode())
_LOWERED = bytes(code if chr(code).isalnum() else 32 for code in bytes(range(128)).lower()) + bytes(128)
_KINDS = bytes(
    ord("0" if chr(code).isdigit() else "a" if chr(code).isalnum() else chr(code) if chr(code) in "\n., " else "-")
    for code in range(128)
).ljust(256, b"a")
_CLOSE = b"-., "
"""What may stand between the groups of a number, as ``_KINDS`` writes it."""
_BLANK = bytes(code for code in range(128) if _KINDS[code] in _CLOSE)
_NO_DIGITS = bytes(code for code in range(256) if code not in b"0123456789")
_LONGEST_SHAPE = 64
_MOST_SHAPES = 20_000

Token = tuple[str, int, int]
"""A folded word, its start and its end."""
Window = tuple[int, int, int]
"""A group of digits, and the digits from which and up to which it and those behind it make a number."""


class Part(NamedTuple):
    """A part of a text in which something known may stand."""

    text: str
    start: int
    """Where it begins in the whole."""
    tokens: list[Token]
    """All of its words, by their places in the part; those of the next part too that a value may need."""
    places: Iterable[int]
    """The tokens with which a known value may begin, in order."""


def parts_of(text: str, index: Index) -> Iterator[Part]:
    """The parts of ``text`` in which anything of ``index`` may begin, in order."""
    cut = _CUTS["\x1b" in text]
    search = _Search(index)
    at, first, size = 0, 0, _SIZE
    while at < len(text):
        found = cut.search(text, at + size)
        end = found.end() if found is not None else len(text)
        words = _Words(text[at:end])
        count = len(words.words)
        if end < len(text):
            # Words near the end are looked at once more: with those that follow, and some before for what they mean.
            count -= MOST_TOKENS
            if count <= max(first, MOST_TOKENS):
                size *= 2
                continue
        places = sorted({*search.phrases(words, count), *search.numbers(words, count)})
        places = places[bisect_left(places, first) :]
        if places:
            yield Part(words.text, at, words.tokens(), places)
        if end == len(text):
            return
        at, first, size = at + words.start_of_last(2 * MOST_TOKENS), MOST_TOKENS, _SIZE


def words_across(text: str, breaks: Iterable[tuple[int, int]]) -> list[str]:
    """The folded words of ``text``; what stands at ``breaks``, places between letters, is a `BREAK` within a word.

    Letters of escapes, entities and colour codes are among them.
    """
    at, pieces = 0, []
    for start, end in breaks:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    if text.isascii():
        return _split(_NO_ASCII.join(map(str.encode, pieces)))
    return list(map(folded, _BROKEN_WORD.findall(BREAK.join(piece.replace(BREAK, " ") for piece in pieces))))


def _split(ascii_text: bytes) -> list[str]:
    """The folded words; other letters than those of ASCII are a `BREAK`."""
    return ascii_text.translate(_LOWERED).decode().split()


class _Words:
    """The folded words of a part; escapes, entities and colour codes in it are blanks."""

    def __init__(self, text: str) -> None:
        self.text = text
        if "\\" in text or "&" in text or "\x1b" in text:
            text = separators().sub(_blanks, text)
        self.plain = text
        self.is_ascii = text.isascii()
        self._data = text.encode() if self.is_ascii else b""
        if self.is_ascii:
            self.words = _split(self._data)
        else:
            self.words = list(map(_Folded().__getitem__, _WORD.findall(text)))
        self.distinct = set(self.words)

    def start_of_last(self, count: int) -> int:
        """Where the last ``count`` words begin, of which there are as many at least."""
        reach = 8 * count
        while True:
            start = max(0, len(self.plain) - reach)
            if start and (after := _WORD.match(self.plain, start)) is not None:
                start = after.end()  # this may be the end of a word
            starts = [found.start() for found in _WORD.finditer(self.plain, start)]
            if len(starts) >= count:
                return starts[-count]
            reach *= 4

    def spans(self) -> list[tuple[int, int]]:
        """Where the words stand."""
        return [found.span() for found in _WORD.finditer(self.plain)]

    def tokens(self) -> list[Token]:
        """The words with their places."""
        return [(word, *span) for word, span in zip(self.words, self.spans(), strict=True)]

    def has_digits(self, least: int) -> bool:
        """Whether as many digits stand with no letter between them somewhere, or digits of other scripts."""
        if self.is_ascii:
            close = self._data.translate(_KINDS, _BLANK)
        else:
            close = self._kinds().translate(None, _CLOSE)
            if b"?" in close:
                return True
        return b"0" * least in close

    def _kinds(self) -> bytes:
        """A letter for each of the part's: what it is. Digits of other scripts are ``?``."""
        if self.is_ascii:
            return self._data.translate(_KINDS)
        return self.plain.translate(_FOREIGN_KINDS).encode()

    def groups(self) -> bytes:
        """As `_kinds`, but line breaks for times, whose digits belong to no number."""
        kinds = self._kinds()
        times = [time.span() for time in TIME.finditer(self.plain)] if ":" in self.plain else []
        if not times:
            return kinds
        broken = bytearray(kinds)
        for start, end in times:
            broken[start:end] = b"\n" * (end - start)
        return bytes(broken)

    def digits(self, start: int, end: int) -> str:
        """The digits from ``start`` to ``end``."""
        if self.is_ascii:
            return self._data[start:end].translate(None, _NO_DIGITS).decode()
        return "".join(filter(str.isdigit, self.plain[start:end]))


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found.group())


class _Folded(dict[str, str]):
    """Folded words by how they are written."""

    def __missing__(self, word: str) -> str:
        self[word] = new = folded(word)
        return new


class _ForeignKinds(dict[int, str]):
    """As ``_KINDS``, for all of Unicode."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if code < 128:
            kind = chr(_KINDS[code])
        elif any(map(str.isnumeric, unicodedata.normalize("NFKC", letter))):
            kind = "?"
        else:
            kind = "a" if letter.isalnum() else "-"
        self[code] = kind
        return kind


_FOREIGN_KINDS = _ForeignKinds()


class _Search:
    """Asks the index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._least = min(index.sizes, default=0)
        self._shapes: dict[bytes, list[Window]] = {}

    def phrases(self, words: _Words, count: int) -> Iterator[int]:
        """Those of the first ``count`` words with which a phrase begins, or a number that stands alone."""
        index, tokens = self._index, words.words
        firsts = among(index.lengths, words.distinct)
        alone = {word for word in firsts if 1 in index.lengths.get(word, ()) and (word,) in index.phrases}
        if index.digits:
            sized = list(compress(words.distinct, map(index.sizes.__contains__, map(len, words.distinct))))
            alone.update(word for word in among(index.digits, sized) if word in index.digits)
        if alone:
            yield from compress(range(count), map(alone.__contains__, tokens))
        places = list(compress(range(min(count, len(tokens) - 1)), map(firsts.__contains__, tokens))) if firsts else []
        seconds = among(index.seconds, {tokens[at + 1] for at in places}) if places else ()
        for at in places if seconds else ():
            if tokens[at + 1] in seconds and any(
                tuple(tokens[at : at + length]) in index.phrases for length in index.lengths.get(tokens[at], ())
            ):
                yield at

    def numbers(self, words: _Words, count: int) -> Iterator[int]:
        """Those of the first ``count`` words with which a number in groups begins."""
        if not self._index.digits or not any(map(str.isdigit, words.distinct)) or not words.has_digits(self._least):
            return
        kinds = words.groups()
        if b"?" in kinds:  # what is a number in other scripts is better looked at word by word
            yield from (at for at in range(count) if words.words[at].isdigit())
            return
        if b"0" * self._least not in kinds.translate(None, _CLOSE):
            return
        written: list[tuple[str, int, int]] = []  # digits, where their run begins, and their group in it
        for run in _RUN.finditer(kinds):
            begin, end = run.span()
            if end - begin > self._least:
                windows = self._windows(kinds[max(0, begin - 1) : end + 1])
                digits = words.digits(begin, end) if windows else ""
                written += [(digits[first:last], begin, group) for group, first, last in windows]
        known = self._index.digits
        found = {number for number in among(known, [number for number, _, _ in written]) if number in known}
        if found:
            starts = [start for start, _ in words.spans()]
            places = (bisect_left(starts, begin) + group for number, begin, group in written if number in found)
            yield from (at for at in places if at < count)

    def _windows(self, shape: bytes) -> list[Window]:
        """The neighbouring groups of a run that have as many digits as a known number."""
        windows = self._shapes.get(shape)
        if windows is None:
            spans = [group.span() for group in _GROUP.finditer(shape)]
            ends = [0, *accumulate(end - start for start, end in spans)]
            walls = _walls(shape, [start for start, _ in spans])
            sizes = self._index.sizes
            windows = []
            for groups in range(2, MOST_GROUPS + 1):
                fit = map(sizes.__contains__, map(sub, ends[groups:], ends))
                windows += [
                    (at, ends[at], ends[at + groups])
                    for at in compress(range(len(spans)), fit)
                    if walls[at] == walls[at + groups - 1]
                ]
            if len(shape) <= _LONGEST_SHAPE and len(self._shapes) < _MOST_SHAPES:
                self._shapes[shape] = windows
        return windows


def _walls(shape: bytes, starts: list[int]) -> list[int]:
    """For each group of a run how many numbers with decimals have ended up to there, where another one follows."""
    ended = [gap.end() for gap in _BETWEEN_DECIMALS.finditer(shape)] if b"." in shape else []
    return [bisect_right(ended, start) for start in starts] if ended else [0] * len(starts)
