"""Tables: the only place that knows DataFrame libraries. Imports none of them by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._later import names_of
from .watch import Exact

if TYPE_CHECKING:
    from .engine import FrameView, Kind, Mapper

__all__ = [
    "FrameView",
    "Kind",
    "Mapper",
    "described",
    "display_again",
    "display_copy",
    "explicit_view",
    "first_column",
    "frame_of",
    "heads_content",
    "mask_rows",
    "name_heads",
    "pandas_frame",
    "read_table",
    "row_cells",
    "row_labels",
    "same_columns",
    "shown_content",
    "styled_copy",
    "styled_frame",
    "styled_parts",
    "turned",
    "view",
]

__getattr__ = names_of(__name__, {"engine": ("FrameView", "Kind", "Mapper")})

_LOOKED_AT = {"pandas": "pandas", "polars": "polars", "pyarrow": "arrow"}
_ASKED_FOR = {**_LOOKED_AT, "duckdb": "duckdb", "_duckdb": "duckdb", "numpy": "numpy"}
"""Engines by the package that an object's class, or one that it inherits from, was defined in."""


def view(obj: Any) -> FrameView | None:
    """A view of ``obj`` if it is a table whose rows are there: cheap, and nothing is executed for it.

    A DataFrame, Series or Index of pandas, a DataFrame or Series of polars, a Table or RecordBatch of
    pyarrow; None for anything else.
    """
    engine = _engine_of(obj, _LOOKED_AT)
    return None if engine is None else engine.view(obj)


def same_columns(obj: Any) -> object:
    """Something that differs once a table got other columns, for what is asked of many tables; of one column its size.

    A single column is looked at through a new table each time, which would tell nothing.
    """
    engine = _engine_of(obj, _LOOKED_AT)
    tell = getattr(engine, "same_columns", None)
    if tell is not None:
        return tell(obj)
    seen = None if engine is None else engine.view(obj)
    return None if seen is None else seen.state() if seen.heads else seen.rows


def explicit_view(obj: Any, *, header_only: bool = False, whole: bool = False) -> FrameView | None:
    """As `view`, for an object that somebody has passed as a table: that may be executed or converted.

    Takes also an Array or ChunkedArray of pyarrow, a LazyFrame of polars, a relation of DuckDB and an
    array of numpy. With ``header_only`` a LazyFrame is not collected and a relation not queried; the
    view then has labels and no rows. With ``whole`` a relation is queried once and all of its rows kept, so
    that whatever is done with the view is done with the same rows.
    """
    engine = _engine_of(obj, _ASKED_FOR)
    return None if engine is None else engine.explicit_view(obj, header_only=header_only, whole=whole)


def pandas_frame(obj: Any) -> FrameView | None:
    """A view of ``obj`` if it is a DataFrame of pandas; None for tables of other libraries too."""
    return view(obj) if issubclass(type(obj), getattr(sys.modules.get("pandas"), "DataFrame", ())) else None


def _engine_of(obj: Any, engines: Mapping[str, str]) -> Any:
    """The module that knows ``obj``: by its class alone, so that no library is imported for the question."""
    for base in type(obj).__mro__:
        package = str(base.__module__).partition(".")[0]
        if package in engines and package in sys.modules:
            return _engine(engines[package])
    return None


@cache
def _engine(name: str) -> Any:
    return import_module(f".engines.{name}", __name__)


def _display_of(seen: FrameView) -> Any:
    """The module that knows how the library of ``seen`` displays it; it lies beside the engine."""
    return import_module(f"{type(seen).__module__}_display")


def display_copy(
    seen: FrameView,
    mask: Callable[[FrameView], Any],
    *,
    exact_rows: Sequence[str] | None = None,
    whole: bool = False,
    all_rows: bool = False,
    all_columns: bool = False,
) -> Any:
    """A small masked copy of ``seen`` that renders like it: see ``engines.pandas_display``."""
    return _display_of(seen).display_copy(
        seen, mask, exact_rows=exact_rows, whole=whole, all_rows=all_rows, all_columns=all_columns
    )


def shown_content(seen: FrameView, *, whole: bool = False) -> object | None:
    """Something that is equal where `display_copy` masks the same cells of tables of pandas; None for others.

    Costs a look at each of these cells.
    """
    if not type(seen).__module__.endswith(".pandas"):  # others lie beside no display of their own
        return None
    tell = getattr(_display_of(seen), "shown_content", None)
    return None if tell is None else tell(seen, whole=whole)


def display_again(seen: FrameView, native: Any) -> Any:
    """What `display_copy` returns, where ``native`` is the masked copy: for what has a `shown_content`."""
    return _display_of(seen).display_again(seen, native)


def heads_content(seen: FrameView) -> object | None:
    """Something that is equal for frames of pandas with equal labels of columns; None where nobody can tell."""
    if not type(seen).__module__.endswith(".pandas"):  # as above
        return None
    tell = getattr(_display_of(seen), "heads_content", None)
    return None if tell is None else tell(seen)


def row_labels(seen: FrameView) -> list[Any]:
    """The labels of the rows of ``seen``; none for an Index, nor where rows have no labels."""
    labels: list[Any] = _display_of(seen).row_labels(seen)
    return labels


def first_column(seen: FrameView) -> list[Any]:
    """The values of the first column of ``seen``, nulls included; of a Series all of its values."""
    values: list[Any] = _display_of(seen).first_column(seen)
    return values


def described(seen: FrameView) -> Exact | None:
    """Which rows of ``seen`` are aggregates, if its row labels are those of a ``describe()``."""
    exact: Exact | None = _display_of(seen).described(seen)
    return exact


def mask_rows(
    native: Any,
    raw: Any,
    rows: Mapping[int, Mapper],
    *,
    except_columns: Collection[int] = (),
) -> Any:
    """A copy of a table whose given rows are those of ``raw``, their distinct non-null cells gone through a mapper."""
    from .engines import pandas_display

    return pandas_display.mask_rows(native, raw, rows, except_columns=except_columns)


def row_cells(seen: FrameView, row: int) -> list[Any]:
    """The known values in a row of ``seen``, a table of pandas whose rows have labels."""
    cells: list[Any] = _display_of(seen).row_cells(seen, row)
    return cells


def turned(seen: FrameView) -> FrameView | None:
    """The view of a table of pandas whose rows have names, turned so that these are the labels; None for others."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not issubclass(type(seen.native), (pandas.DataFrame, pandas.Series)):
        return None
    from .engines import pandas_display

    other = pandas_display.turned(seen.native)
    return None if other is None else view(other)


def name_heads(native: Any, names: Sequence[Hashable]) -> None:
    """Call the levels of a pandas frame's labels by ``names``, in place: for a copy that nobody else has yet."""
    from .engines import pandas

    pandas.name_heads(native, names)


def styled_frame(obj: Any) -> Any | None:
    """The frame that a pandas Styler styles; None if ``obj`` is no Styler."""
    # Another thread may import that module at the moment: what is not in it yet nobody has.
    styler = getattr(sys.modules.get("pandas.io.formats.style"), "Styler", ())
    return obj.data if issubclass(type(obj), styler) else None


def styled_parts(styler: Any) -> list[Any]:
    """The Stylers whose rows were added to ``styler`` with ``concat``."""
    return list(styler.concatenated)


def styled_copy(styler: Any, shown: Any, parts: Sequence[Any]) -> Any:
    """A Styler with the styles of ``styler``, the texts of the masked frame ``shown`` and masked ``parts``."""
    from .engines import pandas_display

    return pandas_display.styled_copy(styler, shown, parts)


def frame_of(columns: dict[str, list[Any]]) -> Any:
    """A pandas DataFrame of ``columns``, all of one length."""
    import pandas

    return pandas.DataFrame(columns)


def read_table(path: str) -> FrameView:
    """The table in a CSV or Parquet file. InputError says in one sentence what is wrong with it."""
    from .files import read

    frame = read(path)
    seen = view(frame)
    assert seen is not None  # noqa: S101 - read() returns a pandas frame
    return seen
