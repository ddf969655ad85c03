"""What of an address stands before its town: a street and a number are somebody's home in any list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._later import later

__all__ = ["MOST_STREETS", "streets_of"]

MOST_STREETS = 50_000
"""Addresses of a column that are looked at: of a long one the whole addresses are known."""

_STREET = later(r"[^,;\n]*(?=[,;\n])")
_WORDS = later(r"[^\W_]+")
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 10
"""Of which it has either, so that “Flat 4” and “Suite 200” are none."""


def streets_of(addresses: Iterable[Any]) -> list[str]:
    """The different streets with numbers that begin ``addresses``, of those that go on behind them."""
    found: dict[str, None] = {}
    for address in addresses:
        if not issubclass(type(address), str):  # what it says of itself is its own business
            continue
        begin = _STREET.match(str.__str__(address))
        if begin is not None and _is_street(street := begin[0].strip()):
            found[street] = None
    return list(found)


def _is_street(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    if letters < _FEWEST_WORDS or not any(map(str.isdigit, text)):
        return False
    return letters >= _FEWEST_LETTERS or len(_WORDS.findall(text)) >= _FEWEST_WORDS
