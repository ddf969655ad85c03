"""Small tests that several detectors share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

__all__ = ["bare", "folded", "full", "is_day", "number", "vocabulary", "year_in"]

_SEPARATORS = str.maketrans("", "", " -./\u00a0\u2011")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d\d.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: \d{1,2}:\d\d.*)?")
_COMPACT = re.compile(r"((?:18|19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_CJK_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_WORD_DAY = re.compile(r"(?:[^\W\d]{3,10}\.?,? \d{1,2},? (\d{4})|\d{1,2}[ -][^\W\d]{3,10}\.?,?[ -](\d{4}))")
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


def full(pattern: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """A test whether the whole value matches ``pattern``."""
    match = re.compile(pattern, re.IGNORECASE if ignore_case else 0).fullmatch
    return lambda text: match(text) is not None


def bare(text: str) -> str:
    """The value without spaces, dashes, dots and slashes, in upper case."""
    return text.translate(_SEPARATORS).upper()


def folded(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def vocabulary(words: str) -> Callable[[str], bool]:
    """A test whether the value is one of ``words``, which are parted by ``|``; accents and case are folded."""
    known = frozenset(folded(word.strip()) for word in words.split("|"))
    return lambda text: folded(text) in known


def number(text: str) -> float | None:
    """The number that a value is, thousands commas and currency signs aside; None for other text."""
    stripped = text.strip("$€£₹¥ ")
    return float(stripped.replace(",", "")) if len(stripped) < 40 and _NUMBER.fullmatch(stripped) else None


def year_in(text: str) -> int | None:
    """The year of a calendar day in any of the usual notations (also yyyymmdd), else None."""
    if len(text) > 40:
        return None
    for pattern, year, month, day in ((_ISO_DAY, 1, 2, 3), (_COMPACT, 1, 2, 3), (_CJK_DAY, 1, 2, 3)):
        if found := pattern.fullmatch(text):
            return int(found[year]) if 1 <= int(found[month]) <= 12 and 1 <= int(found[day]) <= 31 else None
    if found := _DAY_FIRST.fullmatch(text):  # day first or month first: either may be above 12, not both
        low, high = sorted((int(found[1]), int(found[2])))
        return int(found[3]) if 1 <= low <= 12 and high <= 31 else None
    if found := _WORD_DAY.fullmatch(text):
        return int(found[1] or found[2])
    return None


def is_day(year: str, month: str, day: str) -> bool:
    """Whether these digits are a month and day that a year may have."""
    return 1 <= int(month) <= 12 and 1 <= int(day) <= (29 if month == "02" else 31) and len(year) > 0
