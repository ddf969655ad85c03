"""Texts about persons that a cell took out of their column: what they say is known from then on.

Only texts that were taken out are read, for a column may hold millions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...classification.spans import find_spans

__all__ = ["said_in"]

_MOST = 2_000
_CHARACTERS = 300_000
"""Of texts that were taken out at once; what is beyond is found as far as it has a form."""


def said_in(texts: Iterable[Any]) -> tuple[dict[str, list[str]], list[str]]:
    """By entity what ``texts`` say of persons without a form, and the dates of birth among it."""
    # Not needed before the first such text.
    from ...classification.prose import find_in_prose

    said: dict[str, list[str]] = {}
    left = _CHARACTERS
    for text in list(texts)[:_MOST]:
        if type(text) is not str:
            continue
        left -= len(text)
        if left < 0:
            break
        for span in find_in_prose(text, find_spans(text)):
            said.setdefault(span.entity, []).append(text[span.start : span.end])
    return said, said.pop("DATE_OF_BIRTH", [])
