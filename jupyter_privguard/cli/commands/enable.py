"""``privguard enable``: load the guard in every kernel of this user."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
@click.option("--dry-run", is_flag=True, help="Say which file would be written, and write nothing.")
def command(dry_run: bool) -> None:
    """Guard every IPython kernel of this user before its first cell.

    Example: privguard enable
    """
    from ..._files import write_atomically
    from ...errors import StateError, what_now
    from ...settings import STARTUP, startup_file

    file = startup_file()
    if dry_run:
        click.echo(f"would write {file}")
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, STARTUP.encode(), mode=0o644)
    except OSError as error:
        now = what_now(error, "check its owner and mode")
        raise StateError(f"privguard: {file} cannot be written ({error.strerror}); {now}.") from None
    click.echo(f"privguard: every kernel loads the guard now ({file}); restart those that run.", err=True)
