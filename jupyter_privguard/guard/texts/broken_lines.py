"""Texts as they were before their lines were broken in the middle of words, as `textwrap` and terminals do.

A word longer than a line goes on in the next one, so that no line around it is longer than the one that it fills. Of
a full line nobody can tell whether it ends with a word; where a known word begins or ends there, it does.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from ..._later import later
from .known_index import Index, folded
from .long_columns import among
from .spelling import Plain

__all__ = ["spans_a_break", "unbroken"]

_WORD = later(r"[^\W_]+")
_BLANKS = frozenset(" \t")
_LONGEST = 20_000
"""Characters of a text that is looked at."""
_NEAR = 80
"""Characters before a break in which the value begins whose word it breaks."""
_MOST_PIECES = 10
"""Lines in which one word may stand."""

Break = tuple[int, int]


def unbroken(text: str, index: Index) -> Plain | None:
    """``text`` without the line ends that may stand within words; None where there are none, and for long texts."""
    if "\n" not in text or len(text) > _LONGEST:
        return None
    breaks = [one for one in _breaks(text) if _is_filled(text, *one)]
    breaks = _within_words([_Run(text, run) for run in _runs(text, breaks)], index)
    if not breaks:
        return None
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
    """Line ends between letters or digits, with the blanks behind them; not between digits, which are two numbers."""
    at = text.find("\n")
    while at >= 0:
        start = at - 1 if text[at - 1 : at] == "\r" else at
        end = at + 1
        while text[end : end + 1] in _BLANKS:
            end += 1
        before, behind = text[start - 1 : start], text[end : end + 1]
        if before.isalnum() and behind.isalnum() and not (before.isdigit() and behind.isdigit()):
            yield start, end
        at = text.find("\n", at + 1)


def _is_filled(text: str, start: int, end: int) -> bool:
    """Whether the line that ends at ``start`` is as long as those before and behind it, or longer."""
    begin = text.rfind("\n", 0, start) + 1
    before = text.rfind("\n", 0, max(0, begin - 1)) + 1
    after = text.find("\n", end)
    behind = (after if after >= 0 else len(text)) - (text.rfind("\n", start, end) + 1)
    return start - begin >= max(behind, begin - 1 - before)


def _runs(text: str, breaks: Sequence[Break]) -> list[list[Break]]:
    """``breaks`` by the letters that they stand between: those with nothing else between them together."""
    runs: list[list[Break]] = []
    for start, end in breaks:
        if runs and len(runs[-1]) < _MOST_PIECES and text[runs[-1][-1][1] : start].isalnum():
            runs[-1].append((start, end))
        else:
            runs.append([(start, end)])
    return runs


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
        after = _WORD.match(text, breaks[-1][1])
        between = [text[end:start] for (_, end), (start, _) in pairwise(breaks)]
        self.near = list(map(folded, _WORD.findall(text, max(0, breaks[0][0] - _NEAR), breaks[0][0])))
        """The last words before the first break, of which the last one is a piece."""
        self._pieces = [self.near[-1], *map(folded, (*between, after[0] if after is not None else ""))]

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
