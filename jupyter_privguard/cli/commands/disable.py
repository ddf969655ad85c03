"""``privguard disable``: kernels start without the guard again."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
@click.option("--dry-run", is_flag=True, help="Say which file would be removed, and remove nothing.")
def command(dry_run: bool) -> None:
    """Undo `privguard enable`. Keys and log stay where they are, and are named.

    After `pip uninstall jupyter-privguard` Jupyter and IPython are as they were before.

    Example: privguard disable
    """
    from ...errors import StateError
    from ...settings import startup_file

    file = startup_file()
    if not file.exists():
        click.echo("privguard: it was not enabled; nothing to undo.", err=True)
        _say_what_stays()
        return
    if dry_run:
        click.echo(f"would remove {file}")
        return
    try:
        file.unlink()
    except OSError as error:
        raise StateError(f"privguard: {file} cannot be removed ({error.strerror}); check its owner and mode.") from None
    click.echo("privguard: kernels start without the guard; load it by %load_ext jupyter_privguard.", err=True)
    _say_what_stays()


def _say_what_stays() -> None:
    """A log is evidence, and without its keys nothing masked is ever read again: no command deletes them."""
    from ...settings import Home

    home = Home.from_environment()
    if home.root.is_dir():
        click.echo(
            f"privguard: {home.root} stays, with log and keys; delete it yourself once nobody needs them.", err=True
        )
