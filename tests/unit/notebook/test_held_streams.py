"""A stream's end that a value may continue waits as long as nothing comes, counted from the last piece."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.notebook import kernel_exits
from jupyter_privguard.notebook.kernel_exits import KernelExits

NAME = "Oskar Pelilowicz"


class Guard:
    """Knows one name."""

    def run_of(self, key: str) -> None:
        return None

    def withheld(self, run: Any) -> None:
        return None

    def with_renderings(self, text: str, run: Any) -> str:
        return text

    def cleaner(self, run: Any) -> Callable[[str], str]:
        return lambda text: text.replace(NAME, "[name]")

    def may_go_on(self, tail: str) -> bool:
        return any(NAME.startswith(tail[at:]) for at in range(len(tail)))

    def row_may_go_on(self, line: str) -> bool:
        return False

    def places_in(self, text: str) -> list[tuple[int, int]]:
        return [(at, at + len(NAME)) for at in range(len(text)) if text.startswith(NAME, at)]


class Clock:
    """Time and timers of the test's own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def timer(self, after: float, call: Callable[[], None]) -> Any:
        due = self.now + after, call
        return SimpleNamespace(start=lambda: self.timers.append(due), cancel=lambda: None)

    def go(self, seconds: float) -> None:
        """Time passes; cancelled timers call as well, as one does that waited for the lock."""
        until = self.now + seconds
        while due := sorted((one for one in self.timers if one[0] <= until), key=lambda one: one[0]):
            self.timers.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1]()
        self.now = until


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kernel_exits.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(kernel_exits.threading, "Timer", clock.timer)
    return clock


@pytest.fixture
def said(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Callable[[str], None], list[str]]]:
    descriptors = os.pipe()
    for name, descriptor in zip(("stdout", "stderr"), descriptors, strict=True):
        monkeypatch.setattr(sys, name, SimpleNamespace(_original_stdstream_copy=descriptor, flush=lambda: None))
    sent: list[str] = []

    def send(stream: Any, message: Any, content: Any = None, **_: Any) -> None:
        sent.append(message["content"]["text"])

    session = SimpleNamespace(send=send, msg_header=lambda kind: {"msg_id": "m", "msg_type": kind})
    shell = SimpleNamespace(kernel=SimpleNamespace(session=session), display_pub=None, displayhook=None)
    nothing: Any = lambda *_: None  # noqa: E731
    exits = KernelExits(shell, Guard(), replied=nothing, begins=nothing, pictures=nothing, withhold=nothing)
    guarded = exits.wrap(session.send)

    def say(text: str) -> None:
        guarded(
            None, {"header": {"msg_type": "stream"}, "content": {"name": "stdout", "text": text}, "parent_header": {}}
        )

    yield say, sent
    exits.restore()
    for descriptor in descriptors:
        os.close(descriptor)


def test_pieces_of_one_burst_are_one_text(clock: Clock, said: Any) -> None:
    say, sent = said
    say("row 1, Osk")
    clock.go(0.03)
    say("ar")  # the first timer is still running
    clock.go(0.03)
    say(" Pelilowi")
    clock.go(0.04)
    say("cz, 3\n")

    assert "".join(sent) == "row 1, [name], 3\n"


@pytest.mark.parametrize("pieces", [["Osk"], ["row Os", "kar Pe"], ["Oskar Pelilowi"]])
def test_what_nothing_continues_comes_after_fifty_milliseconds(clock: Clock, said: Any, pieces: list[str]) -> None:
    say, sent = said
    for piece in pieces:
        say(piece)
        clock.go(0.02)
    before = "".join(sent)
    clock.go(0.031)

    assert "".join(sent) == "".join(pieces) != before


def test_one_name_after_another_never_ends_too_early(clock: Clock, said: Any) -> None:
    say, sent = said
    for letter in f"{NAME} and {NAME}.\n" * 3:
        say(letter)
        clock.go(0.049)

    assert "".join(sent) == "[name] and [name].\n" * 3
