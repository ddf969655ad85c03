"""Hooks in a shell: set, missed, put back, taken out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.events import EventManager, available_events

from jupyter_privguard.notebook.hooks import Hook, Hooks, Looked, event_lists, listed, own_method, replaced


class Formatter:
    def format(self, value: str) -> str:
        return value


def shout(original: Any) -> Any:
    return lambda value: original(value).upper()


def test_a_method_is_wrapped_put_back_and_restored() -> None:
    shell = SimpleNamespace(formatter=Formatter())
    hooks = Hooks()
    undo = hooks.add(replaced("display", lambda: [shell.formatter], "format", shout))
    first = shell.formatter
    assert first.format("a") == "A" and hooks.look() == Looked([], [])

    del first.format
    assert hooks.look() == Looked(["display"], []) and first.format("a") == "A"
    shell.formatter = Formatter()
    assert hooks.look() == Looked(["display"], []) and shell.formatter.format("a") == "A"
    assert hooks.look() == Looked([], [])

    undo()
    assert shell.formatter.format("a") == first.format("a") == "a"
    assert hooks.look() == Looked([], []) and shell.formatter.format("a") == "a"


def test_what_the_program_has_put_around_a_wrapper_stays_its_own() -> None:
    formatter = Formatter()
    formatter.format = lambda value: f"<{value}>"  # type: ignore[method-assign]
    hooks = Hooks()
    undo = hooks.add(replaced("display", lambda: [formatter], "format", shout))
    ours = formatter.format
    formatter.format = lambda value: f"{ours(value)}!"  # type: ignore[method-assign]

    undo()

    assert formatter.format("a") == "<A>!"
    hooks = Hooks()
    hooks.add(replaced("display", lambda: [formatter], "format", shout))()
    assert formatter.format("a") == "<A>!", "what it had of its own is back"


def test_an_item_is_in_a_list_once_whatever_becomes_of_the_list() -> None:
    shell = SimpleNamespace(steps=["theirs"])
    hooks = Hooks()
    undo = hooks.add(listed("gate", lambda: shell.steps, "ours"))

    shell.steps = []
    assert hooks.look() == Looked(["gate"], []) and shell.steps == ["ours"]
    shell.steps.insert(0, "theirs")
    assert hooks.look() == Looked([], []) and shell.steps == ["theirs", "ours"]

    undo()
    undo_again = hooks.add(listed("gate", lambda: shell.steps, "ours"))
    shell.steps.clear()
    undo_again()
    assert shell.steps == []


def test_what_cannot_be_put_back_is_told_and_the_rest_is_put_back() -> None:
    def fails() -> bool:
        raise AttributeError("gone")

    shell = SimpleNamespace(steps=[])
    hooks = Hooks()
    hooks.add(Hook("lost", fails, lambda: False, lambda: None))
    hooks.add(listed("gate", lambda: shell.steps, "ours"))
    shell.steps.clear()

    assert hooks.look() == Looked(["gate"], ["lost"])


def test_a_method_by_which_hooks_are_called_stays_the_class_own() -> None:
    class Events:
        def trigger(self) -> str:
            return "called"

    shell, own = SimpleNamespace(events=Events()), Events.trigger
    hooks = Hooks()
    hooks.add(own_method("events", lambda: shell.events, "trigger"))

    for take_out in (
        lambda: setattr(shell.events, "trigger", lambda: "nothing"),
        lambda: setattr(Events, "trigger", lambda self: "nothing"),
    ):
        take_out()
        assert hooks.look() == Looked(["events"], []) and shell.events.trigger() == "called"
        assert hooks.look() == Looked([], []) and Events.trigger is own


def test_a_list_of_events_that_the_program_dropped_is_there_again_and_unknown_events_are_errors() -> None:
    manager = EventManager(shell=None, available_events=available_events)
    before = {name: list(callbacks) for name, callbacks in manager.callbacks.items()}
    hooks = Hooks()
    undo = hooks.add(event_lists("events", lambda: manager))

    manager.callbacks.clear()
    manager.trigger("post_execute")  # raises KeyError in IPython alone
    assert manager.callbacks["pre_run_cell"] == []
    with pytest.raises(KeyError):
        manager.trigger("no_such_event")
    manager.callbacks = {}  # type: ignore[assignment]
    assert hooks.look() == Looked(["events"], [])
    manager.trigger("post_execute")

    manager.callbacks.update(before)
    undo()
    assert type(manager.callbacks) is dict and manager.callbacks == before
