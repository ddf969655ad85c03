"""Which columns of which tables a program uses, noted while it uses them.

Hooks in DataFrame libraries call `Tracker`. Every table has a lineage: for each of its columns the tables and columns
that it came from, in the end tables that were read or made by the program. A part that is cut out of a table
(``df[["email"]]``, ``df.head()``) uses nothing until something is done with it: then it counts as what that uses, and
as a whole where nothing ever is. What a library does inside one of its own functions is no use.

Nothing here keeps a table alive. Threads may call it at the same time.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

__all__ = ["KEPT", "Lineage", "Node", "Origin", "Tracker", "Used", "Uses"]

# `Any` in this file is a table of whatever library, or what the owner of a table is called by.

Origin = tuple[Any, Hashable]
"""The owner of a column, and its label there."""

KEPT = "kept"
"""How columns are used of a part that nothing was done with: it may have been put away."""
_MOST_CUT = 500
"""Parts that may wait to be used; those before count as used whole."""


class Lineage:
    """Where the columns of a table come from."""

    __slots__ = ("_named", "owners")

    def __init__(self, owners: tuple[Any, ...], named: Mapping[Hashable, tuple[Origin, ...]] | None = None) -> None:
        """Columns that are not in ``named`` are those of the first of ``owners``."""
        self.owners = owners
        self._named = named or {}

    @property
    def is_changed(self) -> bool:
        """Whether a column is not the one of its own label of the first of ``owners``."""
        return bool(self._named)

    def of(self, label: Hashable) -> tuple[Origin, ...]:
        """The columns that the column ``label`` came from."""
        found = self._named.get(label)
        return ((self.owners[0], label),) if found is None else found

    def renamed(self, pairs: Iterable[tuple[Hashable, Hashable]]) -> Lineage:
        """The lineage of a table with new labels; ``pairs`` are old and new ones."""
        return Lineage(self.owners, {new: self.of(old) for old, new in pairs if old != new or old in self._named})

    def with_new(self, labels: Iterable[Hashable], origins: tuple[Origin, ...]) -> Lineage:
        """That of a table which has more columns; those that are not known yet came from ``origins``."""
        return Lineage(self.owners, {**dict.fromkeys(labels, origins), **self._named})

    def with_one(self, label: Hashable, origins: tuple[Origin, ...]) -> Lineage:
        """That of a table in which the column ``label`` came from ``origins``, whatever it was before."""
        return Lineage(self.owners, {**self._named, label: origins})

    def as_one(self, labels: Iterable[Hashable]) -> tuple[Origin, ...]:
        """What a column came from that was made of the columns ``labels``."""
        return tuple(origin for label in labels for origin in self.of(label))

    @staticmethod
    def joined(parts: Iterable[tuple[Lineage, Hashable, Hashable]]) -> Lineage:
        """That of a table whose columns come from several: ``parts`` are lineages, labels there, and labels here."""
        named: dict[Hashable, tuple[Origin, ...]] = {}
        owners: dict[int, Any] = {}
        for lineage, there, here in parts:
            owners.update((id(owner), owner) for owner in lineage.owners)
            named[here] = (*named.get(here, ()), *lineage.of(there))
        return Lineage(tuple(owners.values()), named)


class Node:
    """What is known of one table, or of a column or array that was taken out of one."""

    __slots__ = ("is_chosen", "is_cut", "is_own", "is_used_inside", "labels", "lineage", "needs", "rows")

    def __init__(
        self,
        lineage: Lineage,
        labels: Iterable[Hashable],
        rows: int,
        *,
        is_cut: bool = False,
        is_chosen: bool = False,
        needs: tuple[Origin, ...] = (),
    ) -> None:
        self.lineage = lineage
        self.labels = labels
        """Those of its columns when it came into being."""
        self.rows = rows
        self.needs = needs
        """Of a query that was not run yet the columns that it uses when it is."""
        self.is_cut = is_cut
        """Whether it is a part that nothing was done with yet."""
        self.is_chosen = is_chosen
        """Whether it is a part of which the program named the columns, so that what takes it as a whole uses these."""
        self.is_own = False
        """Whether it is a table that was not made from others."""
        self.is_used_inside = False
        """Whether a function of the program's that was called with parts of it used some of them."""


class Used:
    """What was used of one table."""

    __slots__ = ("by_how", "labels", "owner", "rows")

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.labels: dict[Hashable, None] = {}
        self.by_how: dict[str, dict[Hashable, None]] = {}
        """Ordered sets of labels; under `KEPT` those of parts that nothing was done with."""
        self.rows = 0


class Uses:
    """What one cell uses."""

    def __init__(self) -> None:
        self._tables: dict[int, Used] = {}
        self._cut: list[Node] = []

    def __bool__(self) -> bool:
        return bool(self._tables or self._cut)

    def note(self, node: Node, labels: Iterable[Hashable], how: str) -> None:
        """The columns ``labels`` of a table were used."""
        for label in labels:
            self._note(node.lineage.of(label), how, node.rows)
        self._note(node.needs, how, node.rows)

    def _note(self, origins: tuple[Origin, ...], how: str, rows: int) -> None:
        tables = self._tables
        for owner, label in origins:
            used = tables.get(id(owner))
            if used is None:
                used = tables[id(owner)] = Used(owner)
            labels = used.by_how.get(how)
            if labels is None:
                labels = used.by_how[how] = {}
            used.labels[label] = labels[label] = None
            if rows > used.rows:
                used.rows = rows

    def cut(self, node: Node) -> None:
        """A part of a table came into being."""
        self._cut.append(node)
        if len(self._cut) > _MOST_CUT:
            self.settle()

    def settle(self) -> None:
        """Parts that nothing was done with count as used whole."""
        cut, self._cut = self._cut, []
        for node in cut:
            if node.is_cut:
                node.is_cut = False
                self.note(node, node.labels, KEPT)

    def tables(self) -> list[Used]:
        """What was used by now, by table."""
        return list(self._tables.values())

    def so_far(self) -> list[Used]:
        """As `tables`, with the parts that nothing was done with yet."""
        whole = Uses()
        for used in self.tables():
            node = Node(Lineage((used.owner,)), tuple(used.labels), used.rows)
            whole.note(node, node.labels, "computed")
        for node in list(self._cut):
            if node.is_cut:
                whole.note(node, node.labels, "computed")
        return whole.tables()


class _Ref(weakref.ref[Any]):
    """A reference that knows what it is a note about."""

    __slots__ = ("key", "node")

    key: int
    node: Node


class _Inside(threading.local):
    """What this thread is in the midst of."""

    def __init__(self) -> None:
        self.node: Node | None = None
        self.used: list[Origin] | None = None
        self.is_quiet = False


class Tracker:
    """Where the hooks write: into the `Uses` of the cell that runs."""

    def __init__(self, owner_of: Callable[[Any], Any]) -> None:
        """``owner_of`` tells by what the program's owner of tables calls a table that was not made from others."""
        self.now: Uses | None = None
        """None while no cell runs."""
        self._owner_of = owner_of
        self._refs: dict[int, _Ref] = {}
        self._inside = _Inside()

    # --- tables -----------------------------------------------------------------------------------

    def known(self, table: Any) -> Node | None:
        """What is known of a table, a column or an array; None of one that was not met."""
        ref = self._refs.get(id(table))
        return ref.node if ref is not None and ref() is table else None

    def part(self) -> Node | None:
        """The table of which this thread's function is called with parts."""
        return self._inside.node

    def root(self, table: Any, labels: Iterable[Hashable], rows: int) -> Node:
        """What is known of a table; one that was not met is the program's own, or a part of `part`."""
        node = self.known(table)
        if node is None:
            whole = self._inside.node
            if whole is not None:
                whole.is_used_inside = True
            node = Node(Lineage((self._owner_of(table),)) if whole is None else whole.lineage, labels, rows)
            node.is_own = whole is None
            self.link(table, node)
        return node

    def link(self, table: Any, node: Node) -> None:
        """Remember ``node`` while ``table`` lives; of what cannot be referred to weakly nothing is remembered."""
        with suppress(TypeError):
            ref = _Ref(table, self._forget)
            ref.key, ref.node = id(table), node
            self._refs[ref.key] = ref

    def _forget(self, ref: Any) -> None:
        key = ref.key
        if self._refs.get(key) is ref:
            del self._refs[key]

    # --- what is done with them ---------------------------------------------------------------------

    def use(self, node: Node, labels: Iterable[Hashable], how: str = "computed") -> None:
        """The columns ``labels`` of a table are used, and with them whatever it was a part of."""
        node.is_cut = False
        if self.now is not None:
            self.now.note(node, labels, how)
        used = self._inside.used
        if used is not None and len(used) < _MOST_CUT:
            used += node.lineage.as_one(labels)

    def cut(
        self, table: Any, lineage: Lineage, labels: Iterable[Hashable], rows: int, *, is_chosen: bool = False
    ) -> None:
        """``table``, with the columns ``labels``, was cut out of one with this lineage."""
        node = Node(lineage, labels, rows, is_cut=self.now is not None, is_chosen=is_chosen)
        self.link(table, node)
        if self.now is not None:
            self.now.cut(node)

    def measuring(self, original: Any, how: Callable[[], str | None]) -> Any:
        """``original``, which asks a table for its size, noted of parts where ``how`` says that uses are.

        The size of a part tells of the columns that it was chosen by, and of no others.
        """

        def measured(table: Any) -> Any:
            node = self.known(table)
            if node is not None and node.is_cut and how() is not None:
                self.measure(node)
            return original(table)

        return measured

    def measure(self, node: Node) -> None:
        """A table was asked for its size."""
        if node.is_cut:
            node.is_cut = False
            if node.is_chosen:
                self.use(node, node.labels)

    @contextmanager
    def inside(self, node: Node) -> Iterator[list[Origin]]:
        """While a function of the program's may be called with parts of ``node``; what such a function uses."""
        inside, used = self._inside, list[Origin]()
        before = inside.node, inside.used
        inside.node, inside.used = node, used
        node.is_used_inside = False
        try:
            yield used
        finally:
            inside.node, inside.used = before

    # --- libraries whose own code is called by no frame of Python -----------------------------------

    @property
    def is_quiet(self) -> bool:
        """Whether what this thread does with tables is done by a library."""
        return self._inside.is_quiet

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While a library written in C takes tables apart in this thread."""
        before, self._inside.is_quiet = self._inside.is_quiet, True
        try:
            yield
        finally:
            self._inside.is_quiet = before
