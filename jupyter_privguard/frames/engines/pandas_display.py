"""What pandas would show of a table, as a small masked copy that renders the same way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api import types

from ..engine import DESCRIBED, NARROW, DisplayCopy, Mapper
from ..watch import Exact
from ._pandas_content import content_of
from ._pandas_values import mapped
from .pandas import PandasView

__all__ = [
    "described",
    "display_again",
    "display_copy",
    "first_column",
    "heads_content",
    "mask_rows",
    "row_cells",
    "row_labels",
    "shown_content",
    "styled_copy",
    "turned",
]


_DESCRIBE_LABELS = (*DESCRIBED, "min", "5%", "10%", "25%", "50%", "75%", "90%", "95%", "99%", "max", "top")
_FEWEST = 4
_MOST_HEADS = 1000
_MOST_CELLS = 20_000


def display_copy(
    view: PandasView,
    mask: Callable[[PandasView], Any],
    *,
    exact_rows: Sequence[str] | None = None,
    whole: bool = False,
    all_rows: bool = False,
    all_columns: bool = False,
) -> DisplayCopy:
    """Mask only what a display of ``view`` can show; the text still states the true size.

    ``exact_rows`` are labels of rows that stay as they are (counts and means of a ``describe()``);
    ``whole`` asks for all of it, for displays that do not shorten, ``all_rows`` and ``all_columns`` for one axis.
    """
    half, part = _half(view, whole=whole or all_rows), view
    columns = view.width if whole or all_columns else _most_columns(view)
    if half is not None or columns < view.width:
        part = view.shown(view.rows if half is None else 2 * half, columns)
    native = mask(part)
    if exact_rows is not None:
        native = _with_rows(native, part.native, exact_rows)
    return DisplayCopy(native, _fixer(view, part.rows, native))


def display_again(view: PandasView, native: Any) -> DisplayCopy:
    """What `display_copy` returns where ``native`` is the masked copy already."""
    return DisplayCopy(native, _fixer(view, len(native), native))


def _most_columns(view: PandasView) -> int:
    """As many columns as a display needs, from both ends, to show what it shows of all of them."""
    if not isinstance(view.native, pd.DataFrame) or _lists_all_columns():
        return view.width
    limit = pd.get_option("display.max_columns")
    if limit is None:
        return view.width
    limit = limit or shutil.get_terminal_size().columns  # 0: as many as fit, which pandas begins to count from there
    return min(view.width, 2 * (max(limit, NARROW) // 2 + 1))


def _lists_all_columns() -> bool:
    """Whether options ask for renderings that tell of each column."""
    return _is_info() or pd.get_option("display.html.table_schema") or pd.get_option("styler.render.repr") == "latex"


def _is_info() -> bool:
    """Whether ``info()`` stands in the place of a table that does not fit: it counts the known cells of all rows."""
    return bool(pd.get_option("display.large_repr") == "info")


def _half(view: PandasView, *, whole: bool) -> int | None:
    """How many of the first rows, and of the last ones, a display can show; None for all rows."""
    limit = None if whole or _is_info() else pd.get_option("display.max_rows")
    if not limit or view.rows <= limit:
        return None
    half = int(max(limit, pd.get_option("display.min_rows") or 0) // 2 + 1)
    return half if 2 * half < view.rows else None


def shown_content(view: PandasView, *, whole: bool = False) -> object | None:
    """Something that is equal for views of which `display_copy` masks the same cells; None where nobody can tell."""
    half = _half(view, whole=whole)
    cells = (view.rows if half is None else 2 * half) * max(1, view.width)
    return content_of(view.native, half) if cells <= _MOST_CELLS else None


def heads_content(view: PandasView) -> object | None:
    """Something that is equal for views of frames with equal labels of columns; None for others."""
    native = view.native
    return (
        content_of(native.columns) if isinstance(native, pd.DataFrame) and len(native.columns) <= _MOST_HEADS else None
    )


def row_labels(view: PandasView) -> list[Any]:
    """The labels of the rows; tuples where the index has several levels."""
    native = view.native
    return list(native.index) if isinstance(native, (pd.DataFrame, pd.Series)) else []


def first_column(view: PandasView) -> list[Any]:
    """The values of the first column, nulls included; none where there is no column."""
    native = view.native
    if isinstance(native, pd.DataFrame) and not native.shape[1]:
        return []
    values = native if isinstance(native, pd.Series) else native.iloc[:, 0]
    return list(values.tolist())


def row_cells(view: PandasView, row: int) -> list[Any]:
    """The known values in a row."""
    native = view.native
    cells = [native.iloc[row]] if isinstance(native, pd.Series) else native.iloc[row].tolist()
    return [value for value in cells if pd.isna(value) is not True]


def turned(native: Any) -> Any | None:
    """A frame or series of objects or texts whose row labels are texts, with rows as columns; None for any other.

    In a column of numbers or times alone no row holds a text.
    """
    frame = native.to_frame() if isinstance(native, pd.Series) else native
    is_named = frame.index.nlevels == 1 and all(type(label) is str for label in frame.index)
    if not is_named or not all(types.is_object_dtype(d) or isinstance(d, pd.StringDtype) for d in frame.dtypes):
        return None
    return frame.T


def described(view: PandasView) -> Exact | None:
    """The aggregates in what looks like a ``describe()``, by its row labels; None if it does not."""
    names = row_labels(view)
    if "count" not in names or not set(_DESCRIBE_LABELS).issuperset(map(str, names)) or len(names) < _FEWEST:
        return None
    counts = pd.to_numeric(pd.Series(view.native.loc["count"]), errors="coerce").dropna()
    counts = counts[counts > 0]  # a column without a value describes nobody
    return Exact(int(counts.min()) if len(counts) else 0, DESCRIBED)


def mask_rows(
    native: Any,
    raw: Any,
    rows: Mapping[int, Mapper],
    *,
    except_columns: Collection[int] = (),
) -> Any:
    """A copy of a masked frame or series whose given rows are those of ``raw``, their non-null cells masked."""
    masked = native.to_frame() if isinstance(native, pd.Series) else native
    before = (raw.to_frame() if isinstance(raw, pd.Series) else raw).astype("object")
    # All cells at once: a table on its side has a column for each person.
    cells = masked.astype("object").to_numpy(copy=True)
    changed = [at for at in range(masked.shape[1]) if at not in except_columns]
    for row, function in rows.items():
        cells[row, changed] = mapped(before.iloc[row, changed], function)[0]
    frame = pd.DataFrame(cells, index=masked.index, columns=masked.columns, dtype="object")
    if isinstance(native, pd.Series):
        series = frame.iloc[:, 0]
        series.name = native.name
        return series
    return frame


def _with_rows(masked: Any, raw: Any, rows: Sequence[str]) -> Any:
    keep = raw.index.isin(rows)
    if isinstance(masked, pd.Series):
        return masked.astype("object").where(~keep, raw)
    return pd.concat(
        [masked.iloc[:, i].astype("object").where(~keep, raw.iloc[:, i]) for i in range(masked.shape[1])], axis=1
    )


def _fixer(view: PandasView, few: int, native: Any) -> Callable[[str], str]:
    original, is_series = view.native, isinstance(view.native, pd.Series)
    changes: list[tuple[str, str, str]] = []  # what stands in a text, how exactly, and what is to stand there
    if isinstance(native, pd.DataFrame) and (few, native.shape[1]) != (view.rows, view.width):
        for begin, end in (("[{} rows x {} columns]", "^"), ("<p>{} rows × {} columns</p>", "")):
            written = begin.format(few, native.shape[1])
            changes.append((written, end + re.escape(written), begin.format(view.rows, view.width)))
    if few != view.rows:
        all_of_them = view.rows
        size = f"Length: {all_of_them}" if is_series else f"length={all_of_them}"
        changes += [(f"{word}{few}", rf"\b{word}{few}\b", size) for word in ("Length: ", "length=")]
    if is_series and isinstance(native, pd.Series) and native.dtype != original.dtype:
        written = f"dtype: {native.dtype}"
        changes.append((written, rf"{re.escape(written)}(?=\n?\Z)", f"dtype: {original.dtype}"))
    if not changes:
        return lambda text: text

    def fix(text: str) -> str:
        for written, pattern, new in changes:
            if written in text:
                text = re.sub(pattern, new.replace("\\", "\\\\"), text, flags=re.MULTILINE)
        return text

    return fix


def styled_copy(styler: Any, shown: Any, parts: Sequence[Any]) -> Any:
    """A Styler with the styles of ``styler``, the texts of the frame ``shown`` of its shape, and ``parts`` below."""
    clone = styler._copy(deepcopy=True)
    clone.concatenated = list(parts)
    rows, columns = shown.shape
    raw = styler.data
    for column in range(columns):
        before, after = raw.iloc[:, column], shown.iloc[:, column]
        if before is after or before.equals(after):
            continue
        texts = [str(value) for value in after]
        for row in range(rows):
            clone._display_funcs[(row, column)] = _constant(texts[row])
    if not raw.index.equals(shown.index):
        for level in range(shown.index.nlevels):
            for row, value in enumerate(shown.index.get_level_values(level)):
                clone._display_funcs_index[(row, level)] = _constant(str(value))
    if not raw.columns.equals(shown.columns):
        for level in range(shown.columns.nlevels):
            for column, value in enumerate(shown.columns.get_level_values(level)):
                clone._display_funcs_columns[(level, column)] = _constant(str(value))
    return clone


def _constant(text: str) -> Callable[[Any], str]:
    return lambda _: text
