"""Streams are sent in pieces, and a value may be cut in two: hold back an end that might go on."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["Tail"]

_LONGEST = 200
_LONGEST_ROW = 1 << 14
_OPEN_END = re.compile(r"[^\s\x1b][^\n\r\x1b]*\Z")
_MIGHT_BE_PATTERN = re.compile(r"\S*(?:@\S*|\d[\d .-]{2,})\Z")


def _never(line: str) -> bool:
    return False


class Tail:
    """The held-back end of one stream.

    ``feed`` returns what may be looked at now. Nothing is held back after a newline, a carriage
    return or a prompt's blank, and only what a known value or pattern could still complete, or a known file's line.
    """

    def __init__(self, may_go_on: Callable[[str], bool], row_may_go_on: Callable[[str], bool] = _never) -> None:
        self._may_go_on = may_go_on
        self._row_may_go_on = row_may_go_on
        self.held = ""

    def feed(self, text: str) -> str:
        """The part of everything fed so far that cannot change its meaning any more."""
        text = self.held + text
        self.held = ""
        match = _OPEN_END.search(text[-_LONGEST:])
        if match is None or text.endswith(": "):
            return text
        line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
        if len(line) < _LONGEST_ROW and self._row_may_go_on(line):
            self.held = line
            return text[: len(text) - len(line)]
        end = match.group()
        if self._may_go_on(end) or _MIGHT_BE_PATTERN.search(end):
            cut = len(text) - len(end)
            self.held = text[cut:]
            return text[:cut]
        return text

    def flush(self) -> str:
        """What was held back, now that nothing more came."""
        held, self.held = self.held, ""
        return held
