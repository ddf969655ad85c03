"""Replacing methods of a library's classes, and their way back."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Hashable
from typing import Any

__all__ = ["Patches", "placed_in", "position_of"]


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
        setattr(owner, name, functools.wraps(original)(placed_in(owner, make(original))))

    def replace_property(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """The same for the getter of a property, cached or not; what sets it stays."""
        original = next((vars(cls)[name] for cls in owner.__mro__ if name in vars(cls)), None)
        if original is None:
            return
        self._undo.append((owner, name, original, name in vars(owner)))
        getter = placed_in(owner, make(placed_in(owner, lambda obj: original.__get__(obj, type(obj)))))
        setter = (lambda obj, value: original.__set__(obj, value)) if hasattr(original, "__set__") else None
        setattr(owner, name, property(getter, setter, doc=original.__doc__))

    def undo(self) -> None:
        """Put everything back."""
        for owner, name, original, own in reversed(self._undo):
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
        self._undo.clear()


def placed_in(owner: Any, function: Any) -> Any:
    """``function``, whose code seems to be in the folder of the library of ``owner``, a class or module.

    Libraries look for the first caller that is not their own, to say in a warning which line of the program it is
    about.
    """
    library = str(getattr(owner, "__module__", owner.__name__)).partition(".")[0]
    file = getattr(sys.modules.get(library), "__file__", None)
    if file is not None:
        name = os.path.join(os.path.dirname(file), "_jupyter_privguard.py")  # noqa: PTH118, PTH120 - as they compare it
        function.__code__ = function.__code__.replace(co_filename=name)
    return function


def position_of(labels: Any, position: Any) -> Hashable:
    """The label at a position that was just used with success."""
    try:
        label: Hashable = labels[position]
    except Exception:  # noqa: BLE001 - an index may be of any kind
        return None
    return label
