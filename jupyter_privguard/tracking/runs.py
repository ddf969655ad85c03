"""Runs of experiment tracking as the log tells of them. Pure; nothing is asked of a tracking server."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._json import as_mapping, as_mappings, as_text, as_texts
from ..errors import InputError

__all__ = ["DataSet", "Run", "find_run", "runs_in"]

Event = Mapping[str, Any]
"""An event as the log stores it."""

_SHORTEST_ID = 6


@dataclass(frozen=True, slots=True)
class DataSet:
    """What a run used of one data set."""

    name: str
    source: str | None = None
    columns: tuple[str, ...] = ()
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run, or what an experiment without any amounts to."""

    run_id: str
    """The tracking store's; empty of an experiment without runs."""
    experiment: str | None
    name: str = ""
    server: str = ""
    tracking_experiment: str = ""
    person: str = ""
    began: str = ""
    """As the log writes times (RFC 3339, UTC)."""
    ended: str | None = None
    """None while the log knows of no end."""
    outcome: str = ""
    status: str = ""
    datasets: tuple[DataSet, ...] = ()
    params: Mapping[str, str] | None = None
    metrics: Mapping[str, str] | None = None
    algorithms: tuple[str, ...] = ()
    """Each class with the version of its library."""
    files: tuple[str, ...] = ()
    cleaned: Mapping[str, int] | None = None
    refused: tuple[str, ...] = ()
    """Names of files and metrics that were not sent."""
    failed: int = 0
    seqs: tuple[int, ...] = ()
    """Of its own events."""
    cells: tuple[int, ...] = ()
    """Of the events of its cells."""

    @property
    def called(self) -> str:
        """Its id, else its experiment."""
        return self.run_id or self.experiment or ""


def runs_in(events: Iterable[Event]) -> list[Run]:
    """The runs in ``events`` (in log order), in the order in which they began. Of each the newest end counts."""
    starts: dict[str, Event] = {}
    ends: dict[str, Event] = {}
    seqs: dict[str, list[int]] = {}
    of_cells: dict[str, list[int]] = {}
    unborn: list[Event] = []
    for event in events:
        action = event.get("action")
        if action in ("cell.start", "cell.run") and isinstance(event.get("run"), str):
            of_cells.setdefault(event["run"], []).append(event["seq"])
        elif action in ("run.start", "run.end"):
            run = event.get("run_id")
            if not isinstance(run, str) or not run:
                unborn.append(event)
                continue
            (starts if action == "run.start" else ends)[run] = event
            seqs.setdefault(run, []).append(event["seq"])
    made = [_run(starts.get(run), ends.get(run), found, of_cells) for run, found in seqs.items()]
    made += [_run(event, None, [event["seq"]], of_cells) for event in unborn]
    return sorted(made, key=lambda one: one.seqs[0])


def find_run(events: Sequence[Event], called: str) -> tuple[Run, int]:
    """The run with the id ``called``, or the newest of the experiment of that name; and how many there are to choose.

    An id may be shortened to six letters or more. An experiment without runs is what its cells amount to. InputError
    where the log knows neither.
    """
    runs = runs_in(events)
    own = [run for run in runs if run.run_id == called]
    if not own and len(called) >= _SHORTEST_ID:
        own = [run for run in runs if run.run_id.startswith(called)]
        if len(own) > 1:
            raise InputError("privguard: more than one run begins with these letters; write more of its id.")
    if own:
        return own[0], 1
    named = [run for run in runs if run.experiment == called and run.run_id]
    if named:
        finished = [run for run in named if run.ended is not None]
        return (finished or named)[-1], len(named)
    cells = [event for event in events if event.get("experiment") == called]
    if cells:
        return _of_cells(called, cells), 0
    known = [run.run_id for run in runs] + list({str(event.get("experiment")) for event in events} - {"None"})
    near = difflib.get_close_matches(called, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "`privguard experiment list` names the experiments there are."
    raise InputError(f"privguard: the log knows no run and no experiment of that name; {hint}")


def _run(start: Event | None, end: Event | None, seqs: list[int], of_cells: Mapping[str, list[int]]) -> Run:
    first, last = (start or end or {}), (end or start or {})
    cells = {as_text(one.get("run")) for event in (start, end) for one in as_mappings((event or {}).get("cells"))}
    return Run(
        run_id=as_text(first.get("run_id")),
        experiment=last.get("experiment") or first.get("experiment"),
        name=as_text(last.get("run_name") or first.get("run_name")),
        server=as_text(last.get("server")),
        tracking_experiment=as_text(first.get("tracking_experiment")),
        person=as_text((first.get("principal") or {}).get("id")),
        began=as_text(first.get("time")),
        ended=as_text(end.get("time")) if end is not None else None,
        outcome=as_text(last.get("outcome")),
        status=as_text(last.get("status")),
        datasets=tuple(_data_set(one) for one in as_mappings(last.get("datasets"))),
        params=_named(last.get("params")),
        metrics=_named(last.get("metrics")),
        algorithms=tuple(_algorithm(one) for one in as_mappings(last.get("algorithms"))),
        files=as_texts(last.get("files")),
        cleaned=_counts(last.get("cleaned")),
        refused=tuple(as_text(one.get("name")) for one in as_mappings(last.get("refused"))),
        failed=last["failed"] if isinstance(last.get("failed"), int) else 0,
        seqs=tuple(seqs),
        cells=tuple(sorted(seq for cell in cells for seq in of_cells.get(cell, ()))),
    )


def _of_cells(experiment: str, own: Sequence[Event]) -> Run:
    """What the cells of an experiment without runs amount to: data sets and columns; nothing else is known."""
    ran = [event for event in own if event.get("action") == "cell.run"]
    found: dict[str, tuple[str | None, dict[str, None]]] = {}
    for event in ran:
        for one in as_mappings(event.get("datasets")):
            source, columns = found.get(as_text(one.get("name")), (None, {}))
            columns = columns | dict.fromkeys(as_texts(one.get("columns")))
            found[as_text(one.get("name"))] = (source or one.get("source"), columns)
    return Run(
        run_id="",
        experiment=experiment,
        person=as_text((own[0].get("principal") or {}).get("id")),
        began=as_text(own[0].get("time")),
        ended=as_text(own[-1].get("time")),
        datasets=tuple(DataSet(name, source, tuple(columns)) for name, (source, columns) in found.items()),
        seqs=(own[0]["seq"], own[-1]["seq"]),
        cells=tuple(event["seq"] for event in ran),
    )


def _data_set(one: Mapping[str, Any]) -> DataSet:
    digest = one.get("digest")
    return DataSet(
        as_text(one.get("name")),
        one.get("source"),
        as_texts(one.get("columns")),
        digest if isinstance(digest, str) else None,
    )


def _algorithm(one: Mapping[str, Any]) -> str:
    library, version = as_text(one.get("library")), as_text(one.get("version"))
    return as_text(one.get("class")) + (f" ({library} {version})" if library and version else "")


def _named(value: object) -> dict[str, str]:
    return {as_text(one.get("name")): as_text(one.get("value")) for one in as_mappings(value)}


def _counts(value: object) -> dict[str, int]:
    return {name: number for name, number in as_mapping(value).items() if isinstance(number, int)}
