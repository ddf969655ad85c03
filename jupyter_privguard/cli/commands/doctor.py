"""``privguard doctor``: is everything in place?"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

__all__ = ["command"]


@click.command()
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(format_: str) -> int:
    """Check policy, keys, log, kernel, panel and server; exit 1 if something is wrong.

    Example: privguard doctor
    """
    from ...diagnose import diagnose

    checks = diagnose()
    if format_ == "json":
        click.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            click.echo(f"{'ok ' if check.good else 'BAD'}  {check.name:<8} {check.state}")
            if not check.good and check.cure:
                click.echo(f"     {'':<8} {check.cure}")
    return 0 if all(check.good for check in checks) else 1
