"""Which data sets of one name are the same one: a file, a table of a database and a frame may be called alike.

A log says of a source what the program wrote. So two spellings of one path count as one, and a path without its
folders may be any that ends so; queries tell of a table by its name alone.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple

__all__ = ["Key", "Keys"]

_QUERY = "query"


class Key(NamedTuple):
    """What tells a data set from others."""

    name: str
    place: str
    """Where it was read from, as far as that tells it apart; empty for what the program made."""


class Keys:
    """Those of the data sets that a log has told of until now."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, None]] = {}

    def of(self, name: str, source: str | None) -> Key:
        """The key of the data set ``name`` that was read from ``source``; None or empty for one that was made."""
        place = _place(source or "")
        known = self._places.setdefault(name, {})
        if place not in known:
            place = next((one for one in known if _is_same(one, place)), place)
            known[place] = None
        return Key(name, place)

    def called(self, name: str) -> list[Key]:
        """All data sets of that name, for events that do not say which."""
        return [Key(name, place) for place in self._places.get(name, ())]


def _place(source: str) -> str:
    words = source.split(None, 1)
    if len(words) > 1 and words[0].lower() in ("select", "with", "from"):
        return _QUERY
    if not source or "://" in source or source.startswith(":"):
        return source
    return posixpath.normpath(source.replace("\\", "/"))


def _is_same(one: str, other: str) -> bool:
    """Whether one of two places is the end of the other, which is a whole path."""
    short, long = sorted((one, other), key=len)
    is_path = bool(short) and "://" not in long and short != _QUERY
    return is_path and long.startswith("/") and not short.startswith(("/", ":")) and long.endswith(f"/{short}")
