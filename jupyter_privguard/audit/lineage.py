"""Where the columns of a frame come from, as the log tells it. Pure: events in, a graph out.

A table that was read has a source. What was made from tables has parents in the ``cell.run`` that made
it, if the guard saw how: ``datasets[].parents``, a list of ``{"name", "columns"}`` in which ``columns``
gives for a label those of the parent that it was made from. Where an event has none, what the cell
touched besides is all there is: a column that the parent calls the same is taken to be it, and any other
may come from each column that the cell used. The graph says of every edge which of these it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._json import as_mapping, as_mappings
from ..errors import InputError
from .accesses import Classes, Event, Part, number_of, parts_of, said_by

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
    parents: dict[str, Mapping[str, Sequence[str]] | None] = field(default_factory=dict)
    """Name to its columns by own label, as recorded; None where the event does not say."""
    used: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name to the columns that the cell used of it."""
    before: _Made | None = None
    """What the session called so until now, while the cell runs that tells of it anew."""


class Frames:
    """The frames that a log tells of, while it is read from its beginning."""

    def __init__(self) -> None:
        self.classes = Classes()
        """What columns hold, as told until now."""
        self._sessions: dict[str, dict[str, _Made]] = {}

    def take_in(self, event: Event) -> list[str]:
        """Note what an event tells; names of the frames that it tells of."""
        self.classes.note(event)
        return list(_taken_in(event, self._sessions.setdefault(_session(event), {})))

    def names(self, event: Event, called: str) -> set[str]:
        """What a frame of the event's session is called: by its own name and by variables."""
        return {called, *self._sessions[_session(event)][called].variables}

    def behind(self, event: Event, called: str) -> list[Frame]:
        """The frame ``called`` so in the event's session, and all that it was made from; nearest first."""
        return list(_graph(self._sessions[_session(event)], called, self.classes))


def lineage(events: Iterable[Event], name: str) -> Lineage:
    """The lineage of the newest data set called ``name``, else of what that variable holds; InputError for neither."""
    frames = Frames()
    newest: tuple[Event, str] | None = None
    for event in events:
        for called in frames.take_in(event):
            # A variable stands beside each data set that it was made from, too.
            if name == called or (name in frames.names(event, called) and (newest is None or newest[1] != name)):
                newest = event, called
    if newest is None:
        raise InputError(
            "privguard: the log tells of no table of that name; `privguard audit query` lists those it has."
        )
    return Lineage(name, tuple(frames.behind(*newest)))


def _session(event: Event) -> str:
    return str(event.get("session"))


def _taken_in(event: Event, known: dict[str, _Made]) -> Iterator[str]:
    """Note what an event tells of a session's frames; the names of those that it tells of."""
    action = event.get("action")
    if action == "data.load":
        for part in parts_of(event):
            old = known.get(part.dataset)
            known[part.dataset] = _Made(part, event, before=old.before or old if old is not None else None)
            yield part.dataset
    elif action == "cell.run":
        touched = {part.dataset: part for part in parts_of(event) if part.variables or part.source}
        recorded = _recorded(event)
        _keep_what_was_only_told_anew(known, touched)
        for name, part in touched.items():
            made = known.setdefault(name, _Made(part, event))
            made.variables |= dict.fromkeys(part.variables)
            _note_parents(made, event, touched, recorded.get(name))
            yield name


def _keep_what_was_only_told_anew(known: dict[str, _Made], touched: Mapping[str, Part]) -> None:
    """A cell ends: a table that it told of and did nothing with, as by a word on a column, is the one it was.

    A file that was read again has its source, and is another table.
    """
    for name, made in known.items():
        before, made.before = made.before, None
        if before is not None and name not in touched and not made.part.source:
            known[name] = before if before.part.source else replace(before, part=made.part)


def _note_parents(
    made: _Made, event: Event, touched: Mapping[str, Part], recorded: Mapping[str, Mapping[str, Sequence[str]]] | None
) -> None:
    """What a frame comes from: as recorded, else what else its first cell touched."""
    own = made.part.dataset
    if recorded:
        made.parents = {name: columns for name, columns in recorded.items() if name != own}
    elif not made.part.source and not made.parents and not made.used:
        made.parents = {name: None for name in touched if name != own}
        made.used = {name: part.columns for name, part in touched.items() if name != own}


def _recorded(event: Event) -> dict[str, dict[str, Mapping[str, Sequence[str]]]]:
    """By name of a frame its parents, by their names, with their columns by the frame's own labels."""
    found: dict[str, dict[str, Mapping[str, Sequence[str]]]] = {}
    for dataset in as_mappings(event.get("datasets")):
        for parent in as_mappings(dataset.get("parents")):
            if (columns := _by_label(parent.get("columns"))) is not None:
                found.setdefault(str(dataset.get("name")), {})[str(parent.get("name"))] = columns
    return found


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


def _graph(known: Mapping[str, _Made], first: str, classes: Classes) -> Iterator[Frame]:
    """The frames behind ``first``, nearest first."""
    names = [first]
    for name in names:  # grows while it is walked
        names += [parent for parent in known[name].parents if parent in known and parent not in names]
    numbers = {name: number for number, name in enumerate(names)}
    return (_frame(known[name], known, numbers, classes) for name in names)


def _frame(made: _Made, known: Mapping[str, _Made], numbers: Mapping[str, int], classes: Classes) -> Frame:
    part, event = made.part, made.event
    number = as_mapping(event.get("cell")).get("execution_count")
    parents = {name: columns for name, columns in made.parents.items() if name in known}
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
    parents: Mapping[str, Mapping[str, Sequence[str]] | None],
    known: Mapping[str, _Made],
    numbers: Mapping[str, int],
) -> Iterator[Origin]:
    told = [(name, columns) for name, columns in parents.items() if columns is not None]
    if told:
        for name, columns in told:
            yield from (Origin(numbers[name], str(one), "recorded") for one in columns.get(label) or ())
        return
    same = [name for name in parents if label in known[name].part.columns]
    if same:
        yield from (Origin(numbers[name], label, "by name") for name in same)
        return
    for name in parents:
        yield from (Origin(numbers[name], one, "by use") for one in made.used.get(name, ()))


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
                            {"frame": found.frames[o.frame].name, "label": o.label, "basis": o.basis}
                            for o in column.origins
                        ],
                    }
                    for column in frame.columns
                ],
            }
            for frame in found.frames
        ],
    }
