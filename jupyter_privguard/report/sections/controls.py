"""One table: for which controls of law and standards this log supports evidence, and how far."""

from __future__ import annotations

from ..blocks import Block, Cell, Paragraph, Table, badge, events, lines, plain
from ..context import Context
from ..evidence import Control, ControlResult, Finding, Framework, evaluate, frameworks
from ..section import Section
from ..words import count

__all__ = ["SECTION"]

_READING = (
    "“Evidenced”: the log holds every kind of event that this project looks for under the control. “Partial”: some "
    "of it, or something weakens it. “Not evidenced”: none of it – which says nothing about evidence kept elsewhere. "
    "The events support evidence for a control; no line says that a rule is met."
)


def _build(context: Context) -> list[Block]:
    rows = [
        _row(framework, control, evaluate(control, context.events, is_anchored=bool(context.anchors)))
        for framework in frameworks()
        for control in framework.controls
    ]
    sources = "; ".join(f"{framework.name}: {framework.source}" for framework in frameworks())
    headings = [
        "Control",
        "What it asks, in our words",
        "Status",
        "Events that support it",
        "What is missing or weakens it",
    ]
    return [
        Paragraph(plain(_READING), "note"),
        Table("Controls for which this log supports evidence", headings, rows, layout="controls"),
        Paragraph(plain(f"{sources}."), "note"),
    ]


def _row(framework: Framework, control: Control, result: ControlResult) -> list[Cell]:
    return [
        plain(f"{framework.name} {control.id}"),
        plain(control.title),
        badge(result.status.value),
        lines([_finding(finding) for finding in result.found]) or plain("nothing"),
        lines(_gaps(result)) or plain("nothing"),
    ]


def _gaps(result: ControlResult) -> list[Cell]:
    missing = [plain(f"No event shows that {says}.") for says in result.missing]
    return [*missing, *(_finding(finding) for finding in result.weakened)]


def _finding(finding: Finding) -> Cell:
    if not finding.seqs:
        return plain(finding.says)
    says = f"{finding.says[:1].upper()}{finding.says[1:]}: {count(len(finding.seqs), 'event')} "
    return (*plain(says), *events(finding.seqs))


SECTION = Section(order=20, id="controls", title="Controls", build=_build)
