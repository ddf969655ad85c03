"""Where values stand inside running text: forms and check digits only, no dictionaries.

The same patterns as the column detectors use; each candidate must also pass the detector's
proof, so that a decimal fraction is not a card and a date is not a phone number.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .._later import later
from ..model import Pattern

if TYPE_CHECKING:
    from ..patterns.finding import Finder
    from .detector import Detector

__all__ = ["Span", "find_spans", "finders", "redact_spans"]

_DIGITS = later(r"\d(?:\D*\d){3}")
"""Every form has four digits, or a mark, or is a long word: a key of chance may have hardly any digit."""
_OF_WORDS = bytes(ord("w" if re.match(rb"[A-Za-z0-9_-]", bytes([code])) else " ") for code in range(256))
_LONG = b"w" * 16
_NO_DIGITS = bytes(code for code in range(256) if not 48 <= code <= 57)
_RARE = ("@", ":", "-----BEGIN", "ya29.", "eyJ", "$", "SG.", "pypi-", "xox", "gh", "npm_", "hf_")
# Where two patterns claim the same characters the earlier one wins: secrets, then check digits, then forms.
_ORDER = ("credential", "iban", "in_gstin", "credit_card", "in_aadhaar")
_EDGE = ".,;:!?)]}'\""
_LABEL = later(r"\w*mail=(?!')|\w+='", re.IGNORECASE)
"""Of what a mail address may begin with: the name of an argument or a field before it."""
_OWN = later(r"(?<![\w-])(?:tok:hs256:[0-9a-f]{8}:[\w-]{43}|enc:siv256:[0-9a-f]{8}:[\w-]{23,})(?![\w-])", re.ASCII)
"""A value that is masked already: by chance its letters look like a credential once in some thousand."""
_NEAR = 30
"""Characters before a number in which its name is looked for."""
_CALLED = {
    "CREDIT_CARD": ("card", "visa", "master", "amex", "credit", "debit", "karte", "tarjeta", "carte"),
    "IN_AADHAAR": ("aadhaar", "aadhar", "adhar", "uid"),
}
"""Entities with a single check digit, and the words that name them."""
# Visa, Mastercard and Discover with sixteen digits, American Express with fifteen.
_LARGE_ISSUER = later(r"(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13})\Z").match
_SHORT = 100
"""Characters up to which a text is looked at more quickly without the engine."""
_MUCH = 300_000
"""Characters of long texts that were looked at without it when making it ready has paid."""


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) hold a value of ``entity``."""

    start: int
    end: int
    entity: str


@cache
def finders() -> Sequence[Detector]:
    """The detectors that find values within texts, those that win where two claim the same characters first."""
    from .detector import DETECTORS

    found = [detector for detector in DETECTORS.values() if detector.span is not None]
    rank = {name: place for place, name in enumerate(_ORDER)}
    return sorted(found, key=lambda detector: (rank.get(detector.name, len(rank)), detector.kind != "checksum"))


def _may_hold(text: str) -> bool:
    # Over bytes this takes a fifth of the time of patterns.
    data = text.encode("latin-1", "replace")
    has_digits = len(data.translate(None, _NO_DIGITS)) >= 4 if text.isascii() else _DIGITS.search(text) is not None
    if has_digits or any(mark in text for mark in _RARE) or text.count("-") > 4:
        return True
    return _LONG in data.translate(_OF_WORDS)


def find_spans(
    text: str, patterns: tuple[Pattern, ...] = (), *, among: Sequence[Detector] | None = None, most: int | None = None
) -> list[Span]:
    """Values in ``text`` that show by form or check digit what they are: sorted, not overlapping.

    ``patterns`` are a policy's own. They go before the built-in ones, unless their policy may only tighten.
    ``among`` are those of ``finders`` that may find something, where that is known; else all are asked.
    ``most`` is after how many values of one form no more are looked for, in texts of any length.
    """
    spans: list[Span] = []
    late: list[Span] = []
    if patterns:
        spans, late = _custom_spans(text, patterns)
    if len(text) >= 6 and (among is not None or _may_hold(text)):
        _add_built_in(text, spans, finders() if among is None else among, most)
    for span in late:
        _insert(spans, span)
    return _outside_own(text, spans) if spans and "256:" in text else spans


def _outside_own(text: str, spans: list[Span]) -> list[Span]:
    """``spans`` but for those that are a part of a value that is masked already."""
    own = [found.span() for found in _OWN.finditer(text)]
    before = [bisect_right(own, span.start, key=lambda part: part[0]) - 1 for span in spans]
    return [span for span, at in zip(spans, before, strict=True) if at < 0 or span.end > own[at][1]]


def _insert(spans: list[Span], span: Span) -> None:
    """Put ``span`` into sorted ``spans`` unless it overlaps one; by halves, for a text may hold very many."""
    at = bisect_left(spans, span.start, key=lambda other: other.start)
    if (not at or spans[at - 1].end <= span.start) and (at == len(spans) or span.end <= spans[at].start):
        spans.insert(at, span)


def _custom_spans(text: str, patterns: tuple[Pattern, ...]) -> tuple[list[Span], list[Span]]:
    """Spans of a policy's patterns that go before the built-in ones, and of those that come after."""
    from .custom import forms_of, with_form

    spans: list[Span] = []
    late: list[Span] = []
    formed = with_form(patterns)
    for start, end, place in forms_of(formed).spans(text) if formed else ():
        pattern = formed[place]
        before = text[max(0, start - _NEAR) : start].lower()
        if not text[start:end].isdigit() or any(word.lower() in before for word in pattern.header):
            (late if pattern.raises_only else spans).append(Span(start, end, pattern.entity))
    return spans, late


class _Engine:
    """The engine's look at long texts. It takes some tenths of a second to make ready, so that texts must ask for it.

    Where two threads make it ready at once, one is thrown away.
    """

    def __init__(self) -> None:
        self._finder: Finder | None = None
        self._asked = 0

    def over(self, text: str, among: Sequence[Detector]) -> Iterator[Iterator[re.Match[str]]]:
        """What the pattern of each of ``among`` matches in ``text``."""
        finder = self._ready(len(text)) if len(text) > _SHORT else None
        if finder is None:
            return (detector.span.finditer(text) for detector in among if detector.span is not None)
        found, places = finder.over(text), _places()
        return (found.matches(places[detector.name]) for detector in among)

    def _ready(self, length: int) -> Finder | None:
        if self._finder is None and self._asked + length >= _MUCH:
            from ..patterns.finding import Finder

            self._finder = Finder([detector.span for detector in finders() if detector.span is not None])
        self._asked += length
        return self._finder


_ENGINE = _Engine()


@cache
def _places() -> dict[str, int]:
    return {detector.name: place for place, detector in enumerate(finders())}


def _add_built_in(text: str, spans: list[Span], among: Sequence[Detector], most: int | None) -> None:
    for detector, matches in zip(among, _ENGINE.over(text, among), strict=True):
        assert detector.span is not None and detector.proof is not None  # noqa: S101 - finders() picked them so
        if detector.name == "email_address" and "@" not in text:
            continue
        found = 0
        for match in matches:
            start, end = match.span()
            value = match.group()
            if detector.name != "credential":
                value = value.rstrip(_EDGE)
                end = start + len(value)
            if (
                detector.name == "email_address"
                and (label := _LABEL.match(value))
                and detector.proof(value[label.end() :])
            ):
                start, value = start + label.end(), value[label.end() :]
            is_open = not value.isdigit() or _is_named(text, start, value, detector.entity)
            if is_open and detector.proof(value.strip()):
                _insert(spans, Span(start, end, detector.entity))
                found += 1
                if found == most:
                    break


def _is_named(text: str, start: int, value: str, entity: str) -> bool:
    """Whether bare digits are what their check digit says: one number in ten passes by chance.

    The words before them must say so. Only card numbers of the common length from the large
    issuers count without: there chance is one in seventy, and the damage of a miss is largest.
    """
    if entity not in _CALLED or (entity == "CREDIT_CARD" and _LARGE_ISSUER(value)):
        return True
    before = text[max(0, start - _NEAR) : start].lower()
    return any(word in before for word in _CALLED[entity])


def redact_spans(text: str, patterns: tuple[Pattern, ...] = ()) -> str:
    """``text`` with every span replaced by ``[redacted]``."""
    parts, last = [], 0
    for span in find_spans(text, patterns):
        parts += [text[last : span.start], "[redacted]"]
        last = span.end
    return "".join([*parts, text[last:]])
