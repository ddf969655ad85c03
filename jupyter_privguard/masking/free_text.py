"""Texts in which something stands that must not be seen: only that is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any, NamedTuple, Protocol

from .._later import later
from .canonical import REDACTED

__all__ = ["FindMore", "FindSpans", "SpanLike", "masked_texts"]


_DATE = later(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


class SpanLike(Protocol):
    """A part of a text and what it is."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """One past the last character."""
        ...

    @property
    def entity(self) -> str:
        """What stands there."""
        ...


FindSpans = Callable[[str], Sequence[SpanLike]]
"""Finds what is sensitive within a text; spans are sorted and do not overlap.

A span may have a ``value``, what it is in its own column however the text writes it, and the ``domain`` of that.
"""

FindMore = Callable[[str, Sequence[SpanLike]], Sequence[SpanLike]]
"""Finds more within a text, apart from the given spans that were found already."""


class _Meant(NamedTuple):
    entity: str
    domain: str


def _meant(span: SpanLike) -> _Meant:
    return _Meant(span.entity, getattr(span, "domain", "") or span.entity)


def _value(span: SpanLike, text: str) -> str:
    return getattr(span, "value", None) or text[span.start : span.end]


def masked_texts(
    values: list[Any], find_spans: FindSpans, handles: Callable[[str, str, list[str]], list[str]]
) -> list[Any]:  # Any: a cell value
    """The texts with handles where something was found; what is not text cannot be searched, so it is withheld.

    A date that stands alone among numbers is no text either: the cells of one person, one below the other, are so.
    ``handles`` gets an entity, a domain and distinct texts found of them, and gives what stands instead of each.
    """
    is_mixed = any(isinstance(value, Number) and value == value for value in values)
    found = [
        list(find_spans(value)) if isinstance(value, str) and not (is_mixed and _DATE.fullmatch(value)) else None
        for value in values
    ]
    parts: dict[_Meant, dict[str, None]] = {}
    for value, spans in zip(values, found, strict=True):
        for span in spans or ():
            parts.setdefault(_meant(span), {})[_value(span, value)] = None
    instead = {
        (meant, text): new
        for meant, texts in parts.items()
        for text, new in zip(texts, handles(meant.entity, meant.domain, list(texts)), strict=True)
    }
    return [
        REDACTED if spans is None else _spliced(value, spans, instead)
        for value, spans in zip(values, found, strict=True)
    ]


def _spliced(text: str, spans: Sequence[SpanLike], handles: Mapping[tuple[_Meant, str], str]) -> str:
    pieces, at = [], 0
    for span in spans:
        if not at <= span.start < span.end <= len(text):
            raise ValueError("spans must be sorted and within the text")
        pieces += [text[at : span.start], handles[_meant(span), _value(span, text)]]
        at = span.end
    return "".join(pieces) + text[at:]
