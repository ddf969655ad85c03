"""A bearer key and a clock that jumps: what has not begun or has ended opens nothing, also when the clock goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jupyter_privguard.serving.access import ServingKeys

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def keys(tmp_path: Path) -> ServingKeys:
    return ServingKeys(tmp_path / "serving-keys.json", lambda text, key_id: (key_id or "aaaaaaaa", text[::-1]))


@pytest.mark.parametrize(
    ("after", "whose"),
    [
        (timedelta(0), "ana"),
        (30 * DAY - MINUTE, "ana"),
        (30 * DAY, None),
        (36500 * DAY, None),
        (-MINUTE, "ana"),
        (-DAY, None),
        (-20000 * DAY, None),
    ],
)
def test_a_key_holds_from_when_it_was_made_to_its_end(keys: ServingKeys, after: timedelta, whose: str | None) -> None:
    key = keys.issue("ana", now=NOW, days=30)

    assert keys.person(key, now=NOW + after) == whose


def test_what_has_ended_stays_so_when_the_clock_is_set_back(keys: ServingKeys) -> None:
    short, long = keys.issue("ana", now=NOW, days=1), keys.issue("ben", now=NOW, days=30)
    assert keys.person(short, now=NOW + DAY) is None

    assert keys.person(short, now=NOW) is None
    assert keys.person(long, now=NOW) == "ben"
