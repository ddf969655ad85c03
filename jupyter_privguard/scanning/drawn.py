"""Numbers that draw a picture, are a series, or say where something lies in memory: check digits fit by chance."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .secrets import Hit

__all__ = ["are_addresses", "in_series", "is_address", "without_drawings"]

_PATH = r"[Mm][MmLlHhVvCcSsQqTtAaZzEe\d.,+\-\s]{8,}+"
_POINTS = r"(?:[-+.\d][\dEe.+-]*+[\s,]++){3,}+[-+.\d][\dEe.+-]*+"
_TURNS = r"\s*+(?:(?:matrix|translate|scale|rotate|skew[XY])\s*+\([-+\d.,eE\s]*+\)[\s,]*+)++"
_DRAWING = re.compile(
    rf"""(?<![\w-])(?:d["']?\s*[=:]\s*\\?["'`]\s*(?P<d>{_PATH})"""
    rf"""|(?:points|viewBox|values|keySplines|keyTimes|stroke-dasharray)\s*=\s*\\?["']\s*(?P<points>{_POINTS})"""
    rf"""|(?:\w{{1,20}})?[tT]ransform\s*=\s*\\?["'](?P<turns>{_TURNS}))"""
)
"""Attributes of SVG 1.1: path data (8.3), points (9.7), transforms (7.6), view boxes (7.7) and animations."""
_NUMBER = re.compile(r"\d+")
_BROKEN = re.compile(r"[\d(+][\d.,()/ +-]*[^\d][\d.,()/ +-]*\d")
_BEFORE = re.compile(r"[-+\d.,;|eE \t]*+\Z")
_AFTER = re.compile(r"[-+\d.,;|eE \t]*+")
_AROUND = 240
"""Characters on each side in which a series is looked for."""
_MANY = 12
"""Other numbers in a row from which on they are a series."""
_ALIGNED = 16
_HEAPS = ((0x5500_0000_0000, 0x5700_0000_0000), (0x7C00_0000_0000, 0x8000_0000_0000))
"""Where programs and what they load lie on 64-bit systems of Linux."""
_NAME_OF_NIR = re.compile(r"nir\b|insee|s[ée]cu|immatric|nss\b", re.IGNORECASE)
_NEAR = 30


def without_drawings(text: str) -> str:
    """``text``, as long, with blanks for the numbers of paths, points, turns and view boxes of SVG."""
    if len(text) < 12:
        return text
    return _DRAWING.sub(_blanked, text)


def _blanked(found: re.Match[str]) -> str:
    start, end = found.span(found.lastgroup or 0)
    start, end = start - found.start(), end - found.start()
    said = found.group()
    return said[:start] + " " * (end - start) + said[end:]


def in_series(hit: Hit, text: str, hits: Sequence[Hit]) -> bool:
    """Whether ``hit`` was put together of numbers of a row in a line, many of which are no part of any of ``hits``.

    ``hits`` are sorted, and ``hit`` is one of them. Digits without a gap are no matter of where they stand; nor is
    the address of a machine.
    """
    value = text[hit.start : hit.end]
    if hit.entity == "IP_ADDRESS" or _BROKEN.fullmatch(value) is None:
        return False
    before = _BEFORE.search(text, max(0, hit.start - _AROUND), hit.start)
    after = _AFTER.match(text, hit.end, hit.end + _AROUND)
    first, last = before.start() if before else hit.start, after.end() if after else hit.end
    others = claimed = 0
    for number in _NUMBER.finditer(text, first, last):
        at = bisect_right(hits, number.start(), key=lambda one: one.start) - 1
        if at >= 0 and hits[at].end > number.start():
            claimed += 1
        else:
            others += 1
    return others >= _MANY and others * 3 >= claimed


def are_addresses(values: Sequence[object]) -> bool:
    """Whether all are whole numbers that Python gives as ``id`` of its objects."""
    return bool(values) and all(map(_is_address, values))


def _is_address(value: object) -> bool:
    if isinstance(value, str):
        if not value.isascii() or not value.isdigit() or len(value) > 16:
            return False
        value = int(value)
    if not isinstance(value, int) or value % _ALIGNED:
        return False
    return any(low <= value < high for low, high in _HEAPS)


def is_address(hit: Hit, text: str) -> bool:
    """Whether what looks like a number of a person's insurance in France is where something lies in memory."""
    if hit.entity != "FR_NIR" or not are_addresses([text[hit.start : hit.end]]):
        return False
    return _NAME_OF_NIR.search(text, max(0, hit.start - _NEAR), hit.start) is None
