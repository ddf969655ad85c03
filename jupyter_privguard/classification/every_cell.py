"""Forms that some cells of a column have and others do not; of every cell where all are to be looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..frames.engine import Kind
from ..model import Pattern
from .custom import forms_of, with_form
from .detector import DETECTORS, Detector
from .facts import ColumnFacts
from .objections import is_number_of_paper
from .spans import Span, find_spans, finders

if TYPE_CHECKING:
    from ..patterns.engine import Candidates

__all__ = ["SIGNED", "forms_within", "promising", "texts_with_spans"]

_WEIGHED, _COMMON = 200, 0.2
"""Distinct values, and the share of them, from which the verdict must have taken a form into account."""
# A person who signs, greets or introduces himself; the words around the name show it, not the name.
SIGNED = re.compile(
    r"(?:\b(?:[Rr]egards|[Ss]incerely|[Yy]ours|[Tt]hanks|[Cc]heers),?|\b(?:[Mm]y name is|[Tt]his is|[Ss]igned(?: by)?)|"
    r"\b(?:[Dd]ear|Mr\.?|Mrs\.?|Ms\.?|Dr\.?)|\bGrüßen,?|\bCordialement,?|\bSaludos,?) "
    r"[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)+"
)
_MUCH = 200_000
"""Characters from which it is worth while to compile the detectors' patterns, which takes a third of a second."""
_ENOUGH = 1_000
"""Values of one form that are taken from a text; which forms there are is all that is asked."""
_MOST = 0.6
_NEAR = 100
"""Characters on either side of a value in which a word makes it one within a text."""
_WORD = re.compile(r"[^\W\d_]{2}")


def promising(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> list[str]:
    """The texts that may hold a form of a detector or of the policy, or are signed: all that do, and a few others.

    The engine looks at all of them at once; where it is not installed, all are promising.
    """
    places = set(_forms().among(texts))
    if formed := with_form(patterns):
        places.update(forms_of(formed).among(texts))
    return [texts[place] for place in sorted(places)]


def texts_with_spans(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> Iterator[tuple[str, list[Span]]]:
    """Each promising text and the values in it, which may be none; of much text the engine says which it is."""
    if sum(map(len, texts)) < _MUCH:
        yield from ((text, find_spans(text, patterns)) for text in texts)
        return
    known = finders()
    hits = _forms().hits(texts)
    formed = with_form(patterns)
    custom = set(forms_of(formed).among(texts)) if formed else set()
    for place in sorted(custom.union(hits)):
        among = [known[which] for which in sorted(hits.get(place, ())) if which < len(known)]
        yield texts[place], find_spans(texts[place], patterns if place in custom else (), among=among, most=_ENOUGH)


def forms_within(facts: ColumnFacts, patterns: tuple[Pattern, ...]) -> Counter[str]:
    """In how many distinct cells of a column of short texts there is a value, by entity.

    Of every cell where all are to be looked at, else of a sample's. Values beside words count, whatever they are:
    nobody has weighed them yet. Values that fill the cell were weighed with everything else that is known of the
    column; of a sample those count that chance cannot make (a column may be half e-mail addresses), of every cell
    those that are too rare to be weighed. Bare digits say nothing without words around them.
    """
    if not facts.cells and facts.kind is not Kind.TEXT:
        return Counter()
    texts = [text for text in facts.cells or facts.texts if not text.isdecimal()]
    weighed = None if not facts.cells else _common(facts.texts[:_WEIGHED], patterns)
    hits = _named_by_header(facts)
    for text, spans in texts_with_spans(texts, patterns):
        hits.update({span.entity for span in spans if _counts(facts, text, span, weighed)})
    return hits


def _named_by_header(facts: ColumnFacts) -> Counter[str]:
    """Texts with words beside the form that the header names, if most are so: “from 10.0.0.7”."""
    hits: Counter[str] = Counter()
    named = {hint.entity for hint in facts.header.hints} if not (facts.header.thing or facts.header.veto) else set()
    for detector in finders():
        if detector.entity in named and (count := sum(_has_beside_words(detector, text) for text in facts.texts)):
            hits[detector.entity] += count if count >= _MOST * len(facts.texts) else 0
    return +hits


def _has_beside_words(detector: Detector, text: str) -> bool:
    found = detector.span.search(text) if detector.span is not None else None
    return found is not None and _is_beside_words(text, Span(*found.span(), detector.entity))


def _counts(facts: ColumnFacts, text: str, span: Span, weighed: set[str] | None) -> bool:
    if text[span.start : span.end].isdigit() and not _is_beside_words(text, span):
        return False
    if span.entity in _unmistakable() and (weighed is not None or span.end - span.start == len(text)):
        return True
    if _is_beside_words(text, span):
        return not is_number_of_paper(facts, span.entity, text)
    return weighed is not None and span.entity not in weighed


def _is_beside_words(text: str, span: Span) -> bool:
    before = _WORD.search(text, max(0, span.start - _NEAR), span.start)
    return (before or _WORD.search(text, span.end, span.end + _NEAR)) is not None


def _common(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> set[str]:
    """Entities of values that fill a fifth of ``texts`` or more."""
    seen: Counter[str] = Counter()
    for text, spans in texts_with_spans(texts, patterns):
        seen.update({span.entity for span in spans if not _is_beside_words(text, span)})
    return {entity for entity, count in seen.items() if count >= _COMMON * len(texts)}


@lru_cache(maxsize=1)
def _unmistakable() -> frozenset[str]:
    """Entities whose forms chance cannot make, where they also stand within texts."""
    return frozenset(found.entity for found in DETECTORS.values() if found.few and found.span)


@lru_cache(maxsize=1)
def _forms() -> Candidates:
    from ..patterns.engine import Candidates

    return Candidates([*(found.span for found in finders() if found.span is not None), SIGNED])
