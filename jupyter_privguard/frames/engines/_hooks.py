"""Hooks in a library's functions and methods, and their way out again."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from ..watch import Watcher
from ._patches import Patches

__all__ = ["Hooks", "argument", "target_of"]

# `Any` in this file is whatever a library's function takes and returns.


class Hooks:
    """Tells a watcher what hooked functions returned.

    Only the outermost call counts: what a library does inside one of its own methods is not reported.
    """

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._inside = threading.local()
        self._patches = Patches()

    def wrap(
        self,
        owner: Any,
        name: str,
        kind: Callable[..., Any],
        *,
        before: Callable[..., Any] | None = None,
        passing: Callable[..., Any] | None = None,
        is_always: bool = False,
    ) -> None:
        """Call ``kind(original, args, kwargs, result)`` after ``owner.name``; nothing if there is no such name.

        ``before(original, args, kwargs)`` is called first, and what it raises stops the call; if ``is_always``, within
        other hooked calls too: a method may call a function of the program's. What ``passing(args, kwargs, result)``
        returns stands in place of the result.
        """

        def hook(original: Any) -> Any:
            def hooked(*args: Any, **kwargs: Any) -> Any:
                if getattr(self._inside, "depth", 0):
                    if before is not None and is_always:
                        before(original, args, kwargs)
                    return original(*args, **kwargs)
                self._inside.depth = 1
                try:
                    if before is not None:
                        before(original, args, kwargs)
                    result = original(*args, **kwargs)
                    if passing is not None:
                        result = passing(args, kwargs, result)
                    with contextlib.suppress(Exception):  # a table without a note is judged by its labels and values
                        kind(original, args, kwargs, result)
                    return result
                finally:
                    self._inside.depth = 0

            return hooked

        self._patches.replace(owner, name, hook)

    def undo(self) -> None:
        """Put everything back."""
        self._patches.undo()

    def renderer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """For methods that turn a table into text."""
        if isinstance(result, str):
            whole = not original.__name__.startswith("_")
            self._watcher.rendered(args[0], result, lambda obj: original(obj, *args[1:], **kwargs), whole=whole)


def argument(args: Any, kwargs: Any, place: int, names: Iterable[str]) -> Any:
    """What a function was given at ``place``, or as the first of ``names`` that it was given; None for neither."""
    return args[place] if len(args) > place else next((kwargs[name] for name in names if name in kwargs), None)


def target_of(value: Any) -> str | None:
    """What a function was told to read or write: a path, an address, SQL, an open file's name; None for others."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    name = getattr(value, "name", None)
    if not isinstance(name, str):
        return None
    archive = _archive_of(value)
    return name if archive in (None, name) else f"{archive}/{name}"


def _archive_of(value: Any) -> str | None:
    """The path of the ZIP or tar file that an open file is a part of; None of others."""
    part = getattr(value, "buffer", value)  # a file of text is read through one of bytes
    if type(part).__module__ == "zipfile":
        held = getattr(getattr(part, "_fileobj", None), "_file", None)
    elif type(part).__module__ == "tarfile":
        held = getattr(getattr(part, "raw", None), "fileobj", None)
    else:
        return None
    path = getattr(held, "name", None)
    return path if isinstance(path, str) else None
