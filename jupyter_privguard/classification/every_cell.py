"""Forms that some cells of a column have and others do not; of every cell where all are to be looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..frames.engine import Kind
from ..model import Pattern
from .custom import forms_of, with_form
from .detector import DETECTORS, ValueTest
from .facts import ColumnFacts
from .spans import find_spans

if TYPE_CHECKING:
    from ..patterns.engine import Candidates

__all__ = ["forms_within", "promising"]

_WEIGHED, _COMMON = 200, 0.2
"""Distinct values, and the share of them, from which the verdict must have taken a form into account."""


def promising(texts: Sequence[str], patterns: tuple[Pattern, ...], *more: re.Pattern[str]) -> list[str]:
    """The texts that may hold a form of a detector, of the policy or of ``more``: all that do, and a few others.

    The engine looks at all of them at once; where it is not installed, all are promising.
    """
    places = set(_forms(more).among(texts))
    if formed := with_form(patterns):
        places.update(forms_of(formed).among(texts))
    return [texts[place] for place in sorted(places)]


def forms_within(facts: ColumnFacts, patterns: tuple[Pattern, ...]) -> Counter[str]:
    """In how many distinct cells of a column of short texts there is a value, by entity.

    Of every cell where all are to be looked at; of a sample's, values that fill the cell and that
    chance cannot make: a column may be half e-mail addresses.
    """
    if facts.cells:
        return _in_every_cell(facts, patterns)
    return _in_sample(facts) if facts.kind is Kind.TEXT else Counter()


def _in_sample(facts: ColumnFacts) -> Counter[str]:
    hits: Counter[str] = Counter()
    for entity, proof in _unmistakable():
        if found := sum(map(bool, map(proof, facts.texts))):
            hits[entity] += found
    return hits


def _in_every_cell(facts: ColumnFacts, patterns: tuple[Pattern, ...]) -> Counter[str]:
    # What is common was weighed with everything else that is known of the column, and is not brought up again.
    # Bare digits say nothing without words around them.
    weighed = _common(facts.texts[:_WEIGHED], patterns) - {entity for entity, _ in _unmistakable()}
    hits: Counter[str] = Counter()
    for text in promising(facts.cells, patterns):
        hits.update({s.entity for s in find_spans(text, patterns) if not text[s.start : s.end].isdigit()} - weighed)
    return hits


def _common(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> set[str]:
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({span.entity for span in find_spans(text, patterns)})
    return {entity for entity, count in seen.items() if count >= _COMMON * len(texts)}


@lru_cache(maxsize=1)
def _unmistakable() -> tuple[tuple[str, ValueTest], ...]:
    """Entity and proof of the forms that also stand within texts, and that chance cannot make."""
    return tuple(
        (found.entity, found.proof) for found in DETECTORS.values() if found.few and found.span and found.proof
    )


@lru_cache(maxsize=2)
def _forms(more: tuple[re.Pattern[str], ...]) -> Candidates:
    from ..patterns.engine import Candidates

    return Candidates([*(found.span for found in DETECTORS.values() if found.span is not None), *more])
