"""Where the columns of a frame come from, as the log tells it. Pure: events in, a graph out.

A table that was read has a source. What was made from tables has parents in the ``cell.run`` that made
it, if the guard saw how: ``datasets[].parents``, a list of ``{"name", "source", "columns"}`` in which ``columns``
gives for a label those of the parent that it was made from. Where an event has none, what the cell
touched besides is all there is: a column that the parent calls the same is taken to be it, and any other
may come from each column that the cell used. The graph says of every edge which of these it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._json import as_mapping, as_mappings, as_text
from ..errors import InputError
from .accesses import Classes, Event, Part, number_of, parts_of, said_by
from .lineage_names import Key, Keys

__all__ = ["BASES", "Column", "Frame", "Frames", "Lineage", "Origin", "as_fields", "lineage"]

BASES = {
    "recorded": "as the guard saw it being made",
    "by name": "has the same name in a table that the cell used",
    "by use": "may come from columns that the cell used",
}
"""What an edge rests on."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A column that another one comes from."""

    frame: int
    """Number of its frame in `Lineage.frames`."""
    label: str
    basis: str
    """One of `BASES`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame."""

    label: str
    entity: str
    """What it holds; empty for nothing sensitive."""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A data set or a frame that was made from some."""

    name: str
    source: str
    """Where it was read from; empty for what was made."""
    variables: tuple[str, ...]
    columns: tuple[Column, ...]
    seq: int
    """The event that tells of it first."""
    time: str
    who: str
    cell: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """The frames behind one, which is the first; each before what it was made from."""

    asked: str
    frames: tuple[Frame, ...]

    @property
    def is_recorded(self) -> bool:
        """Whether every edge is one that the guard saw."""
        return all(origin.basis == "recorded" for frame in self.frames for c in frame.columns for origin in c.origins)


@dataclass(slots=True)
class _Made:
    """A frame while the log is read."""

    part: Part
    event: Event
    variables: dict[str, None] = field(default_factory=dict)
    parents: dict[Key, Mapping[str, Sequence[str]] | None] = field(default_factory=dict)
    """Their columns by own label, as recorded; None where the event does not say."""
    used: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    """The columns that the cell used of them."""
    before: _Made | None = None
    """What the session called so until now, while the cell runs that tells of it anew."""


class Frames:
    """The frames that a log tells of, while it is read from its beginning."""

    def __init__(self) -> None:
        self.classes = Classes()
        """What columns hold, as told until now."""
        self._sessions: dict[str, _Session] = {}

    def take_in(self, event: Event) -> list[Key]:
        """Note what an event tells; the frames that it tells of."""
        self.classes.note(event)
        return list(self._session(event).take_in(event))

    def names(self, event: Event, key: Key) -> set[str]:
        """What a frame of the event's session is called: by its own name, its source and by variables."""
        made = self._session(event).known[key]
        return {key.name, made.part.source, *made.variables}

    def source_of(self, event: Event, key: Key) -> str:
        """Where a frame of the event's session was read from."""
        return self._session(event).known[key].part.source

    def behind(self, event: Event, name: str, source: str = "") -> list[Frame]:
        """The frame ``name`` in the event's session, and all that it was made from; nearest first."""
        session = self._session(event)
        return list(_graph(session.known, session.keys.of(name, source), self.classes))

    def _session(self, event: Event) -> _Session:
        return self._sessions.setdefault(str(event.get("session")), _Session())


def lineage(events: Iterable[Event], name: str) -> Lineage:
    """The lineage of the newest data set called ``name``, or read from there, else of what that variable holds.

    InputError where there is none.
    """
    frames = Frames()
    newest: tuple[Event, Key, str] | None = None
    for event in events:
        for key in frames.take_in(event):
            # A variable stands beside each data set that it was made from, too.
            if name in frames.names(event, key) and (newest is None or name == key.name or newest[1].name != name):
                newest = event, key, frames.source_of(event, key)
    if newest is None:
        raise InputError(
            "privguard: the log tells of no table of that name; `privguard audit query` lists those it has."
        )
    event, key, source = newest
    return Lineage(name, tuple(frames.behind(event, key.name, source)))


class _Session:
    """The frames of one session."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.known: dict[Key, _Made] = {}

    def take_in(self, event: Event) -> Iterator[Key]:
        """Note what an event tells; the frames that it tells of."""
        action = event.get("action")
        if action == "data.load":
            for part in parts_of(event):
                key = self._key_of(part)
                old = self.known.get(key)
                self.known[key] = _Made(part, event, before=old.before or old if old is not None else None)
                yield key
        elif action == "cell.run":
            touched = {self._key_of(part): part for part in parts_of(event) if part.variables or part.source}
            recorded = self._recorded(event)
            self._keep_what_was_only_told_anew(touched)
            for key, part in touched.items():
                made = self.known.setdefault(key, _Made(part, event))
                made.variables |= dict.fromkeys(part.variables)
                _note_parents(made, key, event, touched, recorded.get(key))
                yield key

    def _key_of(self, part: Part) -> Key:
        return self.keys.of(part.dataset, part.source)

    def _keep_what_was_only_told_anew(self, touched: Mapping[Key, Part]) -> None:
        """A cell ends: a table that it told of and did nothing with, as by a word on a column, is the one it was.

        A file that was read again has its source, and is another table.
        """
        for key, made in self.known.items():
            before, made.before = made.before, None
            if before is not None and key not in touched and not made.part.source:
                self.known[key] = before if before.part.source else replace(before, part=made.part)

    def _recorded(self, event: Event) -> dict[Key, dict[Key, Mapping[str, Sequence[str]]]]:
        """By frame its parents with their columns by the frame's own labels."""
        found: dict[Key, dict[Key, Mapping[str, Sequence[str]]]] = {}
        for dataset in as_mappings(event.get("datasets")):
            key = self.keys.of(as_text(dataset.get("name")), as_text(dataset.get("source")))
            for parent in as_mappings(dataset.get("parents")):
                if (columns := _by_label(parent.get("columns"))) is not None:
                    found.setdefault(key, {})[self._parent(parent)] = columns
        return found

    def _parent(self, parent: Mapping[str, Any]) -> Key:
        """Events of earlier versions do not say which of several data sets of one name is meant: the last one."""
        name = as_text(parent.get("name"))
        known = [key for key in self.keys.called(name) if key in self.known]
        return known[-1] if "source" not in parent and known else self.keys.of(name, as_text(parent.get("source")))


def _note_parents(
    made: _Made,
    own: Key,
    event: Event,
    touched: Mapping[Key, Part],
    recorded: Mapping[Key, Mapping[str, Sequence[str]]] | None,
) -> None:
    """What a frame comes from: as recorded, else what else its first cell touched."""
    if recorded:
        made.parents = {key: columns for key, columns in recorded.items() if key != own}
    elif not made.part.source and not made.parents and not made.used:
        made.parents = {key: None for key in touched if key != own}
        made.used = {key: part.columns for key, part in touched.items() if key != own}


def _by_label(columns: object) -> dict[str, list[str]] | None:
    """Own label to those of the parent, from a list of ``{"label", "from"}`` or an object; None for neither."""
    pairs: list[tuple[object, object]]
    if isinstance(columns, Mapping):
        pairs = list(columns.items())
    elif isinstance(columns, list):
        pairs = [(one.get("label"), one.get("from")) for one in columns if isinstance(one, Mapping)]
    else:
        return None
    return {str(label): [str(name) for name in names] for label, names in pairs if isinstance(names, list)}


def _graph(known: Mapping[Key, _Made], first: Key, classes: Classes) -> Iterator[Frame]:
    """The frames behind ``first``, nearest first."""
    keys = [first]
    for key in keys:  # grows while it is walked
        keys += [parent for parent in known[key].parents if parent in known and parent not in keys]
    numbers = {key: number for number, key in enumerate(keys)}
    return (_frame(known[key], known, numbers, classes) for key in keys)


def _frame(made: _Made, known: Mapping[Key, _Made], numbers: Mapping[Key, int], classes: Classes) -> Frame:
    part, event = made.part, made.event
    number = as_mapping(event.get("cell")).get("execution_count")
    parents = {key: columns for key, columns in made.parents.items() if key in known}
    columns = tuple(
        Column(label, _entity(classes.of(part, label)), tuple(_origins(label, made, parents, known, numbers)))
        for label in part.columns
    )
    return Frame(
        name=part.dataset,
        source=part.source,
        variables=tuple(made.variables),
        columns=columns,
        seq=number_of(event),
        time=str(event.get("time") or ""),
        who=", ".join(said_by(event)),
        cell="" if number is None else str(number),
    )


def _origins(
    label: str,
    made: _Made,
    parents: Mapping[Key, Mapping[str, Sequence[str]] | None],
    known: Mapping[Key, _Made],
    numbers: Mapping[Key, int],
) -> Iterator[Origin]:
    told = [(key, columns) for key, columns in parents.items() if columns is not None]
    if told:
        for key, columns in told:
            yield from (Origin(numbers[key], str(one), "recorded") for one in columns.get(label) or ())
        return
    same = [key for key in parents if label in known[key].part.columns]
    if same:
        yield from (Origin(numbers[key], label, "by name") for key in same)
        return
    for key in parents:
        yield from (Origin(numbers[key], one, "by use") for one in made.used.get(key, ()))


def _entity(entities: Iterable[str]) -> str:
    return ", ".join(sorted(entity for entity in entities if entity and entity != "NONE"))


def as_fields(found: Lineage) -> dict[str, Any]:
    """The graph as JSON can write it."""
    return {
        "asked": found.asked,
        "frames": [
            {
                "name": frame.name,
                "source": frame.source or None,
                "variables": list(frame.variables),
                "seq": frame.seq,
                "time": frame.time,
                "who": frame.who,
                "cell": frame.cell or None,
                "columns": [
                    {
                        "label": column.label,
                        "entity": column.entity or None,
                        "from": [
                            {
                                "frame": found.frames[o.frame].name,
                                "source": found.frames[o.frame].source or None,
                                "label": o.label,
                                "basis": o.basis,
                            }
                            for o in column.origins
                        ],
                    }
                    for column in frame.columns
                ],
            }
            for frame in found.frames
        ],
    }
