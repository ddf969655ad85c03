"""Text files of the program's, looked at while they are written: for a policy that refuses files.

Python tells that a file is opened, not what goes into it. A log or a table of metrics may be written by a cell that
has sensitive data in its hands, values may not: so `open` gives such a cell a file that refuses them.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
import sys
from collections.abc import Iterable
from typing import Any, Protocol

__all__ = ["CheckedFiles"]

# `Any` in this file is what `open` takes and returns.


class Judge(Protocol):
    """Who says what may be written."""

    def is_checked(self, path: str) -> bool:
        """Whether what goes into the file ``path`` is to be looked at."""

    def check_text(self, text: str, path: str) -> None:
        """Refused if ``text`` must not go into the file ``path``."""

    def checked(self) -> Any:
        """While a file is opened of which every text is looked at."""


class CheckedFiles:
    """Stands in for `open` until it is taken out again."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._original = builtins.open
        self._own: Any = None
        self._places: list[tuple[Any, str]] = []

    def install(self) -> None:
        """Files that are opened from now on are looked at."""
        original, judge = self._original, self._judge

        @functools.wraps(original)
        def checked_open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            is_text = type(mode) is str and "b" not in mode and not set(mode).isdisjoint("wxa+")
            if not is_text or isinstance(file, int) or not judge.is_checked(path := os.fsdecode(file)):
                return original(file, mode, *args, **kwargs)
            with judge.checked():
                opened = original(file, mode, *args, **kwargs)
            newline = kwargs.get("newline", args[3] if len(args) > 3 else None)
            return _CheckedFile(opened, judge, path, mode=mode, newline=newline)

        self._own = checked_open
        self._places = [(builtins, "open"), (io, "open")]
        # Whoever calls it by a name of their own: IPython gives the program an `open` that is made so.
        modules = [module for module in list(sys.modules.values()) if _has(module, original)]
        self._places += [(module, "io_open") for module in modules]
        for module, name in self._places:
            setattr(module, name, checked_open)

    def restore(self) -> None:
        """Take it out again, unless somebody has put something else in its place."""
        for module, name in self._places:
            if getattr(module, name) is self._own:
                setattr(module, name, self._original)


def _has(module: Any, original: Any) -> bool:
    return getattr(module, "__dict__", {}).get("io_open") is original


class _CheckedFile(io.TextIOWrapper):
    """A text file that refuses what the judge refuses."""

    def __init__(self, opened: Any, judge: Judge, path: str, *, mode: str, newline: str | None) -> None:
        encoding, errors, buffered = opened.encoding, opened.errors, opened.line_buffering
        super().__init__(opened.detach(), encoding, errors, newline, buffered)
        self.mode = mode  # type: ignore[misc]  # `open` sets it so
        self._judge = judge
        self._path = path

    def write(self, text: str) -> int:
        """As any text file, unless the text is refused: then nothing of it is written."""
        self._judge.check_text(text, self._path)
        return super().write(text)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]  # of texts, as of any text file
        """All lines, or none if any of them is refused."""
        self.write("".join(lines))
