"""`privguard mask`: a masked copy of a table, and its record in the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import InputError, Refused
from ...model import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...guard.assess import Classification
    from ...policy.rules import Policy

__all__ = ["command"]


@click.command("mask")
@click.argument("file")
@click.option("-o", "--output", required=True, metavar="OUT", help="Where to write: .csv, .tsv or .parquet.")
@click.option(
    "--tier",
    default="public",
    show_default=True,
    type=click.Choice([tier.label for tier in Tier]),
    help="Who the copy is for; compliance needs a grant in the policy.",
)
@click.option("--reason", default=None, help="Why; tier compliance asks for it.")
def command(file: str, output: str, tier: str, reason: str | None) -> None:
    """Write a masked copy of the table FILE: whole, or not at all.

    Text that a spreadsheet would run as a formula gets a leading apostrophe in CSV and TSV. What
    was masked is said on stderr, as counts by kind of data, and the access is logged.

    Example: privguard mask customers.csv -o customers-public.csv
    """
    from ... import runtime
    from ...frames import read_table
    from ...frames.files import check_target, write

    policy, wanted = runtime.policy(), Tier.parse(tier)
    try:
        runtime.check_allowed("mask", wanted, policy, reason=reason)
    except Refused:
        _record_refusal(file, policy, tier)
        raise
    if _same_file(file, output):
        raise InputError(f"privguard: {output} is the input itself; name another file with -o.")
    check_target(output)
    table = read_table(file)
    name = Path(file).stem
    keyring, notices = runtime.keyring(runtime.home())
    for notice in notices:
        click.echo(notice, err=True)
    found = runtime.assess(table, policy=policy, dataset=name, source=file)
    result = runtime.mask_table(
        table, tier=wanted, policy=policy, keyring=keyring, dataset=name, source=file, classification=found
    )

    def safe(text: str) -> str:
        return runtime.safe_text(text, policy, keyring)

    access = _access(found, result.masked, safe, rows=table.rows, paths=(file, output))
    # Durable before the copy exists: an access that cannot be logged does not happen.
    runtime.record("data.load", policy, tier=tier, reason=reason and safe(reason), **access)
    write(result.native, output)
    counts = ", ".join(f"{entity} {count}" for entity, count in sorted(result.masked.items())) or "none"
    click.echo(f"privguard: wrote {output} for tier {tier}: {table.rows} rows, masked values: {counts}.", err=True)


def _record_refusal(file: str, policy: Policy, tier: str) -> None:
    """A tier that was asked for and not granted is an event, as it is for a cell."""
    from ... import runtime

    keyring, _ = runtime.keyring(runtime.home())
    name = runtime.safe_text(Path(file).stem, policy, keyring)
    dataset: dict[str, Any] = {"name": name, "source": None, "rows": 0, "columns": []}
    runtime.record("data.load", policy, outcome="refused", tier=tier, dataset=dataset)


def _same_file(one: str, other: str) -> bool:
    """Also by another name: a link, a relative path."""
    try:
        return Path(one).samefile(other)
    except OSError:  # OUT does not exist yet, or FILE does not
        return Path(one).absolute() == Path(other).absolute()


def _access(
    found: Classification, masked: Mapping[str, int], safe: Callable[[str], str], *, rows: int, paths: tuple[str, str]
) -> dict[str, Any]:
    """What the log says of the table: no value, and paths and labels without what looks like one."""
    from ...audit.event import classified_column

    source, target = paths
    columns = [classified_column(verdict, safe(verdict.column)) for verdict in found]
    return {
        "dataset": {"name": safe(Path(source).stem), "source": safe(source), "rows": rows, "columns": columns},
        "sinks": [{"kind": "file", "target": safe(target)}],
        "masked": dict(sorted(masked.items())),
    }
