"""Who calls a hooked method: the program, or a library in the midst of one of its own."""

from __future__ import annotations

import sys
from types import FrameType

__all__ = ["caller", "frame_beyond", "is_called_by_library", "is_called_within", "is_for_size", "is_for_types"]

_OWN = frozenset({"jupyter_privguard", "IPython", "ipykernel", "traitlets", "comm"})
"""What looks at tables to show them; that is noted where they are shown."""
_HOOKS = frozenset(
    f"{__package__}.{name}"
    for name in (
        "_hooks _patches pandas_uses _pandas_columns _pandas_groups polars_uses pandas_takes polars_takes".split()
    )
)
"""Wrappers around a method: whoever called them called it."""
_MODELS = frozenset("sklearn statsmodels xgboost lightgbm catboost torch keras tensorflow patsy formulaic".split())
_LOOKING = frozenset(
    {
        ("seaborn.axisgrid", "_find_numeric_cols"),
        ("statsmodels.formula._manager", "_maybe_convert_data"),
    }
)
"""Functions that take every column of a table to see its type, before their library knows which it uses."""
_MEASURING = frozenset({("seaborn.axisgrid", "map"), ("seaborn.axisgrid", "map_dataframe")})
"""Functions that take the values of a table to see how many there are."""

_frame = sys._getframe


def caller(library: str, depth: int = 2) -> str | None:
    """How a table is used by whoever called the hooked method: computed or fitted.

    None if that was ``library`` itself, or we.
    """
    frame = _frame(depth)
    name = frame.f_globals.get("__name__")
    if name == "__main__":
        return "computed"
    while name in _HOOKS and frame.f_back is not None:
        frame = frame.f_back
        name = frame.f_globals.get("__name__")
    if type(name) is not str:
        return "computed"
    package = name.partition(".")[0]
    if package == library or package in _OWN:
        return None
    return "fitted" if package in _MODELS else "computed"


def is_called_within(library: str, depth: int = 2) -> bool:
    """Whether ``library`` itself called the hooked method; what shows an object shows it for the program."""
    return str(_frame(depth).f_globals.get("__name__")).partition(".")[0] == library


def is_called_by_library(depth: int = 2) -> bool:
    """Whether an installed package called the hooked method, not the program's own code."""
    return "site-packages" in _calling(depth + 1).f_code.co_filename


def frame_beyond(*packages: str) -> FrameType:
    """The nearest frame whose code is in none of ``packages``; the outermost one where there is no such frame."""
    frame = _frame(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in packages:
        frame = frame.f_back
    return frame


def is_for_types() -> bool:
    """Whether a library takes a column only to see its type."""
    frame = _calling(3)
    return (frame.f_globals.get("__name__"), frame.f_code.co_name) in _LOOKING


def is_for_size() -> bool:
    """Whether a library takes a table's values only to see how many there are."""
    frame = _calling(3)
    return (frame.f_globals.get("__name__"), frame.f_code.co_name) in _MEASURING


def _calling(depth: int) -> FrameType:
    """The frame, at ``depth`` or above, that called the hooked method."""
    frame = _frame(depth)
    while frame.f_globals.get("__name__") in _HOOKS and frame.f_back is not None:
        frame = frame.f_back
    return frame
