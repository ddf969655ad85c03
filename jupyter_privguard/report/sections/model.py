"""Models that were reviewed before they may be served, and predictions that were logged."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..blocks import Block, Cell, Paragraph, badge, code, events, lines, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import claim, clock, count, data_class, mask, names, query

__all__ = ["SECTION"]

_MOST_FIELDS = 40
_ENDED = {"error": "failed"}
_VERDICTS = {"block": "kept back", "pass": "given out"}


def _build(context: Context) -> list[Block]:
    return [*_reviews(context), *_predictions(context)]


def _reviews(context: Context) -> list[Block]:
    found = context.of("model.review")
    if not found:
        return [Paragraph(plain("No model was reviewed in this experiment."))]
    headings = ["When (UTC)", "Account", "Tier", "Model", "Digest", "Outcome", "Fields", "Settings", "Event"]
    rest = query(context.experiment.name, "--action", "model.review")
    return table("Reviews of models", headings, found, _review_row, rest=rest)


def _review_row(event: Event) -> list[Cell]:
    return [
        plain(clock(event["time"])),
        who(event["principal"]["id"]),
        plain(event.get("tier") or "not told"),
        code(str(event["model"])) if isinstance(event.get("model"), str) else plain("not named"),
        _digest(event),
        badge("blocked" if event.get("blocked") else event["outcome"]),
        _fields(event),
        _settings(event),
        events([event["seq"]]),
    ]


def _digest(event: Event) -> Cell:
    found = next((event[name] for name in ("digest", "sha256", "model_sha256") if event.get(name)), None)
    return proof(str(found)) if found else plain("none")


def _fields(event: Event) -> Cell:
    """What was found in each field that the model gives out, and what becomes of it, one a line."""
    fields = event.get("fields")
    if isinstance(fields, int):
        return plain(fields)
    if not isinstance(fields, list):
        return plain("not told")
    stored = event.get("stored")
    told = [_field(one) for one in (*fields, *(stored if isinstance(stored, list) else ())) if isinstance(one, dict)]
    more = [plain(f"and {len(told) - _MOST_FIELDS:,} more")] if len(told) > _MOST_FIELDS else []
    return lines([*told[:_MOST_FIELDS], *more]) or plain("none")


def _field(field: dict[str, Any]) -> Cell:
    label = next((field[name] for name in ("label", "name", "field", "where") if field.get(name)), "not named")
    entity, kind = field.get("entity"), field.get("class")
    holds = (*plain(": "), *code(str(entity)), *plain(f" {data_class(str(kind))}" if kind else "")) if entity else ()
    verdict = field.get("verdict") or ("block" if field.get("blocked") else "")
    verdict = _VERDICTS.get(str(verdict), str(verdict))
    action = plain(f", {mask(str(field['action']))}") if field.get("action") else ()
    return (*code(str(label)), *holds, *(plain(f" – {verdict}") if verdict else ()), *action)


def _settings(event: Event) -> Cell:
    settings = event.get("settings")
    return names(str(one) for one in settings) if isinstance(settings, list) else plain("none")


def _predictions(context: Context) -> list[Block]:
    found = context.of("model.predict")
    if not found:
        return [Paragraph(plain("No prediction of a guarded model was recorded in this experiment."))]
    served = [event for event in found if event["outcome"] == "ok"]
    others = Counter(event["outcome"] for event in found if event["outcome"] != "ok")
    beside = "".join(f", {count(number, 'request')} {_ENDED.get(name, name)}" for name, number in others.items())
    headings = ["Account", "Tier", "Deployment", "Model", "Served", "Refused", "Failed", "Events"]
    grouped: dict[tuple[str, ...], list[Event]] = {}
    for event in found:
        told = (str(event.get(name) or "not told") for name in ("tier", "deployment", "model"))
        grouped.setdefault((str(event["principal"]["id"]), *told), []).append(event)
    rest = query(context.experiment.name, "--action", "model.predict")
    return [
        Paragraph(claim(f"{count(len(served), 'prediction')} served{beside}.", found)),
        *table("Predictions, by who asked and what they got", headings, list(grouped.items()), _asked_row, rest=rest),
    ]


def _asked_row(asked: tuple[tuple[str, ...], list[Event]]) -> list[Cell]:
    (person, tier, deployment, model), found = asked
    ended = Counter(event["outcome"] for event in found)
    return [
        who(person),
        plain(tier),
        code(deployment),
        code(model),
        *(plain(ended[name]) for name in ("ok", "refused", "error")),
        events(event["seq"] for event in found),
    ]


SECTION = Section(order=46, id="model", title="Models", build=_build)
