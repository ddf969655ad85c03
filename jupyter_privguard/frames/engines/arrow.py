"""pyarrow: Table, RecordBatch, ChunkedArray and Array as views."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ..engine import Kind
from ._arrow_values import kind_of_type
from ._axes import ends
from ._columns import ColumnsView

__all__ = ["ArrowView", "explicit_view", "labels_as_table", "view"]

# `Any` in this file is an object of pyarrow, which has no types.


def view(obj: Any) -> ArrowView | None:
    """A view of a Table or RecordBatch; None for anything else."""
    kind = type(obj)  # isinstance would ask the object for its __class__, and proxies answer with anything
    if issubclass(kind, pa.Table):
        return ArrowView(obj, obj)
    return ArrowView(obj, pa.Table.from_batches([obj])) if issubclass(kind, pa.RecordBatch) else None


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> ArrowView | None:
    """As `view`; an Array or ChunkedArray is a column without a name."""
    if issubclass(type(obj), (pa.Array, pa.ChunkedArray)):
        return ArrowView(obj, _table([obj], [None]), [None])
    return view(obj)


def labels_as_table(labels: Sequence[Hashable]) -> ArrowView:
    """The labels of a table as a column of texts that has no name."""
    texts = pa.array([None if label is None else str(label) for label in labels], pa.string())
    return ArrowView(texts, _table([texts], [None]), [None])


class ArrowView(ColumnsView):
    """A Table, or what can be read as one."""

    def __init__(
        self,
        native: Any,
        table: Any,
        labels: Sequence[Hashable] | None = None,
        origin: tuple[int, ...] | None = None,
    ) -> None:
        super().__init__(native, table.column_names if labels is None else labels, origin)
        self._table = table

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self._table.num_rows)

    def kind(self, position: int) -> Kind:
        """What the type says."""
        return kind_of_type(self._table.schema.field(position).type)

    def state(self) -> object:
        """Nothing that could change: what pyarrow made stays as it is."""
        return (self.rows, self._labels)

    def shown(self, rows: int, columns: int) -> ArrowView:
        """Both ends of each axis; columns are not copied, and of rows only those that are shown."""
        table, kept = self._table, ends(self.width, columns)
        positions = list(range(self.width)) if kept is None else kept
        if kept is not None:
            table = table.select(kept)
        if self.rows > rows:
            last = self.rows - rows // 2
            # In one piece: a display puts each piece into brackets of its own.
            table = pa.concat_tables([table.slice(0, rows - rows // 2), table.slice(last)]).combine_chunks()
        whole, labels = self.origin, [self._labels[position] for position in positions]
        return ArrowView(_like(self._native, table), table, labels, tuple(whole[position] for position in positions))

    def column(self, position: int) -> Any:
        """The column as a chunked array."""
        return self._table.column(position)

    def _with(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        return _like(self._native, self.renewed(columns, labels))

    def renewed(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        """A Table with these chunked arrays at their positions, under these labels."""
        if not self.width:  # rows without columns, and without their metadata
            return pa.table([pa.nulls(self.rows)], names=[""]).select([])
        return _table([columns.get(position, self._table.column(position)) for position in range(self.width)], labels)


def _table(columns: Sequence[Any], labels: Sequence[Hashable]) -> Any:
    """A Table without metadata: nobody has classified what pandas or the user wrote there."""
    fields = [
        pa.field("" if label is None else str(label), column.type)
        for label, column in zip(labels, columns, strict=True)
    ]
    return pa.Table.from_arrays(list(columns), schema=pa.schema(fields))


def _like(native: Any, table: Any) -> Any:
    """The content of ``table`` in an object of the type of ``native``."""
    kind = type(native)
    if issubclass(kind, pa.RecordBatch):
        arrays = [_in_one_piece(column) for column in table.columns]
        if not arrays:
            return native.replace_schema_metadata(None)
        return pa.RecordBatch.from_arrays(arrays, schema=table.schema)
    if issubclass(kind, pa.ChunkedArray):
        return table.column(0)
    return _in_one_piece(table.column(0)) if issubclass(kind, pa.Array) else table


def _in_one_piece(column: Any) -> Any:
    found = column.combine_chunks()
    return pa.concat_arrays(found.chunks) if issubclass(type(found), pa.ChunkedArray) else found
