"""What the national numbers of all countries have in common: how much a written form and its check are worth."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..model import NATIONAL_IDS
from .detector import Detector
from .shapes import bare

__all__ = ["DATED", "FORM", "ONE_DIGIT", "Certainty", "national"]


class Certainty(NamedTuple):
    """Confidence without a header, alone and among persons, and the share of values that must be right."""

    alone: float
    with_person: float
    share: float
    few: bool = False


ONE_DIGIT = Certainty(0.39, 0.86, 0.8)
"""Bare digits and one check digit. Order and article numbers have such digits too, so header or persons must agree."""
DATED = Certainty(0.9, 0.94, 0.7)
"""A date, a letter, a fixed beginning or a second check digit: chance passes once in fifty or less."""
FORM = Certainty(0.95, 0.97, 0.7, few=True)
"""Letters and digits in fixed places, and a check."""


def national(
    name: str,
    *,
    written: str,
    check: Callable[[str], bool],
    certainty: Certainty,
    headers: str,
    says: str,
    also: str | None = None,
    span: str | None = None,
) -> Detector:
    """The detector of one country's number; its entity is ``name`` in upper case, NATIONAL_ID where there is none.

    ``written`` is the official form, a pattern for upper case; ``check`` gets a value that has it,
    without separators. ``also`` is a form that fits under the number's header and proves nothing.
    Numbers read as integers may have lost their leading zero. ``span`` finds it inside a text.
    """
    form = re.compile(written).fullmatch
    loose = re.compile(also).fullmatch if also else None

    def shape(text: str) -> bool:
        upper = text.upper()
        if form(upper) is not None or (loose is not None and loose(upper) is not None):
            return True
        return text.isdecimal() and (form(f"0{text}") is not None or form(f"00{text}") is not None)

    def proof(text: str) -> bool:
        upper = text.upper()
        if form(upper) is not None:
            return check(bare(upper))
        return certainty is DATED and text.isdecimal() and form(f"0{text}") is not None and check(f"0{text}")

    return Detector(
        name,
        name.upper() if name.upper() in NATIONAL_IDS else "NATIONAL_ID",
        shape=shape,
        proof=proof,
        kind="checksum",
        alone=certainty.alone,
        with_person=certainty.with_person,
        share=certainty.share,
        few=certainty.few,
        span=re.compile(rf"(?<![\w.+-])(?:{span})(?![\w-]|\.\d)") if span else None,
        headers=headers,
        says=says,
    )
