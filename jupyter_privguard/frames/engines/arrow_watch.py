"""Hooks in pyarrow's readers and writers of files: its own code is in C, and tells Python of no file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pyarrow as pa

from ..watch import Watcher
from ._hooks import Hooks, target_of

__all__ = ["install"]

# `Any` in this file is whatever a function of pyarrow takes and returns.

_READERS = {
    "pyarrow.parquet": ("read_table", "read_pandas"),
    "pyarrow.csv": ("read_csv",),
    "pyarrow.json": ("read_json",),
    "pyarrow.feather": ("read_table",),
}
_WRITERS = {
    "pyarrow.parquet": ("write_table", "write_to_dataset"),
    "pyarrow.csv": ("write_csv",),
    "pyarrow.feather": ("write_feather",),
    "pyarrow.dataset": ("write_dataset",),
}
_READ = "source input_file file".split()
_WRITTEN = "where root_path output_file dest base_dir".split()
_HOOKED = ("pandas", "polars")
"""Libraries whose readers and writers are hooked themselves."""


def install(module: str, watcher: Watcher) -> Callable[[], None]:
    """Hook ``module``, which has been imported, for ``watcher``; the function that takes the hooks out again."""
    hooks, owner = _Hooks(watcher), import_module(module)
    for name in _READERS.get(module, ()):
        hooks.wrap(owner, name, hooks.reader, before=hooks.reading, passing=hooks.passed)
    for name in _WRITERS.get(module, ()):
        hooks.wrap(owner, name, hooks.writer, before=hooks.writing)
    return hooks.undo


class _Hooks(Hooks):
    def reading(self, original: Any, args: Any, kwargs: Any) -> None:
        source = target_of(args[0] if args else next((kwargs[k] for k in _READ if k in kwargs), None))
        if source is not None and not _is_theirs():
            self._watcher.reading(source)

    def passed(self, args: Any, kwargs: Any, result: Any) -> Any:
        source = target_of(args[0] if args else next((kwargs[k] for k in _READ if k in kwargs), None))
        return result if _is_theirs() else self._watcher.passed(result, source)

    def writing(self, original: Any, args: Any, kwargs: Any) -> None:
        target = _written_to(args, kwargs)
        if target is not None and not _is_theirs():
            self._watcher.writing(_table(args, kwargs), target, "file")

    def reader(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        source = target_of(args[0] if args else next((kwargs[k] for k in _READ if k in kwargs), None))
        if isinstance(result, pa.Table) and not _is_theirs():
            self._watcher.loaded(result, source or "")

    def writer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        target = _written_to(args, kwargs)
        if target is not None and not _is_theirs():
            self._watcher.written(_table(args, kwargs), target, "file")


def _table(args: Any, kwargs: Any) -> Any:
    return args[0] if args else next((kwargs[key] for key in ("table", "data", "df") if key in kwargs), None)


def _written_to(args: Any, kwargs: Any) -> str | None:
    return target_of(args[1] if len(args) > 1 else next((kwargs[k] for k in _WRITTEN if k in kwargs), None))


def _is_theirs() -> bool:
    """Whether a library called that tells of its own readers and writers, or we did."""
    frame = sys._getframe(1)
    package = __package__
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith(f"{package}."):
        frame = frame.f_back
    name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return name in _HOOKED or name == package.partition(".")[0]
