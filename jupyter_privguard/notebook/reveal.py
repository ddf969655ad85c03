"""``%privguard reveal``: one value on the screen for half a minute, in no history, no ``Out`` and no ``_``."""

from __future__ import annotations

import argparse
import secrets
import threading
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.error import UsageError

from .. import runtime
from ..guard.reveal import Revealed

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["reveal"]

_SHOWN_S = 30.0


class _Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError('privguard: reveal takes one handle and --reason R: %privguard reveal tok_… --reason "…"')


def reveal(extension: Extension, words: list[str]) -> None:
    """Show the one value behind a handle for half a minute: TOKEN --reason R."""
    parser = _Words(add_help=False)
    parser.add_argument("token")
    parser.add_argument("--reason", "-r", required=True)
    asked = parser.parse_args(words)
    exits = extension.exits
    if exits is None or not hasattr(exits, "pass_once"):
        # A terminal cannot take back what it has written, and its scroll-back is a history.
        raise UsageError("privguard: reveal shows values in notebooks only; in a shell use `privguard reveal`.")
    if isinstance(extension.shell.display_pub, CapturingDisplayPublisher):
        raise UsageError("privguard: reveal does not work under %%capture: what is captured is not taken back.")
    found = runtime.reveal(asked.token, reason=asked.reason)
    _OnScreen(extension.shell, exits, found).show()


class _OnScreen:
    """A revealed value that gives way to its handle, after a while or when the next cell begins."""

    def __init__(self, shell: Any, exits: Any, found: Revealed) -> None:
        self._shell = shell
        self._exits = exits
        self._found: Revealed | None = found
        self._place = {"display_id": secrets.token_hex(8)}
        self._timer = threading.Timer(_SHOWN_S, self.take_back)
        self._timer.daemon = True

    def show(self) -> None:
        found = self._found
        if found is None:
            return
        self._exits.pass_once(self._place["display_id"])
        self._shell.display_pub.publish(
            {"text/plain": f"{found.handle}: {found.value}"}, metadata={"privguard": "revealed"}, transient=self._place
        )
        self._shell.events.register("pre_run_cell", self.take_back)
        self._timer.start()

    def take_back(self, *_: Any) -> None:
        """Put the handle in the value's place; the second call does nothing."""
        found, self._found = self._found, None
        if found is None:
            return
        self._timer.cancel()
        self._exits.pass_no_more(self._place["display_id"])
        self._shell.events.unregister("pre_run_cell", self.take_back)
        self._shell.display_pub.publish({"text/plain": found.handle}, transient=self._place, update=True)
