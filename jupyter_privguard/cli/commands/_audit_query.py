"""``privguard audit query``: who did what to which data, when and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ... import runtime
from ...audit.query import FIELDS, Query, question
from ...errors import InputError
from ..completing import complete_options_of_queries
from ..input import checkpoint_in
from ..output import format_option, write_output
from ..progress import long_work

__all__ = ["query", "query_options"]

_TIMES = {
    "since": "From then on: 2026-11-25, 2026-11, 30d, 'last month', or a time (UTC).",
    "until": "Until then; a day, month or year belongs to it.",
    "during": "Within it: 2026-11, yesterday, 'this week', 'last month', 30d.",
}


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: click's own type
    """The options that ask something; the command gets them as keyword arguments, tuples of texts."""
    for name, about in reversed({**FIELDS, **_TIMES}.items()):
        found = complete_options_of_queries(name)
        command = click.option(f"--{name}", multiple=True, metavar=name.upper(), help=about, shell_complete=found)(
            command
        )
    return command


def asked(options: dict[str, tuple[str, ...]]) -> Query:
    """The query that the options of `query_options` mean."""
    return question(options, datetime.now(UTC))


@click.command()
@query_options
@format_option("table", "json", "jsonl", "csv", about="table: to read; the others have every field.")
@click.option("--signed", is_flag=True, help="Write a signed slice of the log, which verifies on its own.")
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of a slice: also prove that the log has grown from this kept checkpoint.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="A file (mode 0600).")
def query(form: str, signed: bool, kept: Path | None, output: Path | None, **options: tuple[str, ...]) -> None:
    """List who did what to which data, under which tier, for which purpose and reason.

    An option that is given twice means either; different ones must all hold, those about data within one
    data set. In texts * stands for any letters. A cell counts once, at its end.

    With --signed -o FILE the records themselves are written, each with the proof that it is in the log, under
    the log's signature: `privguard audit verify FILE` checks it anywhere.

    Example: privguard audit query --column salary --how shown --during "last month"
    """
    wanted = asked(options)
    if signed:
        _write_slice(wanted, kept, output)
        return
    if kept is not None:
        raise InputError("privguard: a checkpoint is for a slice; add --signed -o FILE.")
    from .. import accesses

    with long_work("indexing the log") as done:
        found = runtime.answers(wanted, runtime.policy(), done)
    write = {
        "table": accesses.as_table,
        "json": accesses.as_json,
        "jsonl": accesses.as_json_lines,
        "csv": accesses.as_csv,
    }[form]
    text = write(found)
    text += "" if form == "csv" or not text else "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        write_output(output, text.encode())
        click.echo(f"privguard: wrote {output}.", err=True)
    if not found:
        click.echo("privguard: no event that you may read answers this.", err=True)


def _write_slice(wanted: Query, kept: Path | None, output: Path | None) -> None:
    if output is None:
        raise InputError("privguard: a signed slice is a file; name it with -o FILE.")
    note = None if kept is None else checkpoint_in(kept)
    data, count = runtime.signed_slice(wanted, runtime.policy(), kept=note)
    write_output(output, data)
    records = "1 record" if count == 1 else f"{count} records"
    click.echo(f"privguard: wrote {records} to {output}; `privguard audit verify {output}` checks them.", err=True)
