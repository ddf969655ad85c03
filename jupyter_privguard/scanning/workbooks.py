"""Sheets of .xlsx (ECMA-376) and .ods (OpenDocument 1.3) as rows of cells, tag by tag; no entity is resolved."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["dates_in", "ods_sheets", "shared_texts", "xlsx_rows"]

Row = dict[int, Any]
"""Cells by column, from 0; what is empty is left out."""

_TAG = re.compile(r"<(?P<end>/?)(?:\w{1,20}:)?(?P<name>[\w-]{1,60})(?P<told>[^<>]*?)(?P<empty>/?)>")
_TOLD = re.compile(r"(?:\w{1,20}:)?([\w-]{1,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_MOST_COLUMNS = 16_384
_EPOCH = datetime.date(1899, 12, 30)
_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Numbers of the formats that are dates (ECMA-376 part 1, 18.8.30)."""
_OF_DATES = re.compile(r"[yd]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def _tags(text: str) -> Iterator[tuple[str, bool, bool, str, str]]:
    """Name, whether it ends an element, whether it is an element without content, attributes, and the text before."""
    at = 0
    for found in _TAG.finditer(text):
        yield (
            found["name"],
            bool(found["end"]),
            bool(found["empty"]),
            found["told"],
            text[at : found.start()],
        )
        at = found.end()


def _told(attributes: str) -> dict[str, str]:
    return {name: html.unescape(one or other) for name, one, other in _TOLD.findall(attributes)}


def shared_texts(text: str) -> list[str]:
    """The texts that cells of a workbook refer to by number."""
    found: list[str] = []
    parts: list[str] = []
    is_said = True
    for name, is_end, _, _, before in _tags(text):
        if name == "rPh":
            is_said = is_end  # how it is read aloud, which is no part of it
        elif name == "t" and is_end and is_said:
            parts.append(before)
        elif name == "si" and (is_end or not before.strip()):
            if is_end:
                found.append(html.unescape("".join(parts)))
            parts = []
    return found


def dates_in(text: str) -> set[int]:
    """Which styles of cells show numbers as dates, of those in ``styles.xml``."""
    formats: set[str] = {str(number) for number in _DATES}
    dates: set[int] = set()
    is_of_cells, at = False, 0
    for name, is_end, _, attributes, _ in _tags(text):
        if name == "numFmt":
            told = _told(attributes)
            if _OF_DATES.search(_LITERAL.sub("", told.get("formatCode", ""))):
                formats.add(told.get("numFmtId", ""))
        elif name == "cellXfs":
            is_of_cells = not is_end
        elif name == "xf" and is_of_cells and not is_end:
            if _told(attributes).get("numFmtId") in formats:
                dates.add(at)
            at += 1
    return dates


def xlsx_rows(text: str, shared: list[str], dates: set[int]) -> Iterator[Row]:
    """The rows of one sheet that hold something."""
    row: Row = {}
    column, told, value = -1, {}, ""
    for name, is_end, is_empty, attributes, before in _tags(text):
        if name == "row":
            if is_end and row:
                yield row
            row, column = {}, -1
        elif name == "c" and not is_end:
            told, value = _told(attributes), ""
            column = _column(told.get("r", ""), column + 1)
        elif name in ("v", "t") and is_end:
            value += before
        if name == "c" and (is_end or is_empty) and value and column < _MOST_COLUMNS:
            cell = _cell(html.unescape(value), told, shared, dates)
            if cell is not None:
                row[column] = cell
    if row:
        yield row


def _column(place: str, expected: int) -> int:
    """``C7`` is column 2."""
    letters = place.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return expected
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(value: str, told: dict[str, str], shared: list[str], dates: set[int]) -> Any:
    kind = told.get("t", "n")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and len(value) < 10 and int(value) < len(shared) else None
    if kind != "n":
        return value
    try:
        number = float(value)
        if told.get("s", "").isdigit() and int(told["s"]) in dates and 0 < number < 200_000:
            return (_EPOCH + datetime.timedelta(days=int(number))).isoformat()
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    except (ValueError, OverflowError):
        return value


def ods_sheets(text: str) -> Iterator[Iterator[Row]]:
    """The rows that hold something of each sheet of ``content.xml``."""
    at = 0
    while (start := text.find("<table:table ", at)) >= 0:
        end = text.find("</table:table>", start)
        end = len(text) if end < 0 else end
        yield _ods_rows(text[start:end])
        at = end


def _ods_rows(text: str) -> Iterator[Row]:
    row: Row = {}
    column, width, told = 0, 0, {}
    parts: list[str] = []
    for name, is_end, is_empty, attributes, before in _tags(text):
        if name == "table-row":
            if is_end and row:
                yield row
            row, column = {}, 0
        elif name in ("table-cell", "covered-table-cell"):
            if not is_end:
                told, parts = _told(attributes), []
                repeated = told.get("number-columns-repeated", "1")
                width = int(repeated) if repeated.isdigit() and len(repeated) < 6 else 1
            if is_end or is_empty:
                if (cell := _ods_cell(told, parts)) not in (None, "") and column < _MOST_COLUMNS:
                    row[column] = cell
                column += width
        elif name in ("p", "span", "a", "s", "line-break", "tab"):
            parts.append(html.unescape(before))
            parts.append(" " if name in ("s", "tab", "line-break") or (name == "p" and is_end) else "")


def _ods_cell(told: dict[str, str], parts: list[str]) -> Any:
    kind = told.get("value-type", "")
    if kind == "date":
        return told.get("date-value", "")[:10]
    if kind in ("float", "currency", "percentage"):
        try:
            number = float(told.get("value", ""))
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        except (ValueError, OverflowError):
            return None
    return told.get("string-value") or " ".join("".join(parts).split())
