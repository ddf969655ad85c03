"""``privguard audit``: prove the log, export it, list acts, print its checkpoint and its verifier key."""

from __future__ import annotations

from pathlib import Path

import click

from ... import runtime
from ...errors import InputError
from ..output import format_option, write_output

__all__ = ["command"]


@click.group()
def command() -> None:
    """Prove the log, export it, list acts, print its checkpoint.

    Nothing here writes to the log, except that under a policy with `principals` export and acts are events: then
    everybody reads their own events, and those of others by a role with `log: all`.

    Example: privguard audit verify
    """


@command.command()
@click.option("--checkpoint", "kept", type=click.Path(path_type=Path), help="A checkpoint that was kept elsewhere.")
def verify(kept: Path | None) -> None:
    """Recompute every hash, number and signature; name the first record that is not right.

    With --checkpoint also prove that today's log extends the kept one. Exit code 0: the log is
    whole; 2: it is not; 3: there is no log, or the file cannot be used.

    Example: privguard audit verify --checkpoint kept.checkpoint
    """
    from ...audit.verify import verify as prove

    note = None if kept is None else _text(kept)
    log = prove(runtime.log_reader(), checkpoint=note)
    count = "1 record" if log.size == 1 else f"{log.size} records"
    extends = "" if kept is None else f" and extends the checkpoint in {kept}"
    click.echo(f"privguard: {count}, the log is whole{extends}.", err=True)


@command.command()
@format_option("jsonl", "csv", about="jsonl: the hashed lines themselves; csv: a table to read.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file instead of the screen (mode 0600).",
)
def export(form: str, output: Path | None) -> None:
    """Print all events in order: as canonical JSON lines, the leaves of the tree, or as CSV.

    Example: privguard audit export --format csv -o log.csv
    """
    from ...audit.exporters import csv, jsonl

    reading = runtime.Reading("export", runtime.policy())
    rows = jsonl.rows(reading.lines()) if form == "jsonl" else csv.rows(reading.events())
    if output is None:
        for row in rows:
            click.echo(row, nl=False)
    else:
        write_output(output, b"".join(rows))
        click.echo(f"privguard: wrote {output}.", err=True)


@command.command()
def checkpoint() -> None:
    """Print the signed note over today's log; keep it where the log's owner cannot change it.

    Example: privguard audit checkpoint > kept.checkpoint
    """
    click.echo(runtime.log_reader().checkpoint, nl=False)


@command.command()
def vkey() -> None:
    """Print the verifier key that checkpoints are checked with; it is public.

    Example: privguard audit vkey
    """
    click.echo(runtime.key_provider(runtime.home()).public_vkey())


@command.command()
@format_option("table", "json", "csv")
def acts(form: str) -> None:
    """List what people did by rights that others do not have, refused attempts too, for somebody else to look over.

    Records looked up, sealed files opened, keys, columns shown more of, cells at tier compliance, approvals, the
    policy, closed experiments. The log is verified first. Assurance `self`: the person could have given themselves
    the right; on stderr such acts, and approvals that were granted so, are counted for each account.

    Example: privguard audit acts --format csv
    """
    from ...report.acts import acts as acts_in
    from ...report.acts import by_person
    from ..acts import as_csv, as_json, as_table, counted

    found = acts_in(runtime.Reading("acts", runtime.policy()).verified())
    click.echo({"table": as_table, "json": as_json, "csv": as_csv}[form](found), nl=form != "csv")
    for person in by_person(found):
        click.echo(counted(person), err=True)


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[: 1 << 20].decode()
    except OSError as error:
        raise InputError(f"privguard: {path} cannot be read ({error.strerror}); name a kept checkpoint.") from None
    except UnicodeDecodeError:
        raise InputError(f"privguard: {path} is not a signed checkpoint; name a kept one.") from None
