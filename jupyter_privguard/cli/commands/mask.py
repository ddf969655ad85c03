"""`privguard mask`: a masked copy of a table, and its record in the log."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ... import _files
from ...model import Tier
from ..completing import complete_files
from ..input import check_other
from ..output import write_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...frames import FrameView
    from ...guard.columns.assess import Classification
    from ...guard.files.masking import MaskedFile
    from ...keys.keyring import KeyRing
    from ...masking.utility import Utility
    from ...policy.rules import Policy

__all__ = ["command"]


@click.command("mask")
@click.argument("file", shell_complete=complete_files)
@click.option("-o", "--output", required=True, metavar="OUT", help="Where to write: .csv, .tsv or .parquet.")
@click.option(
    "--tier",
    default="public",
    show_default=True,
    type=click.Choice([tier.label for tier in Tier]),
    help="Who the copy is for; compliance needs a grant in the policy.",
)
@click.option("--reason", default=None, help="Why; tier compliance asks for it.")
@click.option("--utility", is_flag=True, help="Say on stderr what the masks leave of each column, and what not.")
@click.option("--utility-json", default=None, metavar="F", help="Write that to the file F, as JSON.")
def command(file: str, output: str, tier: str, reason: str | None, utility: bool, utility_json: str | None) -> None:
    """Write a masked copy of the table FILE, which may be of any size: whole, or not at all.

    Columns are classified by values at even strides over all rows; a form that few of very many
    cells have may be missed, except in text, every cell of which is searched. From CSV and TSV to
    CSV and TSV, what is not masked stays as it is written, but text that a spreadsheet would run as
    a formula gets a leading apostrophe. Of a file without a header the first row counts as labels,
    which are masked like the cells below.

    What was masked is said on stderr, as counts by kind of data, and by which column dates are shifted,
    if the policy says `shift`; the access is logged. What is left of a column's use (distinct values,
    join keys, order, information) is counted over the rows of the first 8 MB.

    Example: privguard mask customers.csv -o customers-public.csv
    """
    from ... import runtime
    from ...frames.files import check_target
    from ...guard.columns.datasets import name_of_source
    from ...guard.files.masking import mask_file
    from ..progress import long_work

    policy, wanted, name = runtime.policy(), Tier.parse(tier), name_of_source(file)
    runtime.check_file_allowed("mask", wanted, policy, file=file, reason=reason)
    check_other(output, file)
    check_target(output)
    if utility_json is not None:
        _files.check_target(Path(utility_json))

    @cache
    def keys() -> KeyRing:
        keyring, notices = runtime.keyring(runtime.home())
        for notice in notices:
            click.echo(notice, err=True)
        return runtime.drawing_surrogates(keyring, runtime.home(), policy)

    def words(keyring: KeyRing, found: Classification, seen: FrameView) -> Classification:
        def safe(text: str) -> str:
            return runtime.safe_text(text, policy, keyring)

        pins = runtime.domain_pins(runtime.home(), keyring)
        return runtime.with_words(found, seen, policy, dataset=name, source=file, pins=pins, safe=safe)

    def logged(result: MaskedFile) -> None:
        # Durable before the copy exists: an access that cannot be logged does not happen.
        def safe(text: str) -> str:
            return runtime.safe_text(text, policy, keys())

        access = _access(result, safe, name, paths=(file, output))
        runtime.record("data.load", policy, tier=tier, reason=reason and safe(reason), **access)

    if runtime.keys_there(runtime.home()).exists():
        keys()  # a passphrase is asked for now, not into the bar
    with long_work("masking") as progress:
        result = mask_file(
            file,
            output,
            tier=wanted,
            policy=policy,
            keys=keys,
            pins=lambda keyring: runtime.domain_pins(runtime.home(), keyring),
            dataset=name,
            words=words,
            ready=logged,
            progress=progress,
            with_utility=utility or utility_json is not None,
        )
    counts = ", ".join(f"{entity} {count}" for entity, count in sorted(result.masked.items())) or "none"
    click.echo(f"privguard: wrote {output} for tier {tier}: {result.rows} rows, masked values: {counts}.", err=True)
    if result.utility is not None:
        _tell_utility(result.utility, on_stderr=utility, file=utility_json)
    _tell_of_dates(result)
    _tell_of_domains(result, policy, dataset=name, source=file)
    if not result.has_handles:
        click.echo(
            "privguard: it holds over a million different tokens or handles, too many to be kept: `privguard reveal` "
            "opens what begins with enc:siv256 or sur_, and no token; mask it in parts if tokens are to be looked up.",
            err=True,
        )


def _tell_of_dates(result: MaskedFile) -> None:
    said = []
    if result.shifted_by is not None:
        said.append(
            f"dates were shifted by as many days where `{result.shifted_by}` is the same, redacted where it is empty."
        )
    if result.unshifted:
        said.append(
            f"{_listed(result.unshifted)} should be shifted, but no column tells whose dates these are, so they were "
            "redacted; name one under `datasets` in the policy."
        )
    if result.guessed:
        said.append(
            f"the dates in {_listed(result.guessed)} make sense day first and month first, and were read day first; "
            "write them as year-month-day if that is wrong."
        )
    for sentence in said:
        click.echo(f"privguard: {sentence}", err=True)


def _tell_of_domains(result: MaskedFile, policy: Policy, *, dataset: str, source: str) -> None:
    """Where the policy joins columns and handles that were given out before keep one of them apart."""
    from ...policy.columns import domain_for

    for verdict in result.classification:
        named = domain_for(policy, verdict.column, dataset=dataset, source=source)
        if named is not None and verdict.domain and verdict.domain != named:
            click.echo(
                f"privguard: the handles of `{verdict.column}` stay apart from the other columns of domain `{named}`, "
                "for some were made before; `privguard keys rotate` begins anew for all.",
                err=True,
            )


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(f"`{label}`" for label in labels)


def _tell_utility(found: Utility, *, on_stderr: bool, file: str | None) -> None:
    if on_stderr:
        click.echo(f"privguard: what is left, counted over {found.rows} rows:\n{found!r}", err=True)
    if file is not None:
        write_output(Path(file), json.dumps(found.to_json(), indent=1).encode() + b"\n")


def _access(result: MaskedFile, safe: Callable[[str], str], name: str, *, paths: tuple[str, str]) -> dict[str, Any]:
    """What the log says of the table: no value, and paths and labels without what looks like one."""
    from ...audit.event import classified_column

    source, target = paths
    columns = [classified_column(verdict, safe(verdict.column)) for verdict in result.classification]
    return {
        "dataset": {"name": safe(name), "source": safe(source), "rows": result.rows, "columns": columns},
        "sinks": [{"kind": "file", "target": safe(target)}],
        "masked": dict(sorted(result.masked.items())),
    }
