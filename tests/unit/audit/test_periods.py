"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from jupyter_privguard.audit.periods import parse_period
from jupyter_privguard.errors import InputError

NOW = datetime(2026, 3, 31, 15, 30, 45, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-25", at(2026, 11, 25), at(2026, 11, 26)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2024-02", at(2024, 2, 1), at(2024, 3, 1)),
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("today", at(2026, 3, 31), at(2026, 4, 1)),
        ("Yesterday", at(2026, 3, 30), at(2026, 3, 31)),
        ("last month", at(2026, 2, 1), at(2026, 3, 1)),
        ("this  month", at(2026, 3, 1), at(2026, 4, 1)),
        ("last week", at(2026, 3, 23), at(2026, 3, 30)),
        ("last hour", at(2026, 3, 31, 14), at(2026, 3, 31, 15)),
        ("last year", at(2025, 1, 1), at(2026, 1, 1)),
        ("30d", NOW - timedelta(days=30), NOW),
        ("12 hours ago", NOW - timedelta(hours=12), NOW),
        ("2w", NOW - timedelta(days=14), NOW),
        ("1m", at(2026, 2, 28, 15, 30, 45), NOW),
        ("1 year", at(2025, 3, 31, 15, 30, 45), NOW),
        ("2026-11-25T10:00:00Z", at(2026, 11, 25, 10), at(2026, 11, 25, 10)),
        ("2026-11-25T10:00:00+05:30", at(2026, 11, 25, 4, 30), at(2026, 11, 25, 4, 30)),
    ],
)
def test_a_period_is_what_people_mean_by_it(text: str, start: datetime, end: datetime) -> None:
    found = parse_period(text, NOW)

    assert (found.start, found.end) == (start, end)
    assert found.until == (start if found.is_ago else end)


def test_the_calendar_is_that_of_utc_like_the_log() -> None:
    now = NOW.astimezone(timezone(timedelta(hours=14)))

    assert parse_period("today", now) == parse_period("today", NOW)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "lastmonth", "last decade", "2026-13", "2026-02-30", "0d", "d", "-3d", "99999y", "26-1-1", "0000"],
)
def test_what_is_no_time_is_said_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"^privguard: this is no time; .*\.$"):
        parse_period(text, NOW)
