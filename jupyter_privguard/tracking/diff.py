"""What two runs differ in, and whether the second reproduces the first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .runs import DataSet, Run

__all__ = ["Change", "Diff", "compared", "reproductions"]

NOT_TOLD = "not told"
_NO_DIGEST = ("changed since it was read",)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same in both; None where there is no such thing."""

    what: str
    """``data set``, ``digest``, ``column``, ``parameter``, ``algorithm`` or ``metric``."""
    name: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Diff:
    """Two runs held against each other."""

    a: Run
    b: Run
    changes: tuple[Change, ...]
    verdict: str
    """``reproduced``, ``not reproduced``, ``different`` or ``not told``."""
    reason: str
    """Why, in one sentence without a full stop."""

    def to_json(self) -> dict[str, Any]:
        """Plain objects, for ``--format json``."""
        return {
            "a": _about(self.a),
            "b": _about(self.b),
            "changed": [asdict(change) for change in self.changes],
            "verdict": self.verdict,
            "reason": self.reason,
        }


def compared(a: Run, b: Run) -> Diff:
    """What changed from ``a`` to ``b``: data sets, their digests and columns, parameters, algorithms, metrics."""
    causes = (*_data(a, b), *_named("parameter", a.params, b.params), *_algorithms(a, b))
    metrics = tuple(_named("metric", a.metrics, b.metrics))
    return Diff(a, b, (*causes, *metrics), *_verdict(a, b, causes, metrics))


def reproductions(runs: Iterable[Run]) -> list[Diff]:
    """For each ended run that does what an earlier one did, with equal digests, whether its metrics are the same."""
    earlier: dict[Any, Run] = {}
    found = []
    for run in runs:
        if run.ended is None or not run.metrics or not _is_told(run):
            continue
        digests = tuple(sorted((one.name, one.digest) for one in run.datasets))
        key = digests, tuple(sorted((run.params or {}).items())), tuple(sorted(run.algorithms))
        if key in earlier:
            found.append(compared(earlier[key], run))
        else:
            earlier[key] = run
    return [diff for diff in found if diff.verdict in ("reproduced", "not reproduced")]


def _verdict(a: Run, b: Run, causes: tuple[Change, ...], metrics: tuple[Change, ...]) -> tuple[str, str]:
    if causes:
        kinds = list(dict.fromkeys(change.what for change in causes))
        return "different", f"these are different runs: another {' and another '.join(kinds)}"
    if not _is_told(a) or not _is_told(b):
        return NOT_TOLD, "the log has no digest of all data that they used, so nobody can tell whether it was the same"
    common = (a.metrics or {}).keys() & (b.metrics or {}).keys()
    if not common:
        return NOT_TOLD, "they have no metric in common"
    if changed := sorted(change.name for change in metrics if change.name in common):
        what = ", ".join(changed)
        return "not reproduced", (
            f"same data, parameters and algorithm, but another value of {what}; look for what is drawn at random"
        )
    return "reproduced", f"same data, parameters and algorithm, and the same value of {', '.join(sorted(common))}"


def _is_told(run: Run) -> bool:
    """Whether all data that it used has a digest."""
    return bool(run.datasets) and all(one.digest and one.digest not in _NO_DIGEST for one in run.datasets)


def _data(a: Run, b: Run) -> Iterator[Change]:
    before, after = _by_name(a.datasets), _by_name(b.datasets)
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield Change("data set", name, _said(one), _said(other))
            continue
        if one.digest != other.digest:
            yield Change("digest", name, one.digest or NOT_TOLD, other.digest or NOT_TOLD)
        for label in dict.fromkeys((*one.columns, *other.columns)):
            if (label in one.columns) != (label in other.columns):
                yield Change("column", f"{name}.{label}", *_used(label, one, other))


def _used(label: str, one: DataSet, other: DataSet) -> tuple[str, str]:
    return tuple("used" if label in data.columns else "not used" for data in (one, other))  # type: ignore[return-value]


def _said(one: DataSet | None) -> str | None:
    return None if one is None else one.digest or "used"


def _by_name(datasets: Iterable[DataSet]) -> dict[str, DataSet]:
    return {one.name: one for one in datasets}


def _named(what: str, a: Mapping[str, str] | None, b: Mapping[str, str] | None) -> Iterator[Change]:
    before, after = a or {}, b or {}
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change(what, name, before.get(name), after.get(name))


def _algorithms(a: Run, b: Run) -> Iterator[Change]:
    before, after = sorted(set(a.algorithms)), sorted(set(b.algorithms))
    if before != after:
        yield Change("algorithm", "", ", ".join(before) or None, ", ".join(after) or None)


def _about(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id or None,
        "experiment": run.experiment,
        "name": run.name or None,
        "person": run.person,
        "began": run.began,
        "ended": run.ended,
        "server": run.server or None,
        "events": list(run.seqs),
        "cells": list(run.cells),
    }
