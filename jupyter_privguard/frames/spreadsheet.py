"""Text that a spreadsheet would run, made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

__all__ = ["csv_text", "defused", "defused_csv", "defused_text", "may_begin_formula"]

_UNSEEN = "".join(
    chr(code)
    for first, last in (
        *((0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x180E, 0x180E)),
        *((0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
    )
    for code in range(first, last + 1)
)
"""Blanks, controls and marks without width: a program may drop them and then see what comes next as the first."""

# OWASP, "CSV Injection": = + - @, tab and line breaks at the beginning of a cell, full-width and small forms too.
_FORMULA = re.compile(
    rf"[{_UNSEEN}]*(?:[=+@\uff1d\uff0b\uff20\ufe66\ufe62\ufe6b]|[-\uff0d\ufe63](?![0-9]+(?:\.[0-9]+)?$))|[\t\r\n]"
)
_BEGINNINGS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b" + _UNSEEN)


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


def csv_text(frame: Any, *, line_end: str, **options: Any) -> str:
    """``frame.to_csv(**options)`` with every cell that holds a line break in quotes, a lone carriage return too.

    Python before 3.13 leaves that one bare: who reads it sees a row's end, and what stands behind it as a new cell.
    """
    text = str(frame.to_csv(lineterminator=line_end, **options))
    if "\r" in line_end or "\r" not in text:
        return text
    return str(frame.to_csv(lineterminator=_ROW_END, **options)).replace(_ROW_END, line_end)


_ROW_END = "\r\n\0"
"""Stands in no cell; any letter of a row's end in a cell puts that in quotes."""


def _may_hold_one(values: Any) -> bool:
    """Whether some first letter is one of a formula: far quicker than to look at each text."""
    try:
        return not _BEGINNINGS.isdisjoint(values.str.slice(0, 1).dropna().unique())
    except (AttributeError, TypeError, ValueError):  # not text alone: `_cell` looks at each
        return True


def may_begin_formula(texts: Any) -> Any:
    """For each text of a pandas Series whether its first letter is one of a formula's."""
    return texts.str.slice(0, 1).isin(_BEGINNINGS)


def _all_defused(values: list[Any]) -> list[Any]:
    return [_cell(value) for value in values]


def defused_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would see a formula.

    A plain negative number stays as it is: it is harmless, and a changed number is a wrong one. A
    phone number like +49… gets one: a spreadsheet would add it up and lose the sign.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def defused_csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A header and rows as CSV (RFC 4180), CR LF at each end; None is empty, and no cell of a row is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(["" if cell is None else defused_text(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    return defused_text(value) if isinstance(value, str) else value


def _label(label: Hashable) -> Hashable:
    if isinstance(label, tuple):
        return tuple(_cell(part) for part in label)
    return _cell(label)  # type: ignore[no-any-return]  # a label in, a label out
