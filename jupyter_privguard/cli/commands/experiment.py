"""``privguard experiment``: which experiments the log tells of; what one amounts to; its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..output import format_option, json_text, table

if TYPE_CHECKING:
    from ...report.experiments import Experiment

__all__ = ["command"]


@click.group()
def command() -> None:
    """List, show and close experiments. One begins with the first cell that names it.

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
@click.argument("name")
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
@click.argument("name")
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
