"""What comes into being when it is first used: most of a start would go into what that start does not need.

Patterns are compiled then, the names that a package offers are imported, and parts made whose modules are many.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, AnyStr, Generic, TypeVar, cast

__all__ = ["Once", "later", "names_of"]

_T = TypeVar("_T")

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


class Once(Generic[_T]):
    """Calls ``make`` when its result is first asked for, under ``lock()``; where it raises, the next time too.

    So does ``begin``, called with the result when it is there for whoever asks: it may ask for it itself.
    """

    def __init__(
        self,
        make: Callable[[], _T],
        lock: Callable[[], AbstractContextManager[Any]],
        *,
        begin: Callable[[_T], None] | None = None,
    ) -> None:
        self._make = make
        self._lock = lock
        self._begin = begin
        self.made: _T | None = None
        """The result, if anybody has asked."""

    def __call__(self) -> _T:
        if self.made is None:
            with self._lock():
                if self.made is None:
                    self.made = made = self._make()
                    self._start(made)
                    return made
        return self.made

    def _start(self, made: _T) -> None:
        try:
            if self._begin is not None:
                self._begin(made)
        except BaseException:
            self.made = None
            raise


def names_of(package: str, modules: Mapping[str, Collection[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` (PEP 562) of ``package``, which offers names of its ``modules``, imported when asked for."""
    module_of = {name: module for module, names in modules.items() for name in names}

    def found(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f".{module_of[name]}", package), name)
        setattr(sys.modules[package], name, value)
        return value

    return found


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
