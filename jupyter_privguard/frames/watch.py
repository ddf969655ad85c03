"""Tells a watcher what happens to tables, from the first import of a DataFrame library on.

Nothing is imported: a library that is not loaded yet is hooked when the program imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from importlib.abc import Loader, MetaPathFinder
    from importlib.machinery import ModuleSpec
else:
    # Python asks these classes for nothing but their methods, and importlib.abc brings in zipfile and more.
    Loader = MetaPathFinder = object

__all__ = ["Exact", "Statistic", "Watcher", "is_watched", "watch"]


class Watcher(Protocol):
    """Who wants to know. But for `Refused` by the first two, what a watcher raises does not reach the program."""

    def reading(self, source: str) -> None:
        """A reader is about to read ``source`` (path, URL or SQL). Refused: nothing is read."""

    def writing(self, obj: Any, target: str, kind: str) -> None:
        """``obj`` is about to be written, as `written` tells of it. Refused: nothing is written."""

    def loaded(self, obj: Any, source: str | None) -> None:
        """A reader made ``obj`` from ``source`` (path, URL or SQL), or the program from its own values (None)."""

    def rendered(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> None:
        """``obj`` became ``text``; ``render`` does the same to a masked copy.

        ``whole`` if all rows are in the text, not only those that a display shows.
        """

    def aggregated(self, obj: Any, source: Any, exact: Exact) -> None:
        """``obj`` holds statistics of the table ``source``, to be shown as ``exact`` says."""

    def derived(self, obj: Any, source: Any) -> None:
        """``obj`` came out of a method of ``source`` that changes no more than form, order or selection."""

    def written(self, obj: Any, target: str, kind: str) -> None:
        """``obj`` was written to ``target``; ``kind`` is file, table or clipboard."""


class Statistic(NamedTuple):
    """What a column of statistics holds: the label of the column it is about, and nobody's own value or somebody's."""

    source: Hashable
    is_aggregate: bool


class Exact:
    """Which cells of a table of statistics are about enough people to be shown as they are."""

    __slots__ = ("columns", "group_size", "rows")

    def __init__(
        self,
        group_size: int,
        rows: Sequence[str] | None = None,
        columns: Mapping[Hashable, Statistic] | None = None,
    ) -> None:
        self.group_size = group_size
        """Rows behind the smallest group."""
        self.rows = rows
        """Labels of the rows that are aggregates; None for all."""
        self.columns = columns
        """By label what each column is; None where the columns are those of the table itself."""


_HOOKED = {"pandas": "pandas_watch", "polars": "polars_watch"}
"""The module with the hooks of each library that can be hooked."""


def is_watched(obj: Any) -> bool:
    """Whether ``obj`` is of a library of which the watcher is told what it reads."""
    return any(str(base.__module__).partition(".")[0] in _HOOKED for base in type(obj).__mro__)


def watch(watcher: Watcher) -> Callable[[], None]:
    """Begin watching; the function that ends it."""
    finder = _Finder(watcher)
    for library in _HOOKED:
        module = sys.modules.get(library)
        if module is not None and hasattr(module, "DataFrame"):
            finder.hook(library)
    if not finder.has_all:
        sys.meta_path.insert(0, finder)
    return finder.end


class _Finder(MetaPathFinder):
    """Lets the ordinary finders find a library, and hooks it once it has been executed."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._undo: dict[str, Callable[[], None]] = {}

    @property
    def has_all(self) -> bool:
        """Whether no library is left to wait for."""
        return len(self._undo) == len(_HOOKED)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _HOOKED:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self, fullname)
        return spec

    def hook(self, library: str) -> None:
        from importlib import import_module

        if (undo := self._undo.pop(library, None)) is not None:
            undo()
        hooks = import_module(f".engines.{_HOOKED[library]}", __package__)
        self._undo[library] = hooks.install(self._watcher)
        if self.has_all:
            self._leave()

    def end(self) -> None:
        self._leave()
        while self._undo:
            self._undo.popitem()[1]()

    def _leave(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)


class _Loader(Loader):
    def __init__(self, loader: Loader, finder: _Finder, library: str) -> None:
        self._loader = loader
        self._finder = finder
        self._library = library

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._finder.hook(self._library)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
