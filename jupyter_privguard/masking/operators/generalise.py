"""generalise: a coarser truth."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import partial
from math import floor, log10
from typing import TYPE_CHECKING, Any

from ...frames.typed import BAND_UNITS
from ...model import Operator
from ..canonical import REDACTED, exact_text, identity, number_of
from .token import Token

if TYPE_CHECKING:
    from ..operator import MaskContext

__all__ = ["Generalise", "band"]


class Generalise:
    """By entity: birth date to year, age to five years, place to region, amount to band; as text.

    Years, bands and shortened codes are text in every case ("1984", "35-39"), whatever the
    column's type, so that they are never taken for exact values again; a coordinate stays a number
    when it was one. The policy's hierarchy goes before the entity's rule. What the rule cannot read is
    ``[redacted]``. Where there is neither, there is no coarser truth to tell: a token.

    Ages, years and postcodes keep to 45 CFR 164.514(b)(2)(i): 90 and more are one group, also by
    the year of birth; of a postcode at most three digits stay, of thinly peopled American ones
    none. Places of one decimal (some 11 km) and cities are finer than that rule allows, which knows
    no part of a state but those three digits.
    """

    name = Operator.GENERALISE
    iso_20889 = "generalization"
    is_reversible = False
    needs_key = True

    def apply(self, values: list[Any], context: MaskContext) -> list[Any]:
        """The coarser values."""
        coarser = {_folded(value): text for value, text in context.hierarchy.items()}
        if not coarser:
            return self._by_rule(values, context)
        out = [coarser.get(_folded(identity(value, context.entity))) for value in values]
        listed = [
            None if text is None else _checked(v, text, context.entity) for v, text in zip(values, out, strict=True)
        ]
        rest = [place for place, text in enumerate(listed) if text is None]
        for place, text in zip(rest, self._by_rule([values[place] for place in rest], context), strict=True):
            listed[place] = text
        return listed

    def _by_rule(self, values: list[Any], context: MaskContext) -> list[Any]:
        rule = _RULES.get(context.entity)
        if rule is None:
            return Token().apply(values, context)
        if rule is _year:
            rule = partial(_year, oldest=_oldest_told(context.year))
        return [_checked(value, rule(value), context.entity) for value in values]


def _folded(text: str) -> str:
    return text.strip().casefold()


def _checked(value: Any, coarse: Any, entity: str) -> Any:
    """Nothing that is still the value itself, e.g. text that was coarse before."""
    if isinstance(coarse, str) and _folded(coarse) == _folded(exact_text(value, entity)):
        return REDACTED
    return coarse


# --- dates -----------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_COMPACT_DATE = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")

# HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): years that tell an age over 89 are aggregated.
_OLDEST_TOLD_YEAR = 1937
"""Where the clock is wrong, at least the year that was right when this was written."""
_OLDEST_AGE = 89


def _oldest_told(this_year: int) -> int:
    return max(_OLDEST_TOLD_YEAR, this_year - _OLDEST_AGE)


def _year(value: Any, oldest: int = _OLDEST_TOLD_YEAR) -> str:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return _told_year(value.year, oldest)
    number = None if isinstance(value, str) else number_of(value)
    text = value.strip() if isinstance(value, str) else str(int(number)) if number is not None else ""
    compact = _COMPACT_DATE.fullmatch(text)
    if compact:
        return _told_year(int(compact[1]), oldest)
    years = set(_YEAR.findall(text))
    if len(years) != 1:  # none, or two of which one is something else
        return REDACTED
    (year,) = years
    # A bare year is the exact value of such a column: its decade is the coarser truth.
    return f"{year[:3]}0s" if text == year and int(year) >= oldest else _told_year(int(year), oldest)


def _told_year(year: int, oldest: int) -> str:
    return str(year) if year >= oldest else f"before {oldest}"


# --- numbers ---------------------------------------------------------------------------------


def _age(value: Any) -> str:
    number = number_of(value)
    if number is None or not 0 <= number <= 150:
        return REDACTED
    if number >= 90:  # HIPAA Safe Harbor, as above
        return "90+"
    low = 5 * int(number // 5)
    return f"{low}-{low + 4}"


def _amount(value: Any) -> str:
    number = number_of(value)
    return REDACTED if number is None else band(number)


def band(number: float) -> str:
    """The band of one leading digit that holds a number: 34,567 is in ``30k-40k``; at least 10 wide."""
    size = abs(number)
    if size >= 1e15:
        return REDACTED
    width = 10 ** max(1, floor(log10(size))) if size else 10
    low = width * floor(number / width)
    joint = " to " if low < 0 else "-"
    return f"{_short(low)}{joint}{_short(low + width)}"


def _short(bound: int) -> str:
    for letter, unit in reversed(BAND_UNITS.items()):  # the largest first
        if letter is not None and bound and bound % unit == 0:
            return f"{bound // unit}{letter}"
    return str(bound)


# --- places ----------------------------------------------------------------------------------

_DECIMALS = re.compile(r"[-+]?\d+(?:\.\d+)?")
# Beside its numbers a coordinate may hold brackets, signs, compass letters and the word POINT.
_AROUND_COORDINATES = re.compile(r"(?:POINT|[\s()\[\],;:°'NSEWnsew])*")
_LARGEST_COORDINATE = 1e8  # metres of a national grid have seven digits
_LONGEST_PLACE = 300


def _coordinate(value: Any) -> Any:
    number = None if isinstance(value, str) else number_of(value)
    if number is not None:
        return _coarser(number)
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - any object's own code
        return REDACTED
    around, numbers = _DECIMALS.subn("", text[: _LONGEST_PLACE + 1])
    if len(text) > _LONGEST_PLACE or not numbers or not _AROUND_COORDINATES.fullmatch(around):
        return REDACTED
    return _DECIMALS.sub(lambda found: str(_coarser(float(found[0]))), text.strip())


def _coarser(number: float) -> Any:
    """One decimal; a number that has no more is cut further, so that it never comes out unchanged."""
    for decimals in (1, 0, -1) if abs(number) <= _LARGEST_COORDINATE else ():
        rounded = round(number, decimals)
        if rounded != number:
            return rounded
    return REDACTED


def _postcode(value: Any) -> str:
    number = None if isinstance(value, str) else number_of(value)
    text = value.strip() if isinstance(value, str) else str(int(number)) if number is not None else ""
    size = sum(c.isalnum() for c in text)
    keep = min(3, max(0, size - 2))
    if number is not None and size < 5:  # American ones that are numbers have lost their zeros
        text = _without_restricted(text, text.zfill(5), keep)
    else:
        text = _without_restricted(text, text, keep)
    out = []
    for c in text:
        out.append("*" if c.isalnum() and keep <= 0 else c if c.isalnum() or c in " -" else "*")
        keep -= c.isalnum()
    return "".join(out) or REDACTED


# Three digits that at most 20,000 people share (ZIP code tabulation areas), by the census of 2000, as
# in the guidance of HHS, or by later counts: "000" in their place, 45 CFR 164.514(b)(2)(i)(B).
_FEW_PEOPLE = frozenset("036 059 063 102 203 205 369 556 692 753 772 790 821 823 830 831 878 879 884 890 893".split())
_AMERICAN = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)


def _without_restricted(text: str, full: str, keep: int) -> str:
    if _AMERICAN.fullmatch(full) and full[:3] in _FEW_PEOPLE:
        return "0" * keep + text[keep:]
    return text


_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|flat|apt|apartment|suite|"
    r"floor|block|plot|house|building|tower|nagar|colony|sector|marg|str|strasse|straße|platz|weg|rue|via|calle|"
    r"po box|c/o|near|opp|opposite|behind)\b\.?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[^\W\d_][^\W\d_ .'’-]*(?:[ .'’-]+[^\W\d_]+)*\.?")
_POSTCODE_BESIDE = re.compile(r"^\d{4,6} +|[\s-]+[A-Z]{0,2}\d[\dA-Z]*(?:[ -]\d[\dA-Z]*)?$")


def _address(value: Any) -> str:
    """City, region or country: the last comma part that is the name of a place, never the first part.

    Only one part: the one before may be a quarter, a house or a person.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_PLACE:
        return REDACTED
    for part in reversed(re.split(r"[,\n;]+", value)[1:]):
        name = _POSTCODE_BESIDE.sub("", part.strip())
        if 2 <= len(name) <= 30 and _PLACE.fullmatch(name) and not _STREET.search(name):
            return name
    return REDACTED


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "DATE_OF_BIRTH": _year,
    "AGE": _age,
    "POSTCODE": _postcode,
    "GEO_COORDINATE": _coordinate,
    "ADDRESS": _address,
    "INCOME": _amount,
    "ACCOUNT_BALANCE": _amount,
    "FINANCIAL": _amount,
}
