"""``privguard keys``: make the keys of this deployment, list what there is."""

from __future__ import annotations

import click

from ... import runtime
from ...errors import KeyStoreError
from ...keys.providers import file as file_keys
from ..output import table

__all__ = ["command"]


@click.group()
def command() -> None:
    """Make the keys of this deployment, or list them. No command ever prints a key.

    Example: privguard keys list
    """


@command.command()
def init() -> None:
    """Make keys where there are none: a random masking key, whose id is printed, and the log's key.

    Keep a backup of the folder that is named: what is sealed or signed cannot be opened or
    continued without it.

    Example: privguard keys init
    """
    home = runtime.home()
    if file_keys.exists(home.keys):
        raise KeyStoreError(f"privguard: {home.keys} holds keys already; `privguard keys list` shows them.")
    ring, notices = runtime.keyring(home)
    for notice in notices:
        click.echo(notice, err=True)
    click.echo(ring.key_id)


@command.command("list")
def list_() -> None:
    """Print id, use and age of each key, the current ones marked.

    Example: privguard keys list
    """
    found = file_keys.stored_keys(runtime.home().keys)
    rows = [(key.id, key.use, key.created, "yes" if key.is_current else "no") for key in found]
    click.echo(table(("id", "use", "made", "current"), rows))
