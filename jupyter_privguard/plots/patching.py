"""Methods of other libraries, wrapped and put back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["Patches"]


class Patches:
    """What was replaced in classes and modules."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
        """``owner.name`` becomes ``make(original)``; nothing where ``owner`` has no such attribute of its own."""
        original = vars(owner).get(name)
        if original is None:  # another version of the library
            return
        wrapper = functools.wraps(original)(make(original))  # with its attributes: libraries look for some of them
        setattr(owner, name, wrapper)

        def put_back() -> None:
            if vars(owner).get(name) is wrapper:
                setattr(owner, name, original)

        self._undo.append(put_back)

    def undo(self) -> None:
        """Put everything back that nobody has replaced since, last one first."""
        while self._undo:
            self._undo.pop()()
