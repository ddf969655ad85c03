"""Inputs for a data protection impact assessment (GDPR, article 35(7)), as far as one experiment's log can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..blocks import Block, Paragraph, plain
from ..concerns import concerns
from ..context import Context
from ..entries import Entry, entries_table, listing
from ..experiments import Event
from ..section import Section
from ..words import count, data_class, mask, seqs, ways_out
from .inventory import loaded_columns
from .unmeasured import unmeasured

__all__ = ["SECTION", "dpia_rows"]

_READING = (
    "Points (a) to (d) of article 35(7) of Regulation (EU) 2016/679, and signs of high risk that a log can show. They "
    "are inputs: whether an assessment is needed, and how large a risk is, people decide."
)
_GRAVE = ("special", "health", "credential")


def dpia_rows(context: Context) -> list[Entry]:
    """One entry for each input, in the order of the article."""
    return [
        _operations(context),
        _scale(context),
        _people(context),
        _need(context),
        _minimal(context),
        _sensitive(context),
        _matched(context),
        _scored(context),
        _exposed(context),
        _concerned(context),
        _measures(context),
        _unknown(context),
    ]


def _operations(context: Context) -> Entry:
    ways: Counter[str] = Counter()
    found: list[Event] = []
    for event in context.runs:
        own = sorted({how for dataset in event.get("datasets") or () for how in dataset.get("how") or ()})
        ways.update(own)
        found += [event] if own else []
    tells = tuple(f"{how} in {count(number, 'cell')}" for how, number in ways.most_common())
    return _entry(
        "35(7)(a)", "What is done with the data", tells, found, "Where data comes from, and the systems around"
    )


def _scale(context: Context) -> Entry:
    loads = [event for event in context.loads if event["dataset"].get("source")]
    newest = {str(event["dataset"]["name"]): event["dataset"].get("rows") for event in loads}
    tells = listing(
        f"{name}: {f'{rows:,}' if isinstance(rows, int) else 'unknown'} rows" for name, rows in newest.items()
    )
    return _entry("35(7)(a)", "How much data, of how many persons", tells, loads, "How many persons, and for how long")


def _people(context: Context) -> Entry:
    accounts = Counter(event["principal"]["id"] for event in context.runs)
    tiers = Counter(event.get("tier") or "none" for event in context.runs if event["outcome"] != "refused")
    tells = [f"{count(len(accounts), 'account')} ran {count(len(context.runs), 'cell')}"] if accounts else []
    tells += [f"tier {tier} in {count(number, 'cell')}" for tier, number in tiers.items()]
    return _entry(
        "35(7)(a)", "Who works with it", tells, context.runs, "The people behind the accounts, and processors"
    )


def _need(context: Context) -> Entry:
    found = context.purposes
    named = [one for one in found if one.name]
    tells = list(listing(f"{one.name} (basis: {', '.join(one.bases) or 'not told'})" for one in named))
    without = sum(len(one.seqs) for one in found if not one.name)
    tells += [f"{count(without, 'cell')} named no purpose"] if without else []
    numbers = tuple(sorted(seq for one in found for seq in one.seqs))
    return Entry("35(7)(b)", "What it is needed for", tuple(tells), numbers, "Why the purpose cannot be met with less")


def _minimal(context: Context) -> Entry:
    found = context.unused
    unused = [f"{one.dataset}.{column.label}" for one in found for column in one.unused if column.entity]
    tells: tuple[str, ...] = ()
    if unused:
        tells = (f"{count(len(unused), 'sensitive column')} loaded and never used", ", ".join(listing(unused)))
    elif context.loads:
        tells = ("no sensitive column was loaded and never used",)
    numbers = context.linked(seq for one in found for seq in one.seqs) or seqs(context.loads)
    return Entry("35(7)(b)", "Whether less data would do", tells, tuple(numbers), "Whether columns in use are needed")


def _sensitive(context: Context) -> Entry:
    columns = [column for column in loaded_columns(context) if column.data_class in _GRAVE]
    own = {kind: listing(f"{one.dataset}.{one.label}" for one in columns if one.data_class == kind) for kind in _GRAVE}
    tells = tuple(f"{data_class(kind)}: {', '.join(labels)}" for kind, labels in own.items() if labels)
    numbers = tuple(sorted({seq for column in columns for seq in column.seqs}))
    fill_in = "Children, employees, patients and others who need care"
    return Entry("35(7)(c)", "Sensitive data, and persons who need care", tells, numbers, fill_in)


def _matched(context: Context) -> Entry:
    found = _using(context, "joined")
    tells = (f"data sets were joined in {count(len(found), 'cell')}",) if found else ()
    return _entry("35(7)(c)", "Data sets that were matched", tells, found, "Whether persons would expect it")


def _scored(context: Context) -> Entry:
    found = _using(context, "fitted")
    reviews = context.of("model.review", "model.predict")
    tells = [f"data was fitted in {count(len(found), 'cell')}"] if found else []
    tells += [f"{count(len(reviews), 'event')} of models"] if reviews else []
    fill_in = "Whether persons are scored, and whether decisions rest on it"
    return _entry("35(7)(c)", "Persons who are judged or scored", tells, [*found, *reviews], fill_in)


def _exposed(context: Context) -> Entry:
    clear = [column for column in context.shown if column.is_sensitive and column.is_clear]
    left = [event for event in context.runs if event.get("sinks")]
    looked = [act for act in context.acts if act.action in ("reveal", "data.unseal") and act.outcome == "ok"]
    labels = {(column.dataset, column.label) for column in clear}
    tells = [f"{count(len(labels), 'classified column')} shown in clear"] if clear else []
    tells += [f"left by code: {ways_out(Counter(s['kind'] for e in left for s in e['sinks']))}"] if left else []
    for action, says in (("reveal", "plain values looked up"), ("data.unseal", "sealed files opened")):
        times = sum(act.action == action for act in looked)
        tells += [f"{says} {times:,}×"] if times else []
    numbers = {*(seq for column in clear for seq in column.seqs), *seqs(left), *(act.seq for act in looked)}
    fill_in = "What could happen to persons, how likely and how grave"
    return Entry("35(7)(c)", "Where data could come to harm", tuple(tells), tuple(sorted(numbers)), fill_in)


def _concerned(context: Context) -> Entry:
    found = concerns(context)
    numbers = tuple(sorted({seq for concern in found for seq in concern.seqs}))
    return Entry("35(7)(c)", "What else asks for attention", tuple(one.says.rstrip(".") for one in found), numbers)


def _measures(context: Context) -> Entry:
    masked = [column for column in context.shown if column.is_sensitive and not column.is_clear]
    kinds = Counter(column.action for column in masked)
    tells = [f"{count(number, 'column')} shown {mask(action)}" for action, number in kinds.most_common()]
    refused = [event for event in context.runs if event["outcome"] == "refused"]
    tells += [f"{count(len(refused), 'cell')} refused"] if refused else []
    tells += ["a log that was recomputed and is intact"]
    numbers = {*(seq for column in masked for seq in column.seqs), *seqs(refused)}
    fill_in = "Measures outside of the notebooks, and who sees to them"
    return Entry("35(7)(d)", "What is done against it", tuple(tells), tuple(sorted(numbers)), fill_in)


def _unknown(context: Context) -> Entry:
    found = unmeasured(context)
    numbers = tuple(sorted({seq for one in found for seq in one.seqs}))
    fill_in = "How these are judged; what the officer and the persons concerned say (35(2) and (9))"
    return Entry("35(7)(d)", "What was not measured", tuple(one.what for one in found), numbers, fill_in)


def _using(context: Context, how: str) -> list[Event]:
    return [e for e in context.runs if any(how in (d.get("how") or ()) for d in e.get("datasets") or ())]


def _entry(id_: str, asks: str, tells: Iterable[str], found: Iterable[Event], fill_in: str) -> Entry:
    return Entry(id_, asks, tuple(tells), tuple(seqs(found)), fill_in)


def _build(context: Context) -> list[Block]:
    return [Paragraph(plain(_READING), "note"), entries_table("Inputs for an assessment", dpia_rows(context))]


SECTION = Section(order=59, id="dpia", title="DPIA inputs", build=_build)
