"""Parquet in chunks: read with the same dtypes in each, written with one schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import InputError
from ._type_changed import TypeChanged
from .engine import Kind
from .values import kind_of

__all__ = ["ParquetTable", "ParquetWriter"]

# `Any` in this file is an object of pyarrow, which has no types.

_MOST_ROWS = 1 << 16


class ParquetTable:
    """The rows of a Parquet file, in chunks of about ``block`` bytes.

    Whole numbers and yes-or-no stay what they are beside nulls, and index columns stay the index.
    """

    def __init__(self, file: BinaryIO, called: str, block: int) -> None:
        """Read what the file says of itself; InputError if it is none or pyarrow cannot read it."""
        self._called = called
        if _ends(file) != (b"PAR1", b"PAR1"):
            raise InputError(f"privguard: {called}: this is not a whole Parquet file.")
        try:
            # Page by page: a row group may be larger than memory.
            self._file = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
            about = self._file.metadata
            size = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
            self.schema = self._file.schema_arrow
            self._index = self._index_columns()
            self._with_nulls = _types_with_nulls(about, self.schema)
        except InputError:
            raise
        except Exception:  # noqa: BLE001 - pyarrow raises many kinds, and quotes what it read
            raise self._error() from None
        self._rows = max(1, min(_MOST_ROWS, block * about.num_rows // max(1, size)))

    def chunks(self, done: Callable[[int], None]) -> Iterator[pd.DataFrame]:
        """All rows, frame by frame, of the same dtypes; ``done`` hears the number of rows."""
        start = 0
        try:
            for batch in self._file.iter_batches(batch_size=self._rows):
                yield self._frame(pa.Table.from_batches([batch]), start)
                start += batch.num_rows
                done(batch.num_rows)
            if not start:
                yield self._frame(self.schema.empty_table(), 0)
        except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, NotImplementedError):
            raise self._error() from None

    def chunks_as_written(self, done: Callable[[int], None]) -> Iterator[tuple[pd.DataFrame, None]]:
        """`chunks`, and None beside each frame: its types say all."""
        return ((frame, None) for frame in self.chunks(done))

    @property
    def size(self) -> int:
        """Number of rows, as the file says."""
        return int(self._file.metadata.num_rows)

    @property
    def types(self) -> list[Any]:
        """The Arrow types of columns, then of index levels, as pandas parts them."""
        index = [name for name in self._index if isinstance(name, str) and name in self.schema.names]
        columns = [field.type for field in self.schema if field.name not in index]
        return [*columns, *(self.schema.field(name).type for name in index)]

    def _index_columns(self) -> list[Any]:
        """What pandas noted of the row labels: names of columns, or the numbers of a range."""
        try:
            return list((self.schema.pandas_metadata or {}).get("index_columns") or [])
        except (ValueError, TypeError, AttributeError):
            raise InputError(
                f"privguard: {self._called}: what pandas noted in this Parquet file is damaged; "
                "write it anew without that metadata (key `pandas`)."
            ) from None

    def _frame(self, table: Any, start: int) -> pd.DataFrame:
        for place, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):  # each chunk has a dictionary of its own
                plain = pa.field(field.name, field.type.value_type)
                table = table.set_column(place, plain, table.column(place).cast(plain.type))
        names = table.column_names
        if len(set(names)) < len(names):  # which pandas reads only under other names
            table = table.rename_columns([str(place) for place in range(len(names))]).replace_schema_metadata(None)
        frame: pd.DataFrame = table.to_pandas(types_mapper=self._with_nulls.get)
        if table.column_names != names:
            frame.columns = pd.Index(names)
        if isinstance(frame.index, pd.RangeIndex):
            frame.index = _range(self._index, start, len(frame))
        return frame

    def _error(self) -> InputError:
        return InputError(f"privguard: {self._called}: not a Parquet file that pyarrow can read.")


def _ends(file: BinaryIO) -> tuple[bytes, bytes]:
    size = file.seek(0, 2)
    file.seek(max(0, size - 4))
    last = file.read(4)
    file.seek(0)
    first = file.read(4)
    file.seek(0)
    return first, last if size >= 8 else b""


def _types_with_nulls(about: Any, schema: Any) -> dict[Any, Any]:
    """The types of pandas for the integers and booleans of which some may be null, so that none becomes a float."""
    null = set()
    for place in range(len(schema)):
        if not _is_plain(schema.field(place).type):
            continue
        for column in range(about.num_columns):
            if about.schema.column(column).path == schema.field(place).name:
                groups = [about.row_group(group).column(column) for group in range(about.num_row_groups)]
                if any(
                    g.statistics is None or not g.statistics.has_null_count or g.statistics.null_count for g in groups
                ):
                    null.add(schema.field(place).type)
    return {kind: pd.BooleanDtype() if pa.types.is_boolean(kind) else _NULLABLE[str(kind)] for kind in null}


def _is_plain(kind: Any) -> bool:
    return bool(pa.types.is_boolean(kind) or str(kind) in _NULLABLE)


_NULLABLE = {
    str(name).lower(): pd.api.types.pandas_dtype(name)
    for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
}


def _range(about: list[Any], start: int, length: int) -> pd.RangeIndex:
    """The row numbers of a chunk, under the name that they have in the whole."""
    of_file = about[0] if len(about) == 1 and isinstance(about[0], dict) else {}
    step, first, name = of_file.get("step", 1), of_file.get("start", 0), of_file.get("name")
    begin = first + start * step
    return pd.RangeIndex(begin, begin + length * step, step, name=name)


_MISFIT = (pa.ArrowException, ValueError, TypeError, OverflowError, NotImplementedError)


class ParquetWriter:
    """Frames of one table in, a row group each of one schema out.

    A column has its type in the source where the first chunk still fits it, else the type of that
    chunk. Columns in ``as_text`` become text.
    """

    def __init__(self, file: BinaryIO, *, source: Sequence[Any], as_text: Set[int]) -> None:
        """Write to ``file``; ``source`` are the types that columns and index levels had, as far as known."""
        self._file, self._source, self._as_text = file, source, as_text
        self._types: dict[int, Any] = {}
        self._writer: Any = None

    def write(self, frame: pd.DataFrame, *, with_index: bool) -> None:
        """Append the rows.

        TypeChanged for a column that has to become text; ValueError or TypeError for what Parquet cannot hold.
        """
        columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
        if with_index:
            columns += [frame.index.get_level_values(level).to_series() for level in range(frame.index.nlevels)]
        arrays = [self._array(place, values) for place, values in enumerate(columns)]
        if self._writer is None:
            names, metadata = _names(frame, with_index=with_index)
            fields = [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
            self._schema = pa.schema(fields, metadata=metadata)
            self._writer = pq.ParquetWriter(self._file, self._schema)
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the end of the file."""
        if self._writer is not None:
            self._writer.close()

    def _array(self, place: int, values: pd.Series[Any]) -> Any:
        if place in self._as_text:
            return pa.array([None if _is_null(value) else _text(value) for value in values.tolist()], pa.string())
        if place not in self._types:
            self._types[place] = self._first_type(place, values)
        try:
            return _as(values, self._types[place])
        except _MISFIT:
            raise TypeChanged(place) from None

    def _first_type(self, place: int, values: pd.Series[Any]) -> Any:
        if place < len(self._source):
            try:
                _as(values, self._source[place])
                return self._source[place]
            except _MISFIT:
                pass
        try:
            found = pa.array(values, from_pandas=True).type
        except _MISFIT:
            raise TypeChanged(place) from None
        return pa.string() if pa.types.is_null(found) else found


def _names(frame: pd.DataFrame, *, with_index: bool) -> tuple[list[str], Any]:
    """What columns are called in a file, and what pandas notes there; of doubled labels it notes nothing."""
    if not with_index and not frame.columns.is_unique:
        return [str(label) for label in frame.columns], None
    about = pa.Schema.from_pandas(frame.iloc[:0], preserve_index=with_index)
    return about.names, about.metadata


def _as(values: pd.Series[Any], kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        # Every chunk has a dictionary of its own; wide enough an index for any.
        return pa.array(values, type=kind.value_type, from_pandas=True).dictionary_encode()
    return pa.array(values, type=kind, from_pandas=True)


def _is_null(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if kind_of(value) in (Kind.OTHER, Kind.BYTES):
        raise TypeError("only texts, numbers and dates can share a column")
    return str(value)
