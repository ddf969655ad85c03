"""Moments and periods as people write them: dates, ``30d``, ``last month``.

All in UTC, as the log's own times. A unit that is written out (``2026-11``, ``yesterday``,
``last month``) is a period; a number of units (``30d``, ``3 weeks``) is that long ago.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ..errors import InputError

__all__ = ["Period", "parse_period"]

_AGO = re.compile(r"([1-9][0-9]{0,4})\s*(h|hours?|d|days?|w|weeks?|m|months?|y|years?)(?:\s+ago)?")
_CALENDAR = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WORDS = re.compile(r"(this|last)\s+(hour|day|week|month|year)")
_SINGLE = {"today": ("this", "day"), "yesterday": ("last", "day")}


class Period(NamedTuple):
    """A stretch of time, in UTC."""

    start: datetime
    """The first moment that belongs to it."""
    end: datetime
    """The first moment that does not belong to it any more."""
    is_ago: bool = False
    """Whether it was written as so long ago: then it ends now, and its start is what is meant by a moment."""

    @property
    def until(self) -> datetime:
        """The end that is meant by ``until``: of a period its own, of so long ago that moment."""
        return self.start if self.is_ago else self.end


def parse_period(text: str, now: datetime) -> Period:
    """The period that ``text`` means at ``now`` (aware); InputError in one sentence for any other text."""
    words, now = " ".join(text.lower().split()), now.astimezone(UTC)
    try:
        found = _calendar(words) or _ago(words, now) or _words(words, now) or _moment(text.strip())
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InputError(
            "privguard: this is no time; write a date (2026-11-25, 2026-11), so long ago (30d, 12h, 3 months), "
            "today, yesterday, last month, or a time as RFC 3339 writes it."
        )
    return found


def _calendar(text: str) -> Period | None:
    found = _CALENDAR.fullmatch(text)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    start = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
    return Period(start, _later(start, "day" if day else "month" if month else "year", 1))


def _ago(text: str, now: datetime) -> Period | None:
    found = _AGO.fullmatch(text)
    if found is None:
        return None
    unit = next(unit for unit in ("hour", "day", "week", "month", "year") if unit[0] == found[2][0])
    return Period(_later(now, unit, -int(found[1])), now, is_ago=True)


def _words(text: str, now: datetime) -> Period | None:
    found = _WORDS.fullmatch(text)
    which, unit = (found[1], found[2]) if found else _SINGLE.get(text, ("", ""))
    if not unit:
        return None
    start = _begun(now, unit)
    return Period(start, _later(start, unit, 1)) if which == "this" else Period(_later(start, unit, -1), start)


def _moment(text: str) -> Period | None:
    found = datetime.fromisoformat(text)
    moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return Period(moment, moment)


def _begun(now: datetime, unit: str) -> datetime:
    """When the hour, day, week (from Monday), month or year that ``now`` lies in began."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return hour
    day = hour.replace(hour=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _later(moment: datetime, unit: str, count: int) -> datetime:
    """``count`` units later; of a month that is shorter its last day."""
    if unit in ("hour", "day", "week"):
        return moment + count * timedelta(**{f"{unit}s": 1})
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
