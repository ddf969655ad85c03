"""A week of traffic at a served model, in seconds: made-up people are asked about at hours when somebody would ask.

The model's clock is the week's, so its events say when each was asked for in that week; the time at which the log
itself wrote them stays the real one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Week"]

_HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 7, 9, 10, 9, 8, 9, 9, 8, 7, 6, 5, 4, 3, 3, 2, 1)
"""How busy each hour of a day is."""
_SHARE_ON_A_WEEKEND = 0.5
_MOST_ROWS = 14


class Week:
    """Seven days from ``start``, an aware time; the ``seed`` decides who is asked about when."""

    def __init__(self, start: datetime, *, seed: int = 7) -> None:
        self._start = start
        self._now = start
        self._rng = random.Random(seed)  # noqa: S311 - made-up traffic

    def clock(self) -> datetime:
        """The time in this week; what `jupyter_privguard.prediction_app` takes as ``clock``."""
        return self._now

    def run(
        self,
        url: str,
        people: Sequence[Mapping[str, Any]],
        callers: Mapping[str | None, tuple[str, int]],
        *,
        requests: int = 190,
        outage: tuple[int, Sequence[str]] | None = None,
    ) -> int:
        """Ask the server at ``url`` about some of ``people`` again and again; how many requests were answered.

        ``callers`` are bearer keys, None for nobody's, each with the tier that it asks for and how often it does,
        beside the others. From the day that ``outage`` names (1 to 7) on, the fields that it names are empty.
        """
        connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        keys, weights = list(callers), [often for _, often in callers.values()]
        answered = 0
        for moment in self._moments(requests):
            self._now = moment
            key = self._rng.choices(keys, weights)[0]
            asked = self._rng.sample(list(people), self._rng.randint(1, _MOST_ROWS))
            if outage is not None and (moment - self._start).days + 1 >= outage[0]:
                asked = [{name: None if name in outage[1] else value for name, value in one.items()} for one in asked]
            headers = {"Content-Type": "application/json", "X-Privguard-Tier": callers[key][0]}
            if key is not None:
                headers["Authorization"] = f"Bearer {key}"
            connection.request("POST", "/predict", json.dumps({"dataframe_records": asked}), headers)
            answer = connection.getresponse()
            answer.read()
            answered += answer.status == 200
        connection.close()
        return answered

    def _moments(self, count: int) -> list[datetime]:
        """When requests come, in order."""
        hours = range(7 * 24)
        weights = [_HOURS[at % 24] * self._of_the_day(at // 24) for at in hours]
        drawn = self._rng.choices(hours, weights, k=count)
        return sorted(self._start + timedelta(hours=at, seconds=self._rng.uniform(0, 3599)) for at in drawn)

    def _of_the_day(self, day: int) -> float:
        return _SHARE_ON_A_WEEKEND if (self._start + timedelta(days=day)).weekday() >= 5 else 1.0
