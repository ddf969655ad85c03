"""What an event says of data: which data sets and columns, how they were used, under which mask, whose handles.

Events of all kinds are read alike, so that a question about a column finds the cell that showed it,
the file that was opened and the approval that was asked for. Events are what a log holds, which may
have been made by another version: what is missing or of another type is left out, never an error.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._json import as_mapping, as_mappings, as_text, as_texts, as_whole_number

__all__ = [
    "KEPT",
    "Classes",
    "Event",
    "Part",
    "classes_of",
    "handle_of",
    "handles_in",
    "number_of",
    "parts_of",
    "said_by",
]

KEPT = "kept"
"""The way of columns that were carried along in a computation and not used by it."""

Event = Mapping[str, Any]
"""An event as the log stores it."""

_SHORT = re.compile(r"\b(tok|enc|sur)_([0-9a-f]{8,32})\b", re.ASCII)
_FULL = re.compile(r"\b(tok|enc):[a-z0-9]+:[0-9a-f]{8}:([A-Za-z0-9_-]{11,})", re.ASCII)
_STARTS = ("tok_", "enc_", "sur_", "tok:", "enc:")


@dataclass(frozen=True, slots=True)
class Part:
    """What an event says of one data set; of a reveal, of the one value."""

    dataset: str
    source: str = ""
    variables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    uses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By way the columns that were used so; a way that is not in it was one with all of them."""
    rows: int | None = None
    masks: Mapping[str, str] = field(default_factory=dict)
    """Of the columns that were shown, label to mask; ``clear`` is no mask."""
    entities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Label to what the event itself says that the column holds."""

    def ways_of(self, label: str) -> tuple[str, ...]:
        """How this column was used."""
        return tuple(how for how in self.how if how not in self.uses or label in self._used(how))

    def _used(self, how: str) -> tuple[str, ...]:
        # What a computation merely kept is said apart from what it used, and both were computed with.
        return self.uses[how] + (self.uses.get(KEPT, ()) if how == "computed" else ())


class Classes:
    """What columns hold, by data set and label, as the log's ``data.load`` events tell it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], set[str]] = {}

    def note(self, event: Event) -> None:
        """Take in what one event says that columns hold."""
        for dataset, label, entity in classes_of(event):
            self.add(dataset, label, entity)

    def add(self, dataset: str, label: str, entity: str) -> None:
        """Take in that the column ``label`` of ``dataset`` holds ``entity``."""
        self._found.setdefault((dataset, label), set()).add(entity)

    def of(self, part: Part, label: str) -> frozenset[str]:
        """What the column holds: as the event says, else as the data set's loads say."""
        return part.entities.get(label) or frozenset(self._found.get((part.dataset, label), ()))


def parts_of(event: Event) -> list[Part]:
    """The data sets that an event names, in its order."""
    action = event.get("action")
    if action == "cell.run":
        return _cell_parts(event)
    if isinstance(dataset := event.get("dataset"), Mapping):
        return [_loaded(dataset, "loaded" if action == "data.load" else str(action).partition(".")[2])]
    if action == "class.change":
        label = as_text(event.get("column"))
        held = frozenset(as_text(event[end]) for end in ("before", "after") if event.get(end))
        return [Part(as_text(event.get("dataset")), columns=(label,), entities={label: held})]
    if isinstance(event.get("data_set"), str):
        return [Part(event["data_set"], columns=as_texts(event.get("columns")))]
    if action == "reveal":
        return [Part("", how=("revealed",), entities={"": frozenset({as_text(event.get("domain"))})})]
    return []


def classes_of(event: Event) -> Iterator[tuple[str, str, str]]:
    """Data set, label and entity of each column that an event tells the class of."""
    if event.get("action") in ("data.load", "data.seal", "data.unseal"):
        for part in parts_of(event):
            yield from ((part.dataset, label, one) for label, held in part.entities.items() for one in held)


def number_of(event: Event) -> int:
    """The event's number in the log; 0 where it has none."""
    return as_whole_number(event.get("seq")) or 0


def said_by(event: Event) -> tuple[str, ...]:
    """Who did it: the account, and whoever answered where somebody else's answer was recorded."""
    principal, said = as_mapping(event.get("principal")), as_mapping(event.get("said"))
    names = (principal.get("id"), event.get("by"), said.get("by"))
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name))


def handle_of(text: str) -> str | None:
    """The short form of a handle, as a screen and the log show it; None for a text that is none."""
    text = text.strip()
    if found := _SHORT.fullmatch(text):
        return f"{found[1]}_{found[2]}"
    found = _FULL.fullmatch(text)
    return None if found is None else _short(found[1], found[2])


def handles_in(line: str) -> set[str]:
    """The handles in a text, in their short form."""
    if not any(start in line for start in _STARTS):  # most have none, and this is far quicker than to search
        return set()
    short = {f"{kind}_{body}" for kind, body in _SHORT.findall(line)}
    return short | {handle for kind, body in _FULL.findall(line) if (handle := _short(kind, body))}


def _short(kind: str, body: str) -> str | None:
    try:
        return f"{kind}_{base64.urlsafe_b64decode(body[:12])[:4].hex()}"
    except (ValueError, binascii.Error):
        return None


def _cell_parts(event: Event) -> list[Part]:
    shown: dict[str, list[Mapping[str, Any]]] = {}
    for table in as_mappings(event.get("shown")):
        shown.setdefault(as_text(table.get("dataset")), []).append(table)
    parts = []
    for dataset in as_mappings(event.get("datasets")):
        name = as_text(dataset.get("name"))
        columns = [column for table in shown.pop(name, ()) for column in as_mappings(table.get("columns"))]
        parts.append(
            Part(
                name,
                source=as_text(dataset.get("source")),
                variables=as_texts(dataset.get("as")),
                columns=as_texts(dataset.get("columns")),
                how=as_texts(dataset.get("how")),
                uses={how: as_texts(labels) for how, labels in as_mapping(dataset.get("uses")).items()},
                rows=as_whole_number(dataset.get("rows")),
                masks=_masks(columns),
                entities=_entities(columns),
            )
        )
    return [*parts, *(_shown(name, table) for name, tables in shown.items() for table in tables)]


def _shown(name: str, table: Mapping[str, Any]) -> Part:
    """A table that was shown and is no data set: a result on its way to the screen."""
    columns = list(as_mappings(table.get("columns")))
    labels = tuple(as_text(column.get("label")) for column in columns)
    rows = as_whole_number(table.get("rows"))
    return Part(name, columns=labels, how=("shown",), rows=rows, masks=_masks(columns), entities=_entities(columns))


def _loaded(dataset: Mapping[str, Any], how: str) -> Part:
    listed = dataset.get("columns")
    columns = list(as_mappings(listed))
    return Part(
        as_text(dataset.get("name")),
        source=as_text(dataset.get("source")),
        columns=tuple(as_text(column.get("label")) for column in columns) or as_texts(listed),
        how=(how,),
        rows=as_whole_number(dataset.get("rows")),
        entities=_entities(columns),
    )


def _masks(columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        label, mask = as_text(column.get("label")), as_text(column.get("action"))
        # Shown twice, the more open view is what was seen.
        found[label] = mask if found.get(label, "") != "clear" else "clear"
    return found


def _entities(columns: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    return {as_text(column.get("label")): frozenset({as_text(column.get("entity"))}) for column in columns}
