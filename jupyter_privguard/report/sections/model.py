"""Models that were reviewed before they may be served, and predictions that were logged."""

from __future__ import annotations

from collections import Counter

from ..blocks import Block, Cell, Paragraph, badge, code, events, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import claim, clock, count, names, query

__all__ = ["SECTION"]


def _build(context: Context) -> list[Block]:
    return [*_reviews(context), *_predictions(context)]


def _reviews(context: Context) -> list[Block]:
    found = context.of("model.review")
    if not found:
        return [Paragraph(plain("No model was reviewed in this experiment."))]
    headings = ["When (UTC)", "Account", "Model", "Digest", "Outcome", "Fields", "Event"]
    rest = query(context.experiment.name, "--action", "model.review")
    return table("Reviews of models", headings, found, _review_row, rest=rest)


def _review_row(event: Event) -> list[Cell]:
    return [
        plain(clock(event["time"])),
        who(event["principal"]["id"]),
        code(str(event["model"])) if isinstance(event.get("model"), str) else plain("not named"),
        _digest(event),
        badge("blocked" if event.get("blocked") else event["outcome"]),
        _fields(event),
        events([event["seq"]]),
    ]


def _digest(event: Event) -> Cell:
    found = next((event[name] for name in ("digest", "sha256", "model_sha256") if event.get(name)), None)
    return proof(str(found)) if found else plain("none")


def _fields(event: Event) -> Cell:
    """How many fields were looked at, and which of them were blocked."""
    fields = event.get("fields")
    if isinstance(fields, int):
        return plain(fields)
    if not isinstance(fields, list):
        return plain("not told")
    blocked = [
        str(one.get("name") or one.get("field")) for one in fields if isinstance(one, dict) and one.get("blocked")
    ]
    return (*plain(f"{len(fields):,}, blocked: "), *names(blocked))


def _predictions(context: Context) -> list[Block]:
    found = context.of("model.predict")
    if not found:
        return [Paragraph(plain("No prediction of a guarded model was recorded in this experiment."))]
    rows = sum(event["rows"] for event in found if isinstance(event.get("rows"), int))
    outcomes = ", ".join(f"{number:,} {name}" for name, number in Counter(one["outcome"] for one in found).items())
    told = f" for {rows:,} rows" if rows else ""
    return [Paragraph(claim(f"{count(len(found), 'prediction')} in the record{told}: {outcomes}.", found))]


SECTION = Section(order=46, id="model", title="Models", build=_build)
