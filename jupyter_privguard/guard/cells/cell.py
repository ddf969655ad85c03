"""One run of one cell: what was asked for, and what happened."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...model import Approval, Request, Tier
from ..taken.cell_taken import CellTaken

__all__ = ["CellOptions", "CellRun", "Touched"]


class CellOptions(NamedTuple):
    """What a ``%%secure`` header asks for; a plain cell asks for nothing."""

    tier: Tier = Tier.PUBLIC
    purpose: str | None = None
    experiment: str | None = None
    reason: str | None = None
    has_tier: bool = False
    """Whether the tier was asked for; else the notebook's counts."""


@dataclass(slots=True)
class Touched:
    """A data set that a cell touched."""

    name: str
    source: str | None = None
    variables: set[str] = field(default_factory=set)
    columns: dict[str, None] = field(default_factory=dict)
    """An ordered set."""
    rows: int = 0
    how: set[str] = field(default_factory=set)

    def to_event(self) -> dict[str, Any]:
        """As the log has it (contract: ``datasets``)."""
        return {
            "name": self.name,
            "source": self.source,
            "as": sorted(self.variables),
            "columns": list(self.columns),
            "rows": self.rows,
            "how": sorted(self.how),
        }


@dataclass(slots=True)
class CellRun:
    """A cell between its ``cell.start`` and its ``cell.run``."""

    key: str
    """What the front end calls this run: the message id, or a number in plain IPython."""
    options: CellOptions
    source: str
    execution_count: int
    cell_id: str | None = None
    expressions: str = ""
    """What a front end had evaluated beside it, or instead."""
    run_id: str = ""
    """Given by the log with ``cell.start``; empty when the start could not be written."""
    refused: str = ""
    """The sentence, when the cell may not run."""
    denied: str = ""
    """The sentence, when something that the cell did was refused while it ran."""
    rule: str = ""
    """The policy's rule that let it run, or refused it."""
    approvals: tuple[Approval, ...] = ()
    """Those that its tier rests on."""
    asked: Request | None = None
    """What they were asked about, while the cell runs; None where roles give the tier."""
    started: float = field(default_factory=time.monotonic)
    masked: Counter[str] = field(default_factory=Counter)
    shown: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[str, Touched] = field(default_factory=dict)
    sinks: list[dict[str, Any]] = field(default_factory=list)
    taken: CellTaken = field(default_factory=CellTaken)
    """What it took out of tables, found again in what it shows."""

    @property
    def code(self) -> str:
        """All that it ran, in lines."""
        return f"{self.source}\n{self.expressions}" if self.expressions else self.source

    def ended(self, outcome: str) -> str:
        """``outcome``, or that the cell was refused: before it ran, or by what ended it."""
        return "refused" if self.refused or (self.denied and outcome == "error") else outcome

    @property
    def duration_ms(self) -> int:
        """Milliseconds since the start."""
        return int((time.monotonic() - self.started) * 1000)

    def touch(
        self,
        name: str,
        *,
        how: str,
        columns: list[str],
        rows: int,
        source: str | None = None,
        variable: str | None = None,
    ) -> None:
        """Note that the cell touched ``columns`` of the data set ``name``."""
        entry = self.touched.setdefault(name, Touched(name))
        entry.source = entry.source or source
        entry.columns.update(dict.fromkeys(columns))
        entry.rows = max(entry.rows, rows)
        entry.how.add(how)
        if variable is not None:
            entry.variables.add(variable)
