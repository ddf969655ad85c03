"""Short words of a column of diagnoses or medicines, where a text lists them among others of that column.

``HIV`` in a text may be anything. In a list of quoted words, or of labels, of which others are known values of a column
it is the value of that column too; so it is behind the column's label, as in ``diagnosis_HIV``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import NamedTuple

from .known_index import Index, Known, Meaning

__all__ = ["LISTED", "ListedWord", "listed_words"]

LISTED = frozenset({"DIAGNOSIS", "MEDICATION"})
"""What columns of such words hold."""
_SHORT = 5
"""Letters from which a word is found by itself."""
_FEWEST = 2
"""Different known values of the column that make a list."""
_MOST_WORDS = 200


class ListedWord(NamedTuple):
    """A short word of a column: its place and what it is."""

    start: int
    end: int
    known: Known


def listed_words(text: str, values: set[str], index: Index) -> list[ListedWord]:
    """The quoted short words in ``text`` of columns of which it lists other ``values``, which were found already."""
    if len(values) < _FEWEST:
        return []
    listed = []
    for label, meaning, words in _columns_listed(values, index):
        known = {word: Known(meaning, word) for word in words}
        for hit in _quoted(label, words).finditer(text):
            listed.append(ListedWord(hit.start(1), hit.end(1), known[hit[1]]))
    listed.sort(key=lambda hit: hit.start)
    return [hit for at, hit in enumerate(listed) if not at or hit.start >= listed[at - 1].end]


def _columns_listed(values: set[str], index: Index) -> Iterable[tuple[str, Meaning, list[str]]]:
    """Label, meaning and short words of the columns that hold several of ``values``."""
    for (holder, meaning), met in index.met.items():
        if meaning.entity not in LISTED or len(met.held(values)) < _FEWEST:
            continue
        words = sorted((text for text in met.few if len(text) < _SHORT and text.isalpha()), key=len, reverse=True)
        if words:
            yield _label_of(holder), meaning, words[:_MOST_WORDS]


def _label_of(holder: Hashable) -> str:
    return str(getattr(holder, "label", None) or "")


def _quoted(label: str, words: Iterable[str]) -> re.Pattern[str]:
    behind = f"(?:{re.escape(label)}[^\\w'\"]?_?)?" if label else ""
    return re.compile(rf"(?<=['\"]){behind}({'|'.join(map(re.escape, words))})(?=['\"])")
