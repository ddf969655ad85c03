"""Streams are sent in pieces, and a value may be cut in two: hold back an end that might go on."""

from __future__ import annotations

from collections.abc import Callable

from .._later import later

__all__ = ["Tail"]

_LONGEST = 200
_LONGEST_ROW = 1 << 14
_LONGEST_ESCAPE = 64
_OPEN_ESCAPE = later(r"\x1b(?:\[[0-?]*[ -/]*)?\Z")
_MIGHT_BE_PATTERN = later(r"\S*(?:@\S*|\d[\d .-]{2,})\Z")
_BLANKS = later(r"\s+")
_CUT = "…"
"""Beside it a part of a known value is known."""


def _never(line: str) -> bool:
    return False


def _nowhere(text: str) -> list[tuple[int, int]]:
    return []


class Tail:
    """The held-back end of one stream.

    ``feed`` returns what may be looked at now. Nothing is held back after a newline, a carriage
    return or a prompt's blank, and only what a known value or pattern could still complete, or a known file's line.
    """

    def __init__(
        self,
        may_go_on: Callable[[str], bool],
        row_may_go_on: Callable[[str], bool] = _never,
        places_in: Callable[[str], list[tuple[int, int]]] = _nowhere,
    ) -> None:
        """``places_in`` tells where in a text values stand."""
        self._may_go_on = may_go_on
        self._row_may_go_on = row_may_go_on
        self._places_in = places_in
        self._is_cut = False
        """Whether what was cleaned last may have ended within a value."""
        self.held = ""

    def feed(self, text: str) -> str:
        """The part of everything fed so far that cannot change its meaning any more."""
        text, self.held = self.held + text, ""
        line = max(text.rfind("\n"), text.rfind("\r")) + 1
        if not text[line:].strip() or text.endswith(": "):
            return text
        cut = self._cut(text, line)
        self.held = text[cut:]
        return text[:cut]

    def _cut(self, text: str, line: int) -> int:
        """Where what is held back begins in ``text``, of which the last line begins at ``line``."""
        if len(text) - line < _LONGEST_ROW and self._row_may_go_on(text[line:]):
            return line
        # Half a colour code is letters that belong to the word behind it.
        escape = _OPEN_ESCAPE.search(text[-_LONGEST_ESCAPE:])
        end = len(text) - (0 if escape is None else len(escape.group()))
        if not self._is_open(text, line, end):
            return end
        if end - line <= _LONGEST:
            return line + len(text[line:end]) - len(text[line:end].lstrip())
        # Of a longer line as much as is needed, and never a value cut in two.
        first = max(line, end - 2 * _LONGEST)
        places = [first + found.end() for found in _BLANKS.finditer(text[first : end - _LONGEST])]
        closed = next((place for place in reversed(places) if not self._is_open(text, line, place)), None)
        if closed is not None:
            return closed
        # Nothing but values, one after the other: any of them might go on, but what follows is there already.
        values = [(first + start, first + stop) for start, stop in self._places_in(text[first:end])]
        return next((at for at in reversed(places) if not any(start < at < stop for start, stop in values)), first)

    def _is_open(self, text: str, line: int, end: int) -> bool:
        """Whether what stands before ``end`` might go on behind it."""
        part = text[max(line, end - _LONGEST) : end].lstrip()
        return bool(part) and bool(self._may_go_on(part) or _MIGHT_BE_PATTERN.search(part))

    def flush(self) -> str:
        """What was held back, now that nothing more came."""
        held, self.held = self.held, ""
        return held

    def cleaned(self, text: str, clean: Callable[[str], str], *, may_go_on: bool = False) -> str:
        """``text`` as ``clean`` leaves it, which was fed or flushed; parts of a value that is cut at its ends included.

        ``may_go_on`` says that it was flushed before its end was known: the next text begins within a value, maybe.
        """
        before, behind = _CUT if self._is_cut else "", _CUT if may_go_on else ""
        self._is_cut = may_go_on
        if not before and not behind:
            return clean(text)
        return clean(f"{before}{text}{behind}").removeprefix(before).removesuffix(behind)
