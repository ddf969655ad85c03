"""``privguard selftest``: does any exit of a guarded kernel show what it should not?"""

from __future__ import annotations

import click

from ..output import format_option, json_text
from ..progress import long_work

__all__ = ["command"]


@click.command()
@click.option("--baseline", is_flag=True, help="Ask a kernel without the guard too, and show it beside.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Make the people of an earlier run again.")
@format_option("table", "json")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
def command(baseline: bool, seed: int | None, form: str) -> int:
    """Try every way out of a guarded kernel here, with made-up people; exit 1 if a value leaves by one.

    Kernels of this Python are started under the policy in force, with keys, log and files of their own that are
    removed afterwards. Takes half a minute, twice that with --baseline.

    Example: privguard selftest --baseline
    """
    from ...selftest.run import run_selftest

    with long_work("self-test") as show:
        report = run_selftest(baseline=baseline, seed=seed, say=show)
    click.echo(json_text(report.to_json()) if form == "json" else str(report))
    return 0 if report.is_good else 1
