"""What tables are called, and which of them are tables of their own.

A table that others were cut from gives its name to them only where their values show it: two tables may have
the same labels, and a word on one of them is no word on the other.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..overrides.statements import DataSet
from .datasets import Dataset, Datasets, name_of_source, place_of_source

__all__ = ["TableNames", "owner_of"]


class TableNames:
    """Names tables by their sources and by the user's variables."""

    def __init__(self) -> None:
        self.datasets = Datasets()
        self.namespace: Mapping[str, Any] = {}
        """The user's variables."""
        self._variables: dict[int, str] = {}
        self._names: dict[str, None] = {}
        """Those of them that have no underscore in front, of which a session has few."""
        self._all: list[str] = []
        """All names, as they were when they were looked at last."""

    def look(self) -> list[tuple[str, Any]]:
        """Look at the variables anew; those whose names have no underscore in front."""
        space = self.namespace
        now, before = list(space), len(self._all)
        # Each cell leaves its source and result under names of IPython's own: only what came since is looked at.
        if now[:before] != self._all:
            self._names, before = {}, 0
        self._names.update((name, None) for name in now[before:] if name[:1] != "_")
        self._all = now
        found = [(name, space[name]) for name in self._names if name in space]
        # The first of several names of one table counts.
        self._variables = {id(value): name for name, value in reversed(found)}
        return found

    def tables(self) -> list[Any]:
        """What the variables held when they were looked at last, tables and all else."""
        return [self.namespace[name] for name in self._names if name in self.namespace]

    def is_variable(self, obj: Any) -> bool:
        """Whether a variable held ``obj`` when they were looked at last."""
        return id(obj) in self._variables

    def variable_of(self, obj: Any) -> str | None:
        """The user's variable that holds ``obj``."""
        name = self._variables.get(id(obj))
        if name is not None and self.namespace.get(name) is obj:
            return name
        return next((name for name, value in self.look() if value is obj), None)

    def read(self, facts: Dataset, source: str) -> None:
        """The table of ``facts`` was read from ``source``."""
        facts.source, facts.name, facts.place = source, name_of_source(source), place_of_source(source)

    def data_set(self, facts: Dataset) -> DataSet | None:
        """What people call a table: its data set, that of the table it is a part of, or its variable."""
        owner = owner_of(facts)
        return self._name_of(owner) or (self._name_of(facts) if owner is not facts else None)

    def is_own(self, facts: Dataset) -> bool:
        """Whether what is said of a table is said of itself, not of the table that it is a part of."""
        if facts.exact is not None:
            return False
        if facts.origin is None:
            return True
        owner = owner_of(facts)
        return (owner is facts or self._name_of(owner) is None) and self._name_of(facts) is not None

    def _name_of(self, facts: Dataset) -> DataSet | None:
        if facts.source:
            return DataSet(facts.name or name_of_source(facts.source), source=facts.place)
        table = facts.table() if facts.table is not None else None
        name = facts.name if facts.origin is None else None  # of others the log has that of another table
        if name is None and table is not None:
            name = self.variable_of(table)
        return DataSet(name, is_variable=True) if name else None

    def keep(self, tables: Iterable[tuple[str, Any]]) -> None:
        """Those of the ``tables``, with their variables, that have no name yet keep that of their variable."""
        for name, obj in tables:
            facts = self.datasets.of(obj)
            if facts.origin is None and facts.name is None:
                facts.name = name


def owner_of(facts: Dataset) -> Dataset:
    """The table that ``facts`` are about, or the one that it is shown to be a part of."""
    met = {id(facts)}
    while facts.is_part and facts.origin is not None and id(facts.origin) not in met:
        facts = facts.origin
        met.add(id(facts))
    return facts
