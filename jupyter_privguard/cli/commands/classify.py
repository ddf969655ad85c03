"""`privguard classify`: which columns of a file hold what, and what each tier would see."""

from __future__ import annotations

from typing import Any

import click

from ...model import ColumnVerdict, Tier
from ..completing import complete_files
from ..output import format_option, json_text, printable
from ..output import table as aligned

__all__ = ["command"]

_HEADS = ("column", "entity", "class", "confidence", "public", "internal", "compliance")
_LONGEST_NAME = 40


@click.command("classify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=complete_files)
@format_option("table", "json", "csv", about="table: aligned text; json: with evidence; csv: one line a column.")
@click.option("--full", is_flag=True, help="Look at every cell instead of a sample.")
@click.option("--header-only", is_flag=True, help="Judge by the column names alone.")
def command(files: tuple[str, ...], form: str, full: bool, header_only: bool) -> None:
    """Say for each column of each FILE what it holds, how sure that is, and what each tier sees.

    Reads CSV, TSV and Parquet; prints no value. An entity with a question mark is a guess that does
    not mask yet (confidence between 0.4 and 0.7).

    Example: privguard classify customers.csv --format json
    """
    from ... import runtime

    policy = runtime.policy()
    # All or nothing: a list on stdout is complete, or there is only the one sentence on stderr.
    tables = [_classified(file, policy, full=full, header_only=header_only) for file in files]
    if form == "json":
        click.echo(json_text(tables if len(tables) > 1 else tables[0]))
    elif form == "csv":
        click.echo(_csv(tables), nl=False)
    else:
        click.echo("\n\n".join(_table(table, named=len(tables) > 1) for table in tables))


def _classified(file: str, policy: Any, *, full: bool, header_only: bool) -> dict[str, Any]:  # a policy.rules.Policy
    from ... import runtime
    from ...frames import read_table
    from ...guard.columns.datasets import name_of_source

    runtime.check_file_allowed("classify", Tier.PUBLIC, policy, file=file)
    view = read_table(file)
    found = runtime.assess(
        view, policy=policy, dataset=name_of_source(file), source=file, full=full, header_only=header_only
    )
    return {
        "file": file,
        "rows": view.rows,
        "columns": found.to_json(),
        "quasi_identifiers": found.quasi_identifiers.to_json(),
    }


def _row(column: dict[str, Any]) -> tuple[str, ...]:
    actions = (column["action"][tier.label] for tier in Tier)
    return (column["column"], column["entity"], column["class"], f"{column['confidence']:.2f}", *actions)


def _csv(tables: list[dict[str, Any]]) -> str:
    """One line a column; a label that a spreadsheet would run as a formula gets an apostrophe."""
    from ...frames import frame_of
    from ...frames.spreadsheet import csv_text, defused

    lines = [
        (table["file"], *_row(column), "; ".join(column["evidence"])) for table in tables for column in table["columns"]
    ]
    heads = ("file", *_HEADS, "evidence")
    frame = frame_of({head: [line[place] for line in lines] for place, head in enumerate(heads)})
    return csv_text(defused(frame), line_end="\n", index=False)


def _table(table: dict[str, Any], *, named: bool) -> str:
    from ...guard.columns.quasi import QuasiIdentifiers

    text = aligned(_HEADS, [_with_doubt(column) for column in table["columns"]])
    together = printable(str(QuasiIdentifiers(**table["quasi_identifiers"])))
    lines = [f"{table['file']}: {table['rows']} rows"] if named else []
    return "\n".join([*lines, text, *filter(None, [together])])


def _with_doubt(column: dict[str, Any]) -> tuple[str, ...]:
    name, entity, *rest = _row(column)
    doubt = "?" if entity != "NONE" and column["confidence"] < ColumnVerdict.ACTS_FROM else ""
    return (name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…", entity + doubt, *rest)
