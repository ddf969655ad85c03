"""Tables: the only place that knows DataFrame libraries. Imports none of them by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .engine import FrameView, Kind, Mapper
from .watch import Exact

if TYPE_CHECKING:
    from .engines.pandas import PandasView

__all__ = [
    "FrameView",
    "Kind",
    "Mapper",
    "described",
    "display_copy",
    "first_column",
    "frame_of",
    "mask_rows",
    "read_table",
    "row_labels",
    "styled_copy",
    "styled_frame",
    "styled_parts",
    "view",
]


def view(obj: Any) -> FrameView | None:
    """A view of ``obj`` when a DataFrame library that is loaded knows it, else None."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):  # not there, or half imported
        return None
    from .engines import pandas as engine

    return engine.view(obj)


def _of_pandas(seen: FrameView) -> PandasView:
    from .engines.pandas import PandasView

    assert isinstance(seen, PandasView)  # noqa: S101 - the only engine
    return seen


def display_copy(
    seen: FrameView,
    mask: Callable[[FrameView], Any],
    *,
    exact_rows: Sequence[str] | None = None,
    whole: bool = False,
) -> Any:
    """A small masked copy of ``seen`` that renders like it: see ``engines.pandas_display``."""
    from .engines import pandas_display

    return pandas_display.display_copy(_of_pandas(seen), mask, exact_rows=exact_rows, whole=whole)


def row_labels(seen: FrameView) -> list[Any]:
    """The labels of the rows of ``seen``; none for an Index."""
    from .engines import pandas_display

    return pandas_display.row_labels(_of_pandas(seen))


def first_column(seen: FrameView) -> list[Any]:
    """The values of the first column of ``seen``, nulls included; of a Series all of its values."""
    from .engines import pandas_display

    return pandas_display.first_column(_of_pandas(seen))


def described(seen: FrameView) -> Exact | None:
    """Which rows of ``seen`` are aggregates, if its row labels are those of a ``describe()``."""
    from .engines import pandas_display

    return pandas_display.described(_of_pandas(seen))


def mask_rows(native: Any, rows: Mapping[int, Callable[[Any], Any]], *, except_columns: Collection[int] = ()) -> Any:
    """A copy of a table in which each non-null cell of the given rows went through its function."""
    from .engines import pandas_display

    return pandas_display.mask_rows(native, rows, except_columns=except_columns)


def styled_frame(obj: Any) -> Any | None:
    """The frame that a pandas Styler styles; None if ``obj`` is no Styler."""
    style = sys.modules.get("pandas.io.formats.style")
    return obj.data if style is not None and issubclass(type(obj), style.Styler) else None


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
