"""What the cells were run for, and on which lawful basis, as the policies in force tell it."""

from __future__ import annotations

from typing import Any

from ..blocks import Block, Cell, Paragraph, Table, badge, code, plain
from ..context import Context
from ..purposes import StatedPurpose
from ..section import Section
from ..tables import table
from ..words import count, few, joined, names, query

__all__ = ["SECTION"]

_READING = (
    "A purpose is what its author typed; whether the code serves it is for people to judge. The lawful basis is what "
    "the policy says of the purpose: the log records it, and proves nothing about it."
)
_SAYS = {
    "": "-",
    "listed": "listed",
    "unlisted": "not in the policy's list",
    "any": "the policy lists no purposes: any text is one",
    "unknown": "the log does not tell",
}


def _build(context: Context) -> list[Block]:
    found = context.purposes
    if not found:
        return [Paragraph(plain("No cell ran, so no purpose was named.")), *_unused(context, found)]
    headings = ["Purpose", "Cells", "Lawful basis", "Data sets used", "In the policy", "Ends", "Told by"]
    rest = query(context.experiment.name)
    blocks: list[Block] = [Paragraph(plain(_READING), "note")]
    blocks += table("Purposes that cells named", headings, found, _row, rest=rest)
    without = [purpose for purpose in found if purpose.name and not purpose.bases]
    if without:
        text = f"The log tells of no lawful basis for {count(len(without), 'purpose')}; the controller states it. "
        blocks.append(Paragraph((*plain(text), *few(s for one in without for s in one.seqs)), "warning"))
    return [*blocks, *_unused(context, found)]


def _row(purpose: StatedPurpose) -> list[Cell]:
    refused = f", {purpose.refused:,} of them refused" if purpose.refused else ""
    missing = "not told" if purpose.name else "no purpose"
    globs = (*plain(" for "), *names(purpose.globs)) if purpose.globs else ()
    return [
        code(purpose.name) if purpose.name else plain("no purpose named"),
        (*plain(f"{len(purpose.seqs):,}{refused} "), *few(purpose.seqs)),
        joined(code(basis) for basis in purpose.bases) if purpose.bases else badge(missing),
        names(purpose.datasets),
        (*plain(_SAYS[purpose.says]), *globs),
        plain(purpose.expires or "no day named"),
        few(purpose.policies),
    ]


def _unused(context: Context, found: list[StatedPurpose]) -> list[Block]:
    """What the policies list beside: purposes that nobody named here."""
    named = {purpose.name for purpose in found}
    others: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for event in context.policies:
        for entry in event.get("purposes") or ():
            if str(entry.get("name")) not in named:
                others.setdefault(str(entry.get("name")), (entry, []))[1].append(event["seq"])
    if not others:
        return []
    rows: list[list[Cell]] = [
        [
            code(name),
            code(str(entry["basis"])) if entry.get("basis") else plain("none named"),
            names(entry["datasets"]) if entry.get("datasets") else plain("any"),
            plain(entry.get("expires") or "no day named"),
            few(own),
        ]
        for name, (entry, own) in list(others.items())[:50]
    ]
    more = f"; the first 50 of {len(others):,}" if len(others) > 50 else ""
    headings = ["Purpose", "Lawful basis", "Data sets", "Ends", "Told by"]
    return [Table(f"Purposes of the policy that no cell named{more}", headings, rows)]


SECTION = Section(order=16, id="purposes", title="Purposes and lawful bases", build=_build)
