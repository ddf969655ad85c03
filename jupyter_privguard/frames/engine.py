"""What a table is, whatever the library.

A `FrameView` is a read-only look at somebody's table: columns are reached by position, because
labels may repeat, be tuples or None. Masking asks a view for a changed copy; the object behind
it is never written to.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from .codes import Codes

__all__ = ["DESCRIBED", "NARROW", "DisplayCopy", "FrameView", "Kind", "Mapper"]

Mapper = Callable[[list[Any]], list[Any]]
"""Distinct non-null values in, as many masked values out, same order.

Where a column is masked beside another one: distinct pairs of a non-null value and what stands
beside it (None where that is null) in, as many masked values out.
"""


NARROW = 200
"""Columns that are all masked, since other renderers than a library's own may show more of them than it does."""
DESCRIBED = ("count", "null_count", "mean", "std", "unique", "freq")
"""Rows of a ``describe()`` that are aggregates; the others are somebody's values."""


class Kind(StrEnum):
    """What a column holds, as far as its type says."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    BYTES = "bytes"
    OTHER = "other"


class FrameView(Protocol):
    """A table seen from outside.

    Positions count the columns from 0. The levels of a named or non-numeric row index are columns
    too: they follow the real ones, so that an index of e-mail addresses is classified and masked
    like any column.
    """

    @property
    def rows(self) -> int:
        """Number of rows."""
        ...

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """Labels of the columns, then of the index levels that count as columns."""
        ...

    @property
    def width(self) -> int:
        """Number of real columns; positions from here on are index levels."""
        ...

    @property
    def native(self) -> Any:
        """The object behind the view."""
        ...

    @property
    def heads(self) -> Sequence[FrameView]:
        """The labels of the real columns: for each level a table of one column, called as the level is.

        A level without a name is called None. Nothing for what has but one column by its nature.
        """
        ...

    def kind(self, position: int) -> Kind:
        """What the column's type says; for untyped columns, what most sampled values are."""
        ...

    def is_typed(self, position: int) -> bool:
        """Whether the column's type lets no cell be of another kind."""
        ...

    def sample(self, position: int, size: int = 200) -> list[Any]:
        """Up to ``size`` non-null values as Python objects, taken at even strides over the rows."""
        ...

    def distinct(self, position: int) -> list[Any]:
        """All distinct non-null values as Python objects, in order of first appearance."""
        ...

    def codes(self, position: int) -> Codes:
        """One integer a row, equal where cells are equal; nulls are equal to one another.

        Cells that cannot be compared are all different. 0 is null.
        """
        ...

    def numbers(self, position: int) -> Any:
        """One float64 a row, NaN for null; of dates the seconds since 1970, UTC. None: cell by cell only."""
        ...

    @property
    def origin(self) -> tuple[int, ...]:
        """For each position, the position it has in the table that `shown` cut this view from."""
        ...

    def state(self) -> object:
        """Something that compares unequal after the table got other columns or other data."""
        ...

    def shown(self, rows: int, columns: int) -> FrameView:
        """The part that a display of at most ``rows`` × ``columns`` needs: both ends of each axis.

        Positions are counted anew in it; ``origin`` leads back. Its ``native`` has the type of the
        whole. The cost depends on what is shown, not on the length of the table.
        """
        ...

    def masked(self, mappers: Mapping[int, Mapper], labels: Sequence[Hashable] | None = None) -> Any:
        """A new object of the same library, type and shape; nulls stay null, nothing is shared.

        ``mappers`` change columns by position; ``labels`` are the new labels of all positions.
        Row and column order, row numbers, dtypes (where every masked value is of that kind) and
        label types stay. A categorical gets the masked values as its only categories.
        """
        ...

    def masked_and_counted(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Hashable] | None = None,
        *,
        beside: Mapping[int, int] | None = None,
    ) -> tuple[Any, dict[int, int]]:
        """What `masked` returns, and for each position in ``mappers`` the number of changed cells.

        ``beside`` names for some of these positions a second one, whose (unmasked) values their
        mappers get too.
        """
        ...


@dataclass(frozen=True, slots=True)
class DisplayCopy:
    """``native`` renders like the original's masked version once ``fix`` went over the text."""

    native: Any
    fix: Callable[[str], str]
