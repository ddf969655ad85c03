"""Patterns that are compiled when they are first used: most of a start would go into those that it does not need."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

__all__ = ["later"]

_METHODS = (
    "findall",
    "finditer",
    "flags",
    "fullmatch",
    "groupindex",
    "groups",
    "match",
    "search",
    "split",
    "sub",
    "subn",
)


def later(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`; a ``pattern`` that is none raises re.error when it is first used."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))


class _Later:
    """Stands for a compiled pattern, and has its methods itself from the first use on."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __repr__(self) -> str:
        return f"later({self.pattern!r})"

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        made = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)
