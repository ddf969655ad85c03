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

    def look(self) -> None:
        """Look at the variables anew."""
        # The first of several names of one table counts.
        found = reversed(list(self.namespace.items()))
        self._variables = {id(value): name for name, value in found if not name.startswith("_")}

    def variable_of(self, obj: Any) -> str | None:
        """The user's variable that holds ``obj``."""
        name = self._variables.get(id(obj))
        if name is not None and self.namespace.get(name) is obj:
            return name
        return next((k for k, v in list(self.namespace.items()) if v is obj and not k.startswith("_")), None)

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
