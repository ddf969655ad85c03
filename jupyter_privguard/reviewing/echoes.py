"""Which inputs an output repeats: under another name, in another order, written differently, within a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from ..frames import FrameView
from ..guard.columns.assess import Classification
from ..model import ColumnVerdict, Operator, Tier
from .telling import leaves

__all__ = ["echoes"]

_NEARLY_ALL = 0.9
_COINCIDENCE = 10
"""Distinct values up to which two columns may have the same by chance: classes, months, shares."""
_TELLING = 5
"""Letters and digits of a value that is not met by chance."""


def echoes(output: FrameView, inputs: FrameView, found: Classification) -> Iterator[tuple[int, ColumnVerdict]]:
    """By position the input that a field of ``output`` repeats, a sensitive one first.

    Nearly all values of the field are values of that input; of an input that nobody may see, one that stands within a
    text is enough.
    """
    known = [
        (verdict, {_form(value) for value in leaves(inputs.distinct(at)) if _is_value(value)}, _is_hidden(verdict))
        for at, verdict in enumerate(found)
        if at < inputs.width
    ]
    secret = [(verdict, {one for one in own if _is_telling(one)}) for verdict, own, hidden in known if hidden]
    for at in range(output.width):
        values = [value for value in leaves(output.distinct(at)) if _is_value(value)]
        forms = {_form(value) for value in values}
        repeated = [
            (len(forms & own), verdict)
            for verdict, own, hidden in known
            if forms and len(forms & own) >= _NEARLY_ALL * len(forms) and _is_no_chance(forms, hidden)
        ]
        if not repeated:
            words = {_form(word) for value in values if isinstance(value, str) for word in _words_in(value)}
            repeated = [(len(words & own), verdict) for verdict, own in secret if words & own]
        if repeated:
            yield at, max(repeated, key=lambda pair: (pair[1].is_sensitive, pair[0]))[1]


def _is_no_chance(forms: set[str], hidden: bool) -> bool:
    return len(forms) > _COINCIDENCE or (hidden and all(map(_is_telling, forms)))


def _is_hidden(verdict: ColumnVerdict) -> bool:
    return verdict.is_sensitive and verdict.action.get(Tier.PUBLIC.label) != Operator.CLEAR.value


def _is_telling(form: str) -> bool:
    return len(form) >= _TELLING


def _is_value(value: Any) -> bool:
    return value is not None and value == value and not isinstance(value, bool)


def _form(value: Any) -> str:
    """``value`` without what programs change as they hand it on: case, separators, ``.0`` of whole numbers."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, (int, float)) else re.sub(r"[\W_]+", "", str(value).casefold())


def _words_in(text: str) -> Iterable[str]:
    """Words with the signs within them, and two of them side by side, as names are."""
    words = [word.strip(".,;:!?()[]'\"") for word in text.split()]
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
