"""`privguard scan`: where values of persons and secrets stand in saved files, and how to take them out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..._files import check_target
from ..completing import complete_files
from ..output import format_option, json_text, printable, write_output
from ..output import table as aligned
from ..progress import long_work

if TYPE_CHECKING:
    from ...runtime.scans import Scan

__all__ = ["command"]

_HEADS = ("path", "place", "entity", "confidence", "excerpt")
_FINDINGS, _AMISS = 1, 3


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=complete_files)
@format_option("table", "json", "sarif", about="table: aligned text; json: a list; sarif: SARIF 2.1.0 for forges.")
@click.option("--fix", is_flag=True, help="Write [redacted] for what is found in text files and notebooks.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that FILE accepts.")
@click.option("--write-baseline", metavar="FILE", help="Accept what is found now, and write that to FILE.")
@click.option("--all", "everything", is_flag=True, help="Look into hidden folders and installed packages too.")
@click.option(
    "--confidence", type=click.IntRange(0, 100), default=60, show_default=True, help="Leave out what is less sure."
)
@click.option("--allow-unread", is_flag=True, help="End well though files are of forms that are not read.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes at work.  [default: one a core]")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    form: str,
    fix: bool,
    baseline: str | None,
    write_baseline: str | None,
    everything: bool,
    confidence: int,
    allow_unread: bool,
    jobs: int | None,
) -> None:
    """Find values of persons and secrets in notebooks, tables, models, histories, pictures and archives.

    Executes nothing that it reads, and prints no value. Ends with 1 where something was found, with 3 where nothing
    was found and a file could not be read, or when `--fix` changed files and the log could not be written.

    Example: privguard scan notebooks --format sarif
    """
    from ...runtime.scans import scan_files

    if write_baseline is not None:
        check_target(Path(write_baseline))
    with long_work("scanning") as done:
        found = scan_files(
            paths,
            fix=fix,
            everything=everything,
            jobs=jobs or os.cpu_count() or 1,
            least=confidence,
            baseline=baseline,
            done=done,
            accepts=write_baseline is not None,
        )
    _print(found, form)
    for file in found.files:
        for problem in (*file.problems, *(f"not read: {reason}" for reason in file.not_read)):
            click.echo(f"privguard: {printable(file.path)}: {printable(problem)}.", err=True)
    click.echo(_summary(found, fix=fix), err=True)
    if found.unrecorded:
        click.echo(f"{found.unrecorded} This scan is not in the log.", err=True)
    if write_baseline is not None:
        write_output(Path(write_baseline), found.baseline().encode())
        return
    if fix and found.unrecorded:
        ctx.exit(_AMISS)
    if found.findings:
        ctx.exit(_FINDINGS)
    if found.damaged if allow_unread else found.unread:
        ctx.exit(_AMISS)


def _print(found: Scan, form: str) -> None:
    if form == "json":
        click.echo(json_text([one.to_json() for one in found.findings]).encode("utf-8", "replace"))
    elif form == "sarif":
        click.echo(json_text(found.sarif()).encode("utf-8", "replace"))
    elif found.findings:
        rows = [(one.path, str(one.place), one.entity, f"{one.confidence} %", one.excerpt) for one in found.findings]
        click.echo(aligned(_HEADS, rows).encode("utf-8", "replace"))


def _summary(found: Scan, *, fix: bool) -> str:
    number = len(found.findings)
    said = [f"{number} finding{'s' * (number != 1)} in {_files(found.looked_at)}"]
    if fix:
        said.append(f"{found.fixed} value{'s' * (found.fixed != 1)} taken out")
        kept = {one.path for one in found.findings}
        if kept:
            said.append(f"what is left in {_files(len(kept))} cannot be taken out in place: make these anew")
    elif any(one.can_be_fixed for one in found.findings):
        said.append("`--fix` takes out what stands in text files and notebooks")
    if found.passed_over:
        said.append(f"{_files(found.passed_over)} without text (pictures, sounds, fonts, programs) not looked at")
    if not found.is_recorded and not found.unrecorded:
        said.append("there are no keys yet, so this scan is not in the log and fingerprints tell places")
    return f"privguard: {'; '.join(said)}."


def _files(number: int) -> str:
    return f"{number} file{'s' * (number != 1)}"
