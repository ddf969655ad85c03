"""Every cell of a column looked at for forms: what a sample may miss."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..model import Pattern
from .custom import forms_of
from .detector import DETECTORS
from .facts import ColumnFacts
from .spans import find_spans

if TYPE_CHECKING:
    from ..patterns.engine import Candidates

__all__ = ["promising", "rare_forms"]

_WEIGHED, _COMMON = 200, 0.2
"""Distinct values, and the share of them, from which the verdict must have taken a form into account."""


def promising(texts: Sequence[str], patterns: tuple[Pattern, ...], *more: re.Pattern[str]) -> list[str]:
    """The texts that may hold a form of a detector, of the policy or of ``more``: all that do, and a few others.

    The engine looks at all of them at once; where it is not installed, all are promising.
    """
    places = set(_forms(more).among(texts))
    if patterns:
        places.update(forms_of(patterns).among(texts))
    return [texts[place] for place in sorted(places)]


def rare_forms(facts: ColumnFacts, patterns: tuple[Pattern, ...]) -> Counter[str]:
    """In how many cells of a column of short texts there is a value that is not common in it, by entity.

    What is common was weighed with everything else that is known of the column, and is not brought
    up again; bare digits say nothing without words around them.
    """
    weighed = _common(facts.texts[:_WEIGHED], patterns)
    hits: Counter[str] = Counter()
    for text in promising(facts.cells, patterns):
        hits.update({s.entity for s in find_spans(text, patterns) if not text[s.start : s.end].isdigit()} - weighed)
    return hits


def _common(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> set[str]:
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({span.entity for span in find_spans(text, patterns)})
    return {entity for entity, count in seen.items() if count >= _COMMON * len(texts)}


@lru_cache(maxsize=2)
def _forms(more: tuple[re.Pattern[str], ...]) -> Candidates:
    from ..patterns.engine import Candidates

    return Candidates([*(found.span for found in DETECTORS.values() if found.span is not None), *more])
