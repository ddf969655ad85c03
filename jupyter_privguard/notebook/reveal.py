"""``%privguard reveal``: one value on the screen for half a minute, in no history, no ``Out`` and no ``_``."""

from __future__ import annotations

import atexit
import base64
import contextlib
import secrets
from threading import Timer
from typing import TYPE_CHECKING, Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.error import UsageError

from .. import runtime
from ..guard.pictures.withheld import is_picture_handle
from .kernel_exits import KernelExits
from .options import Options

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["SHOWN_S", "reveal"]

SHOWN_S = 30.0
"""Seconds after which a value gives way to its handle, if no cell came first."""

Bundle = dict[str, str]
"""What a display shows, by MIME type."""
_USAGE = 'privguard: reveal takes one handle and --reason R: %privguard reveal tok_… --reason "…"'


def reveal(extension: Extension, words: list[str]) -> None:
    """Show the one value behind a handle for half a minute: TOKEN --reason R."""
    exits = extension.exits
    try:
        if not isinstance(exits, KernelExits):
            # A terminal cannot take back what it has written, and its scroll-back is a history.
            raise UsageError("privguard: reveal shows values in notebooks only; in a shell use `privguard reveal`.")
        if isinstance(extension.shell.display_pub, CapturingDisplayPublisher):
            raise UsageError("privguard: reveal does not work under %%capture: what is captured is not taken back.")
        token, reason = _asked(words)
    except UsageError:
        if extension.session is not None:
            extension.session.record("reveal", "refused", handle=None, reason=None, rule="no way to ask")
        raise
    _OnScreen(extension.shell, exits, *_looked_up(extension, token, reason)).show()


def _looked_up(extension: Extension, token: str, reason: str | None) -> tuple[str, Bundle]:
    """The short handle, and what it stands for as a display shows it."""
    if is_picture_handle(token) and extension.pictures is not None:
        mime, picture = runtime.reveal_picture(token, reason=reason, find=extension.pictures().withheld_ones.find)
        return token, {mime: base64.b64encode(picture).decode(), "text/plain": token}
    found = runtime.reveal(token, reason=reason)
    return found.handle, {"text/plain": f"{found.handle}: {found.value}"}


def _asked(words: list[str]) -> tuple[str, str | None]:
    """One handle, and the reason."""
    parser = Options(_USAGE)
    parser.add_argument("token")
    parser.add_argument("--reason", "-r")
    asked = parser.parse_args(words)
    return asked.token, asked.reason


class _OnScreen:
    """A revealed value that gives way to its handle: after a while, when the next cell begins, when the kernel ends."""

    def __init__(self, shell: Any, exits: KernelExits, handle: str, shown: Bundle) -> None:
        self._shell = shell
        self._exits = exits
        self._handle = handle
        self._shown: Bundle | None = shown
        self._place = {"display_id": secrets.token_hex(8)}
        self._timer = Timer(SHOWN_S, self.take_back)
        self._timer.daemon = True

    def show(self) -> None:
        shown = self._shown
        if shown is None:
            return
        # What takes it back is there before it is shown: an interrupt may come at any moment.
        self._shell.events.register("pre_run_cell", self.take_back)
        atexit.register(self.take_back)
        self._timer.start()
        self._send("display_data", shown, {"privguard": "revealed"})

    def take_back(self, *_: Any) -> None:
        """Put the handle in the value's place; the second call does nothing."""
        if self._shown is None:
            return
        self._send("update_display_data", {"text/plain": self._handle}, {})
        self._shown = None  # not before: an interrupt leaves it to the next occasion
        self._timer.cancel()
        atexit.unregister(self.take_back)
        with contextlib.suppress(ValueError):  # the program has taken it out
            self._shell.events.unregister("pre_run_cell", self.take_back)

    def _send(self, kind: str, data: Bundle, metadata: dict[str, str]) -> None:
        content = {"data": data, "metadata": metadata, "transient": self._place}
        self._exits.send_granted(kind, content, self._shell.display_pub)
