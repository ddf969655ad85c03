"""Entries of forms that a controller fills in: what is asked, what the log tells of it, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, Table, lines, plain
from .words import few

__all__ = ["Entry", "entries_table", "listing"]

_MOST = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of such a form."""

    id: str
    """Of the point, such as ``30(1)(b)``."""
    asks: str
    """What it asks, in our own words."""
    tells: tuple[str, ...]
    """What the log tells, one sentence or name each; empty: nothing."""
    seqs: tuple[int, ...] = ()
    """The events that tell it."""
    fill_in: str = ""
    """What the controller has to fill in; empty: nothing."""

    @property
    def source(self) -> str:
        """Where the answer comes from, in words."""
        if not self.fill_in:
            return "from the log"
        return "from the log and the controller" if self.tells else "to be filled in by the controller"


def listing(names: Iterable[str], *, most: int = _MOST) -> tuple[str, ...]:
    """Names as they go into an entry; a long list ends with how many more there are."""
    found = list(dict.fromkeys(names))
    more = (f"and {len(found) - most:,} more",) if len(found) > most else ()
    return (*found[:most], *more)


def entries_table(caption: str, entries: Sequence[Entry]) -> Block:
    """The entries as a table."""
    headings = [
        "Point",
        "What it asks, in our words",
        "What the log tells",
        "To be filled in by the controller",
        "Events",
    ]
    return Table(caption, headings, [_row(entry) for entry in entries])


def _row(entry: Entry) -> list[Cell]:
    return [
        plain(entry.id),
        plain(entry.asks),
        lines(plain(one) for one in entry.tells) or plain("nothing"),
        plain(entry.fill_in or "nothing"),
        few(entry.seqs),
    ]
