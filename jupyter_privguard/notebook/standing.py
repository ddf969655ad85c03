"""Whether the guard still stands: its hooks are looked at, put back, and what was missing is recorded and said."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import PrivguardError
from .autoreload import Spared
from .hooks import Hooks

if TYPE_CHECKING:
    from ..guard.session import Session

__all__ = ["Standing"]


class Standing:
    """The hooks of one shell, and what is to be told of them."""

    def __init__(self, shell: Any) -> None:
        self.hooks = Hooks()
        self._spared = Spared(shell)
        self._process = os.getpid()
        self._session: Session | None = None
        self._say: Callable[[str], None] | None = None
        self._unrecorded: list[tuple[str, list[str]]] = []
        """What became of which hooks."""
        self._unsaid: list[tuple[str, list[str]]] = []

    def tell(self, session: Session, say: Callable[[str], None]) -> None:
        """From now on ``session`` records what is missing, and ``say`` shows a sentence."""
        self._session, self._say = session, say

    def look(self, says: bool = False) -> None:
        """Put back what the program took out, and record that it did; one who ``says`` so tells the person, too."""
        if os.getpid() != self._process:
            return  # a forked child: hooks and log are its parent's
        self._spared.renew()
        for outcome, names in zip(("mended", "changed"), self.hooks.look(), strict=True):
            if names:
                self._unrecorded.append((outcome, list(dict.fromkeys(names))))
        if self._unrecorded:
            self._record()
        if says and self._unsaid:
            self._tell_person()

    def look_between_cells(self) -> None:
        """`look`, unless a cell is running: it may have redirected something for a while."""
        if self._session is None or not self._session.open_runs():
            self.look()

    def _record(self) -> None:
        while self._unrecorded and self._session is not None:
            outcome, names = self._unrecorded[0]
            try:
                self._session.record("guard.changed", outcome=outcome, what=names)
            except PrivguardError:
                return  # the next cell is refused for the same reason
            self._unsaid.append(self._unrecorded.pop(0))

    def _tell_person(self) -> None:
        unsaid, self._unsaid = self._unsaid, []
        for outcome in dict.fromkeys(outcome for outcome, _ in unsaid):
            names = [name for became, names in unsaid if became == outcome for name in names]
            try:
                if self._say is not None:
                    self._say(_sentence(outcome, list(dict.fromkeys(names))))
            except Exception:  # noqa: BLE001 - the log has it; the cell must not end here
                return


def _sentence(outcome: str, names: Sequence[str]) -> str:
    parts = ", ".join(names)
    if outcome == "mended":
        return (
            f"privguard: parts of the guard ({parts}) were taken out by code that ran here; they are back and the log "
            "has it, so look at what the cell before has shown."
        )
    return (
        f"privguard: parts of the guard ({parts}) were replaced by code that ran here, so what is written there may "
        "leave unmasked and the log has it; set sys.stdout and sys.stderr back to sys.__stdout__ and sys.__stderr__."
    )
