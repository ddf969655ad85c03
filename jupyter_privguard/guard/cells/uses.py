"""What cells use of tables: noted by hooks while they run, and written into their records when they end.

Hooks do not see tables of libraries that cannot be hooked, nor lists and arrays in variables that an earlier cell
filled: of these the code of the cell tells, as far as it ran.

Not thread-safe but for what the tracker is told: the session holds the lock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ...frames import FrameView, view
from ...frames.scans import scan_of
from ...frames.uses import Lineage, Node, Origin, Tracker, Used, Uses
from ...frames.watch import is_watched
from ..columns.assess import column_names
from ..columns.datasets import Dataset, name_of_source
from ..knowledge import Knowledge
from .cell import CellRun, DataRead, Parents
from .held import HeldVariables
from .lineage import columns_named, labels_said, names_bound, names_run, place_of_error, statements_run

__all__ = ["CellUses", "OriginTable"]


_MOST_READ = 1000


class OriginTable(NamedTuple):
    """A table from which another one was made."""

    name: str
    source: str | None
    columns: list[str]
    """Those of its columns that are in the other one, or from which these were computed."""

    def touch(self, run: CellRun, how: str, rows: int) -> None:
        """What ``run`` does to the other table it does to these columns."""
        run.touch(self.name, how=how, columns=self.columns, rows=rows, source=self.source)


class CellUses:
    """Joins what the tracker notes to the cells that run."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.tracker = Tracker(knowledge.facts)
        self._read: OrderedDict[tuple[str, str], Dataset] = OrderedDict()
        self._held = HeldVariables(knowledge.names, self.tracker)
        self.heard: list[Callable[[CellRun], None]] = []
        """Told of each cell that has ended, once what it used stands in it and before it is recorded."""

    def begin(self, run: CellRun) -> None:
        """What is used from now on is used by ``run``, and by the cell that ran it if it is within one."""
        if self.tracker.now is None:
            self.tracker.now = run.uses
        else:
            run.uses = self.tracker.now

    def end(self, run: CellRun, outer: CellRun | None, read: Sequence[DataRead] = (), *, outcome: str = "ok") -> None:
        """``run`` uses nothing any more: what it used, and what it ``read`` otherwise, is in its record.

        By its ``outcome`` not all of its code may have run.
        """
        self.tracker.now = outer.uses if outer is not None else None
        if outer is not None and outer.uses is run.uses:
            return
        with suppress(Exception):  # tables and variables may hold any objects
            run.uses.settle()
            for one in () if run.refused else read:
                node = Node(Lineage((self._facts_of(one),)), one.columns, one.rows)
                run.uses.note(node, one.columns or [None], "loaded")
            names = [] if run.refused else names_run(run.code, until=None if outcome == "ok" else place_of_error())
            self._note_static(run, names)
            self._held.use(run.uses, names, run.code)
            self._note(run, names)
            run.settle_guesses()
            self._note_made(run)
            self._held.learn(run.uses, run.code, [self._facts_of(one) for one in read if one.is_queried])
        run.uses = Uses()  # it knows tables that may be gone

    def _note(self, run: CellRun, names: list[str]) -> None:
        variables = self._variables(names)
        for used in run.uses.tables():
            facts = used.owner
            if not isinstance(facts, Dataset):
                continue
            name = self.name_of(facts)
            if name is None:  # a result that was made and used in one go
                continue
            rows = used.rows
            for how, labels in used.by_how.items():
                columns = [str(label) for label in labels if label is not None]
                run.touch(name, how=how, columns=columns, rows=rows, source=facts.known_source)
            for variable in variables.get(id(facts), ()):
                run.touch(name, how=how, columns=[], rows=rows, source=facts.known_source, variable=variable)

    def _facts_of(self, read: DataRead) -> Dataset:
        """What is known of data that was read without making a table of it."""
        key = read.name, read.source
        if key not in self._read:
            self._read[key] = Dataset(name=read.name, source=read.source)
            while len(self._read) > _MOST_READ:
                self._read.popitem(last=False)
        return self._read[key]

    def piece(self, obj: Any, read: DataRead) -> None:
        """What is done with ``obj`` is done with what was ``read`` piece by piece, of which it is one."""
        self.tracker.link(obj, Node(Lineage((self._facts_of(read),)), read.columns, read.rows))

    def made_from(
        self, obj: Any, labels: Iterable[str], rows: int, columns: Iterable[tuple[str, DataRead, str | None]]
    ) -> None:
        """The table ``obj`` with these ``labels`` is what a query gave: by label the table and column of each."""
        named: dict[Hashable, tuple[Origin, ...]] = {}
        owners: dict[int, Dataset] = {}
        for label, read, origin in columns:
            owner = self._facts_of(DataRead(read.name, read.source, []))
            owners[id(owner)] = owner
            named[label] = (*named.get(label, ()), (owner, origin))
        self.tracker.link(obj, Node(Lineage(tuple(owners.values()), named), list(labels), rows))

    def stored(self, read: DataRead) -> Dataset:
        """The owner of the columns of a table that a database keeps."""
        return self._facts_of(read)

    def name_of(self, facts: Dataset) -> str | None:
        """What the log calls a table: by its source, else by the variable that holds it."""
        table = facts.table() if facts.table is not None else None
        facts.name = facts.name or (self._knowledge.variable_of(table) if table is not None else None)
        return facts.known_as

    def _variables(self, names: list[str]) -> dict[int, list[str]]:
        """The variables among ``names`` that hold tables, or what was made of them, by the identity of these."""
        found: dict[int, list[str]] = {}
        for name in names:
            value = self._knowledge.names.namespace.get(name)
            node = self.tracker.known(value) if value is not None else None
            if node is not None and not name.startswith("_"):
                for owner in node.lineage.owners:
                    found.setdefault(id(owner), []).append(name)
        return found

    def origins_of(self, obj: Any, labels: Iterable[Hashable] | None = None) -> list[OriginTable] | None:
        """The tables from which the columns ``labels`` of ``obj`` came, all of them if None.

        None where nobody knows, or it is one itself, with the labels that it was read with.
        """
        node = self.tracker.known(obj)
        if node is None or (self._is_one(obj, node) and not node.lineage.is_changed):
            return None
        uses = Uses()
        uses.note(node, node.labels if labels is None else labels, "")
        found = [
            OriginTable(name, used.owner.known_source, [str(label) for label in used.labels if label is not None])
            for used in uses.tables()
            if isinstance(used.owner, Dataset) and (name := self.name_of(used.owner)) is not None
        ]
        return found or None

    def _is_one(self, obj: Any, node: Node) -> bool:
        """Whether a table was not made from others."""
        return any(owner is self._knowledge.names.datasets.known(obj) for owner in node.lineage.owners)

    def columns_from(self, obj: Any) -> list[tuple[str, str | None, dict[str, str]]]:
        """The tables from which a query's result came: name, source, and by its own label that of a column there.

        Columns that were made of several, or of none, are left out.
        """
        node, found = self.tracker.known(obj), dict[int, tuple[Dataset, dict[str, str]]]()
        for label in node.labels if node is not None else ():
            origins = node.lineage.of(label) if node is not None else ()
            if len(origins) == 1 and isinstance(owner := origins[0][0], Dataset) and origins[0][1] is not None:
                found.setdefault(id(owner), (owner, {}))[1][str(label)] = str(origins[0][1])
        return [(owner.known_as, owner.known_source, of) for owner, of in found.values() if owner.known_as is not None]

    def _note_made(self, run: CellRun) -> None:
        """Tables that the cell made of others and put into variables, with what their columns came from."""
        for name in dict.fromkeys(name for statement in statements_run(run.code) for name in names_bound(statement)):
            table = self._knowledge.names.namespace.get(name)
            node = self.tracker.known(table) if table is not None and is_watched(table) else None
            if node is None or self._is_one(table, node) or (origins := self.origins_of(table)) is None:
                continue
            if self._knowledge.facts(table).is_told:  # read by a query, under the names of its tables
                for one in origins:
                    run.touch(one.name, how="loaded", columns=[], rows=0, source=one.source, variable=name)
                continue
            if parents := self._parents(name, node):
                columns = [str(label) for label in node.labels]
                run.touch(name, how="computed", columns=columns, rows=node.rows, variable=name, parents=parents)

    def _parents(self, own: str, node: Node) -> Parents:
        """What the columns of the table ``own`` came from, by the tables of other names that they were in."""
        parents: Parents = {}
        for label in node.labels:
            for owner, there in node.lineage.of(label):
                name = self.name_of(owner) if isinstance(owner, Dataset) else None
                if name is not None and name != own and there is not None:
                    of = parents.setdefault((name, owner.known_source), {}).setdefault(str(label), [])
                    if str(there) not in of:
                        of.append(str(there))
        return parents

    def in_variables(self, names: list[str], *, tables: bool = True) -> list[Used]:
        """What is in the variables ``names``, by the tables that it came from; ``tables``: in such, too."""
        uses = Uses()
        self._held.use(uses, names, tables=tables)
        return uses.tables()

    def _note_static(self, run: CellRun, names: list[str]) -> None:
        """Tables of libraries without hooks that the code names."""
        space: Mapping[str, Any] = self._knowledge.names.namespace
        for name in names:
            value = space.get(name)
            if value is None or is_watched(value):
                continue
            if (scan := scan_of(value)) is not None:
                for path in scan[0]:
                    columns, read = labels_said(run.code, scan[1]), DataRead(name_of_source(path), path, scan[1])
                    run.touch(read.name, how="loaded", columns=columns, rows=0, source=path, variable=name)
                    run.uses.note(Node(Lineage((self._facts_of(read),)), columns, 0), columns, "loaded")
            elif (seen := view(value)) is not None:
                self._note_unhooked(run, name, value, seen)

    def _note_unhooked(self, run: CellRun, name: str, value: Any, seen: FrameView) -> None:
        """The table of a library without hooks that is in the variable ``name``, or what it was made of."""
        columns = columns_named(run.code, {name: column_names(seen)}).get(name)
        if columns is None:
            return
        facts = self._knowledge.facts(value)
        made = [one for one in self._held.made_of(name) if all(owner is not facts for owner in one.lineage.owners)]
        named = [(held, [label for label in held.labels if str(label) in columns]) for held in made]
        for held, labels in named:
            of = labels if any(there for _, there in named) else held.labels  # columns that were made of others
            run.uses.note(held, of, "computed")
        if not made and facts.name is None and facts.known_as is not None:
            run.guess(facts.known_as, facts.known_source, "computed", columns=columns, rows=seen.rows)
            return
        facts.name = facts.known_as or name
        if not made:
            source = facts.known_source
            run.touch(facts.name, how="computed", columns=columns, rows=seen.rows, source=source, variable=name)
            run.uses.note(Node(Lineage((facts,)), columns, seen.rows), columns, "computed")
