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
    """Knows one name, and parts of it beside an ellipsis; looking for it takes as long as is said."""

    takes: Callable[[], None] = staticmethod(lambda: None)

    def run_of(self, key: str) -> None:
        return None

    def withheld(self, run: Any) -> None:
        return None

    def with_renderings(self, text: str, run: Any) -> str:
        return text

    def cleaner(self, run: Any) -> Callable[[str], str]:
        def clean(text: str) -> str:
            self.takes()
            parts = [f"{NAME[:size]}…" for size in range(len(NAME) - 1, 3, -1)]
            rests = [f"…{NAME[size:]}" for size in range(1, len(NAME) - 3)]
            for part in parts:
                text = text.replace(part, "[part]…")
            for rest in rests:
                text = text.replace(rest, "…[rest]")
            return text.replace(NAME, "[name]")

        return clean

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
def guard() -> Guard:
    return Guard()


@pytest.fixture
def said(
    clock: Clock, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Callable[[str], None], list[str]]]:
    descriptors = os.pipe()
    for name, descriptor in zip(("stdout", "stderr"), descriptors, strict=True):
        monkeypatch.setattr(sys, name, SimpleNamespace(_original_stdstream_copy=descriptor, flush=lambda: None))
    sent: list[str] = []

    def send(stream: Any, message: Any, content: Any = None, **_: Any) -> None:
        sent.append(message["content"]["text"])

    session = SimpleNamespace(send=send, msg_header=lambda kind: {"msg_id": "m", "msg_type": kind})
    shell = SimpleNamespace(kernel=SimpleNamespace(session=session), display_pub=None, displayhook=None)
    nothing: Any = lambda *_: None  # noqa: E731
    exits = KernelExits(shell, guard, replied=nothing, begins=nothing, pictures=nothing, withhold=nothing)
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


def test_what_is_held_waits_for_as_long_after_a_look_that_took_long(clock: Clock, guard: Guard, said: Any) -> None:
    say, sent = said
    guard.takes = lambda: clock.go(1)
    say("row 0\nrow 1, Osk")
    guard.takes = lambda: None
    clock.go(0.04)
    say("ar Pelilowicz, 3\n")

    assert "".join(sent) == "row 0\nrow 1, [name], 3\n"


def test_a_name_with_a_pause_in_it_is_masked_in_parts(clock: Clock, said: Any) -> None:
    say, sent = said
    say("row 1, Oskar Pe")
    clock.go(2)
    say("lilowicz, 3\nand …lilowicz")
    clock.go(2)

    assert "".join(sent) == "row 1, [part][rest], 3\nand …[rest]"


def test_what_comes_after_the_end_of_a_line_is_no_rest(clock: Clock, said: Any) -> None:
    say, sent = said
    say("Oskar Pe")
    clock.go(2)
    say("\n")
    say("lilowicz\n")

    assert "".join(sent) == "[part]\nlilowicz\n"


@pytest.mark.parametrize("pieces", [["Osk"], ["row O", "sk"], ["Oskar Pelilowicz and Osk"]])
def test_what_nothing_continues_comes_after_fifty_milliseconds(clock: Clock, said: Any, pieces: list[str]) -> None:
    say, sent = said
    for piece in pieces:
        say(piece)
        clock.go(0.02)
    before = "".join(sent)
    clock.go(0.031)

    assert "".join(sent) == "".join(pieces).replace(NAME, "[name]") != before


def test_one_name_after_another_never_ends_too_early(clock: Clock, said: Any) -> None:
    say, sent = said
    for letter in f"{NAME} and {NAME}.\n" * 3:
        say(letter)
        clock.go(0.049)

    assert "".join(sent) == "[name] and [name].\n" * 3
