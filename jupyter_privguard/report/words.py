"""Plain words for what the log says in codes, and small helpers that sections share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from .blocks import Cell, code, events, plain
from .experiments import Event

__all__ = [
    "cell_name",
    "claim",
    "clock",
    "count",
    "data_class",
    "few",
    "joined",
    "listed",
    "mask",
    "moment",
    "names",
    "query",
    "seqs",
    "ways_out",
]

_FOLDED = 40
"""Links that may fold away in a row of a table; of more the first and the last ones stand for all."""

_MASKS = {
    "clear": "in clear",
    "round": "rounded",
    "shift": "moved in time",
    "generalise": "in bands or shortened",
    "partial": "in part",
    "fpe": "encrypted in its own form (reversible)",
    "encrypt": "encrypted (reversible)",
    "surrogate": "as a made-up value",
    "token": "as a keyed token",
    "redact": "not at all (redacted)",
}
_CLASSES = {
    "pii": "personal data",
    "financial": "financial",
    "health": "health",
    "special": "special category",
    "credential": "credential",
    "internal": "internal",
    "none": "not classified as sensitive",
}

_WAYS_OUT = {
    "file": ("file", "files"),
    "net": ("connection", "connections"),
    "process": ("program", "programs"),
    "table": ("database table", "database tables"),
}


def mask(action: str) -> str:
    """How a column was shown, in plain words."""
    return _MASKS.get(action, action)


def data_class(name: str) -> str:
    """A class of data in plain words."""
    return _CLASSES.get(name, name)


def ways_out(counts: Mapping[str, int]) -> str:
    """``1 file, 2 connections``: where data may have gone, by the kinds of sinks that the log has."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(count(number, *_WAYS_OUT.get(kind, (kind, kind))) for kind, number in ordered)


def moment(time: str | datetime) -> str:
    """``2026-11-25 21:57:03 UTC`` for a time of the log or an aware datetime."""
    found = datetime.fromisoformat(time) if isinstance(time, str) else time
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def clock(time: str) -> str:
    """``11-25 21:57:03`` for a time of the log; where the year and the zone stand elsewhere."""
    return f"{datetime.fromisoformat(time).astimezone(UTC):%m-%d %H:%M:%S}"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 cell``, ``1,204 cells``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(counts: Mapping[str, int]) -> str:
    """``10 ok, 1 refused``, largest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number:,} {name}" for name, number in ordered)


def seqs(found: Iterable[Event]) -> list[int]:
    """The numbers of the events."""
    return [event["seq"] for event in found]


def few(found: Iterable[int]) -> Cell:
    """Links for a row of a table: of very many events the first and the last ones, and how many there are."""
    numbers = sorted(set(found))
    links = events(numbers)
    if not any(len(mark.target) > _FOLDED for mark in links):
        return links
    ends = (*events(numbers[:3]), *plain(" … "), *events(numbers[-3:]))
    return (*ends, *plain(f" ({len(numbers):,} in all)"))


def claim(text: str, found: Iterable[Event]) -> Cell:
    """A sentence and links to the events behind it."""
    return (*plain(f"{text} "), *events(seqs(found)))


def joined(cells: Iterable[Cell], *, by: str = "; ") -> Cell:
    """Cells in one line, set apart; none of them: ``none``."""
    found = [cell for cell in cells if cell]
    if not found:
        return plain("none")
    return tuple(mark for place, cell in enumerate(found) for mark in (*(plain(by) if place else ()), *cell))


def query(experiment: str, *options: str) -> Cell:
    """The command that lists what a table of the report leaves out."""
    return code(shlex.join(["privguard", "audit", "query", "--experiment", experiment, *options]))


def cell_name(event: Event) -> str:
    """``[3]``, as the notebook numbers the cell; ``[ ]`` for one without a number."""
    number = (event.get("cell") or {}).get("execution_count")
    return f"[{number}]" if number is not None else "[ ]"


def names(labels: Iterable[str], *, most: int = 12) -> Cell:
    """Names from a program, set apart by commas; a long list ends with how many more there are."""
    found = list(labels)
    if not found:
        return plain("none")
    marks: list[Cell] = []
    for position, label in enumerate(found[:most]):
        marks += [plain(", ")] if position else []
        marks.append(code(label))
    if len(found) > most:
        marks.append(plain(f" and {len(found) - most:,} more"))
    return tuple(mark for cell in marks for mark in cell)
