"""`privguard policy`: write a starter policy, look a policy over, explain what one makes of a column."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import InputError, PolicyError
from ...model import ColumnVerdict, Tier, Used
from ..completing import complete_files
from ..groups import Group
from ..output import format_option, json_text, printable, write_output

if TYPE_CHECKING:
    from ...policy.rules import Policy

__all__ = ["command"]


@click.group("policy", cls=Group)
def command() -> None:
    """Write a starter policy, look one over, or explain what the policy in force makes of a column.

    Example: privguard policy check privguard-policy.yaml
    """


@command.command("init")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("privguard-policy.yaml"),
    show_default=True,
    metavar="FILE",
    help="The file to write.",
)
def init(output: Path) -> None:
    """Write a commented starter policy; an existing file is never overwritten.

    Example: privguard policy init -o team.yaml
    """
    from ...policy.starter import STARTER

    if output.exists() or output.is_symlink():
        raise InputError(f"privguard: {output} is there already; move it away or name another file with -o.")
    write_output(output, STARTER.encode())
    click.echo(printable(f"privguard: wrote {output}; to use it, set PRIVGUARD_POLICY to its path."), err=True)


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Say all that is wrong or doubtful in a policy FILE, with line and column.

    Exit code 0: fine. 1: it can be used, but something in it may not be meant so. 3: it cannot be
    used, and a session under it would refuse every cell.

    Example: privguard policy check team.yaml
    """
    from ...policy.load import examine

    if not os.path.lexists(file):
        raise InputError(f"privguard: there is no file {file}; `privguard policy init` writes a starter policy.")
    examined = examine(file)
    for line in (*examined.problems, *examined.findings):
        click.echo(line)
    if examined.problems:
        counted = _count(examined.problems, "problem", "listed above")
        raise PolicyError(f"privguard: {file} cannot be used as a policy; mend {counted}.", examined.problems)
    if examined.findings:
        counted = _count(examined.findings, "finding", "listed above")
        click.echo(printable(f"privguard: {file} can be used; look at {counted}."), err=True)
        ctx.exit(1)
    click.echo(printable(f"privguard: {file} is fine."), err=True)


def _count(lines: tuple[str, ...], noun: str, where: str) -> str:
    from ...policy.load import AND_MORE

    if lines[-1] == AND_MORE:
        return f"the {noun}s {where}, and more"
    return f"the {noun} {where}" if len(lines) == 1 else f"the {len(lines)} {noun}s {where}"


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of a policy, for editors.

    With a first line `# yaml-language-server: $schema=privguard-policy.schema.json`, as the starter
    has it, editors complete keys and underline what is wrong.

    Example: privguard policy schema > privguard-policy.schema.json
    """
    from ...policy.schema import published

    click.echo(json_text(published()))


@command.command("explain")
@click.argument("file", metavar="FILE", shell_complete=complete_files)
@click.option("--column", required=True, metavar="C", help="The column's name.")
@click.option("--tier", type=click.Choice([tier.label for tier in Tier]), help="One tier alone; without it all three.")
@click.option(
    "--as",
    "who",
    metavar="PRINCIPAL",
    help="Whose rights to explain, a name or `group:NAME`; without it your own.",
)
@format_option("text", "json")
def explain(file: str, column: str, tier: str | None, who: str | None, form: str) -> None:
    """Say why one column of the data FILE is masked as it is, and who may see more of it, for what and where.

    FILE is a table as `privguard classify` reads it: CSV, TSV or Parquet. No value of it is printed. The policy is
    the one in force; PRIVGUARD_POLICY names another one.

    Example: privguard policy explain customers.csv --column email
    """
    from ... import runtime
    from ...guard.columns.datasets import name_of_source
    from ...policy.explain import as_principal
    from ...policy.explain import explain as reasons
    from ..explained import as_json, as_text

    policy = runtime.policy()
    name = name_of_source(file)
    verdict, label = _verdict(file, name, column, policy)
    principal = runtime.principal(policy) if who is None else as_principal(who)
    tiers = tuple(Tier) if tier is None else (Tier.parse(tier),)
    told = reasons(verdict, policy, principal, used=Used(name, file), at=datetime.now(UTC), tiers=tiers)
    if form == "json":
        click.echo(json_text(as_json(told, label=label, file=file)))
    else:
        click.echo(as_text(told, label=label, file=file, is_you=who is None))


def _verdict(file: str, name: str, column: str, policy: Policy) -> tuple[ColumnVerdict, str]:
    """The verdict of the column under its own name, and the name as it may be shown."""
    from ... import runtime
    from ...frames import read_table
    from ...guard.columns.assess import column_names
    from ...policy.schema import nearest

    table = read_table(file)
    names = column_names(table)
    verdicts = list(runtime.assess(table, policy=policy, dataset=name, source=file))
    if column in names:
        found = verdicts[names.index(column)]
        return replace(found, column=column), found.column
    near = nearest(column, names)
    hint = (
        "`privguard classify` lists those that it has."
        if near is None
        else f"did you mean `{printable(verdicts[names.index(near)].column)}`?"
    )
    raise InputError(f"privguard: {file} has no such column; {hint}")
