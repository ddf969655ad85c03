"""Dates that are written as text: read, moved by days, and written in the same form."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

__all__ = ["DateForms", "DateOrder"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBER_OF = {name[:size].casefold(): at for at, name in enumerate(_MONTHS, 1) for size in (3, len(name))} | {"sept": 9}
_MONTH = f"(?P<name>{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})"
# A time of day, with or without zone; it stays as it is.
_TIME = (
    r"(?P<rest>(?:(?:T|,?\ )\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\ ?[AP]M)?(?:\ ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?)"
)
_LONGEST = 60

_FORMS = tuple(
    re.compile(form + _TIME, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        rf"(?P<d>\d{{1,2}})(?P<s>[ -]){_MONTH}(?P<t>,?[ -])(?P<y>\d{{4}}|\d{{2}})",
        rf"{_MONTH}(?P<s>[ ])(?P<d>\d{{1,2}})(?P<t>,?[ ])(?P<y>\d{{4}})",
    )
)
_TWO_FIRST = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})" + _TIME, re.ASCII | re.IGNORECASE
)
_FIRST_YEAR = 1969
"""Of two digits, 69 is 1969 and 68 is 2068, as in POSIX."""


class DateOrder:
    """Whether the day or the month comes first in a column's dates: all of them tell together, part by part."""

    def __init__(self) -> None:
        self._day = self._month = self._either = False

    def learn(self, values: Iterable[Any]) -> None:
        """Look at more of the column; what is no text tells nothing."""
        for value in values:
            if self._day:  # nothing can change it any more
                return
            found = _TWO_FIRST.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
            if found is not None:
                self._either = True
                self._day = int(found["a"]) > 12
                self._month = self._month or int(found["b"]) > 12

    @property
    def month_first(self) -> bool | None:
        """None where no date tells, for none has a part above 12. Where dates contradict one another, the day is."""
        return not self._day if self._day or self._month else None

    @property
    def is_open(self) -> bool:
        """Whether there are dates that make sense both ways and nothing tells which one is meant."""
        return self._either and self.month_first is None


class DateForms:
    """The forms of one column's dates."""

    def __init__(self, *, month_first: bool) -> None:
        """``month_first`` is how the dates are read that make sense both ways."""
        self._month_first = month_first

    def moved(self, text: str, by: datetime.timedelta) -> str | None:
        """``text`` with its date moved, the rest as it is; None if it is no date.

        ValueError or OverflowError when there is no such date.
        """
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():  # the usual form, in less time
            try:
                return (datetime.date.fromisoformat(text) + by).isoformat()
            except ValueError:
                return None
        inner = text.strip()
        if len(text) > _LONGEST:
            return None
        for form in _FORMS:
            found = form.fullmatch(inner)
            if found is not None:
                return text.replace(inner, _written(found, inner, _moved(found, by)), 1)
        found = _TWO_FIRST.fullmatch(inner)
        if found is None:
            return None
        # One that only makes sense the other way round is read so.
        month_first = int(found["b"]) > 12 or (self._month_first and int(found["a"]) <= 12)
        month, day = (found["a"], found["b"]) if month_first else (found["b"], found["a"])
        moved = datetime.date(_year(found["y"]), int(month), int(day)) + by
        places = (("a", "m"), ("b", "d")) if month_first else (("a", "d"), ("b", "m"))
        return text.replace(inner, _spliced(found, inner, moved, dict(places) | {"y": "y"}), 1)


def _moved(found: re.Match[str], by: datetime.timedelta) -> datetime.date:
    parts = found.groupdict()
    month = int(parts["m"]) if parts.get("m") else _NUMBER_OF[parts["name"].casefold()]
    return datetime.date(_year(parts["y"]), month, int(parts["d"])) + by


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (1900 if number >= _FIRST_YEAR - 1900 else 2000)


def _written(found: re.Match[str], text: str, date: datetime.date) -> str:
    groups = found.re.groupindex
    return _spliced(found, text, date, {name: name for name in ("y", "m", "d", "name") if name in groups})


def _spliced(found: re.Match[str], text: str, date: datetime.date, parts: dict[str, str]) -> str:
    """``text`` with the parts of ``date`` in the places of the old ones."""
    out, at = [], 0
    for group in sorted(parts, key=found.start):
        out += [text[at : found.start(group)], _part(date, parts[group], found[group])]
        at = found.end(group)
    return "".join(out) + text[at:]


def _part(date: datetime.date, part: str, old: str) -> str:
    if part == "y":
        return f"{date.year:04d}"[-len(old) :]
    if part == "name":
        name = _MONTHS[date.month - 1]
        name = name if len(old) > 4 or old.casefold() in ("june", "july") else name[:3]
        return name.upper() if old.isupper() else name.lower() if old.islower() else name
    number = date.month if part == "m" else date.day
    return f"{number:02d}" if len(old) == 2 else str(number)
