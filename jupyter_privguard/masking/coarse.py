"""Whether values have the form that `generalise` gives them: a masked copy is not looked at as if it were raw."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..frames.typed import BAND_UNITS

__all__ = ["are_coarse"]

_AGE = r"(\d{1,2})-(\d{1,2})|90\+"
_BAND = r"(-?\d+)(k|M|bn)?(?:-| to )(-?\d+)(k|M|bn)?"
_YEAR = r"(?:before )?(?:1[89]|20)\d\d|(?:1[89]|20)\d0s"


def are_coarse(entity: str, values: Iterable[Any]) -> bool:
    """Whether each of ``values`` that is there is as coarse as tier public sees an ``entity``; False of others."""
    test = _TESTS.get(entity)
    if test is None:
        return False
    # A masked CSV has an apostrophe before what a spreadsheet would run, and so before bands below zero.
    there = [str(value).strip().removeprefix("'") for value in values if value is not None and value == value]
    return bool(there) and all(test(text) for text in there)


def _is_age(text: str) -> bool:
    found = re.fullmatch(_AGE, text)
    if found is None:
        return False
    return found[1] is None or (int(found[1]) % 5 == 0 and int(found[2]) == int(found[1]) + 4)


def _is_band(text: str) -> bool:
    """A band of one leading digit, as ``30k-40k``."""
    found = re.fullmatch(_BAND, text)
    if found is None:
        return False
    low, high = int(found[1]) * BAND_UNITS[found[2]], int(found[3]) * BAND_UNITS[found[4]]
    width = high - low
    return width >= 10 and str(width).strip("0") == "1" and low % width == 0


def _is_year(text: str) -> bool:
    return re.fullmatch(_YEAR, text.removesuffix(".0")) is not None


def _is_rough_place(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d{1,3}(?:\.\d)?", text) is not None


_TESTS = {
    "AGE": _is_age,
    "DATE_OF_BIRTH": _is_year,
    "GEO_COORDINATE": _is_rough_place,
    **dict.fromkeys(("INCOME", "ACCOUNT_BALANCE", "FINANCIAL"), _is_band),
}
