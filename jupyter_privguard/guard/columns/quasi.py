"""What the quasi-identifiers of a table do together, in the words of its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...classification.quasi import Combination, measured, positions_of, riskiest
from ...frames import FrameView, frame_of
from ...model import ColumnVerdict

__all__ = ["QuasiIdentifiers", "quasi_identifiers"]


@dataclass(frozen=True, slots=True)
class QuasiIdentifiers:
    """The columns that identify in combination, and how far all of them together do.

    ``k`` and ``unique_share`` are None where nothing was counted: no such column, no rows, values
    that may not be read, or a table that is gone or has other columns by now.
    """

    columns: tuple[str, ...]
    """Labels, as far as they may be shown."""
    k: int | None = None
    """Rows in the smallest group that agrees in all of them."""
    unique_share: float | None = None
    """Share of the rows, in [0, 1], that nobody else agrees with in all of them."""
    _combinations: Callable[[], list[tuple[tuple[str, ...], int, float]]] = field(
        default=list, repr=False, compare=False
    )

    def to_frame(self) -> Any:
        """A DataFrame with the columns columns, k, unique_share: all together, then the riskiest combinations.

        Combinations have at most three columns; worst first, ten at most. The rows are counted anew.
        """
        rows = [] if self.k is None or self.unique_share is None else [(self.columns, self.k, self.unique_share)]
        rows += [row for row in self._combinations() if row[0] != self.columns]
        return frame_of(
            {
                "columns": [", ".join(columns) for columns, _, _ in rows],
                "k": [k for _, k, _ in rows],
                "unique_share": [share for _, _, share in rows],
            }
        )

    def to_json(self) -> dict[str, Any]:
        """The columns, k, and the share rounded to four digits."""
        share = None if self.unique_share is None else round(self.unique_share, 4)
        return {"columns": list(self.columns), "k": self.k, "unique_share": share}

    def __str__(self) -> str:
        """One line; empty when there is no such column."""
        if not self.columns:
            return ""
        named = f"quasi-identifiers {', '.join(self.columns)}"
        if self.k is None or self.unique_share is None:
            return named
        return f"{named}: k {self.k}, {_percent(self.unique_share)} of the rows unique"


def quasi_identifiers(verdicts: Sequence[ColumnVerdict], table: Callable[[], FrameView | None]) -> QuasiIdentifiers:
    """The quasi-identifiers among ``verdicts``, counted over all rows of the table if there still is one."""
    positions = positions_of(verdicts)
    columns = tuple(verdicts[position].column for position in positions)
    view = table() if positions else None
    if view is None or not view.rows or len(view.labels) != len(verdicts):
        return QuasiIdentifiers(columns)
    rows = view.rows

    def told(found: Combination) -> tuple[tuple[str, ...], int, float]:
        return tuple(verdicts[position].column for position in found.positions), found.k, found.unique / rows

    def combinations() -> list[tuple[tuple[str, ...], int, float]]:
        left = table()
        return [] if left is None or left.rows != rows else [told(found) for found in riskiest(left, positions)]

    return QuasiIdentifiers(*told(measured(view, positions)), combinations)


def _percent(share: float) -> str:
    """Never rounded to nobody or everybody when it is not."""
    return "less than 1 %" if 0 < share < 0.01 else f"{int(100 * share)} %"
