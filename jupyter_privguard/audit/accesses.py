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

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """Begin with what ``events`` tell; `note` adds to it."""
        self._found: dict[tuple[str, str], set[str]] = {}
        for event in events:
            self.note(event)

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
        label = _text(event.get("column"))
        held = frozenset(_text(event[end]) for end in ("before", "after") if event.get(end))
        return [Part(_text(event.get("dataset")), columns=(label,), entities={label: held})]
    if isinstance(event.get("data_set"), str):
        return [Part(event["data_set"], columns=_texts(event.get("columns")))]
    if action == "reveal":
        return [Part("", how=("revealed",), entities={"": frozenset({_text(event.get("domain"))})})]
    return []


def classes_of(event: Event) -> Iterator[tuple[str, str, str]]:
    """Data set, label and entity of each column that an event tells the class of."""
    if event.get("action") in ("data.load", "data.seal", "data.unseal"):
        for part in parts_of(event):
            yield from ((part.dataset, label, one) for label, held in part.entities.items() for one in held)


def number_of(event: Event) -> int:
    """The event's number in the log; 0 where it has none."""
    return _number(event.get("seq")) or 0


def said_by(event: Event) -> tuple[str, ...]:
    """Who did it: the account, and whoever answered where somebody else's answer was recorded."""
    principal, said = _mapping(event.get("principal")), _mapping(event.get("said"))
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
    for table in _mappings(event.get("shown")):
        shown.setdefault(_text(table.get("dataset")), []).append(table)
    parts = []
    for dataset in _mappings(event.get("datasets")):
        name = _text(dataset.get("name"))
        columns = [column for table in shown.pop(name, ()) for column in _mappings(table.get("columns"))]
        parts.append(
            Part(
                name,
                source=_text(dataset.get("source")),
                variables=_texts(dataset.get("as")),
                columns=_texts(dataset.get("columns")),
                how=_texts(dataset.get("how")),
                uses={how: _texts(labels) for how, labels in _mapping(dataset.get("uses")).items()},
                rows=_number(dataset.get("rows")),
                masks=_masks(columns),
                entities=_entities(columns),
            )
        )
    return [*parts, *(_shown(name, table) for name, tables in shown.items() for table in tables)]


def _shown(name: str, table: Mapping[str, Any]) -> Part:
    """A table that was shown and is no data set: a result on its way to the screen."""
    columns = list(_mappings(table.get("columns")))
    labels = tuple(_text(column.get("label")) for column in columns)
    rows = _number(table.get("rows"))
    return Part(name, columns=labels, how=("shown",), rows=rows, masks=_masks(columns), entities=_entities(columns))


def _loaded(dataset: Mapping[str, Any], how: str) -> Part:
    listed = dataset.get("columns")
    columns = list(_mappings(listed))
    return Part(
        _text(dataset.get("name")),
        source=_text(dataset.get("source")),
        columns=tuple(_text(column.get("label")) for column in columns) or _texts(listed),
        how=(how,),
        rows=_number(dataset.get("rows")),
        entities=_entities(columns),
    )


def _masks(columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        label, mask = _text(column.get("label")), _text(column.get("action"))
        # Shown twice, the more open view is what was seen.
        found[label] = mask if found.get(label, "") != "clear" else "clear"
    return found


def _entities(columns: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    return {_text(column.get("label")): frozenset({_text(column.get("entity"))}) for column in columns}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value if isinstance(item, Mapping)) if isinstance(value, (list, tuple)) else ()


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


def _number(value: object) -> int | None:
    return value if type(value) is int else None
