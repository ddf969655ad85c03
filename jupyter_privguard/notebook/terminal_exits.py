"""The exits of plain IPython, where no kernel session exists: the text streams of the process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..guard.session import Session
from .messages import withheld_content
from .tail import Tail

__all__ = ["TerminalExits"]

_STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")


class TerminalExits:
    """Replaces the process's text streams until `restore` is called."""

    def __init__(self, shell: Any, guard: Session, current: Callable[[], Any]) -> None:
        self._shell = shell
        self._saved = {name: getattr(sys, name) for name in _STREAMS}
        wrapped: dict[int, GuardedStream] = {}
        for name, stream in self._saved.items():
            if stream is not None:
                wrapped.setdefault(id(stream), GuardedStream(stream, guard, current))
                setattr(sys, name, wrapped[id(stream)])
        # `!cmd` would inherit the terminal; IPython's piped form writes through sys.stdout instead.
        shell.system = shell.system_piped

    def restore(self) -> None:
        """Put the streams back, held-back text included."""
        for name, stream in self._saved.items():
            guarded = getattr(sys, name)
            if isinstance(guarded, GuardedStream):
                guarded.flush()
                setattr(sys, name, stream)
        self._shell.__dict__.pop("system", None)

    @property
    def in_place(self) -> bool:
        """Whether nobody has replaced the streams."""
        return all(isinstance(getattr(sys, n), GuardedStream) for n, s in self._saved.items() if s is not None)


class GuardedStream:
    """A text stream whose text is cleaned before the real stream gets it."""

    def __init__(self, stream: Any, guard: Session, current: Callable[[], Any]) -> None:
        self._stream = stream
        self._guard = guard
        self._current = current
        self._tail = Tail(guard.may_go_on, guard.row_may_go_on)

    def write(self, text: str) -> int:
        """Write ``text`` cleaned; the number of characters of the original, as callers expect."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        run = self._current()
        withheld = self._guard.withheld(run)
        self._put(self._tail.feed(self._guard.with_renderings(text, run)) if withheld is None else withheld)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Give out what was held back: a flush asks for it."""
        self._put(self._tail.flush())
        self._stream.flush()

    def _put(self, text: str) -> None:
        if not text:
            return
        try:
            safe = self._guard.clean(text, self._current())
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            safe = withheld_content("stream", {}, error)["text"]
        self._stream.write(safe)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Any:
        return iter(self._stream)
