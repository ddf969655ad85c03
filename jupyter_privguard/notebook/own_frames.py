"""Tracebacks without the frames of our hooks in libraries: what the program did is not what we did around it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

__all__ = ["without_own_frames", "wrap_exc_info"]

_HOOKS = tuple(f"{__name__.partition('.')[0]}.{name}." for name in ("frames.engines", "plots"))
_MOST = 1000
"""Exceptions that led to one another, and frames of each, that are looked at."""

# `Any` in this file is what IPython passes on.


def wrap_exc_info(original: Callable[..., Any]) -> Callable[..., Any]:
    """IPython's method that gets the exception to show; it gets it without our frames."""

    def exc_info(*args: Any, **kwargs: Any) -> Any:
        kind, value, trace = original(*args, **kwargs)
        with suppress(Exception):  # an exception of the program's may be any object
            return kind, value, without_own_frames(value, trace)
        return kind, value, trace

    return exc_info


def without_own_frames(error: BaseException | None, trace: TracebackType | None) -> TracebackType | None:
    """``trace``, that of ``error``, without frames of our hooks; nor have the exceptions that led to it any."""
    waiting, met = [error], set[int]()
    while waiting and len(met) < _MOST:
        one = waiting.pop()
        if one is None or id(one) in met:
            continue
        met.add(id(one))
        one.__traceback__ = _cleaned(one.__traceback__)
        waiting += [one.__cause__, one.__context__]
    return _cleaned(trace)


def _cleaned(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and _is_own(trace):
        trace = trace.tb_next
    at, count = trace, 0
    while at is not None and count < _MOST:
        while at.tb_next is not None and _is_own(at.tb_next):
            at.tb_next = at.tb_next.tb_next
        at, count = at.tb_next, count + 1
    return trace


def _is_own(trace: TracebackType) -> bool:
    return str(trace.tb_frame.f_globals.get("__name__")).startswith(_HOOKS) or (
        trace.tb_frame.f_code.co_filename == "<privguard>"
    )
