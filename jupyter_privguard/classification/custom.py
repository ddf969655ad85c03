"""Forms that the policy teaches: columns that hold them, and where they stand in texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..model import ENTITIES, DataClass, Pattern
from .evidence import Candidate
from .facts import ColumnFacts

if TYPE_CHECKING:
    from ..patterns.engine import Forms

__all__ = ["candidates_of", "classes_of", "forms_of", "with_form"]

_SHARE, _SOME, _ALL = 0.7, 0.3, 0.98
_FEW = 3
_NAMED, _ALONE, _PLAIN, _UNNAMED, _PARTLY = 0.98, 0.95, 0.93, 0.8, 0.5
_UNNAMED_ALL = 0.9
"""Confidence: values and header agree; header, where there are no values; values of a pattern without header words;
values under a header that has none of its words; some values."""
_PARTLY_NAMED = 0.75


def classes_of(patterns: Sequence[Pattern]) -> Mapping[str, DataClass]:
    """The classes of the entities that ``patterns`` add."""
    return {pattern.entity: pattern.data_class for pattern in patterns if pattern.entity not in ENTITIES}


def with_form(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns that know values; the others know column labels alone."""
    return tuple(pattern for pattern in patterns if pattern.regex)


@lru_cache(maxsize=8)
def forms_of(patterns: tuple[Pattern, ...]) -> Forms:
    """The patterns, all of them with a form, compiled; in the same order."""
    from ..patterns.engine import Forms

    return Forms([pattern.regex for pattern in patterns])


def candidates_of(facts: ColumnFacts, patterns: tuple[Pattern, ...]) -> list[tuple[Candidate, Pattern]]:
    """What the policy's patterns make of one column, whatever else may be said of it."""
    formed = with_form(patterns)
    counts = dict(zip(formed, forms_of(formed).counts(facts.texts), strict=True)) if formed and facts.texts else {}
    found = [
        (candidate, pattern)
        for pattern in patterns
        if (candidate := _candidate(facts, pattern, counts.get(pattern, 0))) is not None
    ]
    best: dict[str, tuple[Candidate, Pattern]] = {}
    for candidate, pattern in sorted(found, key=lambda pair: -pair[0].confidence):
        best.setdefault(candidate.entity, (candidate, pattern))
    return list(best.values())


def _candidate(facts: ColumnFacts, pattern: Pattern, count: int) -> Candidate | None:
    phrase = _phrase(facts, pattern)
    candidate = Candidate(pattern.entity)
    if not facts.texts or not pattern.regex:
        if not phrase or facts.note == "it holds bytes":
            return None
        candidate.support(_ALONE, f"header: “{phrase}”, of the policy's pattern")
        return candidate
    share = count / len(facts.texts)
    if share < _SOME:
        if phrase:
            facts.reasons.append(f"header: “{phrase}”, refuted by the form that the policy gives")
        return None
    candidate.by_value = True
    strength = _NAMED if phrase else _UNNAMED if pattern.header else _PLAIN
    if strength == _UNNAMED and share >= _ALL:
        strength = _UNNAMED_ALL  # more than a form of ours among persons: the policy knows better
    if share < _SHARE:
        strength = _PARTLY_NAMED if phrase else _PARTLY
    elif len(facts.texts) < _FEW and not phrase:
        strength *= 0.9
    candidate.support(strength, f"pattern of the policy: {int(100 * share)} % of the distinct values have its form")
    if phrase:
        candidate.reasons.append(f"header: “{phrase}”, of the policy's pattern")
    return candidate


def _phrase(facts: ColumnFacts, pattern: Pattern) -> str:
    from .headers import words_of

    words = facts.header.words
    for phrase in pattern.header:
        wanted = words_of(phrase)
        size = len(wanted)
        if size and any(words[at : at + size] == wanted for at in range(len(words) - size + 1)):
            return " ".join(wanted)
    return ""
