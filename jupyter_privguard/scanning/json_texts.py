"""JSON as it is written: every string, number and key with its path and its place. Without recursion."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from .pieces import Unreadable

__all__ = ["Path", "Scalar", "scalars"]

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"|(?P<number>-?\d++(?:\.\d++)?+(?:[eE][+-]?\d++)?+)"""
    r"""|(?P<word>true|false|null|NaN|-?Infinity)|(?P<mark>[{}\[\],:]))""",
    re.DOTALL,
)
_SPACE = re.compile(r"[ \t\r\n]*+")
_MOST_SCALARS = 2_000_000
_DEEPEST = 50
"""Levels that are told in paths; what is deeper has the path of the last of them."""


class Scalar(NamedTuple):
    """A string, a number or the key of an object, and where it is written: strings without their quotation marks."""

    path: Path
    value: str
    start: int
    end: int
    kind: str
    """``text``, ``number`` or ``key``."""


def scalars(text: str, start: int = 0, end: int | None = None) -> Iterator[Scalar]:
    """What the JSON document in ``text`` holds, in order; Unreadable, with the line, where it is none.

    Documents may follow one another, as in files of JSON lines; each adds its number, from 0, to the path.
    """
    walk = _Walk(text, start, len(text) if end is None else end)
    return walk.scalars()


class _Walk:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._at, self._end = text, start, end
        self._steps: list[str | int] = []
        """Of each open array or object the index or key that one is at."""
        self._path: Path | None = ()

    def scalars(self) -> Iterator[Scalar]:
        document, count = 0, 0
        for document in range(_MOST_SCALARS):
            if _SPACE.match(self._text, self._at, self._end).end() == self._end:  # type: ignore[union-attr] # always matches
                return
            for scalar in self._document():
                count += 1
                if count > _MOST_SCALARS:
                    raise Unreadable(f"it holds more than {_MOST_SCALARS} values")
                yield scalar._replace(path=(document, *scalar.path))

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self._text, self._at, self._end)
        if found is None:
            line = self._text.count("\n", 0, self._at) + 1
            raise Unreadable(f"line {line}: this is not JSON")
        self._at = found.end()
        return found

    def _document(self) -> Iterator[Scalar]:
        steps = self._steps = []
        wants_value = True
        while True:
            found = self._next()
            mark = found["mark"]
            if not wants_value:
                if mark in ("]", "}") and steps and (mark == "]") == isinstance(steps[-1], int):
                    steps.pop()
                    self._path = None
                elif mark == "," and steps:
                    last = steps[-1]
                    self._path = None
                    if isinstance(last, int):
                        steps[-1] = last + 1
                    else:
                        yield self._key(self._next())
                    wants_value = True
                    continue
                else:
                    self._refuse()
            elif mark == "[":
                if self._closes("]"):
                    wants_value = False
                else:
                    steps.append(0)
                    self._path = None
                    continue
            elif mark == "{":
                if self._closes("}"):
                    wants_value = False
                else:
                    steps.append("")
                    self._path = None
                    yield self._key(self._next())
                    continue
            elif mark:
                self._refuse()
            elif found["text"] is not None:
                start, end = found.span("text")
                yield Scalar(self._here(), _decoded(found["text"]), start, end, "text")
            elif found["number"] is not None:
                start, end = found.span("number")
                yield Scalar(self._here(), found["number"], start, end, "number")
            wants_value = False
            if not steps:
                return

    def _key(self, found: re.Match[str]) -> Scalar:
        if found["text"] is None:
            self._refuse()
        start, end = found.span("text")
        name = self._steps[-1] = _decoded(found["text"])
        self._path = None
        if self._next()["mark"] != ":":
            self._refuse()
        return Scalar(self._here(), name, start, end, "key")

    def _closes(self, mark: str) -> bool:
        found = _TOKEN.match(self._text, self._at, self._end)
        if found is None or found["mark"] != mark:
            return False
        self._at = found.end()
        return True

    def _here(self) -> Path:
        if self._path is None:
            self._path = tuple(self._steps[:_DEEPEST])
        return self._path

    def _refuse(self) -> None:
        raise Unreadable(f"line {self._text.count(chr(10), 0, self._at) + 1}: this is not JSON")


def _decoded(written: str) -> str:
    if "\\" not in written:
        return written
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        raise Unreadable("a string in it has an escape that JSON does not know") from None
