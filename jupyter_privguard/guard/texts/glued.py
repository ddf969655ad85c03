"""Known values that stand directly against other letters or digits: ``+420 157 948Zdenka Dvorak``, ``ZdenkaDvorak``.

A word may consist of several where its letters change: between letters and digits, and where a capital begins. A value
is found where it begins or ends at such a place. What is no more than a single word of a name or an illness is found
only beside a number: classes are called like people.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import combinations, islice
from typing import NamedTuple

from ..._later import later
from .known_index import MOST_GROUPS, Index, Known, folded, tokens_of
from .long_columns import among

__all__ = ["Glued", "glued_values", "has_glued_start"]

_LONGEST = 1 << 18
"""Characters of a text that is looked at."""
_MOST_WORDS = 1_000
_LONGEST_WORD = 60
_MOST_CUTS = 8
"""Of a word; digests and codes have more."""
_BEHIND, _BEFORE = 120, 60
"""Characters around a word in which the rest of a value is looked for."""
_LEAST = 5
"""Letters and digits that are something known."""
_SHORTEST = 3
"""Letters of a piece that tells by itself that something known may begin."""
_DIGITS = 9
_MOST_STEPS = 200
_NUMBER = 3
"""Digits that are a number and no version or place in a list."""
_KINDS = bytes(
    ord("0" if chr(code).isdigit() else "U" if chr(code).isupper() else "a" if chr(code).isalpha() else " ")
    for code in range(256)
)
_CHANGES = (b"a0", b"U0", b"0a", b"0U", b"aU", b"UUa")
"""Behind the first letter of these a new piece of a word begins."""
_REST_OF_WORD = later(r"[^\W_]*")

_GROUP_BEFORE = later(r"[0-9][-. ]{1,2}\Z")
_GROUP_AFTER = later(r"[-. ]{1,2}[0-9]")

_Piece = tuple[int, int]
"""Start and end."""


class Glued(NamedTuple):
    """A value in a text: its place and what it is."""

    start: int
    end: int
    known: Known


class _Word(NamedTuple):
    ends: tuple[int, ...]
    """Where it begins, where its pieces end."""

    @property
    def begin(self) -> int:
        return self.ends[0]

    @property
    def end(self) -> int:
        return self.ends[-1]

    def pieces(self) -> Iterator[_Piece]:
        """All of them, and neighbours as one."""
        return combinations(self.ends, 2)

    def pieces_from(self, start: int) -> Iterator[_Piece]:
        """Those that begin at ``start``, longest first."""
        return ((start, end) for end in reversed(self.ends) if end > start)


def glued_values(text: str, index: Index) -> list[Glued]:
    """The values of ``index`` in ``text`` that begin or end within a word, in order and apart."""
    if len(text) > _LONGEST or not (index.lengths or index.digits):
        return []
    kinds = _kinds_of(text)
    changes = _changes_in(kinds)
    words = list(islice(_changing_words(kinds, changes), _MOST_WORDS))
    if not words:
        return []
    pieces = {word: _said(text, word) for word in words}
    distinct = {said for own in pieces.values() for _, said in own}
    beginning, following = among(index.lengths, distinct), among(index.seconds, distinct)
    found: list[Glued] = []
    for word, own in pieces.items():
        if any(
            (said in beginning and _may_begin(text, piece, said))
            or (said in following and piece[0] == word.begin)
            or (index.digits and said.isdigit() and _may_be_number(text, piece, said))
            for piece, said in own
        ):
            found += _Around(text, word, changes, index).values()
    return _apart(found)


def has_glued_start(text: str, index: Index) -> bool:
    """Whether a piece of a word in ``text``, a short one, is a word with which a value of ``index`` begins."""
    kinds = _kinds_of(text)
    words = _changing_words(kinds, _changes_in(kinds))
    distinct = {said for word in words for _, said in _said(text, word)}
    return any(said in index.lengths for said in among(index.lengths, distinct))


def _said(text: str, word: _Word) -> list[tuple[_Piece, str]]:
    """The pieces of ``word``, folded."""
    return [(piece, folded(text[slice(*piece)])) for piece in word.pieces()]


def _kinds_of(text: str) -> bytes:
    """What each letter is, one byte a letter; what Latin-1 does not have counts as a small one."""
    kinds = text.encode("latin-1", "replace").translate(_KINDS)
    if text.isascii():
        return kinds
    return bytes(ord("a") if ord(letter) > 255 else kind for letter, kind in zip(text, kinds, strict=True))


def _changes_in(kinds: bytes) -> list[int]:
    """Where new pieces begin: found one kind after the other, which is quicker than one pattern for all."""
    places = []
    for change in _CHANGES:
        at = kinds.find(change)
        while at >= 0:
            places.append(at + 1)
            at = kinds.find(change, at + 1)
    return sorted(places)


def _changing_words(kinds: bytes, changes: list[int]) -> Iterator[_Word]:
    until = 0
    for at in changes:
        if at < until:
            continue
        begin, until = kinds.rfind(b" ", until, at) + 1 or until, kinds.find(b" ", at)
        until = until if until >= 0 else len(kinds)
        if until - begin <= _LONGEST_WORD:
            word = _word(changes, begin, until)
            if len(word.ends) <= _MOST_CUTS + 2:
                yield word


def _word(changes: list[int], begin: int, end: int) -> _Word:
    return _Word((begin, *changes[bisect_right(changes, begin) : bisect_left(changes, end)], end))


def _may_begin(text: str, piece: _Piece, said: str) -> bool:
    """Whether ``said``, with which something known begins, is more than chance."""
    if len(said) >= _SHORTEST and not said.isdigit():
        return True
    behind = text[piece[1] : piece[1] + 2]
    return behind[:1] == " " and behind[1:].isupper()


def _may_be_number(text: str, piece: _Piece, digits: str) -> bool:
    """Whether a number of as many digits as are looked for is there, or a group of one."""
    start, end = piece
    if len(digits) >= _DIGITS:
        return True
    return _GROUP_BEFORE.search(text, max(0, start - 3), start) is not None or _GROUP_AFTER.match(text, end) is not None


class _Around:
    """A word that may be several, and what stands around it."""

    def __init__(self, text: str, word: _Word, changes: list[int], index: Index) -> None:
        self._text, self._index, self._word = text, index, word
        self._steps = _MOST_STEPS
        begin, end = word.begin, word.end
        first = max(0, begin - _BEFORE)
        if first and text[first - 1].isalnum():
            first = self._end_of_word(first)
        self._words = [_word(changes, start + first, stop + first) for _, start, stop in self._tokens(first, end)]
        self._at = next((at for at, one in enumerate(self._words) if one.begin <= begin < one.end), 0)

    def _end_of_word(self, at: int) -> int:
        found = _REST_OF_WORD.match(self._text, at)
        return found.end() if found else at

    def _tokens(self, first: int, end: int) -> list[tuple[str, int, int]]:
        return tokens_of(self._text[first : end + _BEHIND])

    def values(self) -> Iterator[Glued]:
        """What begins or ends within the word."""
        for at, word in enumerate(self._words[: self._at + 1]):
            starts = word.ends[:-1] if at == self._at else word.ends[:1]
            for start in starts:
                for piece in word.pieces_from(start):
                    yield from self._beginning_with(at, piece)

    def _beginning_with(self, at: int, piece: _Piece) -> Iterator[Glued]:
        first = self._folded(piece)
        sizes = self._index.lengths.get(first, ())
        if sizes and not any(
            self._folded(one) in self._index.seconds for _, one in self._following(at, piece, is_last=True)
        ):
            sizes = sizes[-1:] if sizes[-1] == 1 else ()
        for size in sizes:
            for pieces, words in self._paths(at, piece, size):
                known = self._index.phrases.get(words)
                if known is not None and self._is_said(pieces, known):
                    yield Glued(pieces[0][0], pieces[-1][1], known)
        if first.isdigit() and self._index.digits:
            yield from self._numbers(at, piece)

    def _paths(self, at: int, piece: _Piece, size: int) -> Iterator[tuple[list[_Piece], tuple[str, ...]]]:
        """Ways of ``size`` pieces on from this one, and what they say."""
        self._steps -= 1
        if size == 1 or self._steps < 0:
            yield [piece], (self._folded(piece),)
            return
        for next_at, following in self._following(at, piece, is_last=size == 2):
            for pieces, words in self._paths(next_at, following, size - 1):
                yield [piece, *pieces], (self._folded(piece), *words)

    def _following(self, at: int, piece: _Piece, *, is_last: bool) -> Iterator[tuple[int, _Piece]]:
        """What may come behind a piece: pieces of the same word or of the next one, of which only the last is cut."""
        word, start = self._words[at], piece[1]
        if start == word.end:
            at += 1
            if at == len(self._words):
                return
            word = self._words[at]
            start = word.begin
        if is_last or word == self._word:
            yield from ((at, one) for one in word.pieces_from(start))
        else:
            yield at, (start, word.end)

    def _numbers(self, at: int, piece: _Piece) -> Iterator[Glued]:
        """Numbers written in groups, of which the first or the last one stands against letters."""
        pieces = [piece]
        for _ in range(MOST_GROUPS):
            digits = "".join(map(self._folded, pieces))
            if digits in self._index.digits and self._is_inside(pieces):
                yield Glued(pieces[0][0], pieces[-1][1], self._index.digits[digits])
            after = self._following(at, pieces[-1], is_last=True)
            following = next(((n, one) for n, one in after if self._is_group(one)), None)
            gap = self._text[pieces[-1][1] : following[1][0]] if following else ""
            if following is None or len(gap) > 2 or "\n" in gap:
                return
            at = following[0]
            pieces.append(following[1])

    def _is_group(self, piece: _Piece) -> bool:
        return self._text[slice(*piece)].isdigit()

    def _folded(self, piece: _Piece) -> str:
        return folded(self._text[slice(*piece)])

    def _is_inside(self, pieces: list[_Piece]) -> bool:
        """Whether a piece begins or ends within the word."""
        return any(self._word.begin < edge < self._word.end for piece in pieces for edge in piece)

    def _is_said(self, pieces: list[_Piece], known: Known) -> bool:
        start, end = pieces[0][0], pieces[-1][1]
        if not self._is_inside(pieces) or (known.capitalised and not self._text[start].isupper()):
            return False
        if len(pieces) > 1 or not known.value.isalpha():
            return end - start >= _LEAST
        before, after = self._text[max(0, start - _NUMBER) : start], self._text[end : end + _NUMBER]
        return any(len(beside) == _NUMBER and beside.isdigit() for beside in (before, after))


def _apart(found: list[Glued]) -> list[Glued]:
    """``found`` in order without what overlaps, the longer first."""
    chosen: list[Glued] = []
    for one in sorted(set(found), key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)
