"""``privguard demo``: the whole job once, on generated data or on a file of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ...demo.run import DemoResult

__all__ = ["command"]


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own CSV or Parquet file, shown through a general notebook.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("demo-output"),
    show_default=True,
    metavar="DIR",
    help="Where data, notebook and report go; keys and log too, unless PRIVGUARD_HOME is set.",
)
@click.option(
    "--rows", type=click.IntRange(50, 1_000_000), default=600, show_default=True, help="Customers to make up."
)
def command(data: Path | None, output: Path, rows: int) -> None:
    """Run a guarded notebook, verify the log and write the compliance file.

    Example: privguard demo --data people.csv
    """
    from ...demo.run import run_demo

    result = run_demo(output, data=data, rows=rows, say=lambda line: click.echo(line, err=True))
    for name, value in _summary(result, output, generated=data is None):
        click.echo(f"{name:<20} {value}")


def _summary(result: DemoResult, output: Path, *, generated: bool) -> list[tuple[str, str]]:
    classified = sum(result.classified.values())
    lines = [
        ("columns classified", f"{classified} of {result.columns}{_counts(result.classified)}"),
        ("values masked", f"{sum(result.masked.values()):,}{_counts(result.masked)}"),
        ("events logged", f"{result.events}, and the log verifies"),
        ("compliance file", str(result.report)),
        ("executed notebook", str(result.notebook)),
        ("keys and log", str(result.home)),
    ]
    return [*lines, ("data", str(output / "data"))] if generated else lines


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f": {', '.join(f'{number:,} {name}' for name, number in ordered)}" if ordered else ""
