"""Masked copies in the types of their originals, and what of them was changed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from numbers import Real
from typing import Any

from .._later import later
from . import explicit_view

__all__ = ["BAND_UNITS", "number_in", "typed_array", "typed_copy", "typed_like", "values_changed"]

# `Any` in this file is a table, array or tree of any library.

_NUMBER = later(r"(-?\d{1,9}(?:\.\d+)?)(k|M|bn)?")
BAND_UNITS: dict[str | None, int] = {None: 1, "k": 10**3, "M": 10**6, "bn": 10**9}
"""What is behind a number in a band, and how often the number counts."""


def number_in(text: str) -> float:
    """The number that a mask's text begins with, as 30,000 of ``30k-40k``; nought where it begins with none."""
    found = _NUMBER.match(text)
    return float(found[1]) * BAND_UNITS[found[2]] if found else 0.0


def typed_like(masked: Any, raw: Any) -> Any:
    """``masked`` dicts and lists with a number wherever ``raw`` has one: that of `number_in`."""
    if _is_number(raw) and not _is_number(masked):
        return type(raw)(number_in(str(masked)))
    if isinstance(raw, Mapping) and isinstance(masked, Mapping) and len(raw) == len(masked):
        pairs = zip(masked.items(), raw.values(), strict=True)
        return {key: typed_like(item, before) for (key, item), before in pairs}
    if isinstance(raw, (list, tuple)) and isinstance(masked, (list, tuple)) and len(raw) == len(masked):
        return type(raw)(typed_like(item, before) for item, before in zip(masked, raw, strict=True))
    return masked


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def typed_copy(masked: Any, raw: Any) -> Any:
    """``masked``, a masked copy of ``raw``, with the types of its columns, where a model insists on them.

    A band becomes its first number, a year its first day, and what begins with neither becomes nought. For tables of
    pandas; others stay as they are.
    """
    if type(raw).__module__.partition(".")[0] != "pandas":
        return masked
    return import_module(".engines.pandas_typed", __package__).typed_copy(masked, raw)


def typed_array(rows: Any, raw: Any) -> Any:
    """An array of numpy with the values ``rows``, of the type and shape of ``raw``."""
    made: Any = import_module(".engines.pandas_typed", __package__).typed_array(rows, raw)
    return made


def values_changed(masked: Any, raw: Any) -> dict[int, int]:
    """By position of each column that was masked the number of distinct values that do not stand in it any more."""
    before, after = explicit_view(raw, whole=True), explicit_view(masked, whole=True)
    if before is None or after is None:
        return {}
    found: dict[int, int] = {}
    for position in range(len(before.labels)):
        left = {repr(value) for value in after.distinct(position)}
        if gone := sum(repr(value) not in left for value in before.distinct(position)):
            found[position] = gone
    return found
