"""Which experiments a log tells of, and what each of them amounts to. Pure; loads nothing heavy.

An experiment begins with its first event, that is with the first one that names it, and ends with
``experiment.close``.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError

__all__ = ["Event", "Experiment", "experiments", "experiments_in", "find_experiment"]

Event = Mapping[str, Any]
"""An event as the log stores it."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment as the log tells it; times as the log writes them (RFC 3339, UTC)."""

    name: str
    first_seq: int
    last_seq: int
    began: str
    last: str
    closed: str | None
    """When it was closed; None while it is open."""
    events: int
    cells: Mapping[str, int]
    """Outcome of ``cell.run`` to the number of cells."""
    people: tuple[str, ...]
    tiers: tuple[str, ...]
    purposes: tuple[str, ...]
    notebooks: tuple[str, ...]
    datasets: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether cells may still name it."""
        return self.closed is None


def experiments(events: Iterable[Event]) -> list[Experiment]:
    """The experiments in ``events`` (in log order), in the order in which they began."""
    grouped: dict[str, list[Event]] = {}
    for event in events:
        name = event.get("experiment")
        if isinstance(name, str) and name:
            grouped.setdefault(name, []).append(event)
    return [_experiment(name, own) for name, own in grouped.items()]


def experiments_in(events: Iterable[Event], notebook: str) -> list[str]:
    """The experiments that ran in a notebook of the file name ``notebook``, in the order in which they began."""
    own = (event for event in events if f"/{event.get('notebook')}".endswith(f"/{notebook}"))
    return list(_distinct(event.get("experiment") for event in own))


def find_experiment(events: Iterable[Event], name: str) -> Experiment:
    """The experiment called ``name``; InputError in one sentence if the log has none."""
    known = {experiment.name: experiment for experiment in experiments(events)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "`privguard experiment list` names those there are."
    raise InputError(f"privguard: the log knows no experiment of that name; {hint}")


def _experiment(name: str, own: list[Event]) -> Experiment:
    runs = [event for event in own if event["action"] == "cell.run"]
    closes = [event for event in own if event["action"] == "experiment.close"]
    used = [dataset["name"] for event in runs for dataset in event.get("datasets") or ()]
    loaded = [event["dataset"]["name"] for event in own if event["action"] == "data.load"]
    return Experiment(
        name=name,
        first_seq=own[0]["seq"],
        last_seq=own[-1]["seq"],
        began=own[0]["time"],
        last=own[-1]["time"],
        closed=closes[0]["time"] if closes else None,
        events=len(own),
        cells=dict(sorted(Counter(event["outcome"] for event in runs).items())),
        people=_distinct(event["principal"]["id"] for event in own),
        tiers=_distinct(event.get("tier") for event in own),
        purposes=_distinct(event.get("purpose") for event in own),
        notebooks=_distinct(event.get("notebook") for event in own),
        datasets=_distinct([*loaded, *used]),
    )


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
