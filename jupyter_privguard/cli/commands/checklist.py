"""``privguard checklist``: the seven points of a deployment that serves models, each tried here."""

from __future__ import annotations

from collections import Counter

import click

from ...errors import LogUnavailable
from ..output import format_option, json_text, table
from ..progress import long_work

__all__ = ["command"]


@click.command()
@click.option("--experiment", metavar="E", help="Look at the reviews, predictions and cells of this experiment only.")
@click.option("--archive", metavar="s3://BUCKET[/PREFIX]", help="Try to delete the newest segment in this archive.")
@format_option("table", "json")
def command(experiment: str | None, archive: str | None, form: str) -> int:
    """Try the seven points here, and say of each: evidenced, partial or not evidenced, and why.

    Made-up people are reviewed and masked, a token is attacked, both logs are compared, a copy of the log is damaged,
    the policy is asked for tier compliance, and the record is looked through. What was found is an event. Exit code
    0: all are evidenced; 1: not all; 2: a log or what keeps it is broken; 3: there is no log, or it cannot be used.

    Example: privguard checklist --experiment churn-1
    """
    from ...checking.run import run_checklist

    missed: list[LogUnavailable] = []
    with long_work("checklist") as show:
        points = run_checklist(experiment=experiment, archive=archive, done=show, unrecorded=missed.append)
    if form == "json":
        click.echo(json_text([{**point.told(), "title": point.title} for point in points]))
    else:
        rows = [
            [
                f"{point.number} {point.title}",
                point.status.value,
                point.reason,
                ", ".join(map(str, point.seqs)) or "none",
            ]
            for point in points
        ]
        click.echo(table(["Point", "Status", "Why", "Events"], rows))
    counts = Counter(point.status.value for point in points)
    told = ", ".join(f"{counts[name]} {name}" for name in ("evidenced", "partial", "not evidenced") if counts[name])
    recorded = "recorded what it found" if not missed else "what it found is not in the log"
    click.echo(f"privguard: of 7 points: {told}; it supports evidence, and {recorded}.", err=True)
    for error in missed:
        click.echo(str(error), err=True)
    if any(point.is_broken for point in points):
        return 2
    return 0 if counts["evidenced"] == len(points) else 1
