"""Registered models: versions and digests, reviews, approvals, benchmarks, aliases, deployments; what to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ...registry.approvals import Grant, ModelApproval
from ...registry.flags import Flag
from ...registry.records import Benchmark, Deployment, Model, Move, Version
from ..blocks import Block, Cell, Paragraph, badge, code, events, lines, plain, proof, who
from ..context import Context
from ..section import Section
from ..tables import table
from ..words import clock, few

__all__ = ["SECTION"]

_T = TypeVar("_T")

_READING = (
    "An approval is one other person's signature on one version of a model, the digest of its files and the alias that "
    "may point to it. The signature is checked here anew, with the key that stands in the event; whose key it is was "
    "told by who owned the file of the answer. Models are those of the deployment, whatever experiment they come from."
)
_REST = code("privguard model show")


def _build(context: Context) -> list[Block]:
    models = [model for model in context.registry.models.values() if model.is_managed or model.moves]
    if not models:
        return [Paragraph(plain("No model was registered, approved or given an alias, as far as the log tells."))]
    blocks: list[Block] = [Paragraph(plain(_READING), "note"), *_flags(context)]
    blocks += _versions(context, models)
    blocks += _approvals(context, models)
    blocks += _benchmarks(models)
    blocks += _aliases(models)
    blocks += _deployments(context, models)
    return blocks


def _flags(context: Context) -> list[Block]:
    found = context.model_flags
    if not found:
        return [Paragraph(plain("Every alias points to what somebody else has signed, on a review that passed."))]

    def row(flag: Flag) -> list[Cell]:
        return [
            code(flag.model),
            plain(flag.version),
            badge(flag.problem),
            plain(flag.says),
            _linked(context, flag.seqs),
        ]

    return table("What to look at", ["Model", "Version", "Problem", "What", "Events"], found, row, rest=_REST)


def _versions(context: Context, models: Sequence[Model]) -> list[Block]:
    found = [(model, version) for model in models for version in model.in_order]

    def row(item: tuple[Model, Version]) -> list[Cell]:
        model, version = item
        told = [
            (
                *badge("blocked" if one.get("blocked") else str(one.get("outcome"))),
                *plain(" "),
                *_linked(context, [one["seq"]]),
            )
            for one in context.registry.newest_reviews(model, version)
        ]
        digests = [(*proof(sha256), *plain(" "), *_linked(context, [seq])) for sha256, seq in version.digests.items()]
        named = (code(model.name), plain(version.name))
        return [*named, lines(digests) or plain("none"), lines(told) or badge("no review")]

    return table("Versions", ["Model", "Version", "Digest of its files", "Reviews"], found, row, rest=_REST)


def _approvals(context: Context, models: Sequence[Model]) -> list[Block]:
    found = [one for model in models for version in model.in_order for one in version.approvals]
    if not found:
        return [Paragraph(plain("Nobody was asked to approve any of them."), "warning")]

    def row(one: ModelApproval) -> list[Cell]:
        answers = [*map(_grant, one.grants), *((*badge("denied"), *plain(" by "), *who(by)) for by, _ in one.denials)]
        asked = (*who(one.asked_by), *plain(f" {clock(one.asked_at)}" if one.asked_at else ""))
        review = (*badge(one.reviewed.value), *plain(" "), *_linked(context, [one.review] if one.review else []))
        return [
            (*code(one.model), *plain(f" {one.version} as "), *code(one.alias)),
            proof(one.sha256),
            (*asked, *plain(f": {one.reason}" if one.reason else "")),
            review if one.review else badge("no review"),
            lines(answers) or badge("no answer"),
            badge(one.standing(context.now).value),
            _linked(context, one.seqs),
        ]

    headings = ["For", "Digest", "Asked", "Review", "Answers", "State", "Events"]
    return table("Approvals", headings, found, row, rest=_REST)


def _grant(one: Grant) -> Cell:
    signed = f"signature {one.signed.value}"
    reason = f"; {one.reason}" if one.reason else ""
    return (
        *badge("approved"),
        *plain(" by "),
        *who(one.by),
        *plain(f" until {one.until[:10]}, "),
        *badge(signed),
        *plain(reason),
    )


def _benchmarks(models: Sequence[Model]) -> list[Block]:
    found = _by_version(models, lambda version: version.benchmarks.values())
    if not found:
        return [Paragraph(plain("No benchmark of them was recorded."))]

    def row(item: tuple[str, str, Benchmark]) -> list[Cell]:
        name, version, one = item
        return [code(name), plain(version), code(one.name), plain(one.value), events([one.seq])]

    return table("Benchmarks", ["Model", "Version", "Metric", "Value", "Event"], found, row, rest=_REST)


def _aliases(models: Sequence[Model]) -> list[Block]:
    found = [(model.name, move) for model in models for move in model.moves]
    if not found:
        return [Paragraph(plain("None of them has had an alias or a stage."))]

    def row(item: tuple[str, Move]) -> list[Cell]:
        name, move = item
        target = f" from {move.before or 'nothing'} to {move.version or 'nothing'}"
        return [
            plain(clock(move.time)),
            who(move.by),
            (*code(name), *plain(f" {move.kind} "), *code(move.alias), *plain(target)),
            proof(move.approval) if move.approval else badge("no approval"),
            lines(
                [
                    badge(move.outcome),
                    plain(f"seen in a {move.seen}" if move.seen == "kernel" else "found in the registry"),
                ]
            ),
            events([move.seq]),
        ]

    headings = ["When (UTC)", "Account", "Move", "Approval", "Outcome", "Event"]
    return table("Aliases and stages that moved", headings, found, row, rest=_REST)


def _deployments(context: Context, models: Sequence[Model]) -> list[Block]:
    found = _by_version(models, lambda version: version.deployments.values())
    if not found:
        return [Paragraph(plain("No prediction tells where one of them is served."))]

    def row(item: tuple[str, str, Deployment]) -> list[Cell]:
        name, version, one = item
        return [
            code(one.name),
            (*code(name), *plain(f" {version}")),
            proof(one.sha256),
            plain(one.predictions),
            plain(one.refused),
            plain(f"{clock(one.first[1])} to {clock(one.last[1])}"),
            _linked(context, (one.first[0], one.last[0])),
        ]

    headings = ["Deployment", "Model", "Digest of its object", "Predictions", "Refused", "When (UTC)", "First and last"]
    return table("Deployments", headings, found, row, rest=_REST)


def _by_version(models: Sequence[Model], entries: Callable[[Version], Iterable[_T]]) -> list[tuple[str, str, _T]]:
    """Each entry of each version, behind the names of its model and version."""
    return [
        (model.name, version.name, one) for model in models for version in model.in_order for one in entries(version)
    ]


def _linked(context: Context, seqs: Sequence[int | None]) -> Cell:
    return few(context.linked(seqs))


SECTION = Section(order=44, id="registry", title="Registered models", build=_build)
