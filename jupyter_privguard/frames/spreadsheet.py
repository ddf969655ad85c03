"""Text that a spreadsheet would run, made harmless."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

__all__ = ["defused", "defused_text"]

# OWASP, "CSV Injection": = + - @, tab and line breaks at the beginning of a cell, full-width forms too.
_FORMULA = re.compile(r"\s*[=+@\uff1d\uff0b\uff20]|[\t\r\n]|\s*[-\uff0d](?!\d+(?:\.\d+)?$)", re.ASCII)
_BEGINNINGS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20 \t\r\n\v\f")


def defused(frame: Any) -> Any:  # a pandas frame in and out
    """The frame with an apostrophe before every text that begins like a formula, labels too.

    A frame in which there is none comes back as it is; one that is changed is a new one.
    """
    from .engines.pandas import view

    seen = view(frame)
    if seen is None:
        raise TypeError("defused() takes a DataFrame")
    may_hold_text = [
        p for p in range(seen.width) if frame.dtypes.iloc[p].kind not in "biufcmM" and _may_hold_one(frame.iloc[:, p])
    ]
    levels = range(seen.width, len(seen.labels))
    labels = [_label(label) for label in seen.labels]
    if not may_hold_text and not levels and labels == list(seen.labels):
        return frame
    return seen.masked(dict.fromkeys((*may_hold_text, *levels), _all_defused), labels)


def _may_hold_one(values: Any) -> bool:
    """Whether some first letter is one of a formula: far quicker than to look at each text."""
    try:
        return not _BEGINNINGS.isdisjoint(values.str.slice(0, 1).dropna().unique())
    except (AttributeError, TypeError, ValueError):  # not text alone: `_cell` looks at each
        return True


def _all_defused(values: list[Any]) -> list[Any]:
    return [_cell(value) for value in values]


def defused_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would see a formula.

    A plain negative number stays as it is: it is harmless, and a changed number is a wrong one. A
    phone number like +49… gets one: a spreadsheet would add it up and lose the sign.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> Any:
    return defused_text(value) if isinstance(value, str) else value


def _label(label: Hashable) -> Hashable:
    if isinstance(label, tuple):
        return tuple(_cell(part) for part in label)
    return _cell(label)  # type: ignore[no-any-return]  # a label in, a label out
