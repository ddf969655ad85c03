"""The exits of plain IPython, where no kernel session exists: the text streams of the process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..guard.withheld import PASSING
from .tail import Tail
from .withheld_messages import withheld_content

if TYPE_CHECKING:
    from ..guard.session import Session
    from ..guard.withheld import Withhold

__all__ = ["TerminalExits"]

_STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")
_KEPT = "_privguard_streams"


class TerminalExits:
    """Replaces the process's text streams from `put` to `restore`."""

    def __init__(self, shell: Any, guard: Session, current: Callable[[], Any], withhold: Withhold) -> None:
        self._shell = shell
        self._parts = guard, current, withhold
        self._guarded: list[GuardedStream] = []
        self._accepted: dict[str, Any] = {}
        """Streams of the program's own that were told of."""
        self._screen = sys.__stderr__ or sys.stderr
        for name in _STREAMS:
            self._replace(name)
        # `!cmd` would inherit the terminal; IPython's piped form writes through sys.stdout instead.
        shell.system = shell.system_piped

    def put(self) -> bool:
        """Put back what the program replaced; False where it has a stream of its own, which stays."""
        is_back = True
        for name in self._missing():
            if _reaches_screen(getattr(sys, name)):
                self._replace(name)
            else:
                self._accepted[name] = getattr(sys, name)
                is_back = False
        return is_back

    @property
    def in_place(self) -> bool:
        """Whether nobody has replaced the streams, or it was told of."""
        return not self._missing()

    def restore(self) -> None:
        """Put the streams back, held-back text included."""
        for name in _STREAMS:
            stream = getattr(sys, name)
            if any(stream is one for one in self._guarded):
                stream.flush()
                setattr(sys, name, stream.stream)
        for guarded in self._guarded:
            guarded.turn_off()
        self._shell.__dict__.pop("system", None)

    def say(self, sentence: str) -> None:
        """Show ``sentence`` whatever the program made of the streams."""
        for guarded in self._guarded:
            guarded.flush()
        self._screen.write(f"{sentence}\n")
        self._screen.flush()

    def _missing(self) -> list[str]:
        streams = {name: getattr(sys, name) for name in _STREAMS}
        return [
            name
            for name, stream in streams.items()
            if stream is not None
            and self._accepted.get(name) is not stream
            and not any(stream is one for one in self._guarded)
        ]

    def _replace(self, name: str) -> None:
        stream = getattr(sys, name)
        if stream is None:
            return
        # The program may hold one of an earlier session (a logging handler does): it is on again, then.
        kept = self._shell.__dict__.setdefault(_KEPT, {})
        guarded = kept.get(id(stream))
        if guarded is None or guarded.stream is not stream:
            guarded = kept[id(stream)] = GuardedStream(stream)
        if not any(guarded is one for one in self._guarded):
            guarded.turn_on(*self._parts)
            self._guarded.append(guarded)
        setattr(sys, name, guarded)


def _reaches_screen(stream: Any) -> bool:
    """Whether ``stream`` is a plain one that writes to the terminal or wherever descriptors 1 and 2 lead."""
    if not isinstance(stream, io.TextIOWrapper):
        return False
    try:
        number = stream.fileno()
        return os.isatty(number) or any(os.path.sameopenfile(number, known) for known in (1, 2))
    except (OSError, ValueError):
        return False


class GuardedStream:
    """A text stream whose text is cleaned before the real ``stream`` gets it, while it is on."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self._parts: tuple[Session, Callable[[], Any], Withhold] | None = None
        self._tail = Tail(_never)

    def turn_on(self, guard: Session, current: Callable[[], Any], withhold: Withhold) -> None:
        """Clean what is written by what ``guard`` knows."""
        self._parts = guard, current, withhold
        self._tail = Tail(guard.may_go_on, guard.row_may_go_on, guard.places_in)

    def turn_off(self) -> None:
        """Pass on what is written as it is."""
        self.flush()
        self._parts = None

    def write(self, text: str) -> int:
        """Write ``text`` cleaned; the number of characters of the original, as callers expect."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        text = str.__str__(text)  # a text of a class of its own may say that it is another one
        if self._parts is None:
            self.stream.write(text)
        else:
            self._put(lambda guard, run: self._ready(text, guard, run))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Give out what was held back: a flush asks for it."""
        if self._tail.held:
            self._put(lambda *_: self._tail.flush(), may_go_on=True)
        self.stream.flush()

    def _ready(self, text: str, guard: Session, run: Any) -> str:
        """What may be looked at now."""
        withheld = guard.withheld(run)
        return self._tail.feed(guard.with_renderings(text, run)) if withheld is None else withheld

    def _put(self, take: Callable[[Session, Any], str], *, may_go_on: bool = False) -> None:
        if self._parts is None:
            return
        guard, current, withhold = self._parts
        run = None
        try:
            run = current()
            text = take(guard, run)
            safe = self._tail.cleaned(text, lambda said: guard.clean(said, run), may_go_on=may_go_on) if text else ""
        except PASSING:
            raise
        except BaseException as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            safe = withheld_content("stream", {}, withhold(error, "stream", run))["text"]
        if safe:
            self.stream.write(safe)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __iter__(self) -> Any:
        return iter(self.stream)


def _never(tail: str) -> bool:
    return False
