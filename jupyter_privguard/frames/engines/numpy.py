"""numpy: arrays of one or two dimensions, and structured ones, read as pandas columns where somebody asks for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..engine import Mapper
from ._axes import different, ends
from .pandas import PandasView

__all__ = ["ArrayView", "explicit_view"]

# `Any` in this file is an array, whose dtype may be any.


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> ArrayView | None:
    """A view of a plain or record array; None for other objects, and for arrays that are no tables.

    Other subclasses, such as masked arrays, hold more than they show.
    """
    if (
        type(obj) not in (np.ndarray, np.recarray)
        or obj.ndim not in (1, 2)
        or (obj.dtype.names is not None and obj.ndim > 1)
    ):
        return None
    return ArrayView(obj)


class ArrayView(PandasView):
    """An array seen as a table: a structured one has its fields for columns, one of one dimension a single column."""

    def __init__(self, array: Any, origin: tuple[int, ...] | None = None) -> None:
        super().__init__(array, _frame(array), origin)

    def __repr__(self) -> str:
        return f"ArrayView({self.rows} rows, {self.width} columns)"

    def shown(self, rows: int, columns: int) -> ArrayView:
        """Both ends of each axis."""
        array: Any = self._native
        kept_rows, kept = ends(self.rows, rows), ends(self.width, columns)
        if kept_rows is not None:
            array = array[kept_rows]
        if kept is not None:
            array = array[:, kept] if array.ndim == 2 else array[[array.dtype.names[position] for position in kept]]
        whole = self.origin
        return ArrayView(array, tuple(whole[position] for position in (range(self.width) if kept is None else kept)))

    def masked_and_counted(
        self,
        mappers: Mapping[int, Mapper],
        labels: Sequence[Hashable] | None = None,
        *,
        beside: Mapping[int, int] | None = None,
    ) -> tuple[Any, dict[int, int]]:
        """A new array, and the changed cells by position; labels of columns without a name are not kept."""
        frame, counts = PandasView(self._frame, self._frame).masked_and_counted(mappers, labels, beside=beside)
        columns = [
            _array(frame.iloc[:, position], column) if position in mappers else column
            for position, column in enumerate(_columns(self._native))
        ]
        return _joined(self._native, columns, list(map(str, frame.columns))), counts


def _columns(array: Any) -> list[Any]:
    if array.dtype.names is not None:
        return [array[name] for name in array.dtype.names]
    return [array] if array.ndim == 1 else [array[:, position] for position in range(array.shape[1])]


def _frame(array: Any) -> pd.DataFrame:
    columns = [_one_dimensional(column) for column in _columns(np.asarray(array))]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(len(array)))
    if array.dtype.names is not None:
        frame.columns = pd.Index(array.dtype.names)
    elif array.ndim == 1:
        frame.columns = pd.Index([None], dtype=object)
    return frame


def _one_dimensional(column: Any) -> Any:
    """The column as pandas takes it: objects stay what they are, nested fields become Python objects."""
    if column.ndim == 1 and column.dtype.names is None and column.dtype.kind not in "OVT":
        return column
    cells = np.empty(len(column), dtype=object)
    for row, value in enumerate(column.tolist()):
        cells[row] = value
    return pd.Series(cells, dtype=object)


def _array(masked: pd.Series[Any], before: Any) -> Any:
    """The masked column as an array: of its dtype where the values fit, text as wide as it needs to be."""
    values = masked.to_numpy(dtype=object)
    if before.dtype.kind == "U":
        return values.astype(str) if len(values) else before.copy()
    exact = masked.to_numpy()
    return exact if exact.dtype == before.dtype else values


def _joined(native: Any, columns: list[Any], names: list[str]) -> Any:
    if native.dtype.names is not None:
        fields = [
            (name, column.dtype, column.shape[1:]) for name, column in zip(different(names), columns, strict=True)
        ]
        out = np.empty(len(native), dtype=fields)
        for (name, _, _), column in zip(fields, columns, strict=True):
            out[name] = column
        return out.view(type(native))
    if native.ndim == 1:
        return columns[0].copy()
    kinds = {column.dtype.kind for column in columns}
    same = len({column.dtype for column in columns}) <= 1 or kinds == {"U"}
    out = np.empty(native.shape, dtype=np.result_type(*columns) if same and columns else object)
    for position, column in enumerate(columns):
        out[:, position] = column
    return out if columns else native.copy()
