"""Long work at a terminal: a bar on stderr, and an orderly end when somebody stops it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

__all__ = ["long_work"]

_STEPS = 1000


@contextmanager
def long_work(what: str) -> Iterator[Callable[[float], None]]:
    """A function that hears the share of the work that is done; where stderr is a terminal, it draws a bar.

    Within the block SIGTERM and SIGHUP end the work as Ctrl-C does, so that nothing half done stays behind.
    """
    with _stoppable():
        if not sys.stderr.isatty():
            yield _draw_nothing
            return
        # Any: click's bar is generic over what it counts
        bar: Any = click.progressbar(length=_STEPS, label=f"privguard: {what}", file=sys.stderr)
        with bar:

            def show(share: float) -> None:
                ahead = int(share * _STEPS) - bar.pos
                if ahead > 0:
                    bar.update(ahead)

            yield show


def _draw_nothing(share: float) -> None:
    return None


@contextmanager
def _stoppable() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
