"""Texts as they were before their lines were broken in the middle of words, as `textwrap` and terminals do.

A word longer than a line goes on in the next one, so that no line around it is longer than the one that it fills. Of
a full line nobody can tell whether it ends with a word; where a known word begins or ends there, it does.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from ..._later import later
from .glued import has_glued_start
from .known_index import Index, folded
from .known_search import BREAK, words_across
from .long_columns import among
from .spelling import Plain

__all__ = ["spans_a_break", "unbroken"]

_WORD = later(r"[^\W_]+")
_LONGEST = 20_000
"""Characters of a text that is looked at."""
_NEAR = 80
"""Characters before a break in which the value begins whose word it breaks."""
_MOST_PIECES = 10
"""Lines in which one word may stand."""

Break = tuple[int, int]


def unbroken(text: str, index: Index) -> Plain | None:
    """``text`` without the line ends that may stand within words; None where there are none, and for long texts."""
    if "\n" not in text or len(text) > _LONGEST or not index.phrases:
        return None
    breaks = _promising(text, list(_breaks(text)), index)
    within = _within_words([_Run(text, run) for run in _runs(text, breaks)], index)
    return _without(text, within) if within else None


def _without(text: str, breaks: Iterable[Break]) -> Plain:
    pieces: list[str] = []
    places: list[int] = []
    written: list[tuple[int, int]] = []
    at = size = 0
    for start, end in [*breaks, (len(text), len(text))]:
        pieces.append(text[at:start])
        places.append(size)
        written.append((at, start))
        size += start - at
        at = end
    return Plain("".join(pieces), places, written)


def spans_a_break(read: Plain, start: int, end: int) -> bool:
    """Whether what stands at ``start`` to ``end`` in an unbroken text was in several lines."""
    return any(start < place < end for place in read.places)


def _breaks(text: str) -> Iterator[Break]:
    """Ends of full lines between letters or digits, with the blanks behind them; not between digits: two numbers.

    A line is full if it is as long as those before and behind it, or longer.
    """
    lines = text.split("\n")
    written = [line.removesuffix("\r") for line in lines] if "\r" in text else lines
    sizes = [0, *map(len, written)]
    begin = 0
    for number, (line, following) in enumerate(pairwise(written)):
        before, size, behind = sizes[number : number + 3]
        next_begin = begin + len(lines[number]) + 1
        if before <= size >= behind and line[-1:].isalnum():
            rest = following.lstrip(" \t")
            if rest[:1].isalnum() and not (line[-1].isdigit() and rest[0].isdigit()):
                yield begin + size, next_begin + behind - len(rest)
        begin = next_begin


def _runs(text: str, breaks: Sequence[Break]) -> list[list[Break]]:
    """``breaks`` by the letters that they stand between: those with nothing else between them together."""
    runs: list[list[Break]] = []
    for start, end in breaks:
        if runs and len(runs[-1]) < _MOST_PIECES and text[runs[-1][-1][1] : start].isalnum():
            runs[-1].append((start, end))
        else:
            runs.append([(start, end)])
    return runs


def _promising(text: str, breaks: list[Break], index: Index) -> list[Break]:
    """Those of ``breaks`` that may stand in a value; the words of all lines are asked at once.

    A value begins with a word with which values begin, or with a piece of one before another known word. A word in
    three lines or more is left to the careful look.
    """
    if not breaks:
        return []
    words = words_across(text, breaks)
    broken = [word for word in words if BREAK in word]
    if len(broken) < len(breaks):
        return breaks
    joined = [word.replace(BREAK, "") for word in broken]
    pieces = chain.from_iterable(word.split(BREAK) for word in broken)
    if any(word in index.lengths for word in among(index.lengths, set(words).union(joined, pieces))):
        return breaks
    known = among(index.seconds, joined)
    chosen = [one for one, word in zip(breaks, joined, strict=True) if word in known]
    return chosen if has_glued_start("\n".join(_around(text, *one) for one in chosen), index) else []


def _around(text: str, start: int, end: int) -> str:
    """The word that is broken there, and some before it."""
    return text[_begin_of_word(text, max(0, start - _NEAR)) : start] + _word_at(text, end)


def _begin_of_word(text: str, at: int) -> int:
    while at and text[at - 1].isalnum():
        at -= 1
    return at


def _word_at(text: str, start: int) -> str:
    word = _WORD.match(text, start)
    return word[0] if word is not None else ""


def _within_words(runs: Iterable[_Run], index: Index) -> list[Break]:
    """The breaks within words that may be those of a value; the index is asked once for all of them."""
    runs = list(runs)
    words = list({word for run in runs for word in run.words()})
    known = {*among(index.lengths, words), *among(index.seconds, words)} if words else set[str]()
    firsts = among(index.lengths, list({word for run in runs for word in run.near})) if words else set[str]()
    return [one for run in runs for one in run.within_words(known, firsts)]


class _Run:
    """Breaks with nothing but letters and digits between them, and the pieces of words around them."""

    def __init__(self, text: str, breaks: Sequence[Break]) -> None:
        self._breaks = breaks
        start = breaks[0][0]
        between = [text[end:start] for (_, end), (start, _) in pairwise(breaks)]
        self.near = list(map(folded, _WORD.findall(text, _begin_of_word(text, max(0, start - _NEAR)), start)))
        """The last words before the first break, of which the last one is a piece."""
        self._pieces = [self.near[-1], *map(folded, (*between, _word_at(text, breaks[-1][1])))]

    def words(self) -> dict[str, Break]:
        """What neighbouring pieces are together, and which they are."""
        size = len(self._pieces)
        places = ((first, last) for first in range(size) for last in range(first + 1, size + 1))
        return {"".join(self._pieces[first:last]): (first, last) for first, last in places}

    def within_words(self, known: Container[str], firsts: Container[str]) -> list[Break]:
        """The breaks within words, as far as ``known`` ones tell; none where no value with such a word can be.

        ``firsts`` are words with which values begin.
        """
        words = {word: place for word, place in self.words().items() if word in known}
        # Of a value only the first two words are known; of one whose later word is broken they stand before it.
        is_broken = any(last - first > 1 for first, last in words.values())
        if not is_broken and not any(word in firsts for word in self.near):
            return []
        ends: set[int] = set()
        at, size = 0, len(self._pieces)
        while at < size:
            last = next((last for last in range(size, at, -1) if "".join(self._pieces[at:last]) in words), None)
            if last is not None:
                ends.update((at, last))
            at = last or at + 1
        return [one for place, one in enumerate(self._breaks, 1) if place not in ends]
