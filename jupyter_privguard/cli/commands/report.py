"""``privguard report``: one HTML file with the evidence on an experiment."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


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
def command(experiment: str, output: Path, notebook: Path | None) -> None:
    """Write the evidence on EXPERIMENT as one HTML file that needs no network.

    The log is verified first: a damaged log ends with exit code 2 and no file. Prints the path.

    Example: privguard report exp-1 --output compliance.html
    """
    from ... import runtime
    from ...report.export import check_target, export

    policy = runtime.policy()
    check_target(output)
    page = runtime.report_page(experiment, policy, notebook=notebook)

    def note(sha256: str) -> None:
        ring, _ = runtime.keyring(runtime.home(), create=False)
        path = runtime.safe_text(str(output), policy, ring)
        runtime.record("report.export", policy, experiment=experiment, path=path, sha256=sha256)

    export(page, output, note)
    click.echo(output)
