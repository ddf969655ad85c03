"""What `audit verify` says of the server's log, where a Jupyter server has written one beside the kernels'."""

from __future__ import annotations

import click

from .. import runtime
from ..errors import LogError

__all__ = ["check_planes"]

_MOST = 50


def check_planes() -> None:
    """Hold both logs against each other and print the gaps; LogError where they contradict each other.

    Cells that ran while the guard was off are gaps too, and no contradiction: both logs tell the same of them.
    """
    if runtime.server_log() is None:
        return
    planes = runtime.gaps(runtime.policy())
    if planes is None:
        return
    found = planes.gaps
    records = "1 record" if planes.server.size == 1 else f"{planes.server.size} records"
    click.echo(f"privguard: the server's own log: {records}, whole; {_count(len(found))} between the two.", err=True)
    for gap in found[-_MOST:]:
        click.echo(gap.sentence, err=True)
    if len(found) > _MOST:
        click.echo(f"privguard: the newest {_MOST} are listed; the panel shows all.", err=True)
    if planes.hidden:
        click.echo(
            f"privguard: {_count(planes.hidden)} in cells of others are left out; a role with `log: all` reads them.",
            err=True,
        )
    if against := sum(gap.is_contradiction for gap in found) + planes.hidden_contradictions:
        raise LogError(
            f"privguard: the two logs contradict each other in {against} of these; ask the people named, and compare "
            "with checkpoints kept elsewhere."
        )


def _count(number: int) -> str:
    return {0: "no gap", 1: "1 gap"}.get(number, f"{number} gaps")
