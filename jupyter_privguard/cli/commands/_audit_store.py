"""``privguard audit store``: the store of a team that gets the logs of its members."""

from __future__ import annotations

import json

import click

from ... import runtime
from ..groups import Group
from ..input import keys_in
from ..output import printable

__all__ = ["store"]


@click.group(cls=Group)
def store() -> None:
    """Set up the team's store, send the log there now, read and prove what it holds.

    The policy names it: `audit: {store: postgresql://HOST/DATABASE}`. Sessions send by themselves; while the server
    is away the log is kept on this machine. Needs the package psycopg.

    Example: privguard audit store send
    """


@store.command()
def migrate() -> None:
    """Make the tables, roles and functions, or bring them to this version; for the database's owner.

    Afterwards grant logins one of the roles privguard_writer (add to its own logs), privguard_reader (read the records
    of the person of its name) and privguard_auditor (read all). PGUSER says as whom to connect.

    Example: privguard audit store migrate
    """
    done = runtime.migrate_team_store(runtime.policy())
    told = f"the store was brought to {done[-1]}" if done else "the store is of this version already"
    click.echo(f"privguard: {told}.", err=True)


@store.command()
def send() -> None:
    """Send what the store has not got yet, after an outage without waiting for the next session.

    Example: privguard audit store send
    """
    sent = runtime.send_to_team_store(runtime.policy())
    told = {0: "the store has all of the log already", 1: "1 record was sent"}.get(sent, f"{sent} records were sent")
    click.echo(f"privguard: {told}.", err=True)


_kept = click.option(
    "--vkey",
    "kept",
    metavar="K",
    multiple=True,
    help="A verifier key that was kept elsewhere, or a file with such keys, one a line; more than once for several.",
)


@store.command()
@_kept
def verify(kept: tuple[str, ...]) -> None:
    """Prove every log in the store, as `privguard audit verify` does at home; for a privguard_auditor.

    With --vkey a log must be signed by its kept key, and no log of a kept key may be missing. Without, compare the
    verifier keys that it prints with those that `privguard audit vkey` prints at the logs' homes.

    Example: privguard audit store verify --vkey keys.txt
    """
    for log, proof in runtime.team_logs(runtime.policy(), _keys(kept)):
        click.echo(f"{printable(log.account)}\t{proof.size}\t{proof.vkey}")
        click.echo(f"privguard: {printable(log.origin)}: {proof.size} records, the log is whole.", err=True)


@store.command()
@_kept
def records(kept: tuple[str, ...]) -> None:
    """Print the records that this login may read, as JSON lines: its own, or all, each proven to be in its signed log.

    `line` is the record as it was hashed, `path` its inclusion proof (RFC 6962) in the tree of `checkpoint`, which
    the log's key has signed; with --vkey that must be the kept one.

    Example: privguard audit store records
    """
    for log, record in runtime.team_records(runtime.policy(), _keys(kept)):
        click.echo(json.dumps({"log": log.origin, **record.as_json()}, ensure_ascii=False))


def _keys(kept: tuple[str, ...]) -> list[str]:
    return [key for text in kept for key in keys_in(text)]
