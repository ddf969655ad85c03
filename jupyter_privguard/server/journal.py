"""Reads the log for the panel, each event once, and notices when the log is not the one it was.

All methods block (SQLite, files) and are called from worker threads, one at a time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Any

from .. import runtime
from ..audit.reader import LogReader
from .state import KernelState

__all__ = ["Journal"]

_KEPT_KERNELS = 32


class Journal:
    """The log as the panel sees it; remembers what it folded, so that a poll reads only news."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kernels: OrderedDict[str, KernelState] = OrderedDict()
        self._newest: dict[str, Any] | None = None
        self._is_rewritten = False

    def session(self, kernel: str, *, after: int = 0, started: datetime | None = None) -> dict[str, Any]:
        """The state of ``kernel``'s newest session, with data sets and events above ``after``.

        ``log.rewritten`` is true from the moment on that the log lost or changed the newest record
        this process had read. Raises LogUnavailable or LogError when the log cannot be read, Refused
        where the session is somebody else's and the policy lets nobody but them read of it.
        """
        with self._lock:
            if not _has_log():
                self._lose_everything_read()
                return {**KernelState(kernel).answer(), "log": self._log(present=False, size=0)}
            reader = runtime.log_reader()
            self._compare(reader)
            state = self._state(kernel)
            for event in reader.events(after=state.last):
                state.feed([event])
                self._note(event)
            _check_may_read(state)
            # A client that is ahead of the log kept its place from a log that is gone.
            answer = state.answer(after=after if after <= state.last else 0, started=started)
            return {**answer, "log": self._log(present=True, size=reader.size)}

    def status(self) -> dict[str, Any]:
        """Whether there is a log and how many events it holds; raises as `session` does."""
        with self._lock:
            if not _has_log():
                return self._log(present=False, size=0)
            return self._log(present=True, size=runtime.log_reader().size)

    def _log(self, *, present: bool, size: int) -> dict[str, Any]:
        return {"present": present, "size": size, "rewritten": self._is_rewritten}

    def _state(self, kernel: str) -> KernelState:
        state = self._kernels.pop(kernel, None) or KernelState(kernel)
        self._kernels[kernel] = state
        while len(self._kernels) > _KEPT_KERNELS:
            self._kernels.popitem(last=False)
        return state

    def _compare(self, reader: LogReader) -> None:
        """Forget everything if the newest record read so far is no longer where it was."""
        if self._newest is None:
            return
        there = next(iter(reader.events(after=self._newest["seq"] - 1, limit=1)), None)
        if there != self._newest:
            self._lose_everything_read()

    def _note(self, event: dict[str, Any]) -> None:
        seq = event.get("seq")
        if isinstance(seq, int) and (self._newest is None or seq > self._newest["seq"]):
            self._newest = event

    def _lose_everything_read(self) -> None:
        if self._newest is not None:
            self._is_rewritten = True
        self._newest = None
        self._kernels.clear()


def _check_may_read(state: KernelState) -> None:
    """Refused where the session is somebody else's and whoever asks may read their own events alone."""
    if state.person is not None:
        reading = runtime.Reading("session", runtime.policy())
        reading.check_whole([{"principal": {"id": state.person}}])


def _has_log() -> bool:
    return runtime.has_log(runtime.home())
