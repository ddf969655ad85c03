"""Which columns of which tables a SELECT uses, and from which of them each column of its result comes.

A query is read as far as that takes: words, their tables, aliases, subqueries. What is read is a guess where a dialect
does more than that; of tables that are not found in it, and of other statements, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ._sql_tokens import Scope, Star, Table, scopes_of

__all__ = ["Select", "select_of"]

Labels = Mapping[str, Sequence[str]]
"""By name, in small letters, the labels of tables."""
_DEEPEST = 20
_AFTER_ALIASES = frozenset({"group", "order", "having", "qualify"})
"""Clauses in which the names that a query gives its columns come first."""


class Column(NamedTuple):
    """A column of a table that a query names."""

    table: str
    label: str


def select_of(sql: str) -> Select | None:
    """What ``sql`` does; None of anything but a SELECT, and of what cannot be read."""
    try:
        scopes = scopes_of(sql)
    except (IndexError, KeyError, RecursionError):
        return None
    return Select(scopes) if any(scope.is_select for scope in scopes) else None


class Select:
    """A query that was read."""

    def __init__(self, scopes: list[Scope]) -> None:
        self._scopes = scopes

    def names(self, table: str) -> bool:
        """Whether the query reads the table or file ``table``."""
        return any(one.name == table.casefold() for scope in self._scopes for one in scope.tables.values())

    def tables(self) -> list[str]:
        """The tables and files that the query reads, in small letters."""
        every = (one for scope in self._scopes for one in scope.tables.values())
        return list(dict.fromkeys(one.name for one in every if one.name and not one.scopes))

    def used(self, tables: Labels) -> dict[str, list[str]]:
        """The columns that the query uses of ``tables``, by table, in their order."""
        found: set[Column] = set()
        for scope in self._scopes:
            for ref in scope.refs:
                found |= self._found(scope, ref.qualifier, ref.word, tables, clause=ref.clause)
            if scope.is_outer or not scope.is_read:
                for star in scope.stars:
                    found |= {column for every in self._each(scope, star, tables) for column in every}
            if scope.is_natural:
                found |= _shared(scope, tables)
        return _by_table(found, tables)

    def joining(self, tables: Labels) -> dict[str, list[str]]:
        """The columns of ``tables`` by which they are joined without being named for each: USING, NATURAL JOIN."""
        found: set[Column] = set()
        for scope in self._scopes:
            for word in scope.joined_by:
                found |= self._found(scope, None, word, tables)
            if scope.is_natural:
                found |= _shared(scope, tables)
        return _by_table(found, tables)

    def outputs(
        self, tables: Labels, columns: Sequence[str], *, filling: bool = False
    ) -> dict[str, list[Column]] | None:
        """By column of the result, whose labels are ``columns``, what it comes from; None if they cannot be told.

        With ``filling`` those of the table that the query makes or puts rows into.
        """
        found: dict[str, dict[Column, None]] = {}
        for scope in self._scopes:
            if not (scope.fills if filling else scope.is_outer):
                continue
            origins = list(self._in_order(scope, tables))
            if len(origins) != len(columns):
                return None
            for column, come_from in zip(columns, origins, strict=True):
                found.setdefault(column, {}).update(dict.fromkeys(come_from))
        return {column: list(origins) for column, origins in found.items()} or None

    def filling(self, tables: Labels) -> list[str]:
        """The labels of the table that the query makes, in small letters; empty for those that it does not say."""
        found: list[str] = []
        for scope in [one for one in self._scopes if one.fills and not one.is_read][:1]:
            for item in scope.items:
                if item.star is None:
                    found.append(item.output or "")
                else:
                    found += [every[0].label for every in self._each(scope, item.star, tables)]
        return found

    def _in_order(self, scope: Scope, tables: Labels, depth: int = 0) -> Iterator[list[Column]]:
        """For each column that a SELECT gives what it comes from."""
        for item in scope.items:
            if item.star is not None:
                yield from self._each(scope, item.star, tables, depth)
            else:
                inside = (
                    (one, ref)
                    for one in self._scopes
                    for ref in one.refs
                    if item.first <= ref.at < item.end and one.is_within(scope)
                )
                refs = (self._found(one, ref.qualifier, ref.word, tables, clause=ref.clause) for one, ref in inside)
                yield sorted({column for found in refs for column in found})

    # --- what a word means ---------------------------------------------------------------------------

    def _found(
        self, scope: Scope, qualifier: str | None, word: str, tables: Labels, *, clause: str = "", depth: int = 0
    ) -> set[Column]:
        if depth > _DEEPEST:
            return set()
        if qualifier is None and clause in _AFTER_ALIASES and word in scope.aliases:
            return set()
        at: Scope | None = scope
        while at is not None:
            if qualifier is None:
                found = {
                    column for table in at.tables.values() for column in self._of(table, word, tables, depth=depth)
                }
            elif qualifier in at.tables:
                return set(self._of(at.tables[qualifier], word, tables, depth=depth))
            else:
                found = set()
            if found:
                return found
            at = at.parent
        if qualifier is not None:  # a part of a column that is a record
            return self._found(scope, None, qualifier, tables, depth=depth + 1)
        return set()

    def _of(self, table: Table, word: str, tables: Labels, *, depth: int) -> Iterator[Column]:
        if not table.scopes:
            name = table.name
            yield from (Column(name, label) for label in tables.get(name, ()) if label.casefold() == word)
            return
        for inner in table.scopes:
            named = [item for item in inner.items if item.output == word]
            for item in named:
                for ref in inner.refs:
                    if item.first <= ref.at < item.end:
                        yield from self._found(inner, ref.qualifier, ref.word, tables, depth=depth + 1)
            for item in inner.items if not named else ():
                if item.star is not None and word not in item.star.without:
                    yield from self._found(inner, item.star.qualifier, word, tables, depth=depth + 1)

    def _each(self, scope: Scope, star: Star, tables: Labels, depth: int = 0) -> Iterator[list[Column]]:
        """What a ``*`` stands for, in order; columns by which tables are joined come once."""
        met: set[str] = set()
        joined = scope.joined_by | {one.label.casefold() for one in _shared(scope, tables) if scope.is_natural}
        for alias, table in scope.tables.items():
            if (star.qualifier is not None and alias != star.qualifier) or depth > _DEEPEST:
                continue
            if table.scopes:
                yield from self._in_order(table.scopes[0], tables, depth + 1)
                continue
            for label in tables.get(table.name, ()):
                word = label.casefold()
                if word not in star.without and not (star.qualifier is None and word in met and word in joined):
                    met.add(word)
                    yield [Column(table.name, label)]


def _by_table(found: set[Column], tables: Labels) -> dict[str, list[str]]:
    return {name: [label for label in labels if Column(name, label) in found] for name, labels in tables.items()}


def _shared(scope: Scope, tables: Labels) -> set[Column]:
    """The columns by which a NATURAL JOIN joins."""
    named = [one.name for one in scope.tables.values() if not one.scopes]
    every = [label.casefold() for name in named for label in tables.get(name, ())]
    return {
        Column(name, label) for name in named for label in tables.get(name, ()) if every.count(label.casefold()) > 1
    }
