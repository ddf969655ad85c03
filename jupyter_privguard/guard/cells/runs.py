"""The cells that run or ran lately. Not thread-safe: the session holds the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cell import CellRun

__all__ = ["Runs"]

_REMEMBERED = 200


class Runs:
    """Cell runs by the keys that their surface gave them; a key may come again."""

    def __init__(self) -> None:
        self._runs: dict[str, CellRun] = {}
        self._open: list[CellRun] = []

    def begin(self, run: CellRun) -> None:
        """``run`` is open from now on."""
        self._runs[run.key] = run
        self._open.append(run)
        while len(self._runs) > _REMEMBERED:
            del self._runs[next(iter(self._runs))]

    def end(self, key: str) -> CellRun | None:
        """The newest open run ``key``, which is open no longer; None if there is none."""
        run = next((run for run in reversed(self._open) if run.key == key), None)
        if run is not None:
            self._open.remove(run)
        return run

    def of(self, key: str) -> CellRun | None:
        """The run ``key``, open or lately closed."""
        return self._runs.get(key)

    def newest(self) -> CellRun | None:
        """The newest open run."""
        return self._open[-1] if self._open else None

    def open_keys(self) -> list[str]:
        """Keys of the open runs, oldest first."""
        return [run.key for run in self._open]
