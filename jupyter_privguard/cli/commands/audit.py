"""``privguard audit``: prove the log, ask it, export it, list acts, print its checkpoint and its verifier key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ... import runtime
from ...errors import InputError, PrivguardError
from ..gaps import check_planes
from ..groups import Group
from ..input import checkpoint_in, key_in, read_input
from ..output import format_option, printable, write_output
from ._audit_archive import archive
from ._audit_lineage import lineage
from ._audit_minimisation import unused
from ._audit_query import query
from ._audit_store import store

if TYPE_CHECKING:
    from ...audit.clock import Clock

__all__ = ["command"]

_LARGEST_SLICE_MIB = 256


@click.group(cls=Group)
def command() -> None:
    """Prove the log, ask it, export it, list acts, print its checkpoint.

    Nothing here writes to the log, except that archive is an event, and that under a policy with `principals` query,
    lineage, unused, export and acts are: then everybody reads their own events, and those of others by a role with
    `log: all`.

    Example: privguard audit verify
    """


command.add_command(archive)
command.add_command(query)
command.add_command(lineage)
command.add_command(unused)
command.add_command(store)


@command.command()
@click.argument("slice_", metavar="[SLICE]", required=False, type=click.Path(path_type=Path))
@click.option("--checkpoint", "kept", type=click.Path(path_type=Path), help="A checkpoint that was kept elsewhere.")
@click.option(
    "--incremental",
    is_flag=True,
    help="Read again only what came after the checkpoint; what it covers was proven then.",
)
@click.option(
    "--vkey",
    "key",
    metavar="K",
    help="The verifier key that a SLICE must be signed by, or a file with it; else this deployment's, if any.",
)
def verify(slice_: Path | None, kept: Path | None, incremental: bool, key: str | None) -> None:
    """Recompute every hash, number and signature; name the first record that is not right.

    The log is also held against the policy's `anchor`, if there is one. With --checkpoint also prove that today's log
    extends the kept one. Where a Jupyter server has written its own log, hold the two against each other and name
    each gap: a cell that one of them does not tell of. With the file that `audit query --signed` wrote, prove that its
    records are in the log that was signed; no log is needed for that. Exit code 0: whole; 2: not, or the two logs
    contradict each other; 3: there is no log, or a file cannot be used.

    Example: privguard audit verify --checkpoint kept.checkpoint
    """
    if slice_ is not None:
        if incremental:
            raise InputError("privguard: a slice is proven whole; leave --incremental out.")
        _verify_slice(slice_, key, kept)
        return
    if key is not None or (incremental and kept is None):
        missing = "SLICE" if key is not None else "--checkpoint FILE"
        raise InputError(f"privguard: this option needs {missing} as well; `privguard audit verify --help` tells more.")
    from ...audit.verify import prove

    note = None if kept is None else checkpoint_in(kept)
    log = prove(runtime.log_reader(), checkpoint=note, is_trusted=incremental)
    count = "1 record" if log.size == 1 else f"{log.size} records"
    extends = "" if kept is None else f" and extends the checkpoint in {kept}"
    taken = ", what that covers taken as proven then" if incremental else ""
    click.echo(f"privguard: {count}, the log is whole{extends}{taken}.", err=True)
    if log.clock.set_back:
        click.echo(_set_back(log.clock), err=True)
    click.echo(runtime.anchored(), err=True)
    for sentence in _lost_files():
        click.echo(sentence, err=True)
    check_planes()


def _set_back(clock: Clock) -> str:
    times = "at 1 record" if clock.set_back == 1 else f"at {clock.set_back} records"
    by = timedelta(seconds=round(clock.most.total_seconds()))
    return (
        f"privguard: the clock went back {times}, first at record {clock.first}, by up to {by}; that is no damage: the "
        "order of the records is proven, and their times are as right as the clock was."
    )


def _lost_files() -> list[str]:
    """What is amiss beside the log, as far as the keys can be read without a question; no verdict hangs on it."""
    from ...runtime.state_files import lost_files

    ring = runtime.kernel_keyring(runtime.home())
    try:
        return [] if ring is None else lost_files(runtime.home(), ring)
    except PrivguardError as error:
        return [str(error)]


@command.command()
@format_option(
    *("jsonl", "csv", "cadf", "ocsf", "openlineage"),
    about="jsonl: the hashed lines themselves; csv: a table to read; the others: JSON Lines for other systems.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file instead of the screen (mode 0600).",
)
def export(form: str, output: Path | None) -> None:
    """Print all events in order: as canonical JSON lines, the leaves of the tree, or as other systems take them.

    CADF for IBM's cloud logs and others (DMTF DSP0262), OCSF for security lakes, OpenLineage for catalogues: runs
    with the lineage of columns, of cells that touched data.

    Example: privguard audit export --format csv -o log.csv
    """
    rows = _rows(form)
    if output is None:
        for row in rows:
            click.echo(row, nl=False)
    else:
        write_output(output, b"".join(rows))
        click.echo(f"privguard: wrote {output}.", err=True)


def _rows(form: str) -> Iterator[bytes]:
    from ...audit.exporters import cadf, csv, jsonl, ocsf, openlineage

    reading = runtime.Reading("export", runtime.policy())
    if form == "jsonl":
        return jsonl.rows(reading.lines())
    if form == "csv":
        return csv.rows(reading.events())
    exporter = {"cadf": cadf.rows, "ocsf": ocsf.rows, "openlineage": openlineage.rows}[form]
    return exporter(reading.events(), origin=reading.origin())


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


def _verify_slice(path: Path, key: str | None, kept: Path | None) -> None:
    from ...audit.slices import check_extends, open_slice

    own = runtime.own_vkey() if key is None else key_in(key)
    data = read_input(path, most_mib=_LARGEST_SLICE_MIB, wanted="a slice of a log")
    found = open_slice(data, vkey=own, called=str(path))
    if kept is not None:
        check_extends(found, checkpoint_in(kept), called=str(path))
    count = "1 record" if len(found.events) == 1 else f"{len(found.events)} records"
    log = f"{printable(found.checkpoint.origin)}, {found.checkpoint.size} records"
    extends = "" if kept is None else f"; it extends the checkpoint in {kept}"
    click.echo(f"privguard: {count}, each in the log {log}, as signed on {printable(found.made)}{extends}.", err=True)
    if own is None:
        click.echo(
            f"privguard: signed by {printable(found.vkey)}; compare it with that log's `privguard audit vkey`.",
            err=True,
        )
