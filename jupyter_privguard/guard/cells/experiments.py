"""Which experiments are closed: a cell that names one of them is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["ClosedExperiments"]


class ClosedExperiments:
    """Follows the log; reads each event once."""

    def __init__(self, events_after: Callable[[int], Iterable[dict[str, Any]]]) -> None:
        self._events_after = events_after
        self._seen = 0
        self._names: set[str] = set()

    def names(self) -> set[str]:
        """The experiments that anybody has closed up to now."""
        for entry in self._events_after(self._seen):
            self._seen = max(self._seen, int(entry["seq"]))
            if entry["action"] == "experiment.close":
                self._names.add(str(entry["experiment"]))
        return self._names
