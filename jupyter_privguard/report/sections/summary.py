"""What a manager reads in one minute: what data, who, why, how it was shown, what left, and what to look at first."""

from __future__ import annotations

from collections import Counter

from ..blocks import Block, Cell, Facts, Paragraph, Table, code, events, plain, who
from ..concerns import Concern, concerns
from ..context import Context
from ..section import Section
from ..words import claim, count, few, joined, moment, names, ways_out

__all__ = ["SECTION"]

_MOST = 5
_CLASSES = {
    "special": "of a special category",
    "health": "health",
    "credential": "of credentials",
    "financial": "financial",
    "pii": "other personal",
    "internal": "internal",
}
"""Words for a count of columns, the gravest first."""


def _build(context: Context) -> list[Block]:
    return [_lead(context), Facts(_facts(context)), *_first(concerns(context))]


def _lead(context: Context) -> Paragraph:
    return Paragraph(
        plain(
            "What one experiment did with data, told from its log alone. The file was made on "
            f"{moment(context.now)}. It supports evidence; whether a rule is met is for people to decide."
        ),
        "lead",
    )


def _facts(context: Context) -> list[tuple[str, Cell]]:
    return [
        ("Data", _data(context)),
        ("People", _people(context)),
        ("Purpose", _purpose(context)),
        ("Shown", _shown(context)),
        ("Left the notebook", _left(context)),
        ("Refused", _refused(context)),
        ("Record", _record(context)),
    ]


def _data(context: Context) -> Cell:
    loads = context.loads
    if not loads:
        return _let_go(context) or plain("no table was loaded, as far as the log tells")
    read = {event["dataset"]["name"]: event for event in loads if event["dataset"].get("source")}
    made = {event["dataset"]["name"] for event in loads} - read.keys()
    kinds = Counter(
        column["class"]
        for event in read.values()
        for column in event["dataset"]["columns"]
        if column["class"] != "none"
    )
    held = ", ".join(f"{kinds[kind]:,} {_CLASSES[kind]}" for kind in _CLASSES if kinds[kind])
    text = f" – {count(kinds.total(), 'classified column')}{f': {held}' if held else ''}"
    also = f"; {count(len(made), 'table')} made in the notebook" if made else ""
    sets = (*plain(f"{count(len(read), 'data set')} "), *names(read, most=4)) if read else plain("no data set was read")
    more = _let_go(context)
    told = (*sets, *plain(f"{text if read else ''}{also} "), *few(event["seq"] for event in loads))
    return (*told, *plain("; "), *more) if more else told


def _let_go(context: Context) -> Cell:
    """What was read and not looked at; empty where there is nothing of the kind."""
    found = context.let_go
    if not found:
        return ()
    says = "was read and let go; what it holds" if len(found) == 1 else "were read and let go; what they hold"
    numbers = few(sorted({event["seq"] for runs in found.values() for event in runs}))
    sets = (*plain(f"{count(len(found), 'data set')} "), *names(found, most=4))
    return (*sets, *plain(f" {says} is not known "), *numbers)


def _people(context: Context) -> Cell:
    runs = context.runs
    if not runs:
        return plain("nobody has run a cell to its end")
    people: dict[str, list[int]] = {}
    for event in runs:
        people.setdefault(event["principal"]["id"], []).append(event["seq"])
    days = sorted({runs[0]["time"][:10], runs[-1]["time"][:10]})
    found = sorted(people.items(), key=lambda item: -len(item[1]))
    cells = [(*who(name), *plain(f" ran {count(len(own), 'cell')} "), *few(own)) for name, own in found[:_MOST]]
    more = plain(f" and {count(len(found) - _MOST, 'other account')}") if len(found) > _MOST else ()
    return (*joined(cells), *more, *plain(f", {' to '.join(days)} (UTC)"))


def _purpose(context: Context) -> Cell:
    found = context.purposes
    if not found:
        return plain("none: no cell ran")
    cells = []
    for purpose in found[:_MOST]:
        name = code(purpose.name) if purpose.name else plain("no purpose named")
        basis = f"; lawful basis: {', '.join(purpose.bases)}" if purpose.bases else "; the log tells of no lawful basis"
        text = f" in {count(len(purpose.seqs), 'cell')}{basis if purpose.name else ''} "
        cells.append((*name, *plain(text), *few(purpose.seqs)))
    more = plain(f"; and {len(found) - _MOST:,} more") if len(found) > _MOST else ()
    return (*joined(cells), *more)


def _shown(context: Context) -> Cell:
    shown = context.shown
    if not shown:
        return plain("no cell showed a column of a table")
    sensitive = [column for column in shown if column.is_sensitive]
    clear = {(column.dataset, column.label): column for column in sensitive if column.is_clear}
    known = {(column.dataset, column.label) for column in sensitive}
    others = {(column.dataset, column.label) for column in shown if not column.is_sensitive}
    if not sensitive:
        return plain(f"{count(len(others), 'column')}, none of them classified as sensitive")
    under = [column for column in sensitive if (column.dataset, column.label) not in clear]
    parts: list[Cell] = []
    if under:
        masked = plain(f"{len(known) - len(clear):,} under a mask only ")
        parts.append((*masked, *few(seq for column in under for seq in column.seqs)))
    if clear:
        open_ = (*plain(f"{len(clear):,} in clear at least once: "), *names((label for _, label in clear), most=6))
        seen = few(seq for column in sensitive if column.is_clear for seq in column.seqs)
        parts.append((*open_, *plain(" "), *seen))
    parts += [plain(f"besides {len(others):,} not classified")] if others else []
    return (*plain(f"{count(len(known), 'classified column')}: "), *joined(parts), *plain(". "), *_masked(context))


def _masked(context: Context) -> Cell:
    runs = [event for event in context.runs if event.get("masked")]
    if not runs:
        return plain("No value had to be masked.")
    total = sum(sum(event["masked"].values()) for event in runs)
    return claim(f"{count(total, 'value')} {'was' if total == 1 else 'were'} masked", runs)


def _left(context: Context) -> Cell:
    runs = [event for event in context.runs if event.get("sinks")]
    if not runs:
        return plain("nothing, as far as the log tells")
    return claim(ways_out(Counter(sink["kind"] for event in runs for sink in event["sinks"])), runs)


def _refused(context: Context) -> Cell:
    """Cells and whatever else was asked for in vain; `grants` lists the same ones."""
    cells = [event for event in context.runs if event["outcome"] == "refused"]
    others = [event for event in context.listed if event["outcome"] == "refused" and event["action"] != "cell.run"]
    of_all = f"{len(cells):,} of {count(len(context.runs), 'cell')}"
    told = claim(of_all, cells) if cells else plain(f"none of {count(len(context.runs), 'cell')}")
    if not others:
        return told
    return (*told, *plain("; "), *claim(count(len(others), "other request"), others))


def _record(context: Context) -> Cell:
    second, kept = context.second, "kept elsewhere too" if context.anchors else "not kept elsewhere"
    if second is None:
        other = "no second record by a server"
    elif not second.is_readable:
        other = "the server's record is another account's and was not read"
    else:
        against = sum(gap.is_contradiction for gap in context.gaps)
        other = f"the server's record agrees in all but {count(against, 'place')}" if against else "the server's agrees"
    text = f"all {count(context.log.size, 'record')} recomputed and intact; checkpoints {kept}; {other}"
    return plain(text)


def _first(found: list[Concern]) -> list[Block]:
    if not found:
        return [Paragraph(plain("Nothing in the log asks to be looked at first."))]
    rows: list[list[Cell]] = [
        [plain(concern.says), few(concern.seqs) if concern.seqs else events(()), plain(concern.section)]
        for concern in found[:_MOST]
    ]
    blocks: list[Block] = [Table("What to look at first", ["What", "Events", "More in the section"], rows)]
    rest = found[_MOST:]
    if rest:
        blocks.append(Paragraph(plain("Then: " + " ".join(concern.says for concern in rest)), "note"))
    return blocks


SECTION = Section(order=10, id="summary", title="Summary", build=_build)
