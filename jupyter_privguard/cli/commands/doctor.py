"""``privguard doctor``: is everything in place?"""

from __future__ import annotations

from dataclasses import asdict

import click

from ..output import format_option, json_text

__all__ = ["command"]


@click.command()
@format_option("table", "json")
def command(form: str) -> int:
    """Check policy, keys, log, kernel, panel and server; exit 1 if something is wrong.

    Example: privguard doctor
    """
    from ...diagnose import diagnose

    checks = diagnose()
    if form == "json":
        click.echo(json_text([asdict(check) for check in checks]))
    else:
        for check in checks:
            click.echo(str(check))
    return 0 if all(check.good for check in checks) else 1
