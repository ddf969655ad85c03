"""Whether values are masked already: a review of what its own transform made must pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..model import Operator

__all__ = ["are_masked"]

_HANDLE = r"(?:tok:hs256|enc:siv256):[0-9a-f]{8}:[\w-]{23,}|(?:tok|enc|sur)_[0-9A-Za-z_-]{6,}"
_HIDDEN = r"\[(?:redacted|withheld)[^\]]*\]"
_BOUND = r"-?\d+(?:\.\d+)?(?:k|M|bn)?"
_BAND = rf"{_BOUND}(?:-| to ){_BOUND}"
_GENERALISED = {
    "DATE_OF_BIRTH": r"\d{4}s?|before \d{4}",
    "AGE": rf"{_BAND}|90\+",
    "POSTCODE": r".*\*",
    "GEO_COORDINATE": r"-?\d{1,3}(?:\.\d)?(?:, ?-?\d{1,3}(?:\.\d)?)?",
}
"""What is coarser than a value, by what it is; everything else is in bands."""
_OTHERS = {Operator.PARTIAL: r".*\*.*", Operator.ROUND: r"-?\d+(?:\.\d{1,2})?"}


def are_masked(values: Iterable[Any], operator: Operator, entity: str) -> bool:
    """Whether all of ``values`` have a form that ``operator``, or a stricter mask, gives to an ``entity``.

    Nulls say nothing; of nothing but nulls it is true.
    """
    own = _GENERALISED.get(entity, _BAND) if operator is Operator.GENERALISE else _OTHERS.get(operator)
    form = re.compile("|".join(filter(None, (own, _HIDDEN, _HANDLE))), re.DOTALL)
    texts = (str(value) for value in values if value is not None and value == value)
    return all(form.fullmatch(text) for text in texts)
