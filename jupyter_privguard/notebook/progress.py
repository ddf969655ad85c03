"""Long work in a cell: one line that is written anew for each tenth of it."""

from __future__ import annotations

import time

__all__ = ["Progress"]


class Progress:
    """Says how far ``what`` has come, once it has taken more than ``after_s`` seconds."""

    def __init__(self, what: str, *, after_s: float = 0) -> None:
        self._what = what
        self._from = time.monotonic() + after_s
        self._tenths = -1

    def say(self, share: float) -> None:
        """That the ``share`` of the work, in [0, 1], is done."""
        tenths = int(share * 10)
        if tenths > self._tenths and time.monotonic() >= self._from:
            self._tenths = tenths
            print(f"\rprivguard: {self._what} {tenths * 10:3d} %", end="", flush=True)

    def end(self) -> None:
        """That nothing more is said of it."""
        if self._tenths >= 0:
            print()
