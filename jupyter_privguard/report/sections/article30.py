"""The controller's record of processing (GDPR, article 30(1)), as far as one experiment's log can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..blocks import Block, Paragraph, plain
from ..context import Context
from ..entries import Entry, entries_table, listing
from ..section import Section
from ..words import count, data_class, mask, seqs, ways_out
from .endpoints import connections, settings
from .inventory import loaded_columns
from .retention import archived_to, term
from .scope import mode

__all__ = ["SECTION", "article30_rows"]

_READING = (
    "Points (a) to (g) of article 30(1) of Regulation (EU) 2016/679. What the log of one experiment tells is filled "
    "in; what it cannot know is for the controller. Nothing here says that a record is complete."
)


def article30_rows(context: Context) -> list[Entry]:
    """One entry for each point of the record, some with several; in the order of the article."""
    return [
        Entry("30(1)(a)", "Who the controller is, and how to reach it", (), fill_in=_CONTACT),
        _purposes(context),
        Entry("30(1)(c)", "Which groups of persons the data is about", *_persons(context), fill_in=_GROUPS),
        _data(context),
        _recipients(context),
        Entry("30(1)(e)", "Transfers to other countries", *_transfers(context), fill_in=_COUNTRIES),
        _terms(context),
        _measures(context),
    ]


_CONTACT = "Name and contact of the controller, of a joint one, a representative and the data protection officer"
_GROUPS = "The groups of persons, such as customers or patients"
_COUNTRIES = "In which country each host is, and the safeguards of a transfer"


def _purposes(context: Context) -> Entry:
    found = [purpose for purpose in context.purposes if purpose.name]
    tells = listing(f"{one.name} (basis: {', '.join(one.bases) or 'not told'})" for one in found)
    missing = any(not one.bases for one in found) or not found
    fill_in = "The lawful basis of each purpose" if missing else ""
    numbers = sorted({seq for one in found for seq in (*one.seqs, *one.policies)})
    return Entry("30(1)(b)", "What the data is used for", tells, tuple(numbers), fill_in)


def _persons(context: Context) -> tuple[tuple[str, ...], tuple[int, ...]]:
    loads = [event for event in context.loads if event["dataset"].get("source")]
    tells = listing(_rows(event["dataset"]) for event in loads)
    return tells, tuple(seqs(loads))


def _rows(dataset: dict[str, object]) -> str:
    rows = dataset.get("rows")
    return f"{dataset['name']}: {f'{rows:,}' if isinstance(rows, int) else 'an unknown number of'} rows"


def _data(context: Context) -> Entry:
    columns = [column for column in loaded_columns(context) if column.is_sensitive and column.source]
    kinds = Counter(column.data_class for column in columns)
    entities: dict[str, dict[str, None]] = {}
    for column in columns:
        entities.setdefault(column.data_class, {})[column.entity] = None
    tells = tuple(
        f"{data_class(kind)}, {count(number, 'column')}: {', '.join(listing(entities[kind], most=8))}"
        for kind, number in kinds.most_common()
    )
    numbers = {seq for column in columns for seq in column.seqs}
    fill_in = "" if tells else "The groups of data, for no load is recorded"
    return Entry("30(1)(c)", "Which kinds of personal data there are", tells, tuple(sorted(numbers)), fill_in)


def _recipients(context: Context) -> Entry:
    left = [event for event in context.runs if event.get("sinks")]
    sinks = [sink for event in left for sink in event["sinks"]]
    kinds, named = Counter(sink["kind"] for sink in sinks), [sink for sink in sinks if "count" not in sink]
    accounts = {access.person for access in context.accesses if access.is_sensitive}
    tells = [f"{count(len(accounts), 'account')} saw or used classified columns"] if accounts else []
    tells += [f"left by code: {ways_out(kinds)}"] if kinds else []
    tells += list(listing(f"{sink['kind']}: {sink.get('target')}" for sink in named))
    numbers = {*seqs(left), *(seq for access in context.accesses if access.is_sensitive for seq in access.seqs)}
    fill_in = "Who gets what was written and sent, inside and outside of the organisation"
    return Entry("30(1)(d)", "Who gets the data", tuple(tells), tuple(sorted(numbers)), fill_in)


def _transfers(context: Context) -> tuple[tuple[str, ...], tuple[int, ...]]:
    found = connections(context)
    archives = [event for event in context.of("archive") if event["outcome"] == "ok"]
    hosts = [f"connection to {sink.get('target')}" for _, sink in found]
    hosts += [f"the log, without values, to {event.get('to')}" for event in archives]
    return listing(hosts), tuple(sorted({*(event["seq"] for event, _ in found), *seqs(archives)}))


def _terms(context: Context) -> Entry:
    says, told = term(context)
    done = archived_to(context)
    tells = [f"the record of accesses: {says}"] if told else []
    tells += [f"archived up to record {done:,}"] if done else []
    numbers = {*([told["seq"]] if told else []), *seqs(context.of("archive"))}
    fill_in = "When each kind of data is erased"
    return Entry("30(1)(f)", "How long the data is kept", tuple(tells), tuple(sorted(numbers)), fill_in)


def _measures(context: Context) -> Entry:
    masked = [column for column in context.shown if column.is_sensitive and not column.is_clear]
    masks = dict.fromkeys(column.action for column in masked)
    found, told = settings(context)
    tells = [f"classified columns shown {mask(one)}" for one in masks]
    tells += ["every access recorded in a log that was recomputed and is intact"]
    tells += ["checkpoints of the log kept elsewhere"] if context.anchors else []
    tells += ["a second record by a server under another account"] if mode(context) == "two" else []
    tells += [f"aggregates of fewer than {found['k']} rows masked"] if isinstance(found.get("k"), int) else []
    refused = [event for event in context.runs if event["outcome"] == "refused"]
    tells += [f"{count(len(refused), 'cell')} refused"] if refused else []
    numbers = {*(seq for column in masked for seq in column.seqs), *seqs(refused), *([told["seq"]] if told else [])}
    fill_in = "Measures outside of the notebooks: storage, accounts, rooms, contracts"
    return Entry("30(1)(g)", "How the data is kept safe", tuple(tells), _sorted(numbers), fill_in)


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


def _build(context: Context) -> list[Block]:
    return [Paragraph(plain(_READING), "note"), entries_table("Record of processing", article30_rows(context))]


SECTION = Section(order=58, id="article30", title="Article 30 record", build=_build)
