"""Tables: for which controls of law, standards and own rules this log supports evidence, and how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..blocks import Block, Cell, Fold, Paragraph, Table, badge, how, lines, plain
from ..context import Context
from ..evidence import ControlResult, Finding, Framework, Indexed, Status, evaluate
from ..identifier_table import identifier_table
from ..section import Section
from ..words import count, few

__all__ = ["SECTION"]

_READING = (
    "“Evidenced”: the log holds every kind of event that is looked for under the control. “Partial”: some of it, or "
    "something weakens it. “Not evidenced”: none of it – which says nothing about evidence kept elsewhere. “Not "
    "applicable”: the log holds nothing that the control is about, as far as data and models were recognised for what "
    "they are; a model that somebody wrote by hand is not. The events support evidence for a control; no line says "
    "that a rule is kept. Titles are in our words. On a screen each pack folds out, and in it, at “query”, how the "
    "events were found."
)


def _build(context: Context) -> list[Block]:
    index = Indexed(context.weighed)
    judged = [
        (framework, [evaluate(control, index, is_anchored=bool(context.anchors)) for control in framework.controls])
        for framework in context.frameworks
    ]
    blocks: list[Block] = [Paragraph(plain(_READING), "note"), _summary(judged)]
    for framework, results in sorted(judged, key=lambda one: _is_beside_the_point(one[1])):
        blocks += _framework(framework, results, context)
    return blocks


def _summary(judged: Sequence[tuple[Framework, Sequence[ControlResult]]]) -> Table:
    rows: list[list[Cell]] = []
    for framework, results in judged:
        found = Counter(result.status for result in results)
        rows.append([plain(framework.name), *(plain(found[status]) for status in Status), plain(framework.title)])
    headings = ["Pack", *(status.value.capitalize() for status in Status), "What it is"]
    return Table("Controls for which this log supports evidence, counted", headings, rows)


def _framework(framework: Framework, results: Sequence[ControlResult], context: Context) -> list[Block]:
    note = Paragraph(plain(f"Numbers as in: {'; '.join(_sources(framework))}."), "note")
    if _is_beside_the_point(results):
        return [_nothing(framework, results), note]
    blocks: list[Block] = []
    rows = [_row(framework, result) for result in results if not result.control.entities]
    if rows:
        headings = [
            "Control",
            "What it asks, in our words",
            "Status",
            "Events that support evidence for it",
            "What is missing or weakens it",
        ]
        blocks.append(Table(f"Controls of {framework.name}", headings, rows, layout="controls"))
    kinds = [result for result in results if result.control.entities]
    if kinds:
        blocks.append(identifier_table(framework, kinds, context, findings=_findings))
    found = Counter(result.status for result in results)
    told = ", ".join(f"{found[status]:,} {status.value}" for status in Status if found[status])
    return [Fold(f"{framework.name}: {told}", [*blocks, note])]


def _is_beside_the_point(results: Sequence[ControlResult]) -> bool:
    return all(result.status is Status.NOT_APPLICABLE for result in results)


def _nothing(framework: Framework, results: Sequence[ControlResult]) -> Paragraph:
    """A pack that has nothing to apply to, in one paragraph: its rows would all say the same."""
    numbers = ", ".join(result.control.id for result in results)
    why = {finding.says: finding for result in results for finding in result.unmet}
    reasons = lines([_missing(finding) for finding in why.values()])
    return Paragraph(
        (*plain(f"{framework.name}: "), *badge(Status.NOT_APPLICABLE.value), *plain(f" ({numbers}). "), *reasons)
    )


def _sources(framework: Framework) -> list[str]:
    """Where numbers and texts can be looked up, as text and not as addresses: the page names nothing to be fetched."""
    named = [framework.source, *(control.source for control in framework.controls)]
    return list(dict.fromkeys(source.partition("://")[2] or source for source in named if source))


def _row(framework: Framework, result: ControlResult) -> list[Cell]:
    return [
        plain(f"{framework.name} {result.control.id}"),
        plain(result.control.title),
        badge(result.status.value),
        lines(map(_finding, result.found)) or plain("nothing"),
        lines(_gaps(result)) or plain("nothing"),
    ]


def _findings(result: ControlResult) -> Cell:
    return lines([*map(_finding, result.found), *_gaps(result)])


def _gaps(result: ControlResult) -> list[Cell]:
    return [*map(_missing, (*result.unmet, *result.missing)), *map(_finding, result.weakened)]


def _missing(finding: Finding) -> Cell:
    return (*plain(f"No event shows that {finding.says}. "), *_query(finding))


def _finding(finding: Finding) -> Cell:
    if not finding.queries:
        return plain(finding.says)
    says = f"{finding.says[:1].upper()}{finding.says[1:]}: {count(len(finding.seqs), 'event')} "
    return (*plain(says), *few(finding.seqs), *plain(" "), *_query(finding))


def _query(finding: Finding) -> Cell:
    return how("; or ".join(map(str, finding.queries)))


SECTION = Section(order=20, id="controls", title="Controls", build=_build)
