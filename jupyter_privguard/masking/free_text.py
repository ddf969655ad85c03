"""Texts in which something stands that must not be seen: only that is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from .canonical import REDACTED

__all__ = ["FindSpans", "SpanLike", "masked_texts"]


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
"""Finds what is sensitive within a text; spans are sorted and do not overlap."""


def masked_texts(
    values: list[Any], find_spans: FindSpans, handles: Callable[[str, list[str]], list[str]]
) -> list[Any]:  # Any: a cell value
    """The texts with handles where something was found; what is not text cannot be searched, so it is withheld.

    ``handles`` gets an entity and distinct texts found of it, and gives what stands instead of each.
    """
    found = [list(find_spans(value)) if isinstance(value, str) else None for value in values]
    parts: dict[str, dict[str, None]] = {}
    for value, spans in zip(values, found, strict=True):
        for span in spans or ():
            parts.setdefault(span.entity, {})[value[span.start : span.end]] = None
    instead = {
        (entity, text): new
        for entity, texts in parts.items()
        for text, new in zip(texts, handles(entity, list(texts)), strict=True)
    }
    return [
        REDACTED if spans is None else _spliced(value, spans, instead)
        for value, spans in zip(values, found, strict=True)
    ]


def _spliced(text: str, spans: Sequence[SpanLike], handles: Mapping[tuple[str, str], str]) -> str:
    pieces, at = [], 0
    for span in spans:
        if not at <= span.start < span.end <= len(text):
            raise ValueError("spans must be sorted and within the text")
        pieces += [text[at : span.start], handles[span.entity, text[span.start : span.end]]]
        at = span.end
    return "".join(pieces) + text[at:]
