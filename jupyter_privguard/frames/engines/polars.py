"""polars: DataFrame, Series and, where somebody asks for it, LazyFrame as views. Values come by way of Arrow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import polars as pl

from ...errors import InputError
from ..engine import Kind

try:
    import pyarrow as pa
except ImportError:
    raise InputError("privguard: polars tables need pyarrow: pip install 'jupyter-privguard[polars]'.") from None

from ._axes import different, ends
from ._columns import ColumnsView

__all__ = ["PolarsView", "explicit_view", "view"]

# `Any` in this file is an object of polars or pyarrow, or a cell value.


def view(obj: Any) -> PolarsView | None:
    """A view of a DataFrame or Series; None for anything else, a LazyFrame too: nothing is executed."""
    kind = type(obj)  # isinstance would ask the object for its __class__, and proxies answer with anything
    if issubclass(kind, pl.DataFrame):
        return PolarsView(obj, obj)
    return PolarsView(obj, obj.to_frame()) if issubclass(kind, pl.Series) else None


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> PolarsView | None:
    """As `view`; a LazyFrame is collected, or asked for its schema alone with ``header_only``.

    InputError if that fails, without polars' own words, which may quote values.
    """
    if not issubclass(type(obj), pl.LazyFrame):
        return view(obj)
    try:
        return PolarsView(obj, pl.DataFrame(schema=obj.collect_schema()) if header_only else obj.collect())
    except Exception as error:  # noqa: BLE001 - a query may run anything
        raise InputError(
            f"privguard: this LazyFrame cannot be collected ({type(error).__name__}); mend its query first."
        ) from None


class PolarsView(ColumnsView):
    """A DataFrame, or what can be read as one; a Series is one column wide."""

    def __init__(self, native: Any, frame: Any, origin: tuple[int, ...] | None = None) -> None:
        super().__init__(native, frame.columns, origin)
        self._frame = frame

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self._frame.height)

    def kind(self, position: int) -> Kind:
        """What the dtype says."""
        dtype = self._frame.dtypes[position]
        if dtype.is_integer():
            return Kind.INTEGER
        if dtype.is_numeric():
            return Kind.NUMBER
        return next((kind for dtypes, kind in _KINDS if dtype in dtypes), Kind.OTHER)

    def state(self) -> object:
        """Something that differs once columns were added, renamed or written to."""
        # polars writes to a copy of whatever it shares, so other data have other addresses.
        return (self.rows, self._labels, tuple(_addresses(self._frame)))

    def shown(self, rows: int, columns: int) -> PolarsView:
        """Both ends of each axis; costs as much as what is shown."""
        frame, kept = self._frame, ends(self.width, columns)
        positions = list(range(self.width)) if kept is None else kept
        if kept is not None:
            frame = frame[:, kept]
        if self.rows > rows:
            frame = pl.concat([frame.head(rows - rows // 2), frame.tail(rows // 2)])
        whole = self.origin
        return PolarsView(_like(self._native, frame), frame, tuple(whole[position] for position in positions))

    def column(self, position: int) -> Any:
        """The column as a chunked array of Arrow."""
        return _arrow(self._frame.to_series(position))

    def _strided(self, position: int, step: int) -> list[Any]:
        values: list[Any] = _arrow(self._frame.to_series(position).gather_every(step)).to_pylist()
        return values

    def _with(self, columns: Mapping[int, Any], labels: Sequence[Hashable]) -> Any:
        if not self.width:  # rows without columns
            return _like(self._native, self._frame.clone())
        names = different(labels)
        series = [
            pl.Series(name, pl.from_arrow(columns[position]))
            if position in columns
            else self._frame.to_series(position).alias(name)
            for position, name in enumerate(names)
        ]
        return _like(self._native, pl.DataFrame(series))


def _arrow(series: Any) -> Any:
    """The series as a chunked array.

    The categories of a Categorical belong to the whole process, and those of an Enum to its dtype: what is
    masked becomes text. Python objects are read as their text, integers of 128 bits as decimals.
    """
    if series.dtype == pl.Object:
        texts = [None if value is None else str(value) for value in series.to_list()]
        series = pl.Series(series.name, texts, dtype=pl.String)
    elif series.dtype in (pl.Categorical, pl.Enum):
        series = series.cast(pl.String)
    elif str(series.dtype).endswith("Int128"):
        series = series.cast(pl.Decimal(38, 0))
    return pa.chunked_array([series.to_arrow()])


def _addresses(frame: Any) -> list[int]:
    newest = pl.CompatLevel.newest()  # the form in which nothing is copied
    found = []
    for series in frame.get_columns():
        if series.dtype == pl.Object:
            found.append(hash(tuple(map(id, series.to_list()))))
        elif "Int128" in str(series.dtype):  # of which Arrow knows nothing
            found += [chunk._s.as_single_ptr() for chunk in series.get_chunks()]
        else:
            for chunk in series.get_chunks():
                buffers = chunk.to_arrow(compat_level=newest).buffers()
                found += [buffer.address for buffer in buffers if buffer is not None]
    return found


def _like(native: Any, frame: Any) -> Any:
    """The content of ``frame`` in an object of the type of ``native``."""
    kind = type(native)
    if issubclass(kind, pl.Series):
        return frame.to_series(0)
    return frame.lazy() if issubclass(kind, pl.LazyFrame) else frame


_KINDS: tuple[tuple[tuple[Any, ...], Kind], ...] = (
    ((pl.String, pl.Categorical, pl.Enum, pl.Object), Kind.TEXT),
    ((pl.Boolean,), Kind.BOOLEAN),
    ((pl.Date, pl.Datetime), Kind.DATETIME),
    ((pl.Binary,), Kind.BYTES),
)
