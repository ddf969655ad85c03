"""What the probe found, as a table for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from html import escape
from itertools import groupby
from typing import Any

__all__ = ["NOT_TRIED", "Report", "Result", "Row"]

NOT_TRIED = (
    "Not tried, for nothing in the same process can stop it: values that are encoded, reversed or computed on before "
    "they are shown, hooks taken out, memory and key files read, sockets. What is painted in pictures is not read. "
    "SECURITY.md lists this, and what else does not hold."
)


class Result(StrEnum):
    """What became of the values on one channel."""

    MASKED = "masked"
    LEAKED = "leaked"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    RECORDED = "recorded"
    NOT_RECORDED = "not recorded"
    REFUSED = "refused"
    NOT_INSTALLED = "not installed"
    NOT_SEEN = "not seen"
    FAILED = "failed"

    @property
    def is_finding(self) -> bool:
        """Whether the guard, or the probe itself, did not do what it should."""
        return self in (Result.LEAKED, Result.CHANGED, Result.NOT_RECORDED, Result.FAILED)


@dataclass(frozen=True, slots=True)
class Row:
    """One channel. ``unguarded`` is None where no unguarded kernel was asked."""

    channel: str
    group: str
    result: Result
    unguarded: Result | None = None
    note: str = ""
    """Columns whose values were seen, or why there is no better result; never a value."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole probe."""

    rows: Sequence[Row]
    environment: Mapping[str, str]
    """Versions, policy, and the columns that the policy shows in clear."""
    seed: int
    """Makes the same people again."""
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not any(row.result.is_finding for row in self.rows)

    @property
    def has_baseline(self) -> bool:
        """Whether an unguarded kernel was asked too."""
        return any(row.unguarded is not None for row in self.rows)

    def headline(self) -> str:
        """One sentence of figures."""
        said = _counts([row.result for row in self.rows])
        beside = _counts([row.unguarded for row in self.rows if row.unguarded is not None])
        return f"privguard: {len(self.rows)} channels: {said}" + (f"; without the guard: {beside}" if beside else "")

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Headings, and the cells of each row, as a table shows them."""
        heads = ["channel", "guarded", *(["unguarded"] if self.has_baseline else []), "note"]
        rows = [
            [row.channel, row.result, *([row.unguarded or "-"] if self.has_baseline else []), row.note]
            for row in self.rows
        ]
        return heads, [[str(cell) for cell in row] for row in rows]

    def notes(self) -> list[str]:
        """The lines under the table."""
        about = "; ".join(f"{name} {value}" for name, value in self.environment.items())
        return [
            self.headline() + ".",
            f"Made-up people of seed {self.seed}, {self.seconds:.0f} s; {about}.",
            NOT_TRIED,
        ]

    def to_json(self) -> dict[str, Any]:
        """All of it, as JSON can write it."""
        return {**asdict(self), "rows": [asdict(row) for row in self.rows], "good": self.is_good}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Report:
        """What `to_json` made. KeyError, TypeError or ValueError for anything else."""
        rows = [
            Row(
                **{
                    **row,
                    "result": Result(row["result"]),
                    "unguarded": None if row["unguarded"] is None else Result(row["unguarded"]),
                }
            )
            for row in found["rows"]
        ]
        return cls(rows, dict(found["environment"]), int(found["seed"]), float(found["seconds"]))

    def __str__(self) -> str:
        heads, rows = self.cells()
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        lines = ["  ".join(map(str.ljust, cells, widths)).rstrip() for cells in (heads, *rows)]
        head, body = lines[0], iter(lines[1:])
        parts = [head]
        for group, inside in groupby(self.rows, lambda row: row.group):
            parts += ["", group.upper(), *(next(body) for _ in inside)]
        return "\n".join([*parts, "", *self.notes()])

    def _repr_html_(self) -> str:
        """A table that takes its colours from the page; findings are bold, so that no colour has to be seen."""
        heads, cells = self.cells()
        body = iter(zip(self.rows, cells, strict=True))
        parts = []
        for group, inside in groupby(self.rows, lambda row: row.group):
            parts.append(f'<tr><th scope="rowgroup" colspan="{len(heads)}" style="text-align:left">{group}</th></tr>')
            for _ in inside:
                row, shown = next(body)
                style = "text-align:left" + (";font-weight:bold" if row.result.is_finding else "")
                parts.append("<tr>" + "".join(f'<td style="{style}">{escape(cell)}</td>' for cell in shown) + "</tr>")
        head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in heads)
        under = "".join(f"<p>{escape(note)}</p>" for note in self.notes())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(parts)}</tbody></table>{under}"

    def __repr__(self) -> str:
        return str(self)


def _counts(results: Sequence[Result]) -> str:
    counted = Counter(results)
    return ", ".join(f"{counted[result]} {result}" for result in Result if counted[result])
