"""``privguard doctor``: is everything in place?"""

from __future__ import annotations

from dataclasses import asdict

import click

from ..output import format_option, json_text

__all__ = ["command"]


@click.command()
@format_option("table", "json")
@click.option(
    "--accept",
    "lost",
    metavar="NAME",
    help="Go on without the newest copy of a file of the home that the check `state` names; that is an event.",
)
def command(form: str, lost: str | None) -> int:
    """Check policy, keys, log, kernel, panel and server; exit 1 if something is wrong.

    Example: privguard doctor
    """
    if lost is not None:
        from ... import runtime
        from ...runtime.state_files import accept_loss

        accept_loss(lost, runtime.home(), runtime.policy())
        click.echo(f"privguard: what is there of {lost} counts as its newest from now on; the log says so.", err=True)
        return 0
    from ...diagnose import checks

    found = []
    for check in checks():
        found.append(check)
        if form != "json":
            click.echo(str(check))  # some take seconds: each is told as soon as it is known
    if form == "json":
        click.echo(json_text([asdict(check) for check in found]))
    return 0 if all(check.good for check in found) else 1
