"""Text that a spreadsheet would run, made harmless."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

__all__ = ["defused", "defused_text"]

# OWASP, "CSV Injection": = + - @, tab and line breaks at the beginning of a cell, full-width forms too.
_FORMULA = re.compile(r"\s*[=+@\uff1d\uff0b\uff20]|[\t\r\n]|\s*[-\uff0d](?!\d+(?:\.\d+)?$)", re.ASCII)


def defused(frame: Any) -> Any:  # a pandas frame in, a new one out
    """The frame with an apostrophe before every text that begins like a formula, labels too."""
    from .engines.pandas import view

    seen = view(frame)
    if seen is None:
        raise TypeError("defused() takes a DataFrame")
    may_hold_text = [p for p in range(seen.width) if frame.dtypes.iloc[p].kind not in "biufcmM"]
    levels = range(seen.width, len(seen.labels))
    mappers = dict.fromkeys((*may_hold_text, *levels), _all_defused)
    return seen.masked(mappers, [_label(label) for label in seen.labels])


def _all_defused(values: list[Any]) -> list[Any]:
    return [_cell(value) for value in values]


def defused_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would see a formula.

    A plain negative number stays as it is: it is harmless, and a changed number is a wrong one.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> Any:
    return defused_text(value) if isinstance(value, str) else value


def _label(label: Hashable) -> Hashable:
    if isinstance(label, tuple):
        return tuple(_cell(part) for part in label)
    return _cell(label)  # type: ignore[no-any-return]  # a label in, a label out
