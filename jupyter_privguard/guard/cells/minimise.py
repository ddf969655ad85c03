"""``%%secure --minimise``: a cell that has declared its columns gets these and no others.

Tables that it reads are cut to them. Tables that were there before stay as they are: using another column of theirs
is refused, where hooks see the use; see `frames.uses`. A part that carries all columns of its table
(``df[df.age > 17]``) uses none by being made. What the cell itself adds to a table is its own. Not thread-safe, but
for what hooks tell.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

from ..._listing import first_of
from ...frames import explicit_view, styled_frame, view
from ...frames.narrowing import narrowed
from ...frames.uses import Lineage, Node
from ...frames.watch import is_watched
from ...model import Decision
from ..columns.assess import column_names
from ..columns.datasets import Dataset, name_of_source
from ..files.minimised_reads import MinimisedReads
from .lineage import columns_named
from .minimise_code import holds_tables, names_read, readers_called

if TYPE_CHECKING:
    from ...frames import FrameView
    from ..session import Session
    from .cell import CellRun

__all__ = ["Minimised"]

_LISTED = 8
"""Columns that a sentence names."""


class Minimised:
    """What one cell has declared, and what was left out for it."""

    def __init__(self, session: Session, run: CellRun) -> None:
        self._session = session
        self._run = run
        self._declared = dict.fromkeys(run.options.minimise)
        self._had: set[str] = set()
        """Declared columns that some table has."""
        self._columns: dict[int, tuple[Any, set[str]]] = {}
        """By owner of columns: it, and those that it had when the cell met it."""
        self._own: dict[int, Any] = {}
        """Owners that came into being in the cell."""
        self._carried: dict[int, set[frozenset[str]]] = {}
        """By owner, the sets of columns not declared that tables had already."""
        self._dropped: dict[str, dict[str, None]] = {}
        self._named: set[tuple[str, tuple[tuple[int, Hashable], ...]]] = set()
        """Declared labels with what they come from, in tables that were there: whatever that was called once."""
        self._reads_left = readers_called(run.source)
        self.is_over = False
        """Whether the cell has ended: what its record says is refused to nobody."""
        self._reads: MinimisedReads | None = MinimisedReads(session, run.source, lambda: not self.is_over, self._refuse)
        for table in list(session.knowledge.names.namespace.values()):
            seen = view(table)
            if seen is not None:
                self._meet(self._lineage(table, seen), seen.labels)

    def _lineage(self, table: Any, seen: FrameView) -> Lineage:
        """Where the columns of a table come from; hooks know from now on what is made of it."""
        tracker = self._session.uses.tracker
        if is_watched(table):
            return tracker.root(table, seen.labels[: seen.width], seen.rows).lineage
        node = tracker.known(table)
        return Lineage((self._session.knowledge.facts(table),)) if node is None else node.lineage

    def _meet(self, lineage: Lineage, labels: Iterable[Hashable]) -> None:
        """Take in which columns a table has that was there before, and which of them are carried with it."""
        found: dict[int, set[str]] = {}
        for label in labels:
            is_declared = str(label) in self._declared
            if is_declared:
                self._had.add(str(label))
                self._named.add(_named(lineage, label))
            for owner, there in lineage.of(label):
                self._columns.setdefault(id(owner), (owner, set()))[1].add(str(there))
                if not is_declared and str(there) not in self._declared:
                    found.setdefault(id(owner), set()).add(str(there))
        for key, columns in found.items():
            self._carried.setdefault(key, set()).add(frozenset(columns))

    # --- tables that are read ---------------------------------------------------------------------

    def cut(self, obj: Any, source: str) -> Any:
        """What the cell gets of ``obj``, which a reader made of ``source``. Refused where that is nothing."""
        self._reads_left -= 1
        name = (self._session.safe(name_of_source(source)) if source else "") or "a table"
        left_out: list[str] = []
        if isinstance(obj, dict):
            part: Any = {key: self._cut(one, name, left_out) for key, one in obj.items()}
        elif isinstance(obj, list):
            part = [self._cut(one, name, left_out) for one in obj]
        else:
            part = self._cut(obj, name, left_out)
        missing = [label for label in self._declared if label not in self._had]
        if missing and self._reads_left <= 0:
            self._refuse(f"no table of this cell has the column {self._unknown(missing, left_out)}")
        if left_out:
            self._dropped.setdefault(name, {}).update(dict.fromkeys(left_out))
            print(f"privguard: of {name} --minimise leaves out {self._listed(left_out)}.", file=sys.stderr)
        return part

    def _cut(self, obj: Any, name: str, left_out: list[str]) -> Any:
        found = narrowed(obj, self._declared.__contains__)
        if found is None:
            if hasattr(obj, "__next__"):
                self._refuse(
                    f"{name} is read piece by piece, which cannot be cut; read it whole, or without --minimise."
                )
            return obj
        part, kept, dropped = found
        self._had.update(kept)
        left_out += dropped
        if part is None or not kept:
            self._refuse(f"{name} has none of the columns that this cell declares ({self._listed(self._declared)}).")
        return part

    def made(self, facts: Any) -> None:
        """A table came into being in the cell, by a reader or of its own values: all of it is the cell's."""
        self._own[id(facts)] = facts

    # --- tables that were there -------------------------------------------------------------------

    def problem(self) -> str:
        """Why the cell must not begin: it reads variables that hold what it has not declared; else nothing."""
        names = dict.fromkeys(names_read(self._run.source))
        space = self._session.knowledge.names.namespace
        others = {name: space.get(name) for name in names if not is_watched(space.get(name))}
        tables = {name: column_names(seen) for name, one in others.items() if (seen := view(one)) is not None}
        found: dict[str, None] = {}
        held = [name for name in names if name not in tables and not holds_tables(space.get(name))]
        for used in self._session.uses.in_variables(held, tables=False):
            node = Node(Lineage((used.owner,)), tuple(used.labels), used.rows)
            found.update(dict.fromkeys(self._beyond(node, node.labels)))
        for labels in columns_named(self._run.source, tables).values():
            found.update(dict.fromkeys(label for label in labels if label not in self._declared))
        return self._sentence(found) if found else ""

    def check(self, node: Node, labels: Iterable[Hashable]) -> None:
        """Refused where ``labels`` of a table are used that are not declared."""
        if not self.is_over and (found := self._beyond(node, labels)):
            self._refuse_use(found)

    def check_labels(self, labels: Iterable[str]) -> None:
        """Refused where a query reads columns of a file that are not declared."""
        if not self.is_over and (beyond := [label for label in labels if label not in self._declared]):
            self._refuse_use(beyond)

    def check_table(self, obj: Any) -> None:
        """Refused where the table or Styler ``obj``, which leaves as a whole, has columns that are not declared."""
        table = obj if (styled := styled_frame(obj)) is None else styled
        seen = view(table)
        if seen is None:
            return
        node = Node(self._lineage(table, seen), seen.labels, seen.rows)
        known = self._session.uses.tracker.known(table)
        self.check(node, seen.labels)
        if known is not None and getattr(table, "ndim", 2) == 1:  # a row holds values of many columns
            self.check(known, known.labels)

    def check_part(self, node: Node) -> None:
        """Refused where a part was chosen by columns that are not declared."""
        if self.is_over:
            return
        chosen: dict[int, tuple[Any, set[str]]] = {}
        for label in node.labels:
            if _named(node.lineage, label) not in self._named:
                for owner, there in node.lineage.of(label):
                    if not self._is_free(owner, there):
                        chosen.setdefault(id(owner), (owner, set()))[1].add(str(there))
        for owner, columns in chosen.values():
            if frozenset(columns) not in self._carried_of(owner):
                self._refuse_use(columns)

    def _beyond(self, node: Node, labels: Iterable[Hashable]) -> list[str]:
        """Those of ``labels``, and of what the table needs, that are neither declared nor the cell's own."""
        found = [
            str(label)
            for label in labels
            if _named(node.lineage, label) not in self._named
            and not all(self._is_free(*one) for one in node.lineage.of(label))
        ]
        return found + [str(there) for owner, there in node.needs if not self._is_free(owner, there)]

    def _is_free(self, owner: Any, label: Hashable) -> bool:
        if label is None or str(label) in self._declared or id(owner) in self._own:
            return True  # what has no name, and comes from nothing that has one, is no column of a table
        columns = self._columns_of(owner)
        return columns is not None and str(label) not in columns

    def _columns_of(self, owner: Any) -> set[str] | None:
        """The columns that a table had when the cell met it; None if it is gone."""
        known = self._columns.get(id(owner))
        if known is not None:
            return known[1]
        table = owner.table() if isinstance(owner, Dataset) and owner.table is not None else None
        seen = explicit_view(table, header_only=True) if table is not None else None
        if seen is None:
            return None
        self._meet(Lineage((owner,)), seen.labels)
        return self._columns[id(owner)][1] if id(owner) in self._columns else set()

    def _carried_of(self, owner: Any) -> set[frozenset[str]]:
        self._columns_of(owner)
        return self._carried.get(id(owner), set())

    # --- sentences and the record -----------------------------------------------------------------

    def _refuse_use(self, labels: Iterable[str]) -> None:
        self._refuse(self._sentence(labels).removeprefix("privguard: "))

    def _sentence(self, labels: Iterable[str]) -> str:
        return (
            f"privguard: this cell has declared {self._listed(self._declared)} and uses {self._listed(labels)} too; "
            "choose the declared columns first, or add the others to --minimise."
        )

    def _refuse(self, sentence: str) -> None:
        self._session.admission.check(
            self._run, Decision(allowed=False, rule="minimise", reason=f"privguard: {sentence}")
        )

    def _listed(self, labels: Iterable[str]) -> str:
        return first_of([self._session.safe(label) or "" for label in dict.fromkeys(labels)], _LISTED)

    def _unknown(self, missing: list[str], there: list[str]) -> str:
        import difflib

        near = difflib.get_close_matches(missing[0], there, n=1)
        return self._listed(missing) + (f"; did you mean {self._listed(near)}?" if near else ".")

    def to_event(self) -> dict[str, Any]:
        """What the log says of it."""
        fields: dict[str, Any] = {
            "declared": list(self._declared),
            "dropped": [{"name": name, "columns": list(labels)} for name, labels in self._dropped.items()],
        }
        if missing := [label for label in self._declared if label not in self._had]:
            fields["unknown"] = missing
        return fields

    def end(self, run: CellRun) -> None:
        """``run`` has ended; if it is the cell itself, columns that no table had are said: they may be misspelt."""
        if run is not self._run:
            return
        self.is_over = True
        self._reads = None
        for known in (self._columns, self._own, self._carried, self._named):
            known.clear()
        missing = [label for label in self._declared if label not in self._had]
        if missing and not self._run.refused and not self._run.denied:
            print(
                f"privguard: no table of this cell had a column {self._listed(missing)}, which it declares.",
                file=sys.stderr,
            )


def _named(lineage: Lineage, label: Hashable) -> tuple[str, tuple[tuple[int, Hashable], ...]]:
    return str(label), tuple((id(owner), there) for owner, there in lineage.of(label))
