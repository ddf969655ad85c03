"""Whether the clock went back between records: told, and no damage, since the order of the log does not hang on it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

__all__ = ["Clock"]

_OWN = re.compile(rb'"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"')
_SLACK = timedelta(seconds=1)
"""A clock that the network sets right moves by less."""


class Clock:
    """What the times of records, taken in their order, tell of the clock."""

    def __init__(self) -> None:
        self.set_back = 0
        """How many records have an earlier time than the one before."""
        self.first: int | None = None
        """The number of the first of them."""
        self.most = timedelta()
        """By how much at most."""
        self._last = ""

    def __repr__(self) -> str:
        return f"Clock(set_back={self.set_back}, first={self.first}, most={self.most})"

    def take(self, line: bytes, number: int) -> None:
        """Look at record ``number``; a line that tells no time is passed over."""
        time = _time_of(line)
        if not time:
            return
        if time < self._last:
            by = datetime.fromisoformat(self._last) - datetime.fromisoformat(time)
            if by > _SLACK:
                self.set_back += 1
                self.first = self.first or number
                self.most = max(self.most, by)
        self._last = time


def _time_of(line: bytes) -> str:
    """The event's own time, of one length in all records, so that texts compare as times do; empty for none."""
    found: list[bytes] = _OWN.findall(line)
    if len(found) == 1:
        text = found[0].decode()
    else:  # none, or that of a part of the event as well
        try:
            text = json.loads(line)["time"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
        if not isinstance(text, str) or not _OWN.fullmatch(b'"time":"' + text.encode("utf-8", "replace") + b'"'):
            return ""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text
