"""Facts about tables in memory: name, source, classes, and whether they are statistics."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import unquote, urlsplit

from ..._later import later
from ...frames.watch import Exact
from ...model import ColumnVerdict, Tier
from .assess import Classification

__all__ = ["Dataset", "Datasets", "local_path", "name_of_source", "place_of_source"]

_SHARED = 1000
"""Verdicts of folded tables that others may share."""


@dataclass(slots=True)
class Dataset:
    """What is known about one table in memory."""

    name: str | None = None
    source: str | None = None
    classification: Classification | None = None
    state: tuple[object, object, object] | None = None
    """What the table looked like when it was classified, what held for columns then (overrides, policy) and what it was
    called; another state means: look again."""
    exact: Exact | None = None
    """Set for a table of statistics."""
    source_table: weakref.ref[Any] | None = None
    """What the statistics are about, while it lives."""
    is_root: bool = False
    """Read from somewhere or made by the program from its own values, not derived from a table."""
    origin: Dataset | None = None
    """The table that this one is recognised as a part of, by its labels."""
    is_part: bool = False
    """Whether its values show that it is a part of that one, and not another table that looks the same."""
    place: str = ""
    """What tells its source from others of the same name."""
    table: weakref.ref[Any] | None = None
    """The table itself, while it lives."""
    values: tuple[object, dict[str, frozenset[Any] | None]] | None = None
    """Its state when that was looked at last, and then by label the distinct values of columns."""
    assessed: tuple[object, Classification] | None = None
    """What was found in it by itself, and for which state and name."""
    masked_for: tuple[Tier, object] | None = None
    """Of a masked copy the tier that may see it, and what it looked like when it was made."""
    as_read: dict[str, int] = field(default_factory=dict)
    """By label what a column looked like when the table was read (`provenance`); empty where nobody looked."""
    entry: tuple[Classification, object, dict[str, Any]] | None = None
    """For which verdicts, and for what else, the log's words on it being shown were made, and these."""
    is_folded: bool = False
    """Whether its columns are no longer looked at one by one: many tables that came later live (`KnownColumns`)."""
    logged: bool = False
    """Whether the log has its ``data.load``."""
    is_told: bool = False
    """Whether the log calls what it was read from by other names: those of a query's tables."""
    was_logged: bool = False
    """Whether it has had one, perhaps of other columns."""

    @property
    def glob_name(self) -> str | None:
        """The name that the policy's globs may match: never that of a variable."""
        return self.name if self.source else None

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


class _Table(weakref.ref[Any]):
    """A reference to a table that knows under which key its record is kept."""

    __slots__ = ("key",)

    key: int


class Datasets:
    """Remembers facts about live objects without keeping them alive."""

    def __init__(self) -> None:
        self._facts: dict[int, Dataset] = {}
        self._open: dict[int, Dataset] = {}
        """By their identity those that are not folded, oldest first."""
        self._verdicts: dict[object, ColumnVerdict] = {}

    def known(self, obj: Any) -> Dataset | None:
        """The record of ``obj`` if it was met before."""
        return self._facts.get(id(obj))

    def tables(self) -> list[Any]:
        """The tables that live."""
        found = (facts.table() for facts in list(self._facts.values()) if facts.table is not None)
        return [table for table in found if table is not None]

    def parts_with(self, label: str | None) -> list[Any]:
        """Living parts of other tables, as results of cells, that were judged and have a column called ``label``."""
        found = []
        for table in self.tables() if label is not None else ():
            known = self.known(table)
            if known is not None and known.is_part and known.classification is not None:
                found += [table] if any(verdict.column == label for verdict in known.classification) else []
        return found

    def newest(self) -> Iterator[tuple[Any, Dataset]]:
        """The tables that live and are not folded, with what is known of them, the newest first."""
        for facts in reversed(list(self._open.values())):
            table = facts.table() if facts.table is not None else None
            if table is not None:
                yield table, facts

    def fold(self, facts: Dataset) -> None:
        """Leave these out of `newest`, and keep less of them."""
        facts.is_folded = True
        if facts.classification is not None:
            columns = tuple(map(self._shared, facts.classification.columns))
            facts.classification = replace(facts.classification, columns=columns)
        facts.values = facts.entry = facts.assessed = None
        self._open.pop(id(facts), None)

    def _shared(self, verdict: ColumnVerdict) -> ColumnVerdict:
        """``verdict``, or one that says the same: results of a long session that is kept are much alike."""
        told = (getattr(verdict, one.name) for one in fields(ColumnVerdict) if one.name != "action")
        key = *told, *verdict.action.items()
        if len(self._verdicts) >= _SHARED:
            self._verdicts.clear()
        return self._verdicts.setdefault(key, verdict)

    def of(self, obj: Any) -> Dataset:
        """The record of ``obj``, new if it was not met before."""
        key = id(obj)
        if key not in self._facts:
            table = _Table(obj, self._gone)  # a `weakref.finalize` would take four times as much memory
            table.key = key
            facts = self._facts[key] = Dataset(table=table)
            self._open[id(facts)] = facts
        return self._facts[key]

    def _gone(self, table: _Table) -> None:
        facts = self._facts.pop(table.key, None)
        if facts is not None:
            self._open.pop(id(facts), None)
            facts.values = None  # parts of the table may know its facts for longer, and nobody asks for these any more


def name_of_source(source: str) -> str:
    """The data set's name by its source: a file's base name without ending, a URL's last part, a query's table.

    A query is one that begins with SELECT or WITH. Where it reads more than one table it is its own name.
    """
    if (query := _query(source)) is not None:
        table = _TABLE.fullmatch(query)
        return table[1] if table is not None else query[:_LONGEST]
    path = _path_of_url(source) if "://" in source else source
    base = PurePath(path.replace(os.sep, "/")).name
    stem = base.partition(".")[0]
    return stem or base or source[:_LONGEST]


def _path_of_url(url: str) -> str:
    """The path in an address as its files are called, without percent signs."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:  # no address at all
        return url


def local_path(source: str) -> str | None:
    """The path of a file on this machine, given as such or as a ``file:`` address; None for any other address."""
    if source[:5].lower() == "file:":
        return _path_of_url(source)
    return None if "://" in source else source


def place_of_source(source: str) -> str:
    """What tells a source from others of the same name: a file's whole path, a URL or query as it is."""
    if not source or "://" in source:
        return source
    try:
        return _query(source) or str(Path(source).resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all
        return source


_LONGEST = 200
_TABLE = later(
    r"""select\s(?:(?!\bfrom\b).)*?\sfrom\s"?([A-Za-z_][\w.]*)"?\s*;?"""
    r"""(?:\s*(?:where|group\s+by|order\s+by|having|limit|fetch|offset)\b(?:(?!\b(?:from|join|union|intersect|except)\b).)*)?""",
    re.IGNORECASE | re.DOTALL,
)


def _query(source: str) -> str | None:
    """``source`` with single blanks if it is SQL."""
    words = source.split()
    return " ".join(words) if len(words) > 1 and words[0].lower() in ("select", "with") else None
