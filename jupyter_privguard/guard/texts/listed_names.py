"""Names in small letters, where a text lists them: the vocabulary of a text model, a list of words, keys, columns.

A single word of a name is found where it begins with a capital, for in small letters it may be an ordinary word. Where
many such words stand together that is no accident. Digits behind one, as in the name of an account, go with it.
"""

from __future__ import annotations

from typing import NamedTuple

from ..._later import later
from .known_index import Index, Known, folded
from .long_columns import among

__all__ = ["ListedName", "listed_names"]

_LONGEST = 1 << 18
"""Characters of a text that is looked at."""
_LETTERS = later(r"[a-z]{5,}")
_ANY_LETTERS = later(r"[^\W\d_A-Z]{5,}")
_WORD = later(r"(?<![^\W_])([^\W\d_A-Z]{5,})[0-9]{0,6}(?![^\W_])")
_OTHER = later(r"[^\W\d_]{3,}")
_FEWEST = 5
"""Different names that are no accident, if they are one of so many different words at least."""
_ONE_OF = 8


class ListedName(NamedTuple):
    """A word of a name: its place and what it is."""

    start: int
    end: int
    known: Known


def listed_names(text: str, index: Index) -> list[ListedName]:
    """The words of names that ``text`` lists in small letters; none where it is no list of them."""
    if len(text) > _LONGEST or not index.lengths:
        return []
    words = set((_LETTERS if text.isascii() else _ANY_LETTERS).findall(text))
    if len(words) < _FEWEST:
        return []
    said: dict[str, Known] = {}
    compared = words if text.isascii() else list(map(folded, words))
    beginning = among(index.lengths, compared)
    for word, form in zip(words, compared, strict=True):
        known = index.phrases.get((form,)) if form in beginning else None
        if known is not None and known.capitalised:
            said[word] = known
    if len(said) < _FEWEST:
        return []
    listed = [found for found in _WORD.finditer(text) if found[1] in said]
    different = len({found[1] for found in listed})
    if different < _FEWEST or different * _ONE_OF < len({word.lower() for word in _OTHER.findall(text)}):
        return []
    return [ListedName(found.start(), found.end(), said[found[1]]) for found in listed]
