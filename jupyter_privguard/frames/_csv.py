"""What can be known of a CSV file by looking at its bytes, at the speed of numpy."""

from __future__ import annotations

import codecs
import csv
import io

__all__ = ["first_ragged_line", "first_undecodable_byte", "keeps_leading_zeros", "other_separator"]

_CHUNK = 1 << 20
_LOOKED_AT = 20


def first_undecodable_byte(data: bytes) -> int | None:
    """Offset of the first byte that is not UTF-8; None when all is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - kept + error.start
    return None


def keeps_leading_zeros(data: bytes, separator: str) -> bool:
    """Whether some field begins with a zero and another digit, as codes do and numbers do not."""
    import numpy as np

    before = np.zeros(256, dtype=bool)
    before[list(b'\n\r"' + separator.encode())] = True
    content = np.frombuffer(data, dtype=np.uint8)
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

    A table read with the wrong one is a single column of text, in which nothing is recognised.
    """
    lines = [line for line in data[:_CHUNK].decode("utf-8", "ignore").splitlines() if line.strip()][:_LOOKED_AT]
    if not lines or separator in lines[0]:
        return None
    for other in ";\t,|":
        counts = {line.count(other) for line in lines}
        if other != separator and len(counts) == 1 and counts != {0}:
            return other
    return None


def first_ragged_line(data: bytes, separator: str) -> tuple[int, int, int] | None:
    """Line number, its fields and the fields of the first line, for the first row that differs.

    Blank lines do not count. Quoted fields may hold separators and line breaks (RFC 4180).
    """
    found = _ragged_by_bytes(data, separator)
    if found is None or b'"' not in data:
        return found
    # A quote in the middle of an unquoted field is text; counting quotes cannot know, a reader can.
    return _ragged_by_reader(data, separator)


def _ragged_by_bytes(data: bytes, separator: str) -> tuple[int, int, int] | None:
    import numpy as np

    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    content = np.frombuffer(data + b"\n", dtype=np.uint8)
    breaks = content == ord("\n")
    separators = content == ord(separator)
    if b'"' in data:
        # Eight bits overflow, but the last of them is the parity all the same.
        outside = np.cumsum(content == ord('"'), dtype=np.uint8) % 2 == 0
        breaks &= outside
        separators &= outside
    ends = np.flatnonzero(breaks)
    if not len(ends):
        return None
    # How many separators stand before each line's end; the difference is the line's own.
    fields = np.diff(np.searchsorted(np.flatnonzero(separators), ends), prepend=0) + 1
    lengths = np.diff(ends, prepend=-1) - 1
    filled = np.flatnonzero(lengths > 0)
    if not len(filled):
        return None
    wanted = fields[filled[0]]
    wrong = filled[fields[filled] != wanted]
    if not len(wrong):
        return None
    start = 0 if wrong[0] == 0 else int(ends[wrong[0] - 1]) + 1
    line = int((content[:start] == ord("\n")).sum()) + 1
    return line, int(fields[wrong[0]]), int(wanted)


def _ragged_by_reader(data: bytes, separator: str) -> tuple[int, int, int] | None:
    wanted = 0
    line = 1
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator)
    try:
        for row in reader:
            if row and not wanted:
                wanted = len(row)
            if row and len(row) != wanted:
                return line, len(row), wanted
            line = reader.line_num + 1
    except csv.Error:  # a field longer than this reader takes; pandas will say
        return None
    return None
