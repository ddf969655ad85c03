"""Facts about tables in memory: name, source, classes, and whether they are statistics."""

from __future__ import annotations

import os
import weakref
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from ..frames.watch import Exact
from .assess import Classification

__all__ = ["SMALLEST_GROUP", "Dataset", "Datasets", "name_of_source"]


@dataclass(slots=True)
class Dataset:
    """What is known about one table in memory."""

    name: str | None = None
    source: str | None = None
    classification: Classification | None = None
    state: object = None
    """What the table looked like when it was classified; another state means: look again."""
    exact: Exact | None = None
    """Set for a table of statistics."""
    source_table: weakref.ref[Any] | None = None
    """What the statistics are about, while it lives."""
    is_root: bool = False
    """Read from somewhere or made by the program from its own values, not derived from a table."""
    origin: Dataset | None = None
    """The table that this one is recognised as a part of."""
    logged: bool = False
    """Whether the log has its ``data.load``."""

    @property
    def known_as(self) -> str | None:
        """The data set's name in the log: its own, else that of the read table it is a part of."""
        if self.name is None and self.origin is not None and self.origin.source is not None:
            return self.origin.name
        return self.name

    @property
    def known_source(self) -> str | None:
        """Where its rows were read from, by itself or by the table that it is a part of."""
        return self.source or (self.origin.source if self.origin is not None else None)


SMALLEST_GROUP = 5
"""Statistics over at least this many rows are shown exactly (contract: ``k``)."""


class Datasets:
    """Remembers facts about live objects without keeping them alive."""

    def __init__(self) -> None:
        self._facts: dict[int, Dataset] = {}

    def known(self, obj: Any) -> Dataset | None:
        """The record of ``obj`` if it was met before."""
        return self._facts.get(id(obj))

    def of(self, obj: Any) -> Dataset:
        """The record of ``obj``, new if it was not met before."""
        key = id(obj)
        if key not in self._facts:
            weakref.finalize(obj, self._facts.pop, key, None).atexit = False
            self._facts[key] = Dataset()
        return self._facts[key]


def name_of_source(source: str) -> str:
    """The data set's name by its source: a file's base name without ending, a URL's last part."""
    path = urlsplit(source).path if "://" in source else source
    base = PurePath(path.replace(os.sep, "/")).name
    stem = base.partition(".")[0]
    return stem or base or source[:80]
