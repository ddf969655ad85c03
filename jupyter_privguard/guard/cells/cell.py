"""One run of one cell: what was asked for, and what happened."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...frames.uses import KEPT, Uses
from ..columns.datasets import local_path
from ..taken.cell_taken import CellTaken
from .options import CellOptions

if TYPE_CHECKING:
    from ...model import Approval, Request
    from .minimise import Minimised

__all__ = ["CellOptions", "CellRun", "DataRead", "Guessed", "Parents", "Touched"]


_MOST_SINKS = 200


class DataRead(NamedTuple):
    """Data that a cell read without making a table of it."""

    name: str
    source: str
    columns: list[str]
    rows: int = 0
    is_queried: bool = False
    """Whether a query has chosen its columns."""


Parents = dict[tuple[str, str | None], dict[str, list[str]]]
"""By name and source of other tables, and by a table's own label, the columns that it was made from."""


class Guessed(NamedTuple):
    """What a cell did to a table of which its labels alone say what it is a part of."""

    name: str
    source: str | None
    how: str
    columns: list[str]
    rows: int


@dataclass(slots=True)
class Touched:
    """A data set that a cell touched."""

    name: str
    source: str | None = None
    variables: set[str] = field(default_factory=set)
    columns: dict[str, None] = field(default_factory=dict)
    """An ordered set."""
    rows: int = 0
    by_how: dict[str, dict[str, None]] = field(default_factory=dict)
    """Ordered sets of columns; under `KEPT` those of parts that nothing was done with."""
    parents: Parents = field(default_factory=dict)
    """Of a table that the cell made of others."""

    @property
    def how(self) -> set[str]:
        """How it was touched; what was merely kept counts as computed."""
        return {"computed" if how == KEPT else how for how in self.by_how}

    def to_event(self) -> dict[str, Any]:
        """As the log has it (contract: ``datasets``).

        ``uses`` tells for each way but loading which of the columns were used so, where ``how`` and ``columns`` leave
        it open; `KEPT` is a way of its own there.
        """
        fields: dict[str, Any] = {
            "name": self.name,
            "source": self.source,
            "as": sorted(self.variables),
            "columns": list(self.columns),
            "rows": self.rows,
            "how": sorted(self.how),
        }
        if KEPT in self.by_how or len(self.by_how) > 1:
            fields["uses"] = {how: list(labels) for how, labels in sorted(self.by_how.items()) if how != "loaded"}
        if self.parents:
            # Labels are values here and no keys: keys of canonical JSON are ASCII, and what looks like data is masked
            # in values alone.
            fields["parents"] = [
                {
                    "name": name,
                    "source": source,
                    "columns": [{"label": label, "from": list(of)} for label, of in columns.items()],
                }
                for (name, source), columns in self.parents.items()
            ]
        return fields


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
    places: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """The sinks by kind and what tells them apart."""
    uses: Uses = field(default_factory=Uses)
    """Which columns it uses; empty once it has ended and they are in ``touched``."""
    minimised: Minimised | None = None
    """What it gets of tables, where it has declared its columns."""
    named: dict[str, tuple[str, tuple[int, int, int] | None]] = field(default_factory=dict)
    """By whole path the files that its code names, and what these looked like when it began."""
    guessed: list[Guessed] = field(default_factory=list)
    """Told apart by what else the cell touches, once it has ended."""
    taken: CellTaken = field(default_factory=CellTaken)
    """What it took out of tables, found again in what it shows."""

    @property
    def code(self) -> str:
        """All that it ran, in lines."""
        return f"{self.source}\n{self.expressions}" if self.expressions else self.source

    def sink(self, kind: str, target: str, *, place: str | None = None, **fields: Any) -> dict[str, Any]:
        """Note that the cell wrote to ``target``, or started it; what is known of it, to be added to.

        ``place`` is what tells it from others of that kind where that is not ``target``: a file's whole path. Of so
        many files that no reader would go through them the number is noted.
        """
        key = kind, place or target
        found = self.places.get(key)
        if found is None and len(self.places) >= _MOST_SINKS:
            key, target = (kind, ""), "more"
            found = self.places.get(key)
            fields["count"] = (found or {}).get("count", 0) + 1
        if found is None:
            found = self.places[key] = {"kind": kind, "target": target}
            self.sinks.append(found)
        found.update(fields)
        return found

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
        parents: Parents | None = None,
    ) -> None:
        """Note that the cell touched ``columns`` of the data set ``name``, made of its ``parents``."""
        entry = self.touched.setdefault(self.key_of(name, source), Touched(name))
        entry.source = entry.source or source
        entry.columns.update(dict.fromkeys(columns))
        entry.rows = max(entry.rows, rows)
        entry.by_how.setdefault(how, {}).update(dict.fromkeys(columns))
        entry.parents.update(parents or {})
        if variable is not None:
            entry.variables.add(variable)

    def guess(self, name: str, source: str | None, how: str, *, columns: list[str], rows: int) -> None:
        """Note that the cell touched a table that looks like a part of the data set ``name``, which may be another."""
        self.guessed.append(Guessed(name, source, how, columns, rows))

    def key_of(self, name: str, source: str | None) -> str:
        """By which ``touched`` has the data set ``name``: files and tables of one name may lie in several places."""
        known = self.touched.get(name)
        if known is None or source is None or known.source in (None, source):
            return name
        first, other = (_place_of(one) for one in (known.source or "", source))
        return f"{name}\n{other}" if first and other and first != other else name

    def settle_guesses(self) -> None:
        """Tables that look like a part of what the cell touches are parts of that, whatever else looks the same."""
        for one in self.guessed:
            wanted = set(one.columns)
            near = [touched for touched in self.touched.values() if wanted and wanted <= touched.columns.keys()]
            if not near or one.name in (touched.name for touched in near):
                near = [Touched(one.name, one.source)]
            for touched in near:
                self.touch(touched.name, how=one.how, columns=one.columns, rows=one.rows, source=touched.source)
        self.guessed.clear()


def _place_of(source: str) -> str:
    """What tells a source from others for sure; empty for a query, and for what may be a name."""
    if "://" in source or source.startswith(":"):
        return source
    with suppress(OSError, ValueError):
        path = Path(local_path(source) or "")
        if path.is_file():
            return str(path.resolve())
    return ""
