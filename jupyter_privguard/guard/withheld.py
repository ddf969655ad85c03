"""What cannot be shown safely: one sentence in its place, under an id that the log has too."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .locks import renew_in_children

if TYPE_CHECKING:
    from .cells.cell import CellRun
    from .session import Session
    from .sight import Sight

__all__ = ["PASSING", "Withhold", "Withholding"]

PASSING = (KeyboardInterrupt, SystemExit, GeneratorExit)
"""What is somebody's wish and no failure. All else may be one: libraries in Rust panic with a BaseException."""

_REMEMBERED = 100
_LONGEST_KIND = 60


class Withholding:
    """Makes the sentences, and one event for each cell, exit and kind of error. Threads may call it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: dict[tuple[str, str, str], str] = {}
        self._lock = threading.RLock()
        renew_in_children(self, "_lock", threading.RLock)

    def __call__(self, error: BaseException, exit_: str, run: CellRun | None) -> str:
        """An output on its way through ``exit_`` could not be masked; of ``error`` nothing but the kind is told."""
        return (
            f"privguard: an output could not be masked and is withheld ({self._noted(error, exit_, run)}); "
            "%privguard doctor looks for the reason, %privguard rescue NAME PATH saves your work sealed."
        )

    def unless_made(self, make: Callable[[Sight], str], run: CellRun, sight: Sight) -> str:
        """What ``make`` makes of a table's text, which stands within other text; a sentence in place of this alone."""
        try:
            return make(sight)
        except Exception as error:  # noqa: BLE001 - what cannot be masked is withheld
            return f"privguard: a table could not be masked and is withheld ({self._noted(error, 'table', run)})"

    def failed_display(self, error: BaseException | None, run: CellRun | None) -> str:
        """An object's own code for showing it failed, so that there is nothing to mask."""
        return (
            f"privguard: an object is withheld because its own repr failed ({self._noted(error, 'display', run)}); "
            "mend the repr, or save the object sealed with %privguard rescue NAME PATH."
        )

    def _noted(self, error: BaseException | None, exit_: str, run: CellRun | None) -> str:
        kind = self._kind(error)
        key = (run.key if run is not None else "", exit_, kind)
        with self._lock:
            if key not in self._said:
                while len(self._said) >= _REMEMBERED:
                    del self._said[next(iter(self._said))]
                self._said[key] = self._record(kind, exit_, run)
            return f"{kind}, {self._said[key]}"

    def _record(self, kind: str, exit_: str, run: CellRun | None) -> str:
        number = secrets.token_hex(4)
        cell: dict[str, Any] = {} if run is None else {"cell": {"execution_count": run.execution_count}}
        try:
            about = "an output that was withheld"
            self._session.record("alert", about=about, error={"id": number, "kind": kind}, exit=exit_, **cell)
        except Exception:  # noqa: BLE001 - the output stays withheld whatever becomes of the record
            return f"error {number}, which could not be logged"
        return f"error {number}"

    def _kind(self, error: BaseException | None) -> str:
        """The error's type: of its text nothing is told, and the name too is the program's."""
        name = type(error).__name__ if error is not None else "Exception"
        try:
            is_plain = name.isidentifier() and len(name) <= _LONGEST_KIND and self._session.safe(name) == name
        except Exception:  # noqa: BLE001 - the masker may be what failed
            is_plain = type(error).__module__ == "builtins"
        return name if is_plain else "Exception"


Withhold = Callable[[BaseException, str, "CellRun | None"], str]
"""How the exits call it."""
