"""What in an experiment somebody should look at, worst first, with the events behind it. Pure; no blocks in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..model import ColumnVerdict
from .context import Context
from .experiments import Event
from .shown import ShownColumn
from .words import count, data_class

__all__ = ["Concern", "concerns", "unsure_columns"]

_GRAVE = ("credential", "special", "health", "financial")
_SURE = round(ColumnVerdict.ACTS_FROM * 100)
_ASKED = round(ColumnVerdict.ASKS_FROM * 100)


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at."""

    says: str
    """One sentence without its events."""
    seqs: tuple[int, ...] = ()
    section: str = ""
    """Title of the section that tells more."""


def concerns(context: Context) -> list[Concern]:
    """What there is to look at, worst first; empty where nothing is."""
    return [
        *_broken(context),
        *_seen(context),
        *_left(context),
        *_rights(context),
        *_why(context),
        *_checked(context),
        *_unneeded(context),
        *_trust(context),
    ]


def unsure_columns(context: Context) -> list[tuple[str, str, str, int, int]]:
    """Data set, label, entity, percent and event of each column that may hold something and was not sure enough."""
    found: dict[tuple[str, str], tuple[str, str, str, int, int]] = {}
    for event in context.loads:
        dataset = event.get("dataset") or {}
        for column in dataset.get("columns") or ():
            percent = column.get("confidence")
            key = (str(dataset.get("name")), str(column.get("label")))
            found.pop(key, None)  # the last load counts
            if column.get("class") != "none" and isinstance(percent, int) and _ASKED <= percent < _SURE:
                found[key] = (*key, str(column.get("entity")), percent, event["seq"])
    return list(found.values())


def _broken(context: Context) -> Iterator[Concern]:
    against = [gap for gap in context.gaps if gap.is_contradiction]
    if against:
        text = f"The server's record and that of the kernels contradict each other in {count(len(against), 'place')}."
        yield Concern(text, tuple(context.linked(gap.kernel_seq for gap in against)), "The second record")
    removed = [event for event in context.of("guard.changed") if event.get("what")]
    if removed:
        yield _of(f"Somebody took parts of the guard away {_times(removed)}.", removed, "Events")
    lost = [event for event in context.runs if event["outcome"] == "lost"]
    if lost:
        yield _of(
            f"{count(len(lost), 'cell')} ended with the process, so what was done last is not known.", lost, "What ran"
        )


def _seen(context: Context) -> Iterator[Concern]:
    clear = [column for column in context.shown if column.is_sensitive and column.is_clear]
    for kind in _GRAVE:
        own = [column for column in clear if column.data_class == kind]
        if own:
            labels = {(column.dataset, column.label) for column in own}
            text = f"{count(len(labels), 'column')} ({data_class(kind)}) {_was(len(labels))} shown in clear."
            yield Concern(text, _seqs(own), "What was seen")
    withheld = [event for event in context.of("alert") if event.get("exit")]
    if withheld:
        yield _of(f"Outputs could not be masked and were withheld {_times(withheld)}.", withheld, "Events")
    others = [event for event in context.of("alert") if not event.get("exit") and not event.get("model")]
    if others:
        yield _of(f"The guard raised {count(len(others), 'alert')}.", others, "Events")


def _left(context: Context) -> Iterator[Concern]:
    found = [(event, sink) for event in context.runs for sink in event.get("sinks") or ()]
    unseen = [event for event, sink in found if sink.get("unseen")]
    if unseen:
        text = f"Programs were started that could read and write unseen in {count(len(_once(unseen)), 'cell')}."
        yield _of(text, unseen, "What ran")
    kept = [event for event, sink in found if any(one.get("entities") for one in sink.get("stored") or ())]
    if kept:
        text = f"Models that keep rows or values of persons were written in {count(len(_once(kept)), 'cell')}."
        yield _of(text, kept, "What ran")
    sent = [event for event, sink in found if sink.get("kind") == "net"]
    if sent:
        yield _of(f"Connections were opened in {count(len(_once(sent)), 'cell')}.", sent, "What ran")


def _rights(context: Context) -> Iterator[Concern]:
    rights = (("reveal", "Plain values were looked up"), ("data.unseal", "Sealed files were opened"))
    for action, says in rights:
        seqs = tuple(act.seq for act in context.acts if act.action == action and act.outcome == "ok")
        if seqs:
            yield Concern(f"{says} {_often(len(seqs))}.", seqs, "Tiers, grants and refusals")
    top = [event for event in context.runs if event.get("tier") == "compliance" and event["outcome"] != "refused"]
    if top:
        yield _of(f"{count(len(top), 'cell')} ran at the highest tier.", top, "Tiers, grants and refusals")


def _why(context: Context) -> Iterator[Concern]:
    section = "Purposes and lawful bases"
    for purpose in context.purposes:
        if not purpose.name:
            yield Concern(f"{count(len(purpose.seqs), 'cell')} named no purpose.", purpose.seqs, section)
        elif not purpose.bases:
            text = f"The log tells of no lawful basis for a purpose of {count(len(purpose.seqs), 'cell')}."
            yield Concern(text, purpose.seqs, section)


def _checked(context: Context) -> Iterator[Concern]:
    failed = [event for event in context.of("quality.check") if event.get("success") is False]
    if failed:
        yield _of(f"{count(len(failed), 'quality check')} did not pass.", failed, "Data quality")
    blocked = [event for event in context.of("model.review") if event.get("blocked") or event["outcome"] != "ok"]
    if blocked:
        yield _of(f"{count(len(blocked), 'model review')} did not pass.", blocked, "Models")
    flagged = context.model_flags
    if flagged:
        seqs = tuple(context.linked(seq for flag in flagged for seq in flag.seqs))
        aliases = sum(flag.alias is not None for flag in flagged)
        others = len(flagged) - aliases
        says = [f"{count(aliases, 'alias', 'aliases')} of models had no signed approval on a review that passed"]
        says = [*(says if aliases else []), *([f"{count(others, 'served version')} had none"] if others else [])]
        yield Concern(f"{', '.join(says)}.", seqs, "Registered models")
    unsure = unsure_columns(context)
    if unsure:
        text = f"What {count(len(unsure), 'column')} {'holds' if len(unsure) == 1 else 'hold'} is not certain."
        yield Concern(f"{text} No mask was put on that account.", tuple(seq for *_, seq in unsure), "Data inventory")


def _unneeded(context: Context) -> Iterator[Concern]:
    found = context.unused
    unused = sum(bool(column.entity) for one in found for column in one.unused)
    if unused:
        seqs = tuple(context.linked(seq for one in found for seq in one.seqs))
        text = f"{count(unused, 'sensitive column')} {_was(unused)} loaded and never used."
        yield Concern(text, seqs, "Columns to drop")


def _trust(context: Context) -> Iterator[Concern]:
    if not context.anchors:
        yield Concern("No checkpoint of the log is kept elsewhere.", (), "Integrity of the log")
    second = context.second
    if second is None:
        yield Concern("There is no second record by a server.", (), "Scope and promise")
    elif second.is_readable and second.accounts[0] == second.accounts[1]:
        yield Concern("Both records were written by one account.", (), "Scope and promise")
    alone = [event for event in context.own if event["principal"]["assurance"] == "self"]
    if alone:
        shares = Counter(event["principal"]["assurance"] for event in context.own)
        text = f"{shares['self']:,} of {count(len(context.own), 'event')} rest on rights that the person could have"
        yield _of(f"{text} given themselves.", alone, "Scope and promise")


def _of(says: str, found: Iterable[Event], section: str) -> Concern:
    return Concern(says, tuple(_once(found)), section)


def _once(found: Iterable[Event]) -> list[int]:
    return list(dict.fromkeys(event["seq"] for event in found))


def _seqs(columns: Iterable[ShownColumn]) -> tuple[int, ...]:
    return tuple(sorted({seq for column in columns for seq in column.seqs}))


def _times(found: list[Event]) -> str:
    return _often(len(found))


def _often(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
