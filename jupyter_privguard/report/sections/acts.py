"""What people did by rights that others do not have: for somebody else to look over."""

from __future__ import annotations

from ..acts import Act, PersonsActs, by_person
from ..blocks import Block, Cell, Paragraph, Table, badge, code, events, lines, plain, proof, who
from ..context import Context
from ..section import Section
from ..tables import table
from ..words import clock, count, few, query

__all__ = ["SECTION"]

_READING = (
    "Whoever may see more than others, give leave, look up a record or change keys and policy is watched too: all of "
    "it is listed here, refused attempts as well, for somebody else to look over. “Self” marks what rests on a right "
    "that the person could have given themselves; it is counted apart."
)


def _build(context: Context) -> list[Block]:
    found = context.acts
    if not found:
        return [Paragraph(plain("Nobody did anything that takes a right of its own, and nobody tried to."))]
    people = by_person(found)
    own = {seq for person in people for seq in person.seqs}  # that an approval ran out is listed, and nobody's act
    alone = [act.seq for act in found if act.is_by_self and act.seq in own]
    text = f"{len(alone):,} of {count(len(own), 'act')} have the assurance “self”. "
    blocks: list[Block] = [Paragraph(plain(_READING), "note")]
    if alone:
        blocks.append(Paragraph((*plain(text), *few(alone)), "warning"))
    return [*blocks, _people(people), *_list(found, context)]


def _people(found: list[PersonsActs]) -> Table:
    headings = [
        "Account",
        "Successful",
        "Of these self",
        "Approvals granted",
        "Of these self",
        "Not successful",
        "Events",
    ]
    rows: list[list[Cell]] = [
        [
            who(one.who),
            plain(one.done),
            plain(one.done_by_self),
            plain(one.grants),
            plain(one.grants_by_self),
            plain(one.refused),
            few(one.seqs),
        ]
        for one in found
    ]
    return Table("Acts by account", headings, rows)


def _list(found: list[Act], context: Context) -> list[Block]:
    headings = ["When (UTC)", "Account", "Act", "On what", "Reason", "Events"]
    rest = (*code("privguard audit acts"), *plain(" and "), *query(context.experiment.name))
    return table("Acts, one a line", headings, found, _row, rest=rest)


def _row(act: Act) -> list[Cell]:
    marked = (*plain(" "), *badge("self")) if act.is_by_self else ()
    return [
        plain(clock(act.time)),
        (*who(act.who), *marked),
        lines([code(act.action), badge(act.outcome)]),
        (*proof(act.id), *plain(f" {act.what}")) if act.id else plain(act.what or "-"),
        plain(act.reason or "none given"),
        events([act.seq]),
    ]


SECTION = Section(order=45, id="acts", title="Acts by special rights", build=_build)
