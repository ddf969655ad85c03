"""Text that a spreadsheet would run, made harmless."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

__all__ = ["defused"]

# OWASP, "CSV Injection": = + - @, tab and carriage return at the beginning of a cell.
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(?:\.\d+)?$)|\s+[=+@]", re.ASCII)


def defused(frame: Any) -> Any:  # a pandas frame in, a new one out
    """The frame with an apostrophe before every text that begins like a formula, labels too.

    A plain negative number stays as it is: it is harmless, and a changed number is a wrong one.
    """
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


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _label(label: Hashable) -> Hashable:
    if isinstance(label, tuple):
        return tuple(_cell(part) for part in label)
    return _cell(label)  # type: ignore[no-any-return]  # a label in, a label out
