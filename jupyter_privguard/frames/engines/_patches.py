"""Replacing methods of a library's classes, and their way back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any

__all__ = ["Patches", "position_of"]


class Patches:
    """Methods that were replaced, to be put back by `undo`."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, Any, bool]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """``owner.name`` becomes what ``make`` makes of it; nothing if there is no such name."""
        original = getattr(owner, name, None)
        if original is None:  # another version of the library
            return
        self._undo.append((owner, name, original, name in vars(owner)))
        setattr(owner, name, functools.wraps(original)(make(original)))

    def replace_property(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """The same for the getter of a property, cached or not."""
        original = next((vars(cls)[name] for cls in owner.__mro__ if name in vars(cls)), None)
        if original is None:
            return
        self._undo.append((owner, name, original, name in vars(owner)))
        getter = make(lambda obj: original.__get__(obj, type(obj)))
        setattr(owner, name, property(getter, doc=original.__doc__))

    def undo(self) -> None:
        """Put everything back."""
        for owner, name, original, own in reversed(self._undo):
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
        self._undo.clear()


def position_of(labels: Any, position: Any) -> Hashable:
    """The label at a position that was just used with success."""
    try:
        label: Hashable = labels[position]
    except Exception:  # noqa: BLE001 - an index may be of any kind
        return None
    return label
