"""Long texts in which somebody's values may stand, however rarely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..frames.engine import FrameView, Kind
from ..model import Pattern
from .dictionaries.lists import name_weights
from .every_cell import SIGNED, texts_with_spans
from .evidence import Candidate
from .facts import ColumnFacts, as_text
from .shapes import folded

__all__ = ["is_long_text", "scan", "text_with"]

_CELLS = 4000
"""Cells of one column that are looked into; all of them when every cell is asked for."""
_CHARACTERS = 2_000_000
_LEAST = 40
"""Characters from which a text is more than a title or a name."""


def is_long_text(facts: ColumnFacts) -> bool:
    """Whether a column holds sentences: text of four words and 25 characters in the middle, or long cells."""
    if facts.kind is not Kind.TEXT or not facts.texts:
        return False
    middle = sorted(facts.texts, key=len)[len(facts.texts) // 2]
    longest = max(facts.texts, key=len)
    return (len(middle) >= 25 and middle.count(" ") >= 3) or (len(longest) >= 60 and longest.count(" ") >= 6)


def scan(
    view: FrameView, facts: ColumnFacts, *, full: bool, patterns: tuple[Pattern, ...] = (), size: int = _CELLS
) -> Candidate | None:
    """A FREE_TEXT_WITH_PII candidate when any of the texts holds a value; one hit is enough.

    ``full`` looks into every cell, ``patterns`` are the policy's own forms.
    """
    texts = facts.cells if full else _within_limit(view.sample(facts.position, size))
    hits: Counter[str] = Counter()
    for text, spans in texts_with_spans(texts, patterns):
        entities = {span.entity for span in spans}
        if _is_signed(text):
            entities.add("PERSON_NAME")
        hits.update(entities)
    if not hits:
        facts.reasons.append(f"text: {len(texts)} cells looked into, no value found by its form")
        return None
    return text_with(hits, len(texts))


def _is_signed(text: str) -> bool:
    """Whether a text names a person whose given or family name is known: “Dr. Jane Smith”, not “Mr. Wonderful Day”.

    A title (“Mr. Smith Goes to Washington”) is no text: most of its words begin in upper case.
    """
    if len(text) < _LEAST or not (found := SIGNED.findall(text)) or not _is_prose(text):
        return False
    weights = name_weights()
    return any(weights.get(folded(word), 0) >= 2 for signed in found for word in signed.split()[-2:])


def _is_prose(text: str) -> bool:
    words = [word for word in text.split() if word[0].isalpha()]
    return sum(word[0].islower() for word in words) >= 0.4 * len(words)


def _within_limit(values: Iterable[object]) -> list[str]:
    texts: list[str] = []
    left = _CHARACTERS
    for text in filter(None, map(as_text, values)):
        texts.append(text)
        left -= len(text)
        if left < 0:
            break
    return texts


def text_with(hits: Counter[str], looked: int, what: str = "cells") -> Candidate:
    """The candidate for a column in ``looked`` texts of which there are values, by entity; there is one at least."""
    candidate = Candidate("FREE_TEXT_WITH_PII", by_value=True)
    cells = sum(hits.values())
    found = ", ".join(f"{entity} in {hits[entity]}" for entity in sorted(hits))
    candidate.support(0.8 if cells == 1 else 0.88 if cells < 10 else 0.93, f"text: of {looked} {what} {found}")
    return candidate
