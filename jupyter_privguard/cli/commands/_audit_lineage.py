"""``privguard audit lineage``: where the columns of a frame come from."""

from __future__ import annotations

from pathlib import Path

import click

from ... import runtime
from ..completing import complete_from_log
from ..output import format_option, json_text, printable, write_output

__all__ = ["lineage"]


@click.command()
@click.argument("name", shell_complete=complete_from_log("dataset"))
@format_option("text", "svg", "json")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="A file (mode 0600).")
def lineage(name: str, form: str, output: Path | None) -> None:
    """Show where the columns of NAME come from: a data set or variable, the newest one of that name.

    Of each column what it holds, and the columns that it was made from. Where the guard did not see how a frame
    was made, columns of the same name in tables that its cell used are taken for its origin, and that is said
    (in the picture by a broken line).

    Example: privguard audit lineage features --format svg -o features.svg
    """
    from ...audit.lineage import as_fields
    from ...audit.lineage_views import as_svg, as_text

    found = runtime.lineage_of(name, runtime.policy())
    text = json_text(as_fields(found)) if form == "json" else as_svg(found) if form == "svg" else as_text(found)
    if output is not None:
        write_output(output, f"{text.rstrip()}\n".encode())
        click.echo(f"privguard: wrote {output}.", err=True)
    else:
        # In a terminal no name of the log may steer it.
        click.echo("\n".join(map(printable, text.splitlines())) if form == "text" else text.rstrip())
    if not found.is_recorded:
        click.echo(
            "privguard: how some of these frames were made is not in the log; names and use are shown.", err=True
        )
