"""``privguard audit archive``: the log in a bucket that deletes nothing before its term."""

from __future__ import annotations

import click

from ... import runtime
from ..progress import long_work

__all__ = ["archive"]


@click.command()
@click.option("--to", "url", required=True, metavar="s3://BUCKET[/PREFIX]", help="A bucket with Object Lock.")
@click.option("--check", is_flag=True, help="Write nothing: read the archive back and prove it, from itself alone.")
def archive(url: str, check: bool) -> None:
    """Write what is new in the log to a bucket, sealed, where it cannot be deleted before its term.

    The log is verified first. Records are compressed (zstd) and sealed (AES-256-GCM), a signed manifest says which
    they are, and all is kept in Object Lock mode COMPLIANCE: for the policy's `retain`, else seven years. Then
    deleting is tried, and must be refused. The policy has to allow the bucket's host under `network`. Needs the
    packages boto3 and zstandard.

    Example: privguard audit archive --to s3://company-audit/privguard
    """
    in_force = runtime.policy()
    if check:
        with long_work("reading the archive") as done:
            found = runtime.archived(url, in_force, done)
        told = "nothing is archived there yet" if found is None else f"{found.size} records, the archive is whole"
        click.echo(f"privguard: {told}.", err=True)
        return
    with long_work("archiving the log") as done:
        segments = runtime.archive_log(url, in_force, done)
    if not segments:
        click.echo("privguard: the archive has all of the log already.", err=True)
        return
    first, last = segments[0].first, segments[-1].last
    until = segments[-1].retain_until.partition("T")[0]
    click.echo(
        f"privguard: archived records {first} to {last}; deleting them was tried and refused, until {until}.", err=True
    )
