"""Which policy was in force, and where its rules disagreed: then the stricter held."""

from __future__ import annotations

from collections.abc import Iterable

from ..blocks import Block, Cell, Paragraph, Table, code, events, plain, proof
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..words import names, seqs

__all__ = ["SECTION"]

_NONE_DISAGREED = "No two rules of the policy disagreed."
_HELD = "Where rules disagree, the stricter one holds. These did:"


def _build(context: Context) -> list[Block]:
    told = [event for event in context.of("guard.load", "policy.change") if event.get("policy")]
    if not told:
        return [Paragraph(plain("The log does not say where the policy came from; its SHA-256 is with every event."))]
    by_digest: dict[str, list[Event]] = {}
    for event in told:
        by_digest.setdefault(event["policy_sha256"], []).append(event)
    rows = [_row(digest, own, context) for digest, own in by_digest.items()]
    headings = ["Policy", "SHA-256", "Packs", "Taken up", "Events of the experiment under it"]
    return [Table("Policies in force", headings, rows), *_conflicts(told)]


def _row(digest: str, own: list[Event], context: Context) -> list[Cell]:
    under = [event for event in context.own if event["policy_sha256"] == digest]
    return [
        code(str(own[-1]["policy"])),
        proof(digest),
        names(dict.fromkeys(pack for event in own for pack in event.get("packs") or ())),
        events(seqs(own)),
        events(seqs(under)),
    ]


def _conflicts(told: Iterable[Event]) -> list[Block]:
    known = [event for event in told if event.get("conflicts") is not None]
    if not known:
        return []
    found: dict[str, list[int]] = {}
    for event in known:
        for sentence in event["conflicts"]:
            found.setdefault(sentence, []).append(event["seq"])
    if not found:
        return [Paragraph(plain(_NONE_DISAGREED))]
    rows: list[list[Cell]] = [[plain(sentence), events(own)] for sentence, own in found.items()]
    return [
        Paragraph(plain(_HELD), "note"),
        Table("Rules that disagreed", ["What they say, and what held", "Events"], rows),
    ]


SECTION = Section(order=25, id="policy", title="Policy", build=_build)
