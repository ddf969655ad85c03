"""Columns that an experiment loaded and had no use for, as a list to drop. Pure: events in, a list out.

GDPR article 5(1)(c) asks for data that is limited to what is necessary for its purpose. A column counts as used when
a cell of the experiment showed, filtered, joined, computed, fitted or exported it, under any name that it was given.
What was only kept in a frame that was made from its table (``adults = people[people.age > 17]``) is listed too, and
marked. Where an event does not tell how its columns were used they count as used: a list that is too short costs
less than one that breaks an analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._json import as_mappings, as_text
from .accesses import KEPT, Event, Part, number_of, parts_of
from .lineage_names import Key, Keys

__all__ = ["Minimisation", "Told", "UnusedColumn", "as_fields", "declaration", "minimisation"]

_LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class UnusedColumn:
    """A column that could have been left where it was."""

    label: str
    entity: str
    """What it holds; empty for nothing sensitive."""
    data_class: str
    """Its class; empty for nothing sensitive."""
    is_kept: bool
    """Whether it was kept in a frame that was made from its table."""


@dataclass(frozen=True, slots=True)
class Minimisation:
    """One data set of one experiment that has columns to drop."""

    experiment: str
    """Empty for cells that name none."""
    dataset: str
    sources: tuple[str, ...]
    used: tuple[str, ...]
    """Columns that it was loaded with and that were used, in its order."""
    unused: tuple[UnusedColumn, ...]
    """Sensitive ones first."""
    seqs: tuple[int, ...]
    """The events that tell of its loads."""


@dataclass(slots=True)
class _Loads:
    """What was loaded of one data set in one session and experiment."""

    columns: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    seqs: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Uses:
    """What was used of one data set in one experiment."""

    used: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    sessions: dict[str, None] = field(default_factory=dict)
    """Those in which the experiment touched it."""


_Origins = dict[Key, dict[str, list[tuple[Key, str]]]]
"""Of frames that were made from others, by label: data sets and their columns."""


class Told:
    """What a log tells, while it is read from its beginning."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.loads: dict[tuple[str, Key], dict[str, _Loads]] = {}
        """By session and data set, then by experiment."""
        self.uses: dict[tuple[str, Key], _Uses] = {}
        """By experiment and data set."""
        self.everywhere: dict[Key, set[str]] = {}
        """By data set what was used of it in any experiment or none."""
        self.held: dict[tuple[Key, str], tuple[str, str]] = {}
        """By data set and label: entity and class."""
        self._origins: dict[str, _Origins] = {}

    def used(self, name: str, source: str | None) -> set[str]:
        """What was used of a data set in any experiment or none."""
        return self.everywhere.get(self.keys.of(name, source), set())

    def take_in(self, event: Event) -> None:
        """Note what one event tells; events come in the order of the log."""
        action = event.get("action")
        if action == "data.load":
            self._load(event)
        elif action == "cell.run":
            self._run(event)

    def _load(self, event: Event) -> None:
        dataset = event.get("dataset")
        if not isinstance(dataset, Mapping):
            return
        name = self._key(dataset)
        if dataset.get("source"):  # its columns are those at the end of the cell, and may not all have been loaded
            key = str(event.get("session")), name
            loads = self.loads.setdefault(key, {}).setdefault(str(event.get("experiment") or ""), _Loads())
            loads.seqs[number_of(event)] = None
        for column in as_mappings(dataset.get("columns")):
            entity, kind = str(column.get("entity") or ""), str(column.get("class") or "")
            found = ("", "") if kind == "none" or entity in ("", "NONE") else (entity, kind)
            self.held[name, str(column.get("label"))] = found

    def _key(self, dataset: Mapping[str, Any]) -> Key:
        return self.keys.of(as_text(dataset.get("name")), as_text(dataset.get("source")))

    def _run(self, event: Event) -> None:
        session, experiment = str(event.get("session")), str(event.get("experiment") or "")
        told = {self._key(one): one for one in as_mappings(event.get("datasets"))}
        origins = self._origins.setdefault(session, {})
        for key, dataset in told.items():
            if made := self._made(dataset, key):
                origins[key] = made
                for parent, label in (one for came in made.values() for one in came):
                    self.uses.setdefault((experiment, parent), _Uses()).kept.add(label)
        for part in parts_of(event):
            key = self.keys.of(part.dataset, part.source)
            uses = self.uses.setdefault((experiment, key), _Uses())
            uses.sessions[session] = None
            if _LOADED in part.how:
                self._loaded(event, session, experiment, key, part)
            used, kept = _used(part)
            is_made = bool(told.get(key, {}).get("parents"))  # then this is how, which its parents' own entries tell
            if not is_made:
                for parent, label in _behind(key, used, origins):
                    self._use(experiment, parent, label)
                    self.uses[experiment, parent].sessions[session] = None
            for label in used:
                self._use(experiment, key, label)
            uses.kept.update(kept)

    def _use(self, experiment: str, key: Key, label: str) -> None:
        self.uses.setdefault((experiment, key), _Uses()).used.add(label)
        self.everywhere.setdefault(key, set()).add(label)

    def _loaded(self, event: Event, session: str, experiment: str, key: Key, part: Part) -> None:
        loads = self.loads.setdefault((session, key), {}).setdefault(experiment, _Loads())
        loads.columns.update(dict.fromkeys(part.columns))
        loads.seqs[number_of(event)] = None
        if part.source:
            loads.sources[part.source] = None

    def _made(self, dataset: Mapping[str, Any], own: Key) -> dict[str, list[tuple[Key, str]]]:
        """Of a frame that the cell made of others, by label the columns of those."""
        found: dict[str, list[tuple[Key, str]]] = {}
        for parent in as_mappings(dataset.get("parents")):
            # Events of earlier versions do not say which of several data sets of one name is meant: it may be each.
            every = [self._key(parent)] if "source" in parent else self.keys.called(as_text(parent.get("name")))
            for key in every:
                for column in as_mappings(parent.get("columns")) if key != own else ():
                    labels = column.get("from")
                    for label in labels if isinstance(labels, list) else ():
                        found.setdefault(str(column.get("label")), []).append((key, str(label)))
        return found


def minimisation(events: Iterable[Event], experiment: str | None = None) -> list[Minimisation]:
    """Data sets with columns that were loaded and not used, of ``experiment`` or of each, in log order.

    A load belongs to an experiment when its own cell names it, or when it was made by the session before, for no
    experiment, and a cell of the experiment touched the data set. What no experiment loaded is measured by the cells
    of all of them, under the name "".
    """
    told = Told()
    for event in events:
        told.take_in(event)
    found = (_of(told, name, key) for name, key in told.uses if experiment in (None, name))
    return [one for one in found if one is not None]


def _of(told: Told, experiment: str, key: Key) -> Minimisation | None:
    uses = told.uses[experiment, key]
    columns: dict[str, None] = {}
    sources: dict[str, None] = {}
    seqs: dict[int, None] = {}
    for session in uses.sessions:
        by_experiment = told.loads.get((session, key), {})
        for name in dict.fromkeys(("", experiment)):
            if (loads := by_experiment.get(name)) is not None:
                columns |= loads.columns
                sources |= loads.sources
                seqs |= loads.seqs
    used = uses.used if experiment else told.everywhere.get(key, set())
    unused = [
        UnusedColumn(label, *told.held.get((key, label), ("", "")), is_kept=label in uses.kept)
        for label in columns
        if label not in used
    ]
    if not unused:
        return None
    unused.sort(key=lambda column: not column.entity)
    return Minimisation(
        experiment=experiment,
        dataset=key.name,
        sources=tuple(sources),
        used=tuple(label for label in columns if label in used),
        unused=tuple(unused),
        seqs=tuple(sorted(seqs)),
    )


def _used(part: Part) -> tuple[list[str], Sequence[str]]:
    """The columns that a cell used of a data set, and those that it merely kept."""
    if part.uses:
        used = [label for how, labels in part.uses.items() if how not in (KEPT, _LOADED) for label in labels]
        return used, part.uses.get(KEPT, ())
    return ([] if set(part.how) == {_LOADED} else list(part.columns)), ()


def _behind(dataset: Key, labels: Iterable[str], origins: _Origins) -> Iterator[tuple[Key, str]]:
    """The columns of other data sets from which the columns ``labels`` were made."""
    waiting = [(dataset, label) for label in labels]
    seen = set(waiting)
    while waiting:
        key, label = waiting.pop()
        for one in origins.get(key, {}).get(label, ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
                yield one


def declaration(labels: Iterable[str]) -> str:
    """``labels`` as ``%%secure --minimise`` takes them, for a person to copy."""
    import csv
    import io
    import shlex

    found, out = list(labels), io.StringIO()
    is_like_option = found[:1] != [] and found[0].startswith("-")
    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL if is_like_option else csv.QUOTE_MINIMAL).writerow(found)
    return shlex.quote(out.getvalue())


def as_fields(found: Iterable[Minimisation]) -> list[dict[str, Any]]:
    """The list as JSON can write it."""
    return [
        {
            "experiment": one.experiment or None,
            "dataset": one.dataset,
            "sources": list(one.sources),
            "used": list(one.used),
            "unused": [
                {
                    "column": column.label,
                    "entity": column.entity or None,
                    "class": column.data_class or None,
                    "kept": column.is_kept,
                }
                for column in one.unused
            ],
            "seqs": list(one.seqs),
        }
        for one in found
    ]
