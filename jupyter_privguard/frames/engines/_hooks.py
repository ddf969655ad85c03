"""Hooks in a library's functions and methods, and their way out again."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable
from typing import Any

from ..watch import Watcher

__all__ = ["Hooks"]

# `Any` in this file is whatever a library's function takes and returns.


class Hooks:
    """Tells a watcher what hooked functions returned.

    Only the outermost call counts: what a library does inside one of its own methods is not reported.
    """

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._inside = threading.local()
        self._undo: list[tuple[Any, str, Any, bool]] = []

    def wrap(self, owner: Any, name: str, kind: Callable[..., Any]) -> None:
        """Call ``kind(original, args, kwargs, result)`` after ``owner.name``; nothing if there is no such name."""
        original = getattr(owner, name, None)
        if original is None:  # another version of the library
            return
        own = name in vars(owner)

        @functools.wraps(original)
        def hooked(*args: Any, **kwargs: Any) -> Any:
            if getattr(self._inside, "depth", 0):
                return original(*args, **kwargs)
            self._inside.depth = 1
            try:
                result = original(*args, **kwargs)
                with contextlib.suppress(Exception):  # a table without a note is judged by its labels and values
                    kind(original, args, kwargs, result)
                return result
            finally:
                self._inside.depth = 0

        setattr(owner, name, hooked)
        self._undo.append((owner, name, original, own))

    def undo(self) -> None:
        """Put everything back."""
        for owner, name, original, own in reversed(self._undo):
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
        self._undo.clear()

    def renderer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """For methods that turn a table into text."""
        if isinstance(result, str):
            whole = not original.__name__.startswith("_")
            self._watcher.rendered(args[0], result, lambda obj: original(obj, *args[1:], **kwargs), whole=whole)
