"""Text on its way out: known values and patterns in it are replaced, everything else stays.

Pure but for the keys. A text without a finding is returned as the same object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...classification.spans import find_spans
from ...keys.keyring import KeyRing
from ...model import Operator, Pattern, Tier, class_of
from ...policy.columns import hierarchy_for
from ...policy.masks import operator_for
from ...policy.rules import Policy
from .broken_lines import spans_a_break, unbroken
from .known import Hit, KnownValues
from .made_texts import MadeTexts
from .spelling import Plain, plain_parts

if TYPE_CHECKING:
    from ...masking.free_text import SpanLike

__all__ = ["MaskedText", "TextMasker", "mask_spans"]

_CACHE = 50_000


class MaskedText(NamedTuple):
    """A text that may be shown, and how many values of which entity were replaced in it."""

    text: str
    masked: Counter[str]


class TextMasker:
    """Masks text under one policy with one key ring; remembers answers, so equal values are cheap."""

    def __init__(self, policy: Policy, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._answers: dict[tuple[str, str, str, str, Tier], str] = {}
        self.made = MadeTexts()
        """What was found in renderings of masked tables."""
        self.use(policy)

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy
        self._patterns = policy.all_patterns
        self._answers.clear()
        self.made.clear()

    def mask(
        self, text: str, tier: Tier, known: KnownValues, more: Callable[[str, list[Hit]], list[Hit]] | None = None
    ) -> MaskedText:
        """``text`` without the known values and patterns that ``tier`` may not see.

        ``more`` finds further hits, apart from those that it is given.
        """
        hits = self.finder(known)(text)
        if more is not None and (further := more(text, hits)):
            hits = sorted([*hits, *further], key=lambda hit: hit.start)
        if not hits:
            return MaskedText(text, Counter())
        pieces: list[str] = []
        masked: Counter[str] = Counter()
        at = 0
        for hit in hits:
            shown = self._replacement(hit, tier)
            if shown is None:
                continue
            pieces += [text[at : hit.start], shown]
            masked[hit.entity] += 1
            at = hit.end
        if not masked:
            return MaskedText(text, Counter())
        return MaskedText("".join(pieces) + text[at:], masked)

    def finder(self, known: KnownValues) -> Callable[[str], list[Hit]]:
        """What is to be masked within free text: known values and patterns."""
        patterns, revision = self._patterns, known.revision
        return lambda text: self.made.hits(text, (id(known), revision), lambda one: _all_hits(one, known, patterns))

    def _replacement(self, hit: Hit, tier: Tier) -> str | None:
        if hit.shown is not None:
            return hit.shown
        key = (self._keyring.key_id, hit.entity, hit.domain, hit.value, tier)
        if key not in self._answers:
            if len(self._answers) >= _CACHE:
                self._answers.clear()
            self._answers[key] = _mask_one(hit, tier, self._policy, self._keyring, on_screen=True)
        answer = self._answers[key]
        return None if answer == hit.value else answer


def _mask_one(hit: Hit, tier: Tier, policy: Policy, keyring: KeyRing, *, on_screen: bool) -> str:
    from ...masking.masker import ColumnMask, mask_value

    entity, value = hit.entity, hit.value
    coarser = hierarchy_for(policy, entity, None)
    operator, _ = operator_for(entity, class_of(entity, policy.classes), tier, policy)
    if operator is Operator.CLEAR:
        return value
    return str(
        mask_value(
            value,
            ColumnMask(entity, operator, hit.domain or entity, coarser),
            keyring,
            on_screen=on_screen,
            find_spans=find_spans,
        )
    )


def mask_spans(
    text: str,
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    on_screen: bool,
    find: Callable[[str], Sequence[SpanLike]] | None = None,
) -> str:
    """``text`` with what ``find``, or else patterns, recognise in it masked: for labels and file names."""
    out, at = [], 0
    for span in find(text) if find is not None else _pattern_hits(text, policy.all_patterns):
        hit = span if isinstance(span, Hit) else Hit(span.start, span.end, span.entity, text[span.start : span.end])
        out += [text[at : hit.start], _mask_one(hit, tier, policy, keyring, on_screen=on_screen)]
        at = hit.end
    return "".join(out) + text[at:] if out else text


def _all_hits(text: str, known: KnownValues, patterns: tuple[Pattern, ...]) -> list[Hit]:
    found = _merged(known.find(text), _pattern_hits(text, patterns))
    if cut := known.find_cut(text):
        found = _merged(found, cut)
    for part in plain_parts(text):
        read = _merged(known.find(part.text), _pattern_hits(part.text, patterns))
        if cut := known.find_cut(part.text):
            read = _merged(read, cut)
        found = _merged(found, [_written(hit, part) for hit in read])
    for found_there in (known.find_glued(text), known.find_listed(text), _broken_hits(text, known)):
        found = _merged(found, found_there)
    return _merged(found, known.find_short(text, found))


def _broken_hits(text: str, known: KnownValues) -> list[Hit]:
    """Known values in words that line ends break in the middle."""
    read = unbroken(text, known.index)
    if read is None:
        return []
    hits = _merged(known.find(read.text), known.find_glued(read.text))
    return [_written(hit, read) for hit in hits if spans_a_break(read, hit.start, hit.end)]


def _written(hit: Hit, read: Plain) -> Hit:
    """``hit``, found in the plain form of a text, in the written one."""
    start, end = read.span(hit.start, hit.end)
    return hit._replace(start=start, end=end)


def _pattern_hits(text: str, patterns: tuple[Pattern, ...]) -> list[Hit]:
    return [Hit(s.start, s.end, s.entity, text[s.start : s.end]) for s in find_spans(text, patterns)]


def _merged(known: list[Hit], patterns: list[Hit]) -> list[Hit]:
    """Both lists as one without overlaps; of two that overlap the longer wins, known before pattern."""
    if not known or not patterns:
        return known or patterns
    chosen: list[Hit] = []
    for hit in sorted([*known, *patterns], key=lambda h: (h.start, h.start - h.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
        elif hit.end - hit.start > chosen[-1].end - chosen[-1].start:
            # The union, so that no part of the shorter one stays behind.
            last = chosen[-1]
            chosen[-1] = hit._replace(start=min(last.start, hit.start), end=max(last.end, hit.end))
        elif hit.end > chosen[-1].end:
            last = chosen[-1]
            chosen[-1] = last._replace(end=hit.end)
    return chosen
