"""Calling functions of DuckDB as the program does: from a frame in which it finds the program's tables."""

from __future__ import annotations

import functools
from typing import Any

from ._callers import frame_beyond

__all__ = ["call_as", "frame_of_caller"]

_OURS = __name__.partition(".")[0]
_CALL = compile("_privguard_result = _privguard_call()", "<privguard>", "exec")

# `Any` in this file is a frame, or whatever a function of DuckDB takes and returns.


def frame_of_caller() -> Any:
    """The frame whose variables a query may name."""
    return frame_beyond(_OURS)


def call_as(frame: Any, function: Any, args: Any, kwargs: Any) -> Any:
    """Call ``function`` from a frame that has the variables of ``frame``: DuckDB looks for tables among them."""
    own = {**frame.f_locals, "_privguard_call": functools.partial(function, *args, **kwargs)}
    exec(_CALL, frame.f_globals, own)  # noqa: S102 - code of our own
    return own["_privguard_result"]
