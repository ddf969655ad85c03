"""Tables that are columns of Arrow values, or can be read as such: what their views have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ..codes import Codes
from ..engine import Kind, Mapper
from ..sampling import stride
from . import _arrow_values as arrow

__all__ = ["ColumnsView"]

# `Any` in this file is a table of some library, one of its columns, or a cell value.


class ColumnsView(ABC):
    """A table without row labels, seen column by column; subclasses fetch columns and put new ones in place."""

    def __init__(self, native: Any, labels: Sequence[Hashable], origin: tuple[int, ...] | None = None) -> None:
        self._native = native
        self._labels = tuple(labels)
        self._origin = origin

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.width} columns)"

    @property
    @abstractmethod
    def rows(self) -> int:
        """Number of rows."""

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._labels)

    @property
    def native(self) -> Any:
        """The object behind the view."""
        return self._native

    @property
    def heads(self) -> Sequence[ColumnsView]:
        """The labels, which are of one level that has no name."""
        from .arrow import labels_as_table  # which builds on this module

        return [labels_as_table(self._labels)]

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """Labels of the columns."""
        return self._labels

    @property
    def origin(self) -> tuple[int, ...]:
        """Where each position was before `shown` cut."""
        return self._origin if self._origin is not None else tuple(range(self.width))

    @abstractmethod
    def kind(self, position: int) -> Kind:
        """What the column's type says."""

    def is_typed(self, position: int) -> bool:
        """Every column of these libraries has a type of its own."""
        return True

    @abstractmethod
    def column(self, position: int) -> Any:
        """The column as a chunked array of Arrow."""

    @abstractmethod
    def _with(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        """A new native object with these chunked arrays at their positions, under these labels."""

    def _strided(self, position: int, step: int) -> list[Any]:
        """Every ``step``-th cell of the column as a Python object, nulls included."""
        return arrow.strided(self.column(position), step)

    def _first(self, position: int, size: int) -> list[Any]:
        """The first ``size`` known values of the column."""
        return arrow.first(self.column(position), size)

    def sample(self, position: int, size: int = 200) -> list[Any]:
        """Up to ``size`` known values at even strides; of a column that is nearly all null the first ones."""
        picked = arrow.thinned(self._strided(position, stride(self.rows, size)), size)
        return picked if picked or not self.rows else self._first(position, size)

    def distinct(self, position: int) -> list[Any]:
        """Distinct known values in order of first appearance."""
        return arrow.distinct(self.column(position))

    def codes(self, position: int) -> Codes:
        """One integer a row; 0 is null."""
        return arrow.codes_of(self.column(position))

    def numbers(self, position: int) -> Any:
        """One float a row; None for a type that does not tell."""
        return arrow.numbers_of(self.column(position))

    def masked(self, mappers: Mapping[int, Mapper], labels: Sequence[Hashable] | None = None) -> Any:
        """A new object of the same type; see `FrameView.masked`."""
        return self.masked_and_counted(mappers, labels)[0]

    def masked_and_counted(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Hashable] | None = None,
        *,
        beside: Mapping[int, int] | None = None,
    ) -> tuple[Any, dict[int, int]]:
        """What `masked` returns, and the changed cells by position."""
        if labels is not None and len(labels) != self.width:
            raise ValueError("labels must name every position")
        others = {position: self.column(other) for position, other in (beside or {}).items()}
        done = {
            position: arrow.mapped(self.column(position), mappers[position], others.get(position))
            for position in sorted(mappers)
        }
        columns = {position: values for position, (values, _) in done.items()}
        counts = {position: count for position, (_, count) in done.items()}
        return self._with(columns, self._labels if labels is None else labels), counts
