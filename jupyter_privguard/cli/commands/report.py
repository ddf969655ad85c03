"""``privguard report``: one HTML file with the evidence on an experiment, and whether such a file is as it was made."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import InputError
from ..completing import complete_from_log
from ..groups import Group
from ..input import key_in, read_input
from ..progress import long_work

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["command"]

_LARGEST_REPORT_MIB = 256
_EXPERIMENT = click.Argument(["experiment"])


class _Report(Group):
    """``report verify`` is a command of its own; any other first word is the name of an experiment."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] == "verify" and not any(arg.startswith(("--output", "-o")) for arg in args):
            return super().resolve_command(ctx, args)
        return "EXPERIMENT", _write, args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Options before the experiment are those of the command that writes, not of this group.
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["--", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return super().shell_complete(ctx, incomplete) + complete_from_log("experiment")(ctx, _EXPERIMENT, incomplete)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "EXPERIMENT --output F.html [OPTIONS]")
        formatter.write_usage(ctx.command_path, "verify F.html [--vkey K]")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write.format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group(cls=_Report, no_args_is_help=False)
def command() -> None:
    """Write the evidence on EXPERIMENT as one HTML file that needs no network, or verify such a file.

    The log is verified first: a damaged log ends with exit code 2 and no file. The file is signed by the log's key.
    Prints the path. A file name that ends with .ipynb gets the notebook that makes the report anew.

    Example: privguard report exp-1 --output compliance.html
    """


@click.command()
@click.argument("experiment")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), metavar="F.html", help="The file to write."
)
@click.option(
    "--notebook",
    type=click.Path(path_type=Path),
    metavar="F.ipynb",
    help="Name this notebook in the report, with its SHA-256; nothing of its content enters.",
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="NAMES",
    help="Packs of controls, with commas between: names (gdpr, hipaa, …) and YAML files of your own; else all names.",
)
@click.option(
    "--csv",
    "csv_folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the Article 30 record, the inputs of a DPIA, the inventory and the access history as CSV there; "
    "the folder is made if it is missing.",
)
def _write(
    experiment: str, output: Path, notebook: Path | None, packs: tuple[str, ...], csv_folder: Path | None
) -> None:
    from ... import runtime
    from ...report.export import check_folder, check_target, export, make_folder

    policy = runtime.policy()
    if csv_folder is not None:
        check_folder(csv_folder)
    if csv_folder is None or os.path.abspath(output.parent) != os.path.abspath(csv_folder):  # noqa: PTH100 - without links
        check_target(output)
    with long_work("report") as done:
        found = runtime.report(experiment, policy, notebook=notebook, packs=_names(packs), done=done)
        files = {output: found.notebook() if output.suffix.lower() == ".ipynb" else found.page()}
        if csv_folder is not None:
            tables = {csv_folder / name: text for name, text in found.csv_files().items()}
            if os.path.abspath(output) in map(os.path.abspath, tables):  # noqa: PTH100
                raise InputError(f"privguard: {output} is what one of the CSV files is called; give it another name.")
            make_folder(csv_folder)
            files |= tables
    for path in files:
        check_target(path)
    ring, _ = runtime.keyring(runtime.home(), create=False)
    for path, text in files.items():
        safe = runtime.safe_text(str(path), policy, ring)
        note = partial(runtime.record, "report.export", policy, experiment=experiment, path=safe)
        export(text, path, partial(_noted, note))
        click.echo(path)


def _noted(note: Callable[..., object], sha256: str) -> None:
    note(sha256=sha256)


def _names(packs: tuple[str, ...]) -> list[str]:
    """What stands between the commas; InputError for nothing there."""
    names = [name.strip() for given in packs for name in given.split(",")]
    if "" in names:
        raise InputError("privguard: --pack takes names of packs, with commas between; leave it out for all of them.")
    return names


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--vkey", metavar="K", help="The verifier key of the log, or a file with it (`privguard audit vkey`).")
def verify(file: Path, vkey: str | None) -> None:
    """Prove that FILE is as it was made, byte by byte, and that the events that it lists are in the signed log.

    Without a key it is proven under this deployment's, or else under the one that the file names itself. Ends with
    exit code 2, and says where, if anything differs.

    Example: privguard report verify compliance.html --vkey vkey.txt
    """
    from ... import runtime
    from ...report.signing import check_signed

    given = runtime.own_vkey() if vkey is None else key_in(vkey)
    page = read_input(file, most_mib=_LARGEST_REPORT_MIB, wanted="a report")
    found = check_signed(page, vkey=given, called=str(file))
    _, size, _ = found.checkpoint
    click.echo(
        f"{file}: unchanged, and all {found.cited:,} events that it lists are in the signed log of {size:,} records "
        f"({found.checkpoint.origin})"
    )
    if given is None:
        click.echo(f"privguard: proven under the key that the file names; compare it: {found.vkey}", err=True)
