"""``privguard approval``: ask somebody else for what one's roles do not give, and answer such requests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from ..completing import complete_from_log
from ..groups import Group
from ..input import as_term
from ..output import format_option, json_text, printable, table

if TYPE_CHECKING:
    from ...runtime.approvals import Known

__all__ = ["command"]

_FIELDS = ("id", "state", "who", "tier", "data set", "columns", "use", "for", "until", "answered by", "reason")


@click.group(cls=Group)
def command() -> None:
    """Ask others for a tier that your roles do not give, or answer their requests.

    An approval is for columns of a data set, for a time, and everything else stays as it is.

    Example: privguard approval list
    """


@command.command()
@click.option("--dataset", "-d", required=True, metavar="NAME", help="The data set: its name, source, or a glob.")
@click.option("--tier", "-t", required=True, type=click.Choice(["internal", "compliance"]), help="The tier.")
@click.option("--columns", "-c", metavar="A,B", help="The columns; without it all of them.")
@click.option(
    "--experiment",
    metavar="NAME",
    shell_complete=complete_from_log("experiment"),
    help="The one experiment that it is for.",
)
@click.option("--purpose", metavar="TEXT", help="The one purpose that it is for.")
@click.option("--reason", "-r", required=True, help="Why; whoever answers reads it.")
@click.option(
    "--for",
    "term",
    callback=as_term,
    metavar="TIME",
    default="8h",
    show_default=True,
    help="For how long: 30m, 8h, 2d; up to 30d.",
)
def request(
    dataset: str,
    tier: str,
    columns: str | None,
    experiment: str | None,
    purpose: str | None,
    reason: str,
    term: timedelta,
) -> None:
    """Ask for a tier on columns of a data set; the id of the request is printed.

    Example: privguard approval request -t compliance -d customers -c email -r "ticket 4711"
    """
    from ... import runtime
    from ...model import Tier

    made = runtime.request_approval(
        tier=Tier.parse(tier),
        dataset=dataset,
        columns=[column.strip() for column in columns.split(",")] if columns is not None else [],
        experiment=experiment,
        purpose=purpose,
        reason=reason,
        term=term,
    )
    click.echo(made.asked.id)
    click.echo(printable(made.what_now), err=True)


@command.command()
@click.argument("request_id", metavar="ID")
@click.option("--for", "term", callback=as_term, metavar="TIME", help="A shorter time than was asked for.")
@click.option("--reason", "-r", help="Why; it is recorded.")
def grant(request_id: str, term: timedelta | None, reason: str | None) -> None:
    """Approve the request ID of somebody else.

    The policy must give you a role with `approve: true` and the tier itself. The approval begins
    now and ends after the time that was asked for, or sooner with --for.

    Example: privguard approval grant 3f0c9a7d1e5b42866a90d1ce --for 2h
    """
    _answer(request_id, is_grant=True, term=term, reason=reason)


@command.command()
@click.argument("request_id", metavar="ID")
@click.option("--reason", "-r", help="Why; it is recorded.")
def deny(request_id: str, reason: str | None) -> None:
    """Refuse the request ID, or take back what was granted. Whoever asked may take it back too.

    This cannot be undone; whoever needs it asks again.

    Example: privguard approval deny 3f0c9a7d1e5b42866a90d1ce --reason "not needed"
    """
    _answer(request_id, is_grant=False, term=None, reason=reason)


def _answer(request_id: str, *, is_grant: bool, term: timedelta | None, reason: str | None) -> None:
    from ... import runtime

    known = runtime.answer_request(request_id, is_grant=is_grant, term=term, reason=reason)
    asked, state = known.asked, _state(known)
    columns = f"columns {', '.join(asked.columns)}" if asked.columns else "all columns"
    about = f"tier {asked.tier.label} for {asked.by} on {asked.dataset}, {columns}"
    until = f", until {_until(known)}" if state == "granted" else ""
    click.echo(printable(f"privguard: {state}: {about}{until}."), err=True)


@command.command("list")
@format_option("table", "json", "csv")
def list_(form: str) -> None:
    """List your requests and those that you may answer, the oldest first.

    Example: privguard approval list --format json
    """
    from ... import runtime

    known = runtime.known_requests()
    if form == "json":
        click.echo(json_text([_summary(one) for one in known]))
        return
    rows = [_row(one) for one in known]
    if form == "csv":
        from ...frames.spreadsheet import defused_csv

        click.echo(defused_csv(_FIELDS, rows), nl=False)
        return
    click.echo(table(_FIELDS, rows))
    if not known:
        click.echo("privguard: nothing is asked of you, and you have asked for nothing.", err=True)


def _state(known: Known) -> str:
    standing = known.standing
    if standing.state == "pending" and standing.answered_by:
        return "needs one more"
    return standing.state.value


def _until(known: Known) -> str:
    from ...policy.approvals import time_text

    return time_text(known.standing.expires) if known.standing.expires is not None else ""


def _row(known: Known) -> list[str]:
    from ...policy.approvals import term_text

    asked = known.asked
    scope = [f"{name} {text}" for name, text in (("experiment", asked.experiment), ("purpose", asked.purpose)) if text]
    return [
        asked.id,
        _state(known),
        asked.by,
        asked.tier.label,
        asked.dataset,
        ", ".join(asked.columns) or "all",
        ", ".join(scope) or "any use",
        term_text(asked.term),
        _until(known),
        ", ".join(known.standing.answered_by),
        asked.reason,
    ]


def _summary(known: Known) -> dict[str, Any]:
    asked = known.asked
    return {**known.told(), "principal": asked.by, "minutes": int(asked.term.total_seconds()) // 60}
