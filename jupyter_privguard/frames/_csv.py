"""What can be known of CSV by looking at its bytes, block by block, at the speed of numpy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

__all__ = [
    "Block",
    "blocks",
    "fields_of_rows",
    "first_row_end",
    "keeps_leading_zeros",
    "line_at",
    "line_breaks",
    "other_separator",
]

_CHUNK = 1 << 20
_LOOKED_AT, _MOST = 20, 0.9
_LONGEST_ROW = 32 << 20
_OTHERS = ";\t,|"
_TOLD = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=([^\r\n])"?(?:\r|\n|\Z)', re.IGNORECASE)
_LINE = re.compile(r"\r\n|\n|\r")


class Block(NamedTuple):
    """Whole rows of a file."""

    start: int
    """Offset in the file."""
    data: bytes
    outline: bytes
    """As long as ``data``; in it whatever stands between quotes is blanked, so that breaks and separators are real."""


def blocks(file: BinaryIO, separator: str, size: int) -> Iterator[Block]:
    """The file from its beginning, cut between rows into blocks of about ``size`` bytes.

    ValueError for a row of more than 32 MiB: a quote was opened and not closed.
    """
    start, left = 0, b""
    while True:
        more = file.read(max(size, len(left)))
        data = left + more
        if not data:
            return
        shape = _outline(data, separator)
        end = _end_of_rows(shape) if more else len(data)
        if end:
            yield Block(start, data[:end], shape[:end])
            start += end
        elif len(data) > _LONGEST_ROW:
            raise ValueError("a row without an end")
        left = data[end:]


def _end_of_rows(outline: bytes) -> int:
    """One past the last line break that is surely a whole one: a CR at the end may be half of a CR LF."""
    return max(outline.rfind(b"\n"), outline.rfind(b"\r", 0, len(outline) - 1)) + 1


def _outline(data: bytes, separator: str) -> bytes:
    """``data``, which begins with a row, with everything between quotes as the letter x."""
    if b'"' not in data:
        return data
    return _by_parity(data, separator) or _quoted(separator).sub(lambda found: b"x" * len(found[0]), data)


def _by_parity(data: bytes, separator: str) -> bytes | None:
    """By counting quotes; None where one stands inside of unquoted text, because then counting misleads."""
    import numpy as np

    content = np.frombuffer(data, dtype=np.uint8)
    is_quote = content == ord('"')
    quotes = np.flatnonzero(is_quote)
    opening = quotes[::2]
    # Each opening one stands where a field begins, or right behind a closing one: a doubled quote.
    begins = np.zeros(256, dtype=bool)
    before = np.where(opening > 0, content[opening - 1], ord("\n"))
    begins[list(b"\n\r" + separator.encode())] = True
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == quotes[1::2][: len(opening) - 1] + 1
    if not (begins[before] | doubled).all():
        return None
    # Eight bits overflow, but the last of them is the parity all the same.
    inside = (np.cumsum(is_quote, dtype=np.uint8) % 2 == 1) | is_quote
    return np.where(inside, np.uint8(ord("x")), content).tobytes()


@cache
def _quoted(separator: str) -> re.Pattern[bytes]:
    """A field in quotes, with its beginning at the beginning of a field; unquoted text may hold quotes."""
    mark = re.escape(separator.encode())
    return re.compile(rb"(?<![^\r\n" + mark + rb'])"(?:[^"]++|"")*+(?:"|\Z)')


def fields_of_rows(outline: bytes, separator: str) -> tuple[int, int, int] | None:
    """Fields of the first row, and place (counting blank rows) and fields of the first that has other ones.

    The place is −1 when all rows are alike; None when all of them are blank.
    """
    import numpy as np

    if b"\r" in outline:
        outline = outline.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    content = np.frombuffer(outline if outline.endswith(b"\n") else outline + b"\n", dtype=np.uint8)
    ends = np.flatnonzero(content == ord("\n"))
    # How many separators stand before each row's end; the difference is the row's own.
    fields = np.diff(np.searchsorted(np.flatnonzero(content == ord(separator)), ends), prepend=0) + 1
    filled = np.flatnonzero(np.diff(ends, prepend=-1) > 1)
    if not len(filled):
        return None
    wanted = int(fields[filled[0]])
    wrong = filled[fields[filled] != wanted]
    return (wanted, int(wrong[0]), int(fields[wrong[0]])) if len(wrong) else (wanted, -1, wanted)


_BREAK = re.compile(rb"\r\n|\n|\r")


def line_at(block: Block, row: int) -> int:
    """The number, from 0 in the block, of the line in which its row ``row`` begins."""
    start = 0
    for place, found in enumerate(_BREAK.finditer(block.outline), start=1):
        if place > row:
            break
        start = found.end()
    return line_breaks(block.data[:start])


def line_breaks(data: bytes) -> int:
    """Number of line breaks of any kind."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def first_row_end(outline: bytes) -> int:
    """Where the first row that is not blank ends, its line break included; 0 when there is none."""
    found = re.match(rb"[\r\n]*+[^\r\n]++(?:\r\n|\n|\r|\Z)", outline)
    return found.end() if found else 0


def keeps_leading_zeros(data: bytes, separator: str) -> bool:
    """Whether some field begins with a zero and another digit, as codes do and numbers do not."""
    import numpy as np

    before = np.zeros(256, dtype=bool)
    before[list(b'\n\r"' + separator.encode())] = True
    content = np.frombuffer(b"\n" + data, dtype=np.uint8)
    for start in range(0, max(len(content) - 2, 0), _CHUNK):
        part = content[start : start + _CHUNK + 2]
        zeros = np.flatnonzero(part[1:-1] == ord("0"))
        after = part[zeros + 2]
        digits = zeros[(after >= ord("0")) & (after <= ord("9"))]
        if before[part[digits]].any():
            return True
    return False


def other_separator(data: bytes, separator: str) -> str | None:
    """The separator that parts the first lines when it is not ``separator``; None when it may be.

    A table read with the wrong one is a single column of text, in which nothing is recognised. Spreadsheets may name
    it in a line of its own (``sep=;``); else it parts the first line and most of the others into as many fields.
    """
    told = _TOLD.match(data)
    if told and (said := told[1].decode("ascii", "replace")) in _OTHERS.replace(separator, ""):
        return said
    for other in _OTHERS.replace(separator, ""):
        # Only the last of the lines may be cut off.
        outline = _outline(data[:_CHUNK], other).decode("utf-8", "ignore")
        lines = [line for line in _LINE.split(outline) if line.strip()][:_LOOKED_AT]
        if not lines or separator in lines[0]:
            continue
        wanted = lines[0].count(other)
        if wanted and sum(line.count(other) == wanted for line in lines[1:]) >= _MOST * (len(lines) - 1):
            return other
    return None
