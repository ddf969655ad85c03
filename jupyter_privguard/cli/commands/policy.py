"""`privguard policy`: write a starter policy, look a policy over."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ...errors import InputError, PolicyError
from ..output import write_output

__all__ = ["command"]


@click.group("policy")
def command() -> None:
    """Write a starter policy, or look one over.

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
    click.echo(f"privguard: wrote {output}; to use it, set PRIVGUARD_POLICY to its path.", err=True)


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
        raise PolicyError(
            f"privguard: {file} cannot be used as a policy; mend {_count(examined.problems, 'problem')} listed above.",
            examined.problems,
        )
    if examined.findings:
        click.echo(f"privguard: {file} can be used; look at {_count(examined.findings, 'finding')}.", err=True)
        ctx.exit(1)
    click.echo(f"privguard: {file} is fine.", err=True)


def _count(lines: tuple[str, ...], noun: str) -> str:
    return f"the {noun}" if len(lines) == 1 else f"the {len(lines)} {noun}s"
