"""CSV, TSV and Parquet files: their columns, and where each field of a text file is written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from ..errors import InputError
from ..frames import FrameView, view
from ..frames.files import read_from
from .findings import Edit
from .pieces import REDACTED, Cell, Column, Unreadable

__all__ = ["columns_of_csv", "columns_of_table", "table_in"]

_MOST_FIELDS = 20_000_000
_SEPARATORS = ",;\t|"


def columns_of_csv(text: str) -> list[Column]:
    """The columns of a CSV or TSV, each cell with what takes it out; Unreadable where rows differ in length."""
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=first.count)
    if not first.count(separator) and not first.strip():
        raise Unreadable("its first line is empty")
    rows = _rows(text, separator)
    try:
        heads = next(rows)
    except StopIteration:
        return []
    columns = [Column(_value(text, *head), []) for head in heads]
    for number, row in enumerate(rows, 2):
        if len(row) == 1 and row[0][0] == row[0][1]:
            continue
        if len(row) != len(columns):
            raise Unreadable(f"row {number} has {len(row)} fields, and the first row {len(columns)}")
        for column, (start, end) in zip(columns, row, strict=True):
            is_quoted = text[start : start + 1] == '"' and end - start >= 2
            column.cells.append(Cell(_value(text, start, end), Edit(start + is_quoted, end - is_quoted, REDACTED)))
    return columns


def _rows(text: str, separator: str) -> Iterator[list[tuple[int, int]]]:
    """The places of the fields of each row (RFC 4180)."""
    field = re.compile(rf'"(?:[^"]|"")*+"(?=[{re.escape(separator)}\r\n]|\Z)|[^{re.escape(separator)}\r\n]*+')
    at, size = int(text.startswith("\ufeff")), len(text)
    row: list[tuple[int, int]] = []
    for _ in range(_MOST_FIELDS):
        found = field.match(text, at)
        row.append(found.span())  # type: ignore[union-attr] # an empty field matches anywhere
        at = found.end()  # type: ignore[union-attr]
        if at < size and text[at] == separator:
            at += 1
            continue
        yield row
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= size:
            return
    raise Unreadable(f"it has more than {_MOST_FIELDS} fields")


def _value(text: str, start: int, end: int) -> str:
    value = text[start:end]
    return value[1:-1].replace('""', '"') if value[:1] == '"' and len(value) >= 2 else value


def table_in(data: bytes, name: str) -> FrameView:
    """The table in a CSV, TSV or Parquet file, as `privguard classify` reads it; Unreadable where it is none."""
    try:
        frame = view(read_from(io.BytesIO(data), name))
    except InputError:
        raise Unreadable(f"it cannot be read as {'Parquet' if name.endswith('.parquet') else 'a table'}") from None
    if frame is None:
        raise Unreadable("it holds no table")
    return frame


def columns_of_table(frame: FrameView) -> list[Column]:
    """The columns of a table, none of which can be changed in place; each value once."""
    return [
        Column(str(label), [Cell(value) for value in frame.distinct(place)]) for place, label in enumerate(frame.labels)
    ]
