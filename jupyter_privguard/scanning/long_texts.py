"""What long texts hold, window by window; and how it is taken out of them without holding them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from .findings import Edit, Finding
from .judging import by_place
from .merging import merged
from .sources import Source
from .windows import Window, windows_of

__all__ = ["Look", "found_in_windows", "write_fixed"]

Look = Callable[[str], Iterator[Finding]]
"""What stands in a text, with places and edits of that text."""

_MOST_ROUNDS = 5


def found_in_windows(source: Source, encoding: str, look: Look, *, rows: bool, table: bool) -> Iterator[Finding]:
    """What the text in ``source`` holds, the findings of one column as one."""

    def found() -> Iterator[Finding]:
        for window in windows_of(source, encoding, rows=rows, table=table):
            for one in look(window.head + window.text):
                if (own := _own(one, window)) is not None:
                    window.end = max(window.end, *(edit.end for edit in own.edits[-1:]))
                    yield _placed(own, window)

    return merged(found())


def _own(one: Finding, window: Window) -> Finding | None:
    """What of a finding is told of this window; its edits are those of the window's text."""
    begin = len(window.head)
    edits = tuple(Edit(edit.start - begin, edit.end - begin, edit.text) for edit in one.edits)
    kept = tuple(edit for edit in edits if 0 <= edit.start < window.own)
    if edits and not kept:
        return None
    count = len(kept) if len(kept) < len(edits) else one.count
    return replace(one, edits=kept, count=count)


def _placed(one: Finding, window: Window) -> Finding:
    """The finding with its place in the file. One edit is kept, which says that it can be taken out."""
    place = one.place
    if place.line is not None:
        line = place.line - window.head.count("\n")
        at = place.at + window.before if line == 1 and place.at is not None else place.at
        place = place._replace(line=line + window.line, at=at)
    told = by_place(one.path, place._replace(line=None, at=None) if place.column else place, one.entity)
    keyed = told if one.fingerprint == one.by_place else one.fingerprint
    return replace(one, place=place, by_place=told, fingerprint=keyed, edits=one.edits[:1])


def write_fixed(
    source: Source,
    out: BinaryIO,
    encoding: str,
    find: Callable[[str], list[Finding]],
    *,
    rows: bool,
    table: bool,
) -> int:
    """Write to ``out`` the text in ``source`` without what ``find`` finds in it; how many values that were."""
    count = 0
    for number, window in enumerate(windows_of(source, encoding, rows=rows, table=table)):
        text, own = window.text, window.own
        for _ in range(_MOST_ROUNDS):
            now = replace(window, text=text, own=own)
            found = [part for one in find(window.head + text) if (part := _own(one, now)) is not None and part.edits]
            if not found:
                break
            text, own = _without(text, own, sorted(edit for one in found for edit in one.edits))
            count += sum(one.count for one in found)
        window.end = len(window.text) - (len(text) - own)
        out.write(((window.head if not number else "") + text[:own]).encode(encoding))
    return count


def _without(text: str, own: int, edits: list[Edit]) -> tuple[str, int]:
    """The text with the edits, and where what is told of its window ends in it."""
    pieces, at = [], 0
    for edit in edits:
        if edit.start < at:
            at = max(at, edit.end)  # within what is gone already
            continue
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    done = "".join(pieces)
    return done + text[at:], len(done) + max(0, own - at)
