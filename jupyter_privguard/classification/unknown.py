"""Columns that nobody recognises and that could still single somebody out."""

from __future__ import annotations

import re

from ..frames.engine import Kind
from . import checksums
from .facts import ColumnFacts
from .shapes import full, year_in

__all__ = ["is_harmless", "is_unknown"]

_ROWS, _DISTINCT = 20, 0.9
_MEASURES = frozenset(
    "amount amt price cost fee total sum count qty quantity number_of score rating points value revenue sales profit"
    " budget tax discount size length width weight volume duration seconds minutes hours days months years year"
    " population bytes views visits clicks units epoch timestamp ts time date created updated modified at charges"
    " charge tenure index row rank position usage rate percent".split()
)
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?")
_hash = full(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", ignore_case=True)
_stamp = full(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


def _trade_number(text: str) -> bool:
    """ISBN, EAN, UPC and GTIN by their check digits (ISO 2108; GS1 General Specifications 7.9)."""
    plain = text.replace("-", "").replace(" ", "").upper()
    if len(plain) == 10 and plain[:9].isdecimal() and (plain[9].isdecimal() or plain[9] == "X"):
        total = checksums.weighted(plain[:9], range(10, 1, -1)) + (10 if plain[9] == "X" else int(plain[9]))
        return total % 11 == 0
    if len(plain) not in (8, 12, 13, 14) or not plain.isdecimal():
        return False
    return (sum(map(int, plain[-1::-2])) + 3 * sum(map(int, plain[-2::-2]))) % 10 == 0


def is_harmless(text: str) -> bool:
    """Whether a value is a date, a time, a file hash or a trade number: known, and nobody's."""
    return bool(year_in(text) or _stamp(text) or _TIME.fullmatch(text) or _hash(text) or _trade_number(text))


def is_unknown(facts: ColumnFacts, rows: int) -> bool:
    """Whether a column is text, or whole numbers of one width, whose values nearly all differ over 20 rows or more.

    Measures never are: floats, amounts, counts, times, dates; nor are hashes and trade numbers.
    """
    if rows < _ROWS or facts.seen < _ROWS or len(facts.texts) < _DISTINCT * facts.seen:
        return False
    if _MEASURES.intersection(facts.header.words) or not facts.from_text:
        return False
    if facts.share(is_harmless) >= 0.7:
        return False
    if facts.kind is Kind.INTEGER or all(text.isdecimal() for text in facts.texts):
        return len({len(text) for text in facts.texts}) == 1 and len(facts.texts[0]) > 2
    return facts.kind is Kind.TEXT and facts.share(lambda text: text.replace(".", "", 1).lstrip("-").isdecimal()) < 0.5
