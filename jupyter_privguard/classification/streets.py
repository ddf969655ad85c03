"""A street word and a house number, next to each other as languages put them.

Number first (“12 Maple Street”, “12, rue des Lilas”) or last (“Lindenallee 14”, “Calle Mayor 143”). Street words
are also shoes, doctors and ways to send something, so the order counts.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_street_address"]

_NUMBER = r"\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?(?: -)?"
_WORD = r"[^\W_][\w.'’-]*"
_CLEAR = r"(?:street|road|avenue|lane|boulevard|blvd|highway|hwy|pkwy|parkway|terrace)"
_SHORT = r"(?:st|rd|ave|ln|drive|dr|court|ct|circle|cir|plaza|pl|way|close|square)"
_UNIT = r"(?:apt|apartment|unit|suite|ste|flat|floor|n|s|e|w|ne|nw|se|sw)"
_STATE = (
    r"(?:a[a-z]|c[aot]|d[ce]|f[lm]|g[au]|hi|i[adln]|k[sy]|la|m[a-z]|n[a-z]|o[hkr]|p[arw]|ri|s[cd]|t[nx]|ut|v[ait]"
    r"|w[aivy])"
)
_ROMANCE = r"(?:rue|chemin|impasse|quai|calle|avenida|av|plaza|paseo|rua|travessa|alameda|via|viale|corso|piazza|ul|al)"
_FORMS = (
    rf"\b{_NUMBER},? (?:{_WORD} ){{1,4}}{_CLEAR}\b",
    rf"\b{_NUMBER},? (?:{_WORD} ){{1,4}}{_SHORT}\.?(?=$|[,;\n]| #| \d| {_UNIT}\b)",
    rf"\b{_NUMBER} (?:{_WORD} )?(?:highway|hwy|avenue) \d",
    rf"\b{_NUMBER},? (?:bis,? |ter,? )?(?:rue|chemin|impasse|quai|avenue|boulevard|allée|place)\b \w",
    rf"(?:^|[,;\n] ?){_ROMANCE}\.? (?:{_WORD},? ){{0,5}}{_WORD},? ?(?:n[.°º]? ?|nº ?|#|no\.? )?\d",
    rf"\b{_WORD},? {_CLEAR},? (?:#|no\.? )?\d",
    r"(?:stra(?:ss|ß)e|str\.|weg|gasse|allee|platz|straat|laan|plein|gracht) ?\d{1,4} ?[a-z]?\b",
    r"\d.*\b(?:nagar|marg|colony)\b|\b(?:nagar|marg|colony)\b.*\d",
    rf"\b(?:flat|apartment|apt)\.? ?#?{_NUMBER},? {_WORD} {_WORD}",
    rf"\b{_NUMBER}, (?:{_WORD} ){{0,3}}layout\b",
    # Whatever the street is called, where a unit or a state and its ZIP code follow.
    rf"^{_NUMBER},? (?:{_WORD} ){{1,4}}(?:apt|apartment|suite|ste|unit)\.? #?\d",
    rf"^{_NUMBER},? (?:{_WORD},? ){{2,8}}{_STATE},? \d{{5}}(?:-\d{{4}})?(?:,? (?:usa?|united states))?$",
    r"^(?:psc|unit|cmr) \d{1,5},? box \d{1,5}\b|\b[fad]po,? a[aep] \d{5}$",
    r"\b(?:p\.?o\.? box|postfach) \d",
    r"\d.*[路街号丁目]|[路街号丁目].*\d|[\u4e00-\u9fff々ヶ]{2,}\d{1,4}(?:-\d{1,4}){1,3}",
)


@cache
def _address() -> re.Pattern[str]:
    return re.compile("|".join(_FORMS), re.IGNORECASE)


def is_street_address(text: str) -> bool:
    """Whether a street word and a house number stand in ``text`` as they do in an address."""
    return _address().search(" ".join(text.split())) is not None
