"""The guard's hooks in a shell: set, looked at again at every cell, put back where the program took them out."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..guard.locks import renew_in_children

__all__ = ["Hook", "Hooks", "Looked", "event_lists", "listed", "own_method", "replaced"]


class Hook(NamedTuple):
    """One hook. ``set`` also puts it back; it returns False where that cannot be done."""

    name: str
    is_set: Callable[[], bool]
    set: Callable[[], bool]
    undo: Callable[[], None]


class Looked(NamedTuple):
    """Names of hooks that were missing."""

    mended: list[str]
    """Those that are back."""
    lost: list[str]


class Hooks:
    """All hooks in their order. Threads may look at the same time: one does, the others go on."""

    def __init__(self) -> None:
        self._hooks: list[Hook] = []
        self._lock = threading.RLock()
        renew_in_children(self, "_lock", threading.RLock)

    def add(self, hook: Hook) -> Callable[[], None]:
        """Set ``hook``; the function that takes it out again."""
        hook.set()
        self._hooks.append(hook)
        return functools.partial(self._drop, hook)

    def _drop(self, hook: Hook) -> None:
        self._hooks.remove(hook)
        hook.undo()

    def look(self) -> Looked:
        """Put back what is missing."""
        found = Looked([], [])
        if self._lock.acquire(blocking=False):
            try:
                for hook in tuple(self._hooks):
                    if not _is_set(hook):
                        (found.mended if _put_back(hook) else found.lost).append(hook.name)
            finally:
                self._lock.release()
        return found


# The program may have put anything in the place of what is looked at.


def _is_set(hook: Hook) -> bool:
    try:
        return hook.is_set()
    except Exception:  # noqa: BLE001
        return False


def _put_back(hook: Hook) -> bool:
    try:
        return hook.set()
    except Exception:  # noqa: BLE001
        return False


def listed(name: str, items: Callable[[], list[Any]], item: Any) -> Hook:
    """``item`` at the end of a list that the shell holds."""

    def is_set() -> bool:
        return item in items()

    def put() -> bool:
        if not is_set():
            items().append(item)
        return True

    def undo() -> None:
        if is_set():
            items().remove(item)

    return Hook(name, is_set, put, undo)


class _EventLists(dict[str, list[Any]]):
    """What is called at each event; a list that the program dropped is there again when it is asked for, and empty."""

    def __missing__(self, event: str) -> list[Any]:
        from IPython.core.events import available_events

        if event not in available_events:
            raise KeyError(event)
        return self.setdefault(event, [])


def event_lists(name: str, events: Callable[[], Any]) -> Hook:
    """A shell's ``events`` have a list for each event, come what may: without one, IPython ends no cell any more."""

    def is_set() -> bool:
        return isinstance(events().callbacks, _EventLists)

    def put() -> bool:
        if not is_set():
            events().callbacks = _EventLists(events().callbacks)
        return True

    def undo() -> None:
        if is_set():
            events().callbacks = dict(events().callbacks)

    return Hook(name, is_set, put, undo)


def replaced(
    name: str, owners: Callable[[], Iterable[Any]], attribute: str, wrap: Callable[[Callable[..., Any]], Any]
) -> Hook:
    """The method ``attribute`` of objects that the shell holds, replaced by what ``wrap`` makes of it."""
    made: list[tuple[Any, Any, Any]] = []  # owner, what it had of its own, what is ours

    def missing() -> list[Any]:
        return [
            owner
            for owner in owners()
            if not any(one is owner and vars(owner).get(attribute) is mine for one, _, mine in made)
        ]

    def put() -> bool:
        for owner in missing():
            mine = wrap(getattr(owner, attribute))
            made.append((owner, vars(owner).get(attribute), mine))
            setattr(owner, attribute, mine)
        return True

    def undo() -> None:
        for owner, own, mine in reversed(made):
            if vars(owner).get(attribute) is not mine:
                continue  # somebody else's, perhaps around ours
            if own is None:
                delattr(owner, attribute)
            else:
                setattr(owner, attribute, own)
        made.clear()

    return Hook(name, lambda: not missing(), put, undo)


def own_method(name: str, owner: Callable[[], Any], method: str) -> Hook:
    """The ``method`` by which a shell's object calls hooks stays the one that its class had when the guard began."""
    kind = type(owner())
    home = next(base for base in kind.__mro__ if method in vars(base))
    own = vars(home)[method]

    def is_set() -> bool:
        return method not in vars(owner()) and getattr(type(owner()), method) is own

    def put() -> bool:
        vars(owner()).pop(method, None)
        if vars(home).get(method) is not own:
            setattr(home, method, own)
        return is_set()

    return Hook(name, is_set, put, lambda: None)
