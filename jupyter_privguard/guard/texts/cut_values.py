"""Known values of which a text shows no more than one end, beside an ellipsis or the like.

``Wendeline Oster...``, ``…haus71@mail.example``: tables, arrays and messages of libraries cut long values so. Fewer
letters than seven say nothing, unless a quote stands before the first one, and fewer than four nothing at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..._later import later
from .known_index import Known, tokens_of
from .long_columns import LongColumn

__all__ = ["CutValues", "Ending", "is_cut"]

_ELLIPSIS = later(r"<\.{3}>|\[\.{3}\]|\[\d+ chars\]|\.{3,}|…")
"""Alone, as `%whos` and `textwrap` write it, or how many letters `unittest` left out."""
_LEAST, _LEAST_QUOTED = 7, 4
_QUOTES = ('"', "'", "`")
_BETWEEN = " .,-_@+"
"""What may stand within a value, before the place where it is cut."""
_AROUND = 160
"""Characters beside an ellipsis that are looked at."""
_MOST_WORDS = 8

Phrase = tuple[str, ...]


def is_cut(text: str) -> bool:
    """Whether anything in ``text`` says that letters were left out."""
    return "..." in text or "…" in text or " chars]" in text


class Ending(NamedTuple):
    """The visible end of a value: its place in the text, and what it is an end of."""

    start: int
    end: int
    known: Known


class CutValues:
    """Known phrases by their beginnings and by their ends; made of all of them when one is first asked for."""

    def __init__(
        self,
        phrases: Iterable[tuple[Phrase, Known]],
        may_begin: Callable[[str], bool],
        columns: Sequence[LongColumn] = (),
    ) -> None:
        self._phrases = phrases
        self._columns = columns
        self._may_begin = may_begin
        self._forward: list[tuple[Phrase, Known]] | None = None
        self._backward: list[tuple[Phrase, Known]] | None = None

    def find(self, text: str) -> list[Ending]:
        """The ends of known values beside an ellipsis in ``text``."""
        found = []
        for mark in _ELLIPSIS.finditer(text):
            for ending in (self._before(text, mark.start()), self._after(text, mark.end())):
                if ending is not None:
                    found.append(ending)
        return found

    def _before(self, text: str, at: int) -> Ending | None:
        begin = max(0, at - _AROUND)
        shown = text[begin:at]
        is_whole = shown[-1:] in _BETWEEN  # the last word is not cut
        tokens = tokens_of(shown.rstrip(_BETWEEN) if is_whole else shown)[-_MOST_WORDS:]
        if not tokens or tokens[-1][2] != len(shown.rstrip(_BETWEEN) if is_whole else shown):
            return None
        for first in range(len(tokens)):
            words = tuple(token for token, _, _ in tokens[first:])
            size, start = sum(map(len, words)), tokens[first][1]
            is_quoted = begin + start > 0 and text[begin + start - 1] in _QUOTES
            if size < (_LEAST_QUOTED if is_quoted else _LEAST):
                if size < _LEAST_QUOTED:
                    return None
                continue
            if self._may_begin(words[0]):
                if self._forward is None:
                    self._forward = sorted(self._phrases, key=_by_words)
                known = _starting(self._forward, words) or self._in_columns(words, is_ending=False)
                if known is not None and (size >= _LEAST or _is_written_so(known, shown[start:])):
                    return Ending(begin + start, at, known)
        return None

    def _after(self, text: str, at: int) -> Ending | None:
        tokens = tokens_of(text[at : at + _AROUND])[:_MOST_WORDS]
        if not tokens or tokens[0][1] != 0:
            return None
        for last in range(len(tokens), 0, -1):
            words = _turned(tuple(token for token, _, _ in tokens[:last]))
            if sum(map(len, words)) < _LEAST:
                return None
            if self._backward is None:
                self._backward = sorted(((_turned(words), known) for words, known in self._phrases), key=_by_words)
            known = _starting(self._backward, words) or self._in_columns(_turned(words), is_ending=True)
            if known is not None and not _is_domain(known, last):
                return Ending(at, at + tokens[last - 1][2], known)
        return None

    def _in_columns(self, words: Phrase, *, is_ending: bool) -> Known | None:
        for meaning, learned, _ in self._columns:
            value = learned.ending(words) if is_ending else learned.starting(words)
            if value is not None:
                return meaning.known(value)
        return None


def _is_written_so(known: Known, text: str) -> bool:
    """Whether a value begins with ``text`` letter by letter; of a name one word is known, in small letters."""
    if known.capitalised:
        return text[:1].isupper() and known.value.lower().startswith(text.lower())
    return known.value.startswith(text)


def _by_words(entry: tuple[Phrase, Known]) -> Phrase:
    return entry[0]


def _turned(words: Phrase) -> Phrase:
    return tuple(word[::-1] for word in reversed(words))


def _starting(ordered: list[tuple[Phrase, Known]], words: Phrase) -> Known | None:
    """What a phrase means that begins with ``words``, of which the last one may be cut, and is longer."""
    place = bisect_left(ordered, words, key=_by_words)
    last = len(words) - 1
    while place < len(ordered):
        phrase, known = ordered[place]
        if phrase[:last] != words[:last] or len(phrase) <= last or not phrase[last].startswith(words[last]):
            return None
        if phrase != words:
            return known
        place += 1
    return None


def _is_domain(known: Known, words: int) -> bool:
    """Whether the last words of an address are no more than its domain, which many share."""
    _, at, domain = known.value.rpartition("@")
    return bool(at) and words <= len(tokens_of(domain))
