"""The ends of cells on their way to the log: one that it does not take now is written before any other cell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...errors import PrivguardError

if TYPE_CHECKING:
    from ...audit.log import AuditLog
    from .cell import CellRun

__all__ = ["Ends"]


class Ends:
    """Ends of runs, in the order in which they came.

    Each method tells in a sentence why no further cell may run: what a cell did could not be put together for the log,
    or is refused by it for good. The sentence is empty as long as there is no such thing.
    """

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._waiting: list[tuple[CellRun, dict[str, Any]]] = []

    def end(self, run: CellRun, event: Callable[[], dict[str, Any]]) -> str:
        """Log the end of ``run``, now or later."""
        try:
            self._waiting.append((run, event()))
        except Exception as error:  # noqa: BLE001 - whatever it was, an unrecorded cell must be the last
            return _not_logged(run, error)
        return self.caught_up()

    def caught_up(self) -> str:
        """Log what waits, as far as the log takes it; the next cell tries again, and is refused for the same reason."""
        with suppress(PrivguardError):
            return self.catch_up()
        return ""

    def catch_up(self) -> str:
        """Log what waits; PrivguardError where the log does not take it now."""
        said = ""
        while self._waiting:
            run, event = self._waiting[0]
            try:
                self._log.end_run(run.run_id, event)
            except PrivguardError:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                said = _not_logged(run, error)
            del self._waiting[0]
        return said


def _not_logged(run: CellRun, error: Exception) -> str:
    return (
        f"privguard: the end of cell [{run.execution_count}] could not be logged ({type(error).__name__}), so no "
        "further cell runs; mend the log and restart the kernel."
    )
