"""``privguard audit unused``: columns that experiments loaded and had no use for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ... import runtime
from ..completing import complete_from_log
from ..output import format_option, json_text, printable, table

if TYPE_CHECKING:
    from ...audit.minimisation import Minimisation

__all__ = ["unused"]

_HEADINGS = ("experiment", "dataset", "column", "entity", "class", "kept", "seqs")


@click.command()
@click.option(
    "--experiment",
    metavar="NAME",
    shell_complete=complete_from_log("experiment"),
    help="Only this one; else each, and cells that name none.",
)
@format_option("table", "json", "csv")
def unused(experiment: str | None, form: str) -> None:
    """List the columns that were loaded and never used, as a list to drop: sensitive ones first.

    Used is what a cell of the experiment showed, filtered, joined, computed, fitted or exported, under any name. In
    the column `kept` stands whether a frame that was made from the table still carries it. On stderr stands for each
    data set which columns were used, as `%%secure --minimise` takes them.

    Example: privguard audit unused --experiment exp-1
    """
    from ...audit.minimisation import as_fields, declaration

    found = runtime.unused_columns(runtime.policy(), experiment)
    if form == "json":
        click.echo(json_text(as_fields(found)))
    elif form == "csv":
        from ...frames.spreadsheet import defused_csv

        click.echo(defused_csv(_HEADINGS, _rows(found)), nl=False)
    elif found:
        click.echo(table(_HEADINGS, _rows(found)))
    for one in found:
        if one.used:
            click.echo(
                printable(f"privguard: {one.dataset} was used as %%secure --minimise {declaration(one.used)}"), err=True
            )
    if not found:
        click.echo("privguard: every column that was loaded was used, in the events that you may read.", err=True)


def _rows(found: Sequence[Minimisation]) -> list[list[str]]:
    return [
        [
            one.experiment,
            one.dataset,
            column.label,
            column.entity,
            column.data_class,
            "yes" if column.is_kept else "",
            " ".join(map(str, one.seqs)),
        ]
        for one in found
        for column in one.unused
    ]
