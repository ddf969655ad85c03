"""What a program takes out of tables: single values, whole columns, statistics of a few rows.

Once a value has left its table nothing tells any more where it is from. So what leaves is noted here while it
leaves, by the label of its column, and judged only if a text is about to be shown that could hold it. Hooks call
`Takes` very often: a note costs one look into a set where nobody hides the column, and memory is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

__all__ = ["Statistic", "Taker", "Takes", "Whole"]

_MOST_LABELS = 2000
_MOST_VALUES = 100_000
"""Single values of a column; with more of them the column counts as taken out as a whole."""
_MOST_WHOLES = 32
_MOST_STATISTICS = 5000


class Whole(NamedTuple):
    """Columns that were taken out as a whole, or as far as an iterator over them went."""

    table: Any
    """The table or column; None for all that any table has under ``label``."""
    label: Hashable
    """That of a single column; None for all columns of a table."""
    rows: Callable[[], int] | None
    """How many rows were taken out by now, from the first one on; None for all."""


class Statistic(NamedTuple):
    """A number about several rows of a column."""

    label: Hashable
    rows: int
    value: Any


class Takes:
    """What was taken out while one cell ran. Any thread may write; a reader copies what it reads."""

    __slots__ = ("_wholes_of", "ones", "statistics", "wholes")

    def __init__(self) -> None:
        self.ones: dict[Hashable, dict[Any, None]] = {}
        """By label single values, in the order in which they were taken out."""
        self.wholes: list[Whole] = []
        self.statistics: list[Statistic] = []
        self._wholes_of: dict[Hashable, int] = {}

    def __bool__(self) -> bool:
        return bool(self.ones or self.wholes or self.statistics)

    def __repr__(self) -> str:
        return f"<Takes: {len(self.ones)} labels, {len(self.wholes)} wholes>"

    def one(self, label: Hashable, value: Any) -> None:
        """``value`` stood in a column called ``label``."""
        values = self.ones.get(label)
        if values is None:
            if len(self.ones) >= _MOST_LABELS:
                return
            values = self.ones[label] = {}
        if len(values) < _MOST_VALUES:
            values[value] = None
        else:
            self.whole(None, label)

    def whole(self, table: Any, label: Hashable = None, rows: Callable[[], int] | None = None) -> None:
        """See `Whole`; of many parts of one column taken out as wholes the column itself is noted."""
        count = self._wholes_of.get(label, 0)
        if count <= _MOST_WHOLES:
            self._wholes_of[label] = count + 1
            self.wholes.append(Whole(table if count < _MOST_WHOLES else None, label, rows))

    def statistic(self, label: Hashable, rows: int, value: Any) -> None:
        """``value`` is a number about ``rows`` rows of a column called ``label``."""
        if len(self.statistics) < _MOST_STATISTICS:
            self.statistics.append(Statistic(label, rows, value))


def _is_no_statistic(_table: Any, _row: Hashable) -> bool:
    return False


class Taker:
    """Where the hooks write: into the `Takes` of the cell that runs."""

    def __init__(self) -> None:
        self.now: Takes | None = None
        """None while no cell runs, and while nobody wants to know."""
        self.harmless: set[Hashable] = set()
        """Labels under which all tables that were looked at have nothing to hide."""
        self.is_statistic: Callable[[Any, Hashable], bool] = _is_no_statistic
        """Whether the row of a table is about enough rows of another one to be nobody's own."""

    def one(self, table: Any, label: Hashable, row: Hashable, value: Any) -> None:
        """``value`` was taken out of ``table``, from a column called ``label`` and a row called ``row``.

        A row taken out of a table is a column on its side, so its ``row`` may be the label.
        """
        takes = self.now
        if takes is None:
            return
        harmless = self.harmless
        try:
            is_row = type(row) is str and row not in harmless
            is_label = label not in harmless and (type(label) is str or type(row) is not str)
            if not (is_label or is_row) or self.is_statistic(table, row):
                return
            if is_label:
                takes.one(label, value)
            if is_row:
                takes.one(row, value)
        except Exception:  # noqa: BLE001 - a cell or a label may be any object, also one without a hash
            return

    def whole(self, table: Any, label: Hashable = None, rows: Callable[[], int] | None = None) -> None:
        """See `Takes.whole`."""
        takes = self.now
        try:
            is_harmless = takes is None or (label is not None and label in self.harmless)
            if takes is not None and not is_harmless and not self.is_statistic(table, None):
                takes.whole(table, label, rows)
        except Exception:  # noqa: BLE001 - as above
            return

    def statistic(self, label: Hashable, rows: int, value: Any) -> None:
        """See `Takes.statistic`."""
        takes = self.now
        try:
            if takes is not None and label not in self.harmless:
                takes.statistic(label, rows, value)
        except Exception:  # noqa: BLE001 - as above
            return
