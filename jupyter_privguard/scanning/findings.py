"""What a scan finds: where, what, how sure; never the value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["TRAINING_CODES", "TRAINING_ROWS", "Edit", "Finding", "Place", "Scanned", "counted"]

TRAINING_CODES = "TRAINING_CODES"
"""Codes of somebody or something that a model keeps as categories or words, whatever they are called."""
TRAINING_ROWS = "TRAINING_ROWS"
"""Rows that a model keeps and in which nothing is recognised: data of persons where what it was fitted on is."""

MOST_VALUES = 10_000
"""Different values of a column that a baseline tells apart."""


class Place(NamedTuple):
    """Where in a file something stands; what does not apply is None or empty."""

    cell: int | None = None
    """Of a notebook, from 1."""
    output: int | None = None
    """Of a cell, from 1."""
    part: str = ""
    """``source``, a MIME type, ``metadata``, ``table history, row 4`` …"""
    column: str = ""
    """The label of a column, masked where it is a value."""
    line: int | None = None
    """Of the file, from 1."""
    at: int | None = None
    """Character of the line, from 1."""
    member: str = ""
    """The file within an archive, ``/`` between nested ones."""

    def __str__(self) -> str:
        said = [
            self.member,
            f"cell {self.cell}" if self.cell is not None else "",
            f"output {self.output}" if self.output is not None else "",
            self.part,
            f"column “{self.column}”" if self.column else "",
            f"{self.line}:{self.at}" if self.line is not None else "",
        ]
        return ", ".join(filter(None, said)) or "file"

    def to_json(self) -> dict[str, Any]:
        """Only what applies."""
        names = {"at": "character"}
        return {names.get(key, key): value for key, value in self._asdict().items() if value not in (None, "")}


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a file's text become ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One value, or the values of one column."""

    path: str
    place: Place
    entity: str
    confidence: int
    """Percent."""
    excerpt: str
    """What is written there, without the value."""
    fingerprint: str
    """Equal for equal values under one deployment key; without a key equal for equal places."""
    by_place: str
    """The fingerprint of the place, as it is without a key."""
    count: int = 1
    """Values, where it is a column."""
    edits: tuple[Edit, ...] = field(default=(), repr=False, compare=False)
    """What would take it out of the file; empty where that cannot be done."""
    values: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Of a column, where a baseline asks for them, a keyed digest of each value; one of all where they are many."""

    @property
    def severity(self) -> str:
        """``error``, ``warning`` or ``note``, as SARIF has them."""
        return {"CREDENTIAL": "error", TRAINING_ROWS: "note"}.get(self.entity, "warning")

    @property
    def can_be_fixed(self) -> bool:
        """Whether `--fix` takes it out."""
        return bool(self.edits)

    def to_json(self) -> dict[str, Any]:
        """As ``--format json`` lists it."""
        return {
            "path": self.path,
            "place": self.place.to_json(),
            "entity": self.entity,
            "confidence": self.confidence,
            "severity": self.severity,
            "excerpt": self.excerpt,
            "count": self.count,
            "fixable": self.can_be_fixed,
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one file."""

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    """Sentences about what could not be looked at."""
    not_read: tuple[str, ...] = ()
    """Sentences about forms that are not read."""
    passed_over: int = 0
    """Pictures, sounds, fonts and programs without a text: the file, or members of it."""
    fixed: int = 0
    """Findings that were taken out of it."""

    @property
    def is_unread(self) -> bool:
        """Whether it was not looked at, or not wholly."""
        return bool(self.problems or self.not_read)


def counted(findings: Sequence[Finding]) -> Counter[str]:
    """Values by entity."""
    found: Counter[str] = Counter()
    for one in findings:
        found[one.entity] += one.count
    return found
