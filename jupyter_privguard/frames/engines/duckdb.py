"""DuckDB: a relation as a view. To look at it runs its query, so it is done only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import Any

import duckdb
import pyarrow as pa

from ...errors import InputError
from ..engine import Kind
from ._arrow_values import kind_of_type, thinned
from ._axes import different
from ._columns import ColumnsView
from .arrow import ArrowView

__all__ = ["FetchedRelation", "RelationView", "explicit_view"]

# `Any` in this file is an object of duckdb or pyarrow, or a cell value.


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> ColumnsView | None:
    """A view of a relation; None for anything else. With ``header_only`` it has labels, no rows, and runs nothing.

    With ``whole`` the query runs once, now: a second run may bring other rows.
    InputError if the query fails, without DuckDB's own words, which may quote values.
    """
    if not issubclass(type(obj), duckdb.DuckDBPyRelation):
        return None
    labels = list(obj.columns)
    if header_only:
        return ArrowView(obj, pa.Table.from_arrays([pa.nulls(0)] * len(labels), names=labels))
    if whole:
        return FetchedRelation(obj, _fetched(obj.project("*")) if labels else pa.table({}), labels)
    seen = RelationView(obj, labels)
    if labels:
        seen.sample(0)  # now, where it is an error; a column that cannot be read later would be one that tells nothing
    return seen


class RelationView(ColumnsView):
    """A relation: a sample of its rows comes by SQL, all of them only where every cell is asked for.

    Rows are sampled in the order in which the query brings them. A masked relation is one over a
    masked Arrow table, on DuckDB's default connection: a relation does not tell which one it is of.
    """

    @cached_property
    def rows(self) -> int:  # counted when first asked for
        """Number of rows."""
        return int(_fetched(self._native.aggregate("count(*)")).column(0)[0].as_py())

    def kind(self, position: int) -> Kind:
        """What the type says."""
        return kind_of_type(self._schema.field(position).type)

    def state(self) -> object:
        """Nothing that could be compared: whatever the query reads may have changed."""
        return object()

    def shown(self, rows: int, columns: int) -> ArrowView:
        """Both ends of each axis, as an Arrow table."""
        return self._whole.shown(rows, columns)

    @cached_property
    def _whole(self) -> ArrowView:
        return ArrowView(self._native, _fetched(self._native.project("*")), self._labels)

    @cached_property
    def _schema(self) -> Any:
        return _fetched(self._native.limit(0)).schema

    def _strided(self, position: int, step: int) -> list[Any]:
        if step not in self._strides:  # one query for all columns
            taken = {str(label).casefold() for label in self._labels}
            number = next(name for name in (f"n{i}" for i in count()) if name not in taken)
            numbered = self._native.project(f"*, row_number() OVER () - 1 AS {number}")
            self._strides[step] = _fetched(numbered.filter(f"{number} % {step} = 0"))
        values: list[Any] = self._strides[step].column(position).to_pylist()
        return values

    def _first(self, position: int, size: int) -> list[Any]:
        cells = self._native.project(f"#{position + 1} AS cell").filter("cell IS NOT NULL").limit(size)
        found = _fetched(cells).column(0).to_pylist()
        return thinned(found, size) or (super()._first(position, size) if found else [])  # NaN is no null in SQL

    @cached_property
    def _strides(self) -> dict[int, Any]:
        return {}

    def column(self, position: int) -> Any:
        """The column as a chunked array; fetches all rows."""
        return self._whole.column(position)

    def _with(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        return duckdb.from_arrow(self._whole.renewed(columns, different(labels)))


class FetchedRelation(ArrowView):
    """A relation with all rows that its query brought when it was run, once."""

    def _with(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        return duckdb.from_arrow(self.renewed(columns, different(labels)))


def _fetched(relation: Any) -> Any:
    try:
        return relation.to_arrow_table()
    except duckdb.Error as error:
        raise InputError(
            f"privguard: this relation cannot be queried ({type(error).__name__}); mend its query first."
        ) from None
