"""Who saw and used which column, and when: over time, as a map, and one by one."""

from __future__ import annotations

from ..blocks import Block, Cell, Fold, HeatMap, Paragraph, Timeline, code, lines, plain, who
from ..context import Context
from ..history import KINDS, PersonColumn, timeline
from ..section import Section
from ..tables import table
from ..words import clock, count, few, mask, query

__all__ = ["SECTION"]

_MOST_COLUMNS = 30
_MOST_PEOPLE = 30
_NONE = "No cell of this experiment used a column of a table."


def _build(context: Context) -> list[Block]:
    return [*_over_time(context), *_map(context), *_one_by_one(context)]


def _over_time(context: Context) -> list[Block]:
    bars = timeline(context.listed)
    if not bars:
        return []
    totals = {kind: sum(bar.counts.get(kind, 0) for bar in bars) for kind in KINDS}
    busiest = max(bars, key=lambda bar: sum(bar.counts.values()))
    told = ", ".join(f"{kind}: {number:,}" for kind, number in totals.items() if number)
    summary = f"From {bars[0].name} to {bars[-1].name} (UTC): {told}; most of it from {busiest.name} on."
    return [Timeline("Cells and special rights over time", summary, KINDS, [(bar.name, bar.counts) for bar in bars])]


def _map(context: Context) -> list[Block]:
    found = [access for access in context.accesses if access.is_sensitive]
    if not found:
        return []
    cells: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for access in found:
        name = f"{access.dataset}.{access.column}"
        own = cells.setdefault(access.person, {})
        own[name] = own.get(name, 0) + len(access.seqs)
        totals[name] = totals.get(name, 0) + len(access.seqs)
    columns = sorted(sorted(totals, key=lambda name: -totals[name])[:_MOST_COLUMNS])
    people = sorted(cells, key=lambda name: -sum(cells[name].values()))[:_MOST_PEOPLE]
    rows = [(person, [cells[person].get(name, 0) for name in columns]) for person in people]
    left = [count(len(totals) - len(columns), "column")] if len(totals) > len(columns) else []
    left += [count(len(cells) - len(people), "account")] if len(cells) > len(people) else []
    summary = (
        f"{count(len(cells), 'account')} saw or used {count(len(totals), 'classified column')}; the table has them."
    )
    if left:
        summary += f" Those with the fewest cells are left out of the map: {' and '.join(left)}."
    return [HeatMap("Cells in which a person saw or used a classified column", summary, columns, rows)]


def _one_by_one(context: Context) -> list[Block]:
    found = context.accesses
    if not found:
        return [Paragraph(plain(_NONE))]
    sensitive = sorted(
        (access for access in found if access.is_sensitive), key=lambda one: (one.person, -len(one.seqs))
    )
    others = len(found) - len(sensitive)
    headings = [
        "Account",
        "Column",
        "Holds",
        "Seen",
        "Used",
        "Tiers",
        "First and last (UTC)",
        "Cells",
        "Self",
        "Events",
    ]
    rest = query(context.experiment.name, "--person", "NAME", "--column", "COLUMN")
    blocks: list[Block] = []
    if sensitive:
        by_person = table("Classified columns by person", headings, sensitive, _row, rest=rest)
        blocks.append(Fold(f"Each column by person: {count(len(sensitive), 'row')}", by_person))
    if others:
        text = f"Besides, {count(others, 'use', 'uses')} by a person of a column that holds nothing classified."
        blocks.append(Paragraph(plain(text), "note"))
    return blocks


def _row(access: PersonColumn) -> list[Cell]:
    seen = [plain(f"{mask(one)} {number:,}×") for one, number in access.seen.items()]
    used = [plain(f"{how} {number:,}×") for how, number in access.used.items()]
    return [
        who(access.person),
        (*code(access.dataset), *plain(": "), *code(access.column)),
        code(access.entity),
        lines([*seen, plain(f"at most {count(access.rows, 'row')}")]) if seen else plain("never"),
        lines(used) or plain("no"),
        plain(", ".join(access.tiers)),
        lines(plain(clock(time)) for time in dict.fromkeys((access.first, access.last))),
        plain(len(access.seqs)),
        plain(access.by_self),
        few(access.seqs),
    ]


SECTION = Section(order=32, id="history", title="Access history", build=_build)
