"""Hooks in pyarrow's readers and writers of files: its own code is in C, and tells Python of no file."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from ..watch import Watcher
from ._hooks import Hooks, argument, target_of

__all__ = ["install"]

# `Any` in this file is whatever a function of pyarrow takes and returns.

_READERS = {
    "pyarrow.parquet": ("read_table", "read_pandas"),
    "pyarrow.csv": ("read_csv",),
    "pyarrow.json": ("read_json",),
    "pyarrow.feather": ("read_table",),
    "pyarrow.orc": ("read_table",),
}
_PARTS = ("read", "read_row_group", "read_row_groups")
_WRITERS = {
    "pyarrow.parquet": ("write_table", "write_to_dataset"),
    "pyarrow.csv": ("write_csv",),
    "pyarrow.feather": ("write_feather",),
    "pyarrow.dataset": ("write_dataset",),
    "pyarrow.orc": ("write_table",),
}
_UNSEEN = {"pyarrow.ipc": ("new_file", "new_stream")}
"""Functions that open a file into which tables are put later."""
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
    for name in _UNSEEN.get(module, ()):
        hooks.wrap(owner, name, hooks.unseen, before=hooks.opening_unseen)
    if module == "pyarrow.parquet":
        hooks.wrap(owner.ParquetFile, "__init__", hooks.opened, before=hooks.opening)
        for name in _PARTS:
            hooks.wrap(owner.ParquetFile, name, hooks.part, passing=hooks.part_passed)
        hooks.wrap(owner.ParquetFile, "iter_batches", hooks.nothing, passing=hooks.batches)
        hooks.wrap(owner.ParquetWriter, "__init__", hooks.unseen_method, before=hooks.opening_to_write)
    if module == "pyarrow.dataset":
        hooks.wrap(owner, "dataset", hooks.scanned, before=hooks.scanning)
    if module == "pyarrow":
        for name in ("memory_map", "input_stream"):
            hooks.wrap(owner, name, hooks.scanned, before=hooks.scanning)
    return hooks.undo


class _Hooks(Hooks):
    def __init__(self, watcher: Watcher) -> None:
        super().__init__(watcher)
        self._files: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        """By open file of Parquet its path."""

    def opening(self, original: Any, args: Any, kwargs: Any) -> None:
        source = _opened(args, kwargs)
        if source is not None and not _is_theirs():
            self._watcher.reading(source)

    def opened(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        source = _opened(args, kwargs)
        if source is not None and not _is_theirs():
            self._files[args[0]] = source

    def part_passed(self, args: Any, kwargs: Any, result: Any) -> Any:
        source = self._files.get(args[0])
        return result if source is None else self._watcher.passed(result, source)

    def part(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """``ParquetFile(path).read(columns=["a"])``."""
        if (source := self._files.get(args[0])) is not None:
            self._watcher.loaded(result, source)

    def batches(self, args: Any, kwargs: Any, result: Any) -> Any:
        """``for batch in ParquetFile(path).iter_batches(columns=["a"])``."""
        source = self._files.get(args[0])
        return result if source is None else self._each(result, source)

    def _each(self, batches: Iterator[Any], source: str) -> Iterator[Any]:
        for batch in batches:
            passed = self._watcher.passed(batch, source)
            with contextlib.suppress(Exception):  # what cannot be noted stops no program
                self._watcher.loaded(passed, source)
            yield passed

    def nothing(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """For what is noted while its result is gone through."""

    def opening_unseen(self, original: Any, args: Any, kwargs: Any) -> None:
        if (target := _sink(args, kwargs)) is not None:
            self._watcher.writing_unseen(target)

    def unseen(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """``pyarrow.ipc.new_file(path, schema)``."""
        if (target := _sink(args, kwargs)) is not None:
            self._watcher.written(None, target, "file")

    def opening_to_write(self, original: Any, args: Any, kwargs: Any) -> None:
        self.opening_unseen(original, args[1:], kwargs)

    def unseen_method(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """``ParquetWriter(path, schema)``."""
        self.unseen(original, args[1:], kwargs, result)

    def scanning(self, original: Any, args: Any, kwargs: Any) -> None:
        for source in _scanned(args, kwargs):
            self._watcher.reading(source)

    def scanned(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        """``pyarrow.dataset.dataset(path)``: its own code, in C, reads parts of it later."""
        for source in _scanned(args, kwargs):
            self._watcher.scanned(source)

    def reading(self, original: Any, args: Any, kwargs: Any) -> None:
        source = target_of(argument(args, kwargs, 0, _READ))
        if source is not None and not _is_theirs():
            self._watcher.reading(source)

    def passed(self, args: Any, kwargs: Any, result: Any) -> Any:
        source = target_of(argument(args, kwargs, 0, _READ))
        return result if _is_theirs() else self._watcher.passed(result, source)

    def writing(self, original: Any, args: Any, kwargs: Any) -> None:
        target = _written_to(args, kwargs)
        if target is not None and not _is_theirs():
            self._watcher.writing(_table(args, kwargs), target, "file")

    def reader(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        source = target_of(argument(args, kwargs, 0, _READ))
        if isinstance(result, pa.Table) and not _is_theirs():
            self._watcher.loaded(result, source or "")

    def writer(self, original: Any, args: Any, kwargs: Any, result: Any) -> None:
        target = _written_to(args, kwargs)
        if target is not None and not _is_theirs():
            self._watcher.written(_table(args, kwargs), target, "file")


def _opened(args: Any, kwargs: Any) -> str | None:
    return target_of(args[1] if len(args) > 1 else kwargs.get("source"))


def _sink(args: Any, kwargs: Any) -> str | None:
    target = target_of(argument(args, kwargs, 0, ("sink", "where")))
    return None if _is_theirs(also="pyarrow") else target


def _scanned(args: Any, kwargs: Any) -> list[str]:
    """The paths that a data set is made of; none where pyarrow makes it for a reader of its own."""
    given = argument(args, kwargs, 0, ("source", "path"))
    targets = [target_of(one) for one in (given if isinstance(given, (list, tuple)) else [given])]
    return [] if _is_theirs(also="pyarrow") else [target for target in targets if target is not None]


def _table(args: Any, kwargs: Any) -> Any:
    return argument(args, kwargs, 0, ("table", "data", "df"))


def _written_to(args: Any, kwargs: Any) -> str | None:
    return target_of(argument(args, kwargs, 1, _WRITTEN))


def _is_theirs(*, also: str = "") -> bool:
    """Whether a library called that tells of its own readers and writers, or the one ``also`` named, or we did."""
    frame = sys._getframe(1)
    package = __package__
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith(f"{package}."):
        frame = frame.f_back
    name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return name in (*_HOOKED, also, package.partition(".")[0])
