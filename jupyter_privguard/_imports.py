"""Hooks in modules of other libraries: set when the program imports them, for which nothing is imported; taken out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader, MetaPathFinder
    from importlib.machinery import ModuleSpec
else:
    # Python asks these classes for nothing but their methods, and importlib.abc brings in zipfile and more.
    Loader = MetaPathFinder = object

__all__ = ["Replaced", "when_imported"]


def when_imported(names: Collection[str], install: Callable[[str], Callable[[], None]]) -> Callable[[], None]:
    """Call ``install`` with each of ``names``, modules, once it has been executed; at once if it has been before.

    It returns what takes its hooks out: that is called before the module is hooked anew, and by the function
    returned here, which ends it all.
    """
    finder = _Finder(names, install)
    try:
        for name in names:
            module = sys.modules.get(name)
            if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
                finder.hook(name)
    except BaseException:
        finder.end()
        raise
    sys.meta_path.insert(0, finder)
    return finder.end


class Replaced:
    """Functions of classes and modules that others stand in for."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def replace(self, owner: Any, name: str, stand_in: Any) -> None:
        """``owner.name`` becomes ``stand_in``. KeyError where ``owner`` has nothing of this name of its own."""
        self._replaced.append((owner, name, vars(owner)[name], stand_in))
        setattr(owner, name, stand_in)

    def undo(self) -> None:
        """Put everything back that nobody has replaced since, last one first."""
        while self._replaced:
            owner, name, original, stand_in = self._replaced.pop()
            if vars(owner).get(name) is stand_in:
                setattr(owner, name, original)


class _Finder(MetaPathFinder):
    """Lets the ordinary finders find a module, and hooks it once it has been executed."""

    def __init__(self, names: Collection[str], install: Callable[[str], Callable[[], None]]) -> None:
        self._names = names
        self._install = install
        self._undo: dict[str, Callable[[], None]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self, fullname)
        return spec

    def hook(self, name: str) -> None:
        if (undo := self._undo.pop(name, None)) is not None:
            undo()
        self._undo[name] = self._install(name)

    def end(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        while self._undo:
            self._undo.popitem()[1]()


class _Loader(Loader):
    def __init__(self, loader: Loader, finder: _Finder, name: str) -> None:
        self._loader = loader
        self._finder = finder
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._finder.hook(self._name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
