"""Findings taken out of a text file; every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .contents import text_of
from .findings import Edit, Finding

__all__ = ["fixed"]

_MOST_ROUNDS = 5


def fixed(data: bytes, find: Callable[[bytes], Sequence[Finding]]) -> tuple[bytes, int]:
    """``data`` without what ``find`` finds in it and can be taken out, and how many values that were.

    Looked at again until nothing is left: a table of which one column is taken out may be judged anew.
    """
    count = 0
    for _ in range(_MOST_ROUNDS):
        found = [one for one in find(data) if one.can_be_fixed]
        read = text_of(data)
        if not found or read is None:
            break
        text, encoding = read
        new = _edited(text, [edit for one in found for edit in one.edits])
        count += sum(one.count for one in found)
        data = new.encode(encoding)
    return data, count


def _edited(text: str, edits: list[Edit]) -> str:
    pieces, at = [], 0
    for edit in sorted(edits):
        if edit.start < at:
            at = max(at, edit.end)  # within what is gone already
            continue
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join(pieces) + text[at:]
