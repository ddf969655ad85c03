"""A table of kinds of identifiers that rules name: what they are here, where they were found, how they were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .blocks import Cell, Table, badge, code, lines, plain
from .context import Context
from .evidence import ControlResult, Framework
from .shown import ShownColumn
from .words import count, mask, names

__all__ = ["identifier_table"]


def identifier_table(
    framework: Framework,
    results: Sequence[ControlResult],
    context: Context,
    *,
    findings: Callable[[ControlResult], Cell],
) -> Table:
    """One row for each of ``results``, whose controls are about one kind of identifier each.

    ``findings`` shows what a result tells.
    """
    rows = [_row(result, context, findings) for result in results]
    headings = [
        "Identifier",
        "Counts as",
        "Columns found",
        "How they were shown",
        "Status",
        "Events and what weakens it",
    ]
    return Table(f"Identifiers that {framework.name} names, one by one", headings, rows, layout="identifiers")


def _row(result: ControlResult, context: Context, findings: Callable[[ControlResult], Cell]) -> list[Cell]:
    control = result.control
    own = [column for column in context.shown if column.entity in control.entities]
    return [
        lines([plain(control.id), plain(control.title)]),
        names(control.entities),
        _columns(control.entities, own, context),
        _masks(own, _masked(control.entities, context)),
        badge(result.status.value),
        findings(result),
    ]


def _columns(entities: Sequence[str], shown: Iterable[ShownColumn], context: Context) -> Cell:
    """The columns of these kinds that were loaded or shown, with their data sets."""
    loaded = [
        f"{event['dataset'].get('name') or 'a table'}.{column.get('label')}"
        for event in context.of("data.load")
        for column in event["dataset"].get("columns") or ()
        if column.get("entity") in entities
    ]
    found = dict.fromkeys([*loaded, *(f"{column.dataset}.{column.label}" for column in shown)])
    return names(found)


def _masks(shown: Sequence[ShownColumn], masked: int) -> Cell:
    by_mask: dict[tuple[str, str], int] = {}
    for column in shown:
        by_mask[column.action, column.tier] = by_mask.get((column.action, column.tier), 0) + column.times
    cells = [
        (*plain(f"{mask(action)}, {count(times, 'time')} at tier "), *code(tier))
        for (action, tier), times in by_mask.items()
    ]
    if masked:
        cells.append(plain(f"{count(masked, 'value')} of the kind masked in all"))
    return lines(cells) or plain("not shown")


def _masked(entities: Sequence[str], context: Context) -> int:
    return sum((event.get("masked") or {}).get(entity, 0) for event in context.runs for entity in entities)
