"""What a section says, as data: paragraphs, facts, tables and listings.

Sections never write HTML. They say what a piece of text *is* (code, a person, a link to an event)
and the template, which escapes everything, decides how it looks. So a purpose or a file name with
markup or template syntax in it has no way to become markup: it is a JSON string until the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from .figures import HeatMap, Timeline

__all__ = [
    "MIME",
    "Block",
    "Cell",
    "EventList",
    "EventRow",
    "Facts",
    "Fold",
    "HeatMap",
    "Listing",
    "Mark",
    "Paragraph",
    "Table",
    "Timeline",
    "badge",
    "code",
    "events",
    "how",
    "lines",
    "plain",
    "proof",
    "who",
]

MIME = "application/vnd.privguard.block+json"
"""The MIME type under which a block is an output of the report's notebook."""

_LINKS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text and what it is."""

    kind: str
    """``text code pre proof who badge break event range more how``: the template has a look for each."""
    text: str
    target: tuple[int, ...] = ()
    """For links: the ``seq`` of the events."""

    def json(self) -> dict[str, Any]:
        """The mark as the template gets it."""
        return {"kind": self.kind, "text": self.text, "target": list(self.target)}


Cell = tuple[Mark, ...]
"""What stands in one cell of a table, or in one paragraph."""


def plain(text: object) -> Cell:
    """Ordinary text; numbers get their thousands set apart."""
    return (Mark("text", f"{text:,}" if isinstance(text, int) else str(text)),)


def code(text: str) -> Cell:
    """A name from a program: a column, a file, an option."""
    return (Mark("code", text),)


def proof(text: str) -> Cell:
    """A hash, signature or key: letters and digits at random, which no detector should read."""
    return (Mark("proof", text),)


def who(account: str) -> Cell:
    """An account's name. It may look like an e-mail address and is shown: it says who acted."""
    return (Mark("who", account),)


def badge(status: str) -> Cell:
    """A status that catches the eye by word and colour."""
    return (Mark("badge", status),)


def how(query: str) -> Cell:
    """How something was looked for; it folds away."""
    return (Mark("how", query),)


def lines(cells: Iterable[Cell]) -> Cell:
    """Cells one under the other."""
    marks: list[Mark] = []
    for cell in cells:
        marks += [Mark("break", ""), *cell] if marks else cell
    return tuple(marks)


def events(seqs: Iterable[int]) -> Cell:
    """Links to events, neighbours drawn together; what is more than a line folds away."""
    numbers = sorted(set(seqs))
    marks = [_link(first, last) for first, last in _ranges(numbers)]
    if not marks:
        return plain("none")
    shown, rest = marks[:_LINKS_SHOWN], marks[_LINKS_SHOWN:]
    if rest:
        targets = tuple(seq for seq in numbers if seq > shown[-1].target[-1])
        shown.append(Mark("more", f"and {len(targets):,} more", targets))
    spaced = [mark for link in shown for mark in (Mark("text", " "), link)]
    return tuple(spaced[1:])


def _link(first: int, last: int) -> Mark:
    if first == last:
        return Mark("event", f"#{first}", (first,))
    return Mark("range", f"#{first}–#{last}", (first, last))


def _ranges(seqs: Sequence[int]) -> list[tuple[int, int]]:
    if not seqs:
        return []
    breaks = [(before, after) for before, after in pairwise(seqs) if after != before + 1]
    firsts = [seqs[0], *(after for _, after in breaks)]
    lasts = [*(before for before, _ in breaks), seqs[-1]]
    return list(zip(firsts, lasts, strict=True))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``tone`` is ``body``, ``lead``, ``note`` or ``warning``."""

    content: Cell
    tone: str = "body"

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {"block": "paragraph", "tone": self.tone, "content": _cell(self.content)}


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what stands for them, one a line."""

    rows: Sequence[tuple[str, Cell]]

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {"block": "facts", "rows": [{"name": name, "content": _cell(cell)} for name, cell in self.rows]}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first cell of each row is its heading."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    anchors: Sequence[str] = ()
    """One id for each row, to link to; empty for none."""
    layout: str = "plain"
    """A class of the style sheet, for tables whose columns need given widths."""

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {
            "block": "table",
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [[_cell(cell) for cell in row] for row in self.rows],
            "anchors": list(self.anchors),
            "layout": self.layout,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """Text to be read or copied letter by letter: a checkpoint, commands."""

    title: str
    text: str

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {"block": "listing", "title": self.title, "text": self.text}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event, or the two of a cell that ran."""

    seq: int
    start: int | None
    """The event with which the cell began, where it ended with ``seq``."""
    time: str
    action: str
    outcome: str
    account: str
    assurance: str
    details: str
    proof: str = ""
    """A hash or id at random, before the details."""


@dataclass(frozen=True, slots=True)
class EventList:
    """The events that everything links to; each has the anchor ``event-<seq>``."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[EventRow]

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {
            "block": "events",
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [asdict(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that only who checks every claim needs: they fold out on a screen, and are printed."""

    summary: str
    """What is in it, in one line."""
    blocks: Sequence[Block]
    """Anything but another `Fold`."""

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        return {"block": "fold", "summary": self.summary, "blocks": [block.json() for block in self.blocks]}


Block = Paragraph | Facts | Table | Listing | EventList | HeatMap | Timeline | Fold


def _cell(cell: Cell) -> list[dict[str, Any]]:
    return [mark.json() for mark in cell]
