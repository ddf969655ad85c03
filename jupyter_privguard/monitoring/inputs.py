"""Inputs of a served model, summed up over some hundred people: nulls, values out of the usual range, drift of bands.

No input leaves a window but in counts, and a count of fewer than ``k`` people is told as None; where it could be
reckoned from the others, one more is. Each person counts once a window. Pure; loads nothing heavy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .reference import Feature, drift, has_moved, is_null

__all__ = ["InputWindow", "input_columns"]

_SIZE = 200
"""People whose inputs make one summary."""
_SPAN = timedelta(days=1)
"""After so long a window is told that has a quarter of them."""
_MORE = 0.05
"""Shares of nulls and of unusual values that may come on top of those in the reference."""


class InputWindow:
    """Gathers inputs until there are enough. Not thread-safe."""

    def __init__(self, features: Sequence[Feature], k: int) -> None:
        self._features = features
        self._k = k
        self._size = max(_SIZE, 4 * k)
        self._begin()

    def _begin(self) -> None:
        self._since: datetime | None = None
        self._seen: set[str] = set()
        self._people = 0
        self._nulls = {one.name: 0 for one in self._features}
        self._counts = {one.name: [0] * one.bands for one in self._features}

    def add(
        self, columns: Mapping[str, Sequence[Any] | None], subjects: Sequence[str | None], at: datetime
    ) -> list[dict[str, Any]]:
        """What is to be told, by now, of windows that are full: fields of ``quality.check`` events.

        ``columns`` are inputs by name, None for one that is not there, each as long as ``subjects``.
        """
        told = []
        if self._since is not None and at - self._since >= _SPAN and self._people * 4 >= self._size:
            told.append(self._told())
        for row, subject in enumerate(subjects):
            if subject is not None and subject in self._seen:
                continue
            self._count(columns, row, subject)
            self._since = self._since or at
            if self._people >= self._size:
                told.append(self._told())
        return told

    def rest(self) -> list[dict[str, Any]]:
        """What has gathered, if that is enough to be told."""
        return [self._told()] if self._people * 4 >= self._size else []

    def _count(self, columns: Mapping[str, Sequence[Any] | None], row: int, subject: str | None) -> None:
        self._people += 1
        if subject is not None:
            self._seen.add(subject)
        for feature in self._features:
            values = columns.get(feature.name)
            value = values[row] if values is not None else None
            if is_null(value):
                self._nulls[feature.name] += 1
            elif feature.bands:
                self._counts[feature.name][feature.band(value)] += 1

    def _told(self) -> dict[str, Any]:
        checks = [check for feature in self._features for check in self._checks(feature)]
        assert self._since is not None  # noqa: S101 - somebody is in it
        told = {
            "rows": self._people,
            "since": self._since.isoformat(timespec="seconds"),
            "success": all(check["success"] for check in checks),
            "expectations": len(checks),
            "failed": sum(not check["success"] for check in checks),
            "checks": checks,
            "bands": [self._bands(feature) for feature in self._features if feature.bands],
        }
        self._begin()
        return told

    def _checks(self, feature: Feature) -> list[dict[str, Any]]:
        nulls, counts = self._nulls[feature.name], self._counts[feature.name]
        *told, told_nulls = self._may_be_told(feature)
        is_usual = self._is_usual(nulls, feature.nulls)
        found = [self._check(feature, "nulls", is_usual, told_nulls)]
        if any(counts):
            unusual, usual = (sum(each[band] for band in feature.outer) for each in (counts, feature.expected))
            outer = [told[band] for band in feature.outer]
            shown = None if None in outer else unusual
            index = round(drift(feature.expected, counts) * 100)
            is_same = not has_moved(feature.expected, counts)
            found += [
                self._check(feature, "unusual", self._is_usual(unusual, usual), shown),
                {"column": feature.name, "kind": "drift", "success": is_same, "drift": index},
            ]
        return found

    def _is_usual(self, count: int, per_mille: int) -> bool:
        return count / self._people <= per_mille / 1000 + _MORE

    def _check(self, feature: Feature, kind: str, success: bool, count: int | None) -> dict[str, Any]:
        return {
            "column": feature.name,
            "kind": kind,
            "success": success,
            "element_count": self._people,
            "unexpected_count": count,
            "unexpected_basis_points": None if count is None else round(10_000 * count / self._people),
        }

    def _bands(self, feature: Feature) -> dict[str, Any]:
        told = self._may_be_told(feature)[:-1]
        return {"column": feature.name, "counts": told, "expected": list(feature.expected)}

    def _may_be_told(self, feature: Feature) -> list[int | None]:
        """The counts of the bands, and of nulls at the end."""
        return _without_few([*self._counts[feature.name], self._nulls[feature.name]], self._k)


def _without_few(counts: Sequence[int], k: int) -> list[int | None]:
    """``counts`` without those of fewer than ``k`` people; where one alone would be missing, without the next too."""
    few = {at for at, count in enumerate(counts) if 0 < count < k}
    last = len(counts) - 1  # nulls are told as long as a band can be left out instead
    others = sorted((at == last, count, at) for at, count in enumerate(counts) if count >= k)
    if len(few) == 1 and others:
        few.add(others[0][2])
    return [None if at in few else count for at, count in enumerate(counts)]


def input_columns(events: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of a table with a row for each check of a window of inputs, out of ``quality.check`` events.

    ``seq``, ``since`` (aware), ``deployment``, ``version``, ``people``, ``feature``, ``check``, ``passed``, ``share``
    of those that are null or unusual (None: fewer than the policy's ``k``), and ``drift``, None for other checks.
    """
    rows = [(event, check) for event in events for check in event.get("checks") or ()]
    return {
        "seq": [event["seq"] for event, _ in rows],
        "since": [datetime.fromisoformat(str(event["since"])) for event, _ in rows],
        "deployment": [event.get("deployment") for event, _ in rows],
        "version": [event.get("version") for event, _ in rows],
        "people": [event["rows"] for event, _ in rows],
        "feature": [check["column"] for _, check in rows],
        "check": [check["kind"] for _, check in rows],
        "passed": [check["success"] for _, check in rows],
        "share": [_shares(check.get("unexpected_basis_points"), 10_000) for _, check in rows],
        "drift": [_shares(check.get("drift"), 100) for _, check in rows],
    }


def _shares(number: int | None, whole: int) -> float | None:
    return None if number is None else number / whole
