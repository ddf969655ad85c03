"""Questions to the log: who did what to which data, when and why. Pure: events in, answers out.

Several texts for one field mean any of them, several fields mean all of them. In texts ``*`` stands
for any letters and ``?`` for one; upper and lower case are the same. A question about columns asks
of one data set at a time: column and data set must meet in the same one.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from ..errors import InputError
from ..model import TIER_LABELS
from .accesses import Classes, Event, Part, handle_of, handles_in, number_of, parts_of, said_by
from .event import ACTIONS
from .periods import parse_period

__all__ = ["FIELDS", "HOW", "OUTCOMES", "TIMES", "Access", "Query", "accesses", "question"]

FIELDS = {
    "person": "Who did it.",
    "dataset": "Name, source or variable of a data set.",
    "column": "Label of a column.",
    "entity": "What a column holds, as EMAIL_ADDRESS.",
    "how": "How it was used: loaded, shown, filtered, joined, computed, fitted, exported, seal, unseal, revealed.",
    "purpose": "The purpose that was stated.",
    "experiment": "The experiment.",
    "tier": "The tier: public, internal, compliance.",
    "outcome": "How it ended: ok, error, refused, interrupted, lost, started.",
    "action": "Kind of event, as cell.run or reveal.",
    "token": "A person's handle, as tok_7f3a9c01 or as it stands in a file.",
}
"""What can be asked for, and what it means."""

HOW = tuple("loaded shown filtered joined computed fitted exported seal unseal revealed".split())
OUTCOMES = tuple("ok error refused interrupted lost started".split())
_CHOICES: Mapping[str, Sequence[str]] = {
    "how": HOW,
    "tier": TIER_LABELS,
    "outcome": OUTCOMES,
    "action": sorted(ACTIONS),
}
TIMES = ("since", "until", "during")
"""What can be asked for beside `FIELDS`: a period of `periods`."""
_OF_A_PART = ("dataset", "column", "entity", "how")


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the answer: what one event says of one data set, or of none."""

    seq: int
    time: str
    who: str
    assurance: str
    action: str
    outcome: str
    tier: str
    dataset: str
    columns: tuple[str, ...]
    """Those that were asked for, all of the data set where none was."""
    how: tuple[str, ...]
    masks: tuple[str, ...]
    """Of columns that were shown, ``label: mask``."""
    entities: tuple[str, ...]
    rows: int | None
    source: str
    purpose: str
    reason: str
    experiment: str
    notebook: str
    cell: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question; a field that is empty asks nothing."""

    person: tuple[str, ...] = ()
    dataset: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    experiment: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    token: tuple[str, ...] = ()
    since: datetime | None = None
    """Events of that moment and later."""
    until: datetime | None = None
    """Events before that moment."""

    def as_asked(self) -> dict[str, Any]:
        """The fields that ask something, as JSON can write them."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, datetime) else list(value)
            for name, value in asked.items()
            if value
        }

    @property
    def asks_of_data(self) -> bool:
        """Whether a data set has to match, and not only the event."""
        return any(getattr(self, name) for name in _OF_A_PART)

    @cached_property
    def _tests(self) -> dict[str, Callable[[str], object]]:
        return {name: _test(getattr(self, name)) for name in FIELDS if name != "token" and getattr(self, name)}

    def fits(self, name: str, texts: Iterable[str]) -> bool:
        """Whether one of ``texts`` is what the field ``name`` asks for; True where it asks nothing."""
        test = self._tests.get(name)
        return test is None or any(test(text.casefold()) for text in texts)

    def answers(self, event: Event, classes: Classes) -> list[Access]:
        """The lines that ``event`` contributes to the answer; none where it is not asked for."""
        if not self._fits_event(event):
            return []
        parts = parts_of(event)
        found = [access for part in parts if (access := self._of_part(event, part, classes))]
        if found or not self.asks_of_data:
            return found or [_access(event, None)]
        return [_access(event, None)] if self._masked_entity(event) else []

    def _fits_event(self, event: Event) -> bool:
        action = event.get("action")
        if action == "cell.start" and not self.action and "started" not in self.outcome:
            return False  # its end says all of it and more
        return (
            self.fits("action", (str(action),))
            and self.fits("person", said_by(event))
            and all(self.fits(name, _one(event, name)) for name in ("purpose", "experiment", "tier", "outcome"))
            and self._fits_time(event)
            and (not self.token or self._fits_handle(event))
        )

    def _fits_time(self, event: Event) -> bool:
        if self.since is None and self.until is None:
            return True
        try:
            moment = datetime.fromisoformat(str(event.get("time")))
            return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)
        except (ValueError, TypeError):
            return False

    def _fits_handle(self, event: Event) -> bool:
        wanted = [handle_of(token) or token for token in self.token]
        # A longer form of a handle begins with the shorter one.
        return any(a.startswith(b) or b.startswith(a) for a in handles_in(str(dict(event))) for b in wanted)

    def _of_part(self, event: Event, part: Part, classes: Classes) -> Access | None:
        if not self.fits("dataset", (part.dataset, part.source, *part.variables)) or not self.fits("how", part.how):
            return None
        if not part.columns and not self.column and self.entity:
            held = part.entities.get("", frozenset[str]())
            return _access(event, part, entities=held) if self.fits("entity", held) else None
        labels = [label for label in part.columns if self._fits_column(part, label, classes)]
        if (self.column or self.entity) and not labels:
            return None
        held = frozenset[str]().union(*(classes.of(part, label) for label in labels))
        return _access(event, part, labels, held or part.entities.get("", frozenset()))

    def _fits_column(self, part: Part, label: str, classes: Classes) -> bool:
        return (
            self.fits("column", (label,))
            and self.fits("how", part.ways_of(label))
            and self.fits("entity", classes.of(part, label))
        )

    def _masked_entity(self, event: Event) -> bool:
        """Whether values of the entity were masked in what a cell showed, of no data set that it could name."""
        masked = event.get("masked")
        is_all_that_is_asked = bool(self.entity) and not (self.dataset or self.column)
        return is_all_that_is_asked and isinstance(masked, Mapping) and self._fits_masked(masked)

    def _fits_masked(self, masked: Mapping[str, Any]) -> bool:
        return self.fits("entity", masked) and self.fits("how", ("shown",))


def accesses(events: Iterable[Event], query: Query, classes: Classes | None = None) -> Iterator[Access]:
    """The answer to ``query``, in the order of the log.

    ``classes`` tells what columns hold; without, it is gathered from ``events`` on the way, which is
    right for a log from its beginning, for a data set is loaded before it is used.
    """
    known = classes if classes is not None else Classes()
    for event in events:
        if classes is None:
            known.note(event)
        yield from query.answers(event, known)


def question(asked: Mapping[str, Sequence[str]], now: datetime) -> Query:
    """The query that people's words mean: `FIELDS`, and ``since``, ``until``, ``during`` as `parse_period` reads them.

    InputError in one sentence for another name, a word that no event could have, or a time that is none.
    """
    if unknown := [name for name in asked if name not in FIELDS and name not in TIMES]:
        _check_choice("field", unknown[0], (*FIELDS, *TIMES))
    for name, choices in _CHOICES.items():
        for text in asked.get(name, ()):
            _check_choice(name, text, choices)
    for text in asked.get("token", ()):
        if handle_of(text) is None:
            raise InputError(
                "privguard: this is no handle; copy one as it is shown (tok_…, enc_… or sur_…), or from a file."
            )
    since = [parse_period(text, now).start for text in asked.get("since", ())]
    until = [parse_period(text, now).until for text in asked.get("until", ())]
    for period in (parse_period(text, now) for text in asked.get("during", ())):
        since.append(period.start)
        until.append(period.end)
    words = {name: tuple(asked.get(name, ())) for name in FIELDS}
    return Query(**words, since=max(since, default=None), until=min(until, default=None))


def _check_choice(name: str, text: str, choices: Sequence[str]) -> None:
    if any(_test((text,))(choice) for choice in choices):
        return
    near = difflib.get_close_matches(text.casefold(), choices, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(choices)}."
    raise InputError(f"privguard: no event has this {name}; {hint}")


def _test(texts: Sequence[str]) -> Callable[[str], object]:
    """Whether a text, its case folded, is one of ``texts``."""
    # A bracket is a letter here: labels hold them.
    patterns = (fnmatch.translate(text.casefold().replace("[", "[[]")) for text in texts)
    return re.compile("|".join(patterns)).match


def _one(event: Event, name: str) -> tuple[str, ...]:
    value = event.get(name)
    return (value,) if isinstance(value, str) else ()


def _access(event: Event, part: Part | None, columns: Sequence[str] = (), entities: Iterable[str] = ()) -> Access:
    principal, cell = event.get("principal"), event.get("cell")
    number = cell.get("execution_count") if isinstance(cell, Mapping) else None
    return Access(
        seq=number_of(event),
        time=_text(event, "time"),
        who=", ".join(said_by(event)),
        assurance=str(principal.get("assurance") or "") if isinstance(principal, Mapping) else "",
        action=_text(event, "action"),
        outcome=_text(event, "outcome"),
        tier=_text(event, "tier"),
        dataset=part.dataset if part else "",
        columns=tuple(columns),
        how=_ways(part, columns) if part else (),
        masks=tuple(f"{label}: {part.masks[label]}" for label in columns if label in part.masks) if part else (),
        entities=tuple(sorted(entity for entity in entities if entity and entity != "NONE")),
        rows=part.rows if part else None,
        source=part.source if part else "",
        purpose=_text(event, "purpose"),
        reason=_text(event, "refusal") or _text(event, "reason"),
        experiment=_text(event, "experiment"),
        notebook=_text(event, "notebook"),
        cell="" if number is None else str(number),
    )


def _ways(part: Part, columns: Sequence[str]) -> tuple[str, ...]:
    """How the data set was used, as far as ``columns`` go; all of it where it is of none of them."""
    return tuple(how for how in part.how if any(how in part.ways_of(label) for label in columns)) or part.how


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""
