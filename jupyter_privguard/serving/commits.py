"""Predictions into the log, many at once: whoever comes first writes for all who wait meanwhile.

Where the log cannot be written they go to the spool, and from there to the log in order as soon as it can be. Where
neither can, the prediction is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..errors import LogUnavailable, PrivguardError
from .spool import Spool

__all__ = ["Commits"]

_MOST = 500
"""Events that are written at once."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0


@dataclass
class _Waiting:
    events: Sequence[dict[str, Any]]
    is_done: bool = False
    problem: PrivguardError | None = None


class Commits:
    """Thread-safe; one for each process that serves. ``close`` it at the end."""

    def __init__(
        self,
        write: Callable[[Sequence[dict[str, Any]]], None],
        spool: Spool,
        known: Callable[[int], set[str]],
        told: Callable[[int], None],
    ) -> None:
        """``write`` puts events into the log, all or none, durable on return; ``known`` as `Spool.send` asks it.

        ``told`` gets how many lines of the spool were no events of ours.
        """
        self._write = write
        self._spool = spool
        self._known = known
        self._told = told
        self._state = threading.Condition()
        self._queue: list[_Waiting] = []
        self._is_writing = False
        self._sender: threading.Thread | None = None
        self._is_closed = False

    def add(self, events: Sequence[dict[str, Any]]) -> None:
        """Add ``events``, durable on return in the log or the spool; LogUnavailable where neither can be written."""
        own = _Waiting(events)
        with self._state:
            self._queue.append(own)
        while not self._is_done(own):
            self._write_for_all()
        if own.problem is not None:
            raise type(own.problem)(str(own.problem))

    def close(self) -> None:
        """Send what waits, if the log can be written by now; else the next process does."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        if self._sender is not None:
            self._sender.join(_LONGEST_PAUSE_S)
        if self._spool.holds_any():
            with suppress(PrivguardError, OSError):
                self._send()

    def _is_done(self, own: _Waiting) -> bool:
        """Whether another has written ``own``; False, with the right to write, when it is this one's turn."""
        with self._state:
            self._state.wait_for(lambda: own.is_done or not self._is_writing)
            self._is_writing = self._is_writing or not own.is_done
            return own.is_done

    def _write_for_all(self) -> None:
        with self._state:
            together = self._taken()
        # Until it is known to be durable it is not: an interrupt may come at any moment.
        problem: PrivguardError | None = LogUnavailable(
            "privguard: recording was interrupted, so nothing is predicted; ask again."
        )
        try:
            self._commit([event for one in together for event in one.events])
            problem = None
        except PrivguardError as error:
            problem = error
        finally:
            with self._state:
                for one in together:
                    one.is_done, one.problem = True, problem
                self._is_writing = False
                self._state.notify_all()

    def _taken(self) -> list[_Waiting]:
        """Those at the front of the queue that make one write."""
        count, size = 0, 0
        for one in self._queue:
            if count and size + len(one.events) > _MOST:
                break
            count, size = count + 1, size + len(one.events)
        taken, self._queue = self._queue[:count], self._queue[count:]
        return taken

    def _commit(self, events: Sequence[dict[str, Any]]) -> None:
        if not self._spool.holds_any():
            with suppress(PrivguardError, OSError):
                return self._write(events)
        # What waits comes first, so that the order stays.
        self._spool.add(events)
        self._start_sending()
        return None

    def _start_sending(self) -> None:
        with self._state:
            if self._sender is None or not self._sender.is_alive():
                self._sender = threading.Thread(target=self._keep_sending, name="privguard-predictions", daemon=True)
                self._sender.start()

    def _keep_sending(self) -> None:
        pause = _FIRST_PAUSE_S
        while self._spool.holds_any():
            with self._state:
                if self._is_closed or self._state.wait_for(lambda: self._is_closed, pause):
                    return
            try:
                self._send()
            except (PrivguardError, OSError):
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _send(self) -> None:
        _, bad = self._spool.send(self._write, self._known)
        if bad:
            self._told(bad)
