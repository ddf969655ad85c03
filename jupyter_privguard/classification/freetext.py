"""Long texts in which somebody's values may stand, however rarely."""

from __future__ import annotations

import re

from ..frames.engine import FrameView, Kind
from .evidence import Candidate
from .facts import ColumnFacts, as_text
from .spans import find_spans

__all__ = ["is_long_text", "scan"]

CELLS = 4000
"""Cells of one column that are looked into; all of them when every cell is asked for."""
_CHARACTERS = 2_000_000
# A person who signs, greets or introduces himself; the words around the name show it, not the name.
_SIGNED = re.compile(
    r"(?:\b(?:[Rr]egards|[Ss]incerely|[Yy]ours|[Tt]hanks|[Cc]heers),?|\b(?:[Mm]y name is|[Tt]his is|[Ss]igned(?: by)?)|"
    r"\b(?:[Dd]ear|Mr\.?|Mrs\.?|Ms\.?|Dr\.?)|\bGrüßen,?|\bCordialement,?|\bSaludos,?) "
    r"[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)+"
)


def is_long_text(facts: ColumnFacts) -> bool:
    """Whether a column holds sentences: text of four words and 25 characters in the middle, or long cells."""
    if facts.kind is not Kind.TEXT or not facts.texts:
        return False
    middle = sorted(facts.texts, key=len)[len(facts.texts) // 2]
    longest = max(facts.texts, key=len)
    return (len(middle) >= 25 and middle.count(" ") >= 3) or (len(longest) >= 60 and longest.count(" ") >= 6)


def scan(view: FrameView, facts: ColumnFacts, *, full: bool, size: int = CELLS) -> Candidate | None:
    """A FREE_TEXT_WITH_PII candidate when any of the texts holds a value; one hit is enough."""
    values = view.distinct(facts.position) if full else view.sample(facts.position, size)
    looked, left = 0, _CHARACTERS
    hits: dict[str, int] = {}
    for value in values:
        text = as_text(value)
        if not text:
            continue
        looked += 1
        left -= len(text)
        entities = {span.entity for span in find_spans(text)}
        if _SIGNED.search(text):
            entities.add("PERSON_NAME")
        for entity in entities:
            hits[entity] = hits.get(entity, 0) + 1
        if left < 0 and not full:
            break
    if not hits:
        facts.reasons.append(f"text: {looked} cells looked into, no value found by its form")
        return None
    candidate = Candidate("FREE_TEXT_WITH_PII", by_value=True)
    cells = sum(hits.values())
    found = ", ".join(f"{entity} in {hits[entity]}" for entity in sorted(hits))
    candidate.support(0.8 if cells == 1 else 0.88 if cells < 10 else 0.93, f"text: of {looked} cells {found}")
    return candidate
