"""``privguard model``: versions of models, who approved them for which alias, and aliases that nobody approved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..groups import Group
from ..input import as_term
from ..models import history_rows, list_rows, model_json, open_rows, show_tables
from ..output import format_option, json_text, printable, table

if TYPE_CHECKING:
    from ...registry.records import Model, Registry

__all__ = ["command"]

_PATH = click.option(
    "--path", "files", metavar="DIR", type=click.Path(path_type=Path), help="The folder with the model's files."
)
_TRACKING = click.option(
    "--tracking", metavar="URI", help="MLflow's registry, such as sqlite:////srv/mlflow.db; takes MLflow."
)


def _term(ctx: click.Context, param: click.Parameter, text: str | None) -> timedelta | None:
    from ...registry.asking import LONGEST

    return as_term(ctx, param, text, longest=LONGEST)


@click.group(cls=Group)
def command() -> None:
    """Versions of models: what was measured, who approved them for which alias, where they are served.

    An approval is somebody else's signature on one version, its files and an alias that may point to it.

    Example: privguard model list
    """


@command.command("list")
@format_option("table", "json")
def list_(form: str) -> None:
    """List models, their versions and aliases, requests that wait, and what to look at.

    Example: privguard model list --format json
    """
    from ... import runtime

    registry = runtime.known_models()
    waiting = runtime.open_requests(registry)
    if form == "json":
        found = [model_json(registry, model) for model in registry.models.values()]
        click.echo(json_text({"models": found, "requests": open_rows(waiting, as_json=True)}))
        return
    headings = ("model", "version", "digest", "review", "approved for", "aliases", "deployments", "look at")
    click.echo(table(headings, list_rows(registry)))
    if not registry.models:
        click.echo("privguard: the log tells of no model yet.", err=True)
    if waiting:
        headings = ("request", "who", "model", "version", "alias", "review", "you", "reason")
        click.echo("\n" + table(headings, open_rows(waiting)))


@command.command()
@click.argument("name")
@format_option("table", "json")
def show(name: str, form: str) -> None:
    """Show everything that the log tells of the model NAME.

    Example: privguard model show churn
    """
    registry, model = _known(name)
    if form == "json":
        click.echo(json_text(model_json(registry, model)))
        return
    for number, (title, headings, rows) in enumerate(show_tables(registry, model)):
        click.echo(f"{'' if number == 0 else chr(10)}{title}\n{table(headings, rows) if rows else 'none'}")


@command.command()
@click.argument("name")
@format_option("table", "json")
def history(name: str, form: str) -> None:
    """Show what happened to the model NAME, in order: records, approvals, aliases, deployments, alerts.

    Example: privguard model history churn
    """
    _, model = _known(name)
    headings = ("event", "when (UTC)", "what", "version", "who", "detail")
    rows = history_rows(model)
    if form == "json":
        names = ("seq", "time", "what", "version", "who", "detail")
        click.echo(json_text([dict(zip(names, row, strict=True)) for row in rows]))
        return
    click.echo(table(headings, rows))


def _known(name: str) -> tuple[Registry, Model]:
    from ... import runtime
    from ...errors import InputError

    registry = runtime.known_models()
    model = registry.named(name)
    if model is None:
        raise InputError("privguard: the log tells of no model of that name; `privguard model list` shows which.")
    return registry, model


@command.command()
@click.argument("name")
@click.argument("version")
@click.option("--metric", "-m", "metrics", multiple=True, metavar="NAME=NUMBER", help="Something that was measured.")
@click.option("--run", metavar="ID", help="The run that made it.")
@_PATH
@_TRACKING
def record(
    name: str, version: str, metrics: tuple[str, ...], run: str | None, files: Path | None, tracking: str | None
) -> None:
    """Record VERSION of the model NAME: the digest of its files, and what was measured.

    With --tracking files, run and metrics come from MLflow's registry.

    Example: privguard model record churn 3 --path model/ --metric accuracy=0.91
    """
    from ... import runtime

    measured = dict(map(_metric, metrics))
    sha256 = None
    if tracking is not None:
        registry = runtime.tracked(tracking)
        sha256 = registry.digest(name, version)
        found, known = registry.run(name, version)
        run, measured = run or found, known | measured
    source = "registry" if tracking is not None else "hand"
    stored = runtime.record_model(name, version, files=files, metrics=measured, run=run, sha256=sha256, source=source)
    click.echo(stored["sha256"] or "")
    click.echo(printable(f"privguard: recorded as event #{stored['seq']}."), err=True)


def _metric(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError("--metric is a name and a number, as in accuracy=0.91")
    return name.strip(), value.strip()


@command.command()
@click.argument("name")
@click.argument("version")
@click.option("--alias", "-a", required=True, metavar="NAME", help="The alias or stage that may point to it.")
@click.option("--reason", "-r", required=True, help="Why; whoever answers reads it.")
@click.option("--review", type=click.IntRange(1), metavar="SEQ", help="The review's event; without it the newest one.")
@click.option(
    "--for", "term", callback=_term, metavar="TIME", default="365d", show_default=True, help="For how long; up to 366d."
)
@_PATH
@_TRACKING
def request(
    name: str,
    version: str,
    alias: str,
    reason: str,
    review: int | None,
    term: timedelta,
    files: Path | None,
    tracking: str | None,
) -> None:
    """Ask somebody else to approve VERSION of the model NAME for an alias; the id of the request is printed.

    It is bound to the digest of the files, and to the newest review of this version.

    Example: privguard model request churn 3 --alias champion --reason "better on the spring cohort"
    """
    from ... import runtime

    sha256 = runtime.tracked(tracking).digest(name, version) if tracking is not None else None
    made = runtime.request_model(
        name, version, alias=alias, reason=reason, term=term, files=files, sha256=sha256, review=review
    )
    click.echo(made.asked.id)
    for note in made.notes:
        click.echo(printable(note), err=True)


@command.command()
@click.argument("request_id", metavar="ID")
@click.option("--for", "term", callback=_term, metavar="TIME", help="A shorter time than was asked for.")
@click.option("--reason", "-r", help="Why; needed where no review has passed.")
@_PATH
@_TRACKING
def approve(
    request_id: str, term: timedelta | None, reason: str | None, files: Path | None, tracking: str | None
) -> None:
    """Approve the request ID of somebody else, and sign it.

    The policy must give you a role with `approve: true`. With --path or --tracking the files are held
    against those that were asked for.

    Example: privguard model approve 3f0c9a7d1e5b42866a90d1ce --path model/
    """
    _answer(request_id, is_grant=True, term=term, reason=reason, files=files, tracking=tracking)


@command.command()
@click.argument("request_id", metavar="ID")
@click.option("--reason", "-r", help="Why; it is recorded.")
def deny(request_id: str, reason: str | None) -> None:
    """Refuse the request ID, or take back what was approved. Whoever asked may take it back too.

    Example: privguard model deny 3f0c9a7d1e5b42866a90d1ce --reason "leaks postcodes"
    """
    _answer(request_id, is_grant=False, term=None, reason=reason, files=None, tracking=None)


def _answer(
    request_id: str,
    *,
    is_grant: bool,
    term: timedelta | None,
    reason: str | None,
    files: Path | None,
    tracking: str | None,
) -> None:
    from ... import runtime
    from ...policy.approvals import time_text

    sha256 = None
    if tracking is not None:
        asked = next((one.asked for one in runtime.open_requests() if one.asked.id == request_id), None)
        sha256 = runtime.tracked(tracking).digest(asked.model, asked.version) if asked is not None else None
    found = runtime.answer_model(request_id, is_grant=is_grant, term=term, reason=reason, files=files, sha256=sha256)
    asked, standing, state = found.shown, found.standing, found.standing.state.value
    word = {"granted": "approved", "pending": "needs one more"}.get(state, state)
    until = f", until {time_text(standing.expires)}" if state == "granted" and standing.expires is not None else ""
    about = f"version {asked.version} of {asked.model} as {asked.alias}, for {asked.by}{until}"
    click.echo(printable(f"privguard: {word}: {about}."), err=True)


@command.command()
@_TRACKING
@format_option("table", "json")
def check(tracking: str | None, form: str) -> None:
    """Hold the aliases of models against signed approvals; what has none raises an alert in the log.

    With --tracking the aliases are those of MLflow's registry, and what moved there is recorded. The exit
    code is 0 whatever is found; `privguard doctor` ends with 1 while there is something to look at.

    Example: privguard model check --tracking sqlite:////srv/mlflow.db
    """
    from ... import runtime

    found = runtime.check_models(tracking)
    if form == "json":
        click.echo(json_text({"moved": found.moved, "alerts": found.alerts, "flags": _flags(found.flags)}))
    else:
        rows = [
            [one["model"], one["version"], one["alias"] or "-", one["problem"], one["says"]]
            for one in _flags(found.flags)
        ]
        click.echo(table(("model", "version", "alias", "problem", "what to look at"), rows))
    for sentence in found.unread:
        click.echo(printable(sentence), err=True)
    moved = f"{found.moved} moved since the last look" if tracking is not None else "as the log knows them"
    said = f"{len(found.flags)} to look at, {found.alerts} new; aliases: {moved}"
    click.echo(f"privguard: {said}.", err=True)


def _flags(flags: Any) -> list[dict[str, Any]]:
    return [{**one._asdict(), "seqs": list(one.seqs)} for one in flags]
