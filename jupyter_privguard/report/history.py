"""Who saw and used which column, when, and under which mask; and how the events lie in time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .experiments import Event
from .shown import SAYS

__all__ = ["KINDS", "Bar", "PersonColumn", "person_columns", "timeline"]

KINDS = ("cells run", "wrote or sent", "refused, failed", "special rights")
"""What a bar of `timeline` counts; an event is of one kind."""

_RIGHTS = frozenset({"reveal", "data.unseal", "approval.grant", "approval.deny", "key.rotate", "key.destroy"})
_MOST_BARS = 36
_STEPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 86400, 7 * 86400, 30 * 86400, 90 * 86400, 365 * 86400)
)


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """One column of one data set as one person saw and used it."""

    person: str
    dataset: str
    column: str
    entity: str
    """What it holds; empty where no event tells."""
    data_class: str
    seen: Mapping[str, int]
    """Mask to how often a table with it was shown under it; ``clear`` is no mask."""
    used: Mapping[str, int]
    """How it was used beside being shown (loaded, filtered, joined, computed, fitted, exported), and how often."""
    tiers: tuple[str, ...]
    rows: int
    """The most rows shown at once."""
    first: str
    """When it was seen or used first, as the log has it."""
    last: str
    seqs: tuple[int, ...]
    """The cells, by number."""
    by_self: int
    """Of these those with assurance ``self``."""

    @property
    def is_sensitive(self) -> bool:
        """Whether it holds anything classified."""
        return self.data_class not in ("", "none")

    @property
    def is_seen_in_clear(self) -> bool:
        """Whether its values were shown as they are."""
        return bool(self.seen.get("clear"))


@dataclass(slots=True)
class _Group:
    """Cells that did the same with the same columns."""

    seqs: list[int] = field(default_factory=list)
    rows: int = 0


@dataclass(slots=True)
class _Tally:
    entity: str = ""
    data_class: str = ""
    seen: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    seqs: set[int] = field(default_factory=set)


_Key = tuple[str, str, str]
"""Person, data set and label."""
_Shown = dict[tuple[str, str, tuple[tuple[str, str, str, str], ...]], _Group]
_Used = dict[tuple[str, str, str, tuple[str, ...]], _Group]


def person_columns(events: Iterable[Event]) -> list[PersonColumn]:
    """The columns that cells in ``events`` (in log order) saw or used, by person, data set and label.

    Refused cells saw nothing. What a column holds is told by the cell that showed it, else by the loads in
    ``events``. Sorted by person, then in order of first appearance.
    """
    held: dict[tuple[str, str], tuple[str, str]] = {}
    cells: dict[int, Event] = {}
    shown: _Shown = {}
    used: _Used = {}
    for event in events:
        if event["outcome"] == "refused":
            continue
        if event["action"] == "data.load":
            dataset = event.get("dataset") or {}
            for column in dataset.get("columns") or ():
                key = str(dataset.get("name")), str(column.get("label"))
                held[key] = str(column.get("entity") or ""), str(column.get("class") or "")
        elif event["action"] == "cell.run":
            cells[event["seq"]] = event
            _note(event, shown, used)
    rows = [_row(key, tally, held.get(key[1:], ("", "")), cells) for key, tally in _tallied(shown, used).items()]
    return sorted(rows, key=lambda row: (row.person, row.seqs[0]))


def _note(event: Event, shown: _Shown, used: _Used) -> None:
    person, seq = event["principal"]["id"], event["seq"]
    for table in event.get("shown") or ():
        columns = tuple(map(SAYS, table.get("columns") or ()))
        group = shown.setdefault((person, table.get("dataset") or "(computed)", columns), _Group())
        group.seqs.append(seq)
        group.rows = max(group.rows, table.get("rows") or 0)
    for dataset in event.get("datasets") or ():
        told: Mapping[str, Any] = dataset.get("uses") or {}
        for how in dataset.get("how") or ():
            if how != "shown":  # what was shown is told with its mask
                labels = dataset.get("columns") if how == "loaded" or not told else told.get(how)
                key = (person, dataset.get("name") or "(computed)", how, tuple(labels or ()))
                used.setdefault(key, _Group()).seqs.append(seq)


def _tallied(shown: _Shown, used: _Used) -> dict[_Key, _Tally]:
    found: dict[_Key, _Tally] = {}
    for (person, dataset, columns), group in shown.items():
        for label, entity, data_class, action in columns:
            tally = found.setdefault((person, dataset, label), _Tally(entity, data_class))
            tally.seen[action] += len(group.seqs)
            tally.rows = max(tally.rows, group.rows)
            tally.seqs.update(group.seqs)
    for (person, dataset, how, labels), group in used.items():
        for label in labels:
            tally = found.setdefault((person, dataset, label), _Tally())
            tally.used[how] += len(group.seqs)
            tally.seqs.update(group.seqs)
    return found


def _row(key: _Key, tally: _Tally, held: tuple[str, str], cells: Mapping[int, Event]) -> PersonColumn:
    person, dataset, column = key
    entity, data_class = (tally.entity, tally.data_class) if tally.entity else held
    seqs = sorted(tally.seqs)
    return PersonColumn(
        person=person,
        dataset=dataset,
        column=column,
        entity=entity,
        data_class=data_class,
        seen=dict(tally.seen),
        used=dict(tally.used),
        tiers=tuple(dict.fromkeys(cells[seq].get("tier") or "none" for seq in seqs)),
        rows=tally.rows,
        first=cells[seqs[0]]["time"],
        last=cells[seqs[-1]]["time"],
        seqs=tuple(seqs),
        by_self=sum(cells[seq]["principal"]["assurance"] == "self" for seq in seqs),
    )


# --- time -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time."""

    name: str
    """When it begins, UTC, as short as all of the bars allow."""
    counts: Mapping[str, int]
    """One of `KINDS` to how many events are of it."""


def timeline(events: Iterable[Event]) -> list[Bar]:
    """Cells and special rights in ``events`` over time, in at most 36 stretches of one length; empty where none are."""
    moments = [(datetime.fromisoformat(event["time"]), kind) for event in events if (kind := _kind(event))]
    if not moments:
        return []
    first, last = min(time for time, _ in moments), max(time for time, _ in moments)
    step = next((step for step in _STEPS if (last - first) / step < _MOST_BARS - 1), (last - first) / (_MOST_BARS - 2))
    begin = _floor(first, step)
    bars: list[Counter[str]] = [Counter() for _ in range((last - begin) // step + 1)]
    for time, kind in moments:
        bars[(time - begin) // step][kind] += 1
    form = _form(begin, last, step)
    return [Bar(f"{begin + step * place:{form}}", dict(counts)) for place, counts in enumerate(bars)]


def _floor(time: datetime, step: timedelta) -> datetime:
    start = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday, so that weeks begin as they do in a calendar
    return start + (time - start) // step * step


def _form(first: datetime, last: datetime, step: timedelta) -> str:
    if step >= timedelta(days=1):
        return "%Y-%m-%d" if first.year != last.year else "%m-%d"
    clock = "%H:%M" if step >= timedelta(minutes=1) else "%H:%M:%S"
    return clock if first.date() == last.date() else f"%m-%d {clock}"


def _kind(event: Event) -> str | None:
    action, outcome = event["action"], event["outcome"]
    if action in _RIGHTS and outcome == "ok":
        return KINDS[3]
    if action != "cell.run":
        return None
    if outcome != "ok":
        return KINDS[2]
    return KINDS[1] if event.get("sinks") else KINDS[0]
