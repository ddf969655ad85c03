"""One run while it is tracked: what the log will say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...tracking.algorithms import Algorithm
from ..cells.cell import CellRun, Touched

__all__ = ["RunState"]

_MOST = 2000
"""Parameters, metrics, tags or data sets that an event tells of one by one; of more only how many."""
_OWN = ("mlflow.", "privguard.")


@dataclass(slots=True)
class RunState:
    """What is known of a run. All texts in it are such as may stand in the log."""

    run_id: str
    server: str
    name: str = ""
    experiment_id: str = ""
    """The tracking store's own experiment."""
    params: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, str] = field(default_factory=dict)
    """The newest value of each, as a decimal: canonical JSON has no floats."""
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    algorithms: dict[Algorithm, None] = field(default_factory=dict)
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the name that the log gives the run of a cell."""
    touched: dict[str, tuple[str | None, dict[str, None], int, set[str]]] = field(default_factory=dict)
    """By name of each data set: source, columns, rows, and how it was used."""
    cleaned: Counter[str] = field(default_factory=Counter)
    refused: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0
    """How often something could not be sent."""
    status: str = ""
    """As the tracking store calls it; empty while it runs."""
    is_new: bool = True
    """Whether something has happened that no event tells of yet."""
    experiment: str | None = None
    purpose: str | None = None

    def ran_in(self, run: CellRun) -> None:
        """Something of it was done in the cell ``run``."""
        about = {"run": run.run_id, "execution_count": run.execution_count, "id": run.cell_id}
        self.cells.setdefault(run.run_id, about)
        self.experiment = run.options.experiment or self.experiment
        self.purpose = run.options.purpose or self.purpose

    def used(self, touched: Iterable[Touched]) -> None:
        """Its cell has used these data sets."""
        for one in touched:
            if one.parents:  # made of others, which are there too
                continue
            source, columns, rows, how = self.touched.get(one.name, (None, {}, 0, set()))
            columns = columns | dict.fromkeys(one.columns)
            self.touched[one.name] = (source or one.source, columns, max(rows, one.rows), how | one.how)

    def fields(self, datasets: list[dict[str, Any]]) -> dict[str, Any]:
        """What an event says of it, with its data sets as `datasets`."""
        own = {name: value for name, value in self.tags.items() if not name.startswith(_OWN)}
        return {
            "run_id": self.run_id,
            "run_name": self.name,
            "server": self.server,
            "tracking_experiment": self.experiment_id,
            "experiment": self.experiment,
            "purpose": self.purpose,
            "status": self.status or "RUNNING",
            "cells": list(self.cells.values()),
            "datasets": datasets[:_MOST],
            "params": _listed(self.params),
            "metrics": _listed(self.metrics),
            "tags": _listed(own),
            "files": list(self.files)[:_MOST],
            "algorithms": [one.to_event() for one in self.algorithms],
            "cleaned": dict(sorted(self.cleaned.items())),
            "refused": self.refused[:_MOST],
            "failed": self.failed,
            "left_out": sum(max(0, len(one) - _MOST) for one in (datasets, self.params, self.metrics, own, self.files)),
        }


def _listed(named: Mapping[str, str]) -> list[dict[str, str]]:
    """Names are values here and no keys: keys of canonical JSON are ASCII."""
    return [{"name": name, "value": value} for name, value in list(named.items())[:_MOST]]
