"""Texts that tables became: where such a text is shown, its masked form stands in its place.

A number in a table is masked by its column, and in a text there are no columns any more. So the
last texts of tables are remembered, and exchanged as a whole. A text may be shown by a later cell
(``text = str(df)``, `%%capture`) or arrive there (a thread, a pipe), so they outlive their cell,
but not the tables: what is left of a table after its cell is its masked text at the lowest tier.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from ..sight import PUBLIC, Sight

__all__ = ["Rendering", "Renderings"]

_KEPT = 20
_LONGEST = 200_000
"""Characters of a text that is worth masking in case that a later cell shows it."""
_MOST_LINES = 500

_SHORTEST_LINE = 8
"""Characters of a table's line that is looked for on its own."""


class Rendering:
    """A text that a table became, and how to make the masked one of a sight if it is ever shown."""

    def __init__(self, raw: str, key: str, make: Callable[[Sight], str]) -> None:
        self.raw = raw
        self.key = key
        """The run in which it was made."""
        self._make: Callable[[Sight], str] | None = make
        self._made: dict[Sight, str] = {}

    @cached_property
    def lines(self) -> dict[str, int]:
        """Its lines without what indents them, and their numbers."""
        return {line.strip(): number for number, line in enumerate(self.raw.splitlines())}

    def masked(self, sight: Sight) -> str:
        """The masked text, made when it is first asked for."""
        if sight not in self._made:
            if self._make is None:
                return self._made[PUBLIC]
            self._made[sight] = self._make(sight)
        return self._made[sight]

    def settle(self) -> None:
        """Let go of the table."""
        if self._make is None:
            return
        if PUBLIC not in self._made and len(self.raw) > _LONGEST:
            self._made[PUBLIC] = "privguard: the text of a table from an earlier cell is withheld; show the table"
        self._made = {PUBLIC: self.masked(PUBLIC)}
        self._make = None

    @property
    def is_needed(self) -> bool:
        """Whether masking changed anything, as far as is known."""
        return self._make is not None or self._made[PUBLIC] != self.raw


class Renderings:
    """The last texts that tables became, newest first."""

    def __init__(self) -> None:
        self._kept: deque[Rendering] = deque(maxlen=_KEPT)

    def add(self, rendering: Rendering) -> None:
        """Remember a text."""
        if rendering.raw:
            self._kept.appendleft(rendering)

    def settle(self, running: Collection[str]) -> None:
        """Let go of the tables of all runs but those that are still ``running``."""
        for rendering in self._kept:
            if rendering.key not in running:
                rendering.settle()
        self._kept = deque((r for r in self._kept if r.is_needed), maxlen=_KEPT)

    def exchanged(self, text: str, sight: Sight) -> str:
        """``text`` with whole tables in it, however indented or quoted, and single lines of them masked."""
        return _exchanged(text, tuple(self._kept), sight)


def _exchanged(text: str, kept: Sequence[Rendering], sight: Sight) -> str:
    for place, rendering in enumerate(kept):
        if rendering.raw in text:
            if len(rendering.raw) < _SHORTEST_LINE:
                text = text.replace(rendering.raw, rendering.masked(sight))
            elif len(around := _around(text, rendering.raw)) > 1:
                # What a newer text became is not looked at again: an older one may be the same, made for less.
                return rendering.masked(sight).join(_exchanged(part, kept[place:], sight) for part in around)
        quoted = repr(rendering.raw)[1:-1] if "\\n" in text else ""
        if quoted and quoted in text:
            text = text.replace(quoted, repr(rendering.masked(sight))[1:-1])
        text = _lines_exchanged(_indented_exchanged(text, rendering, sight), rendering, sight)
    return text


def _indented_exchanged(text: str, rendering: Rendering, sight: Sight) -> str:
    """As a pretty printer writes a table inside a list: every line but the first moved to the right."""
    end = rendering.raw.find("\n") + 1
    if not end:
        return text
    first = rendering.raw[:end]
    at = text.find(first)
    while at >= 0:
        after = at + end
        depth = _blanks(text, after) - _blanks(rendering.raw, end)
        margin = "\n" + text[after : after + max(0, depth)]
        moved = rendering.raw.replace("\n", margin)
        if depth > 0 and text.startswith(moved, at):
            masked = rendering.masked(sight).replace("\n", margin)
            text = text[:at] + masked + text[at + len(moved) :]
            at += len(masked) - 1
        at = text.find(first, at + 1)
    return text


def _blanks(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] == " ":
        end += 1
    return end - at


def _lines_exchanged(text: str, rendering: Rendering, sight: Sight) -> str:
    if len(rendering.lines) > _MOST_LINES:  # only whole lines of it, then: looking for each anywhere takes too long
        found = {line for line in map(str.strip, text.splitlines()) if line in rendering.lines}
    else:
        found = {line for line in rendering.lines if line in text}
    found = {line for line in found if len(line) >= _SHORTEST_LINE}
    if not found:
        return text
    masked = [line.strip() for line in rendering.masked(sight).splitlines()]
    if len(masked) == len(rendering.raw.splitlines()):
        for line in sorted(found, key=len, reverse=True):
            safe = masked[rendering.lines[line]]
            text = safe.join(_around(text, line, masked=safe))
    return text


def _around(text: str, found: str, masked: str = "") -> list[str]:
    """What stands around ``found`` in ``text``, but for where that is the beginning or end of another line.

    ``1992-05-07    1`` begins ``1992-05-07    153971``, which may be a line of another table, and ``54    14`` ends
    ``50-54    14``, which is what it is ``masked`` by.
    """
    parts: list[str] = []
    last, at = 0, text.find(found)
    while at >= 0:
        end = at + len(found)
        goes_on = found[-1].isalnum() and text[end : end + 1].isalnum()
        is_masked = len(masked) > len(found) and masked.endswith(found) and text.endswith(masked, 0, end)
        if not (goes_on or is_masked) and not (found[0].isdigit() and text[max(0, at - 1) : at].isdigit()):
            parts.append(text[last:at])
            last = end
        at = text.find(found, end)
    return [*parts, text[last:]]
