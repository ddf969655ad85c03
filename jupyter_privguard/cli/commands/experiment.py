"""``privguard experiment``: which experiments the log tells of; what one amounts to; what two differ in; its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..completing import complete_from_log
from ..groups import Group
from ..output import format_option, json_text, table

if TYPE_CHECKING:
    from ...report.experiments import Experiment

__all__ = ["command"]


@click.group(cls=Group)
def command() -> None:
    """List, show, compare and close experiments. One begins with the first cell that names it.

    Example: privguard experiment list
    """


@command.command("list")
@format_option("table", "json")
def list_(form: str) -> None:
    """List the experiments of the log, in the order in which they began.

    Example: privguard experiment list --format json
    """
    from ...report.experiments import experiments

    found = experiments(_readable())
    if form == "json":
        click.echo(json_text([_summary(experiment) for experiment in found]))
        return
    rows = [(e.name, "open" if e.is_open else "closed", str(sum(e.cells.values())), e.began, e.last) for e in found]
    click.echo(table(("experiment", "state", "cells", "began", "last event"), rows))
    if not found:
        click.echo("privguard: no cell has named an experiment yet: `%%secure --experiment NAME`.", err=True)


@command.command()
@click.argument("name", shell_complete=complete_from_log("experiment"))
@format_option("table", "json")
def show(name: str, form: str) -> None:
    """Show what experiment NAME amounts to: cells, people, tiers, purposes, data sets.

    Example: privguard experiment show exp-1
    """
    from ...report.experiments import find_experiment

    found = find_experiment(_readable(), name)
    summary = _summary(found)
    if form == "json":
        click.echo(json_text(summary))
        return
    rows = [(key.replace("_", " "), _text(value)) for key, value in summary.items()]
    click.echo(table(("what", "value"), rows))


@command.command()
@click.argument("a", shell_complete=complete_from_log("experiment"))
@click.argument("b", shell_complete=complete_from_log("experiment"))
@format_option("table", "json")
def diff(a: str, b: str, form: str) -> None:
    """Say what changed between runs A and B: data, digests, columns, parameters, algorithm, metrics.

    A and B are ids of runs, or names of experiments, of which the newest run that ended counts. What is not listed is
    the same. Told from the log alone; no tracking server is asked.

    Example: privguard experiment diff exp-1 exp-2
    """
    from ...tracking.diff import compared
    from ...tracking.runs import Run, find_run

    events = _readable()
    found: list[Run] = []
    for called in (a, b):
        run, number = find_run(events, called)
        if number > 1:
            click.echo(f"privguard: {number} runs are called so; the newest, {run.run_id}, is compared.", err=True)
        elif number == 0:
            click.echo("privguard: that experiment has no tracked run; what its cells used is compared.", err=True)
        found.append(run)
    difference = compared(*found)
    if form == "json":
        click.echo(json_text(difference.to_json()))
        return
    rows = [(change.what, change.name, change.a or "none", change.b or "none") for change in difference.changes]
    if rows:
        click.echo(table(("what", "name", found[0].called, found[1].called), rows))
    click.echo(f"{difference.verdict}: {difference.reason}")


@command.command()
@click.argument("name", shell_complete=complete_from_log("experiment"))
def close(name: str) -> None:
    """End experiment NAME: later cells that name it are refused. This cannot be undone.

    Example: privguard experiment close exp-1
    """
    from ... import runtime
    from ...audit.verify import verify
    from ...errors import InputError
    from ...report.experiments import find_experiment

    policy = runtime.policy()
    found = find_experiment(verify(runtime.log_reader()).events, name)
    if not found.is_open:
        raise InputError(f"privguard: that experiment was closed at {found.closed} already; name another one.")
    stored = runtime.record("experiment.close", policy, experiment=name)
    click.echo(f"privguard: closed with event {stored['seq']}; later cells that name it are refused.", err=True)


def _readable() -> list[dict[str, Any]]:
    from ... import runtime

    return runtime.Reading("experiment", runtime.policy()).verified()


def _summary(experiment: Experiment) -> dict[str, Any]:
    return {
        "experiment": experiment.name,
        "state": "open" if experiment.is_open else "closed",
        "began": experiment.began,
        "last_event": experiment.last,
        "closed": experiment.closed,
        "events": experiment.events,
        "first_seq": experiment.first_seq,
        "last_seq": experiment.last_seq,
        "cells": dict(experiment.cells),
        "people": list(experiment.people),
        "tiers": list(experiment.tiers),
        "purposes": list(experiment.purposes),
        "notebooks": list(experiment.notebooks),
        "datasets": list(experiment.datasets),
    }


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "no" if value is None else str(value)
