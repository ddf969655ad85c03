"""Hooks in DuckDB's relations: which columns their methods use, when their queries are run, and what they write.

A method uses the columns that the words of its arguments name. Its result has the columns of its relation that are
called the same, and others that were made of those which were named. Methods differ between versions of DuckDB, so
any that is not known here is taken for such a step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

import duckdb

from ... import frames
from .._sql import query_of
from ..selects import select_of
from ..uses import Lineage, Node, Origin, Tracker
from ..watch import Watcher
from ._callers import caller, is_called_within
from ._duckdb_calls import call_as, frame_of_caller
from ._noting import noting
from ._patches import Patches

__all__ = ["FETCHES", "Relations", "fetched"]

# `Any` in this file is a relation, or whatever its methods take and return.

FETCHES = (
    "df to_df fetchdf fetch_df fetch_df_chunk pl arrow to_arrow_table fetch_arrow_table to_arrow_reader show preview "
    "fetch_arrow_reader fetch_record_batch fetchall fetchone fetchmany fetchnumpy torch tf to_dicts iter_rows"
).split()
"""What gives the rows of a relation, or those that a connection holds."""
_SHOWS = ("__repr__", "__str__", "_repr_html_", "_repr_mimebundle_")
_WRITERS = "write_csv to_csv write_parquet to_parquet".split()
_TABLE_WRITERS = "create to_table insert_into".split()
_NO_STEPS = frozenset(
    "columns types dtypes description type alias close explain sql_query shape execute insert update apply".split()
)
"""What gives no rows, or takes none of its relation."""
_STEPS = ("__getitem__", "__getattr__")
_NAMES_ONLY = frozenset({"drop", "rename", "set_alias", "create_view", "to_view", "limit", "head", "sample", "offset"})
"""Methods that use no column, also where they name some."""
_SELECTING = frozenset({"select", "project", "aggregate"})
_BY_PLACE = frozenset({"union", "except_", "intersect"})
_COUNTING = frozenset({"count"})


class Relations(Patches):
    """Set when they are made. ``view_made`` is told of names under which queries find a relation."""

    def __init__(self, tracker: Tracker, watcher: Watcher, view_made: Callable[[str, Node], None]) -> None:
        super().__init__()
        self._tracker = tracker
        self._watcher = watcher
        self._view_made = view_made
        self._hooked: set[type] = set()
        relation = duckdb.DuckDBPyRelation
        known = {*FETCHES, *_WRITERS, *_TABLE_WRITERS, *_NO_STEPS}
        for name in (*_STEPS, *(one for one in dir(relation) if not one.startswith("_") and one not in known)):
            if callable(getattr(relation, name, None)):
                self.replace(relation, name, self._step)
        for name in FETCHES:
            self.replace(relation, name, self._fetched)
        for name in _SHOWS:
            self.replace(relation, name, self._shown)
        for name in _WRITERS + _TABLE_WRITERS:
            self.replace(relation, name, self._writer)

    def _step(self, original: Any) -> Any:
        """``relation.filter("a > 1")``."""
        name = original.__name__

        def step(relation: Any, *args: Any, **kwargs: Any) -> Any:
            with self._tracker.quiet():
                result = call_as(frame_of_caller(), original, (relation, *args), kwargs)
            if caller("duckdb") is not None:
                with noting():  # what cannot be noted stops no program
                    self._stepped(name, relation, args, kwargs, result)
            return result

        return step

    def _stepped(self, name: str, relation: Any, args: Any, kwargs: Mapping[str, Any], result: Any) -> None:
        given = [*args, *kwargs.values()]
        own, *others = nodes = [self._tracker.known(one) for one in (relation, *_relations(given))]
        if own is None and not any(others):
            return
        texts = [*_texts(given), *(kwargs if name == "rename" else ())]
        words = query_of("select " + ", ".join(texts)).words
        named = [(node, [one for one in node.labels if str(one).casefold() in words]) for node in nodes if node]
        selected = _Selected(own, texts) if name in _SELECTING and own is not None else None
        if selected is not None:
            named[0] = selected.named(named[0])
        for node, labels in named if name not in _NAMES_ONLY else ():
            self._tracker.use(node, labels)
        if not isinstance(result, duckdb.DuckDBPyRelation):
            self._tracker.link(result, _made(named, list(own.labels) if own else [], is_counted=False))  # groups
            self._hook_groups(type(result))
            return
        columns = list(result.columns)
        if name in ("create_view", "to_view") and own is not None:
            self._view_made(str(given[0]), own)
        if name == "rename" and own is not None:
            new = {str(old): label for old, label in kwargs.items()}
            pairs = [(old, new.get(str(old), old)) for old in own.labels]
            made = Node(own.lineage.renamed(pairs), columns, 0, needs=own.needs)
        elif name in _BY_PLACE and own is not None and len(others) == 1 and others[0] is not None:
            sides = [(own.lineage, own.labels), (others[0].lineage, others[0].labels)]
            parts = [(lineage, there, here) for lineage, of in sides for there, here in zip(of, columns, strict=False)]
            made = Node(Lineage.joined(parts), columns, 0, needs=(*own.needs, *others[0].needs))
        else:
            made = _made(named, columns, is_counted=name in _COUNTING or "count" in words, uses=name not in _NAMES_ONLY)
            made = selected.made(made, columns) if selected is not None else made
        self._tracker.link(result, made)

    def _hook_groups(self, groups: type) -> None:
        """``relation.group_by("a").agg("sum(b)")``, in versions of DuckDB that have it."""
        if groups not in self._hooked and groups.__module__.partition(".")[0] == "duckdb":
            self._hooked.add(groups)
            self.replace(groups, "agg", self._step)

    def _fetched(self, original: Any) -> Any:
        """``relation.df()``: now the query is run."""

        def run(relation: Any, *args: Any, **kwargs: Any) -> Any:
            is_theirs = caller("duckdb") is None
            with self._tracker.quiet():
                result = original(relation, *args, **kwargs)
            if not is_theirs:
                with noting():  # as above
                    fetched(self._tracker, self._tracker.known(relation), result)
            return result

        return run

    def _shown(self, original: Any) -> Any:
        """``relation`` as a cell's result, ``print(relation)``: the query is run for some of its rows."""

        def shown(relation: Any, *args: Any, **kwargs: Any) -> Any:
            is_theirs = is_called_within("duckdb")
            with self._tracker.quiet():
                result = original(relation, *args, **kwargs)
            if not is_theirs and (node := self._tracker.known(relation)) is not None:
                with noting():  # as above
                    self._tracker.use(node, node.labels, "shown")
            return result

        return shown

    def _writer(self, original: Any) -> Any:
        """``relation.write_csv("out.csv")``."""
        kind = "table" if original.__name__ in _TABLE_WRITERS else "file"

        def writer(relation: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
            is_theirs = caller("duckdb") is None
            path = os.fsdecode(target)
            if not is_theirs:
                self._watcher.writing(relation, path, kind)
            with self._tracker.quiet():
                result = original(relation, target, *args, **kwargs)
            if not is_theirs:
                with noting():  # as above
                    self._watcher.written(relation, path, kind)
            return result

        return writer


def fetched(tracker: Tracker, node: Node | None, result: Any) -> None:
    """``result`` holds the rows of a query that comes from ``node``."""
    if node is None:
        return
    seen = frames.view(result)
    if seen is None:
        tracker.use(node, node.labels)
    else:
        tracker.use(node, ())
        tracker.cut(result, node.lineage, list(node.labels), seen.rows)


def _relations(given: Iterable[Any]) -> list[Any]:
    return [one for one in given if isinstance(one, duckdb.DuckDBPyRelation)]


def _texts(given: Iterable[Any]) -> Iterator[str]:
    """The words of arguments: texts, expressions, and lists of them."""
    for one in given:
        if isinstance(one, (list, tuple)):
            yield from _texts(one)
        elif isinstance(one, dict):
            yield from _texts(one.values())
        elif not isinstance(one, duckdb.DuckDBPyRelation) and not callable(one):
            yield str(one)


def _made(named: list[tuple[Node, list[Hashable]]], columns: list[Any], *, is_counted: bool, uses: bool = True) -> Node:
    """What a result with these ``columns`` comes from; of the tables behind it these columns were ``named``."""
    parts = [(node.lineage, label, label) for node, _ in named for label in node.labels]
    every, used = Lineage.joined(parts), [one for node, labels in named for one in node.lineage.as_one(labels)]
    needs = tuple(one for node, _ in named for one in node.needs)
    of_new = tuple(used) if used or is_counted else every.as_one({label for _, label, _ in parts})
    lineage = every.with_new(columns, of_new)
    return Node(lineage, columns, 0, needs=(*needs, *used) if uses else needs)


class _Selected:
    """What the texts of a selection say of the columns of ``own``."""

    def __init__(self, own: Node, texts: list[str]) -> None:
        self._own = own
        self._labels = [str(label) for label in own.labels]
        text = ", ".join(texts)  # names with a table's in front are those of relations that were joined
        self._select = select_of(f"select {text} from _") if "." not in text else None  # noqa: S608 - read, not run

    def named(self, by_words: tuple[Node, list[Hashable]]) -> tuple[Node, list[Hashable]]:
        """Those of the columns named that are not names which the selection gives."""
        if self._select is None:
            return by_words
        used = self._select.used({"_": self._labels})["_"]
        return by_words[0], [label for label in by_words[1] if str(label) in used]

    def made(self, made: Node, columns: list[str]) -> Node:
        """``made``, where the texts tell what each column comes from."""
        origins = self._select.outputs({"_": self._labels}, columns) if self._select is not None else None
        if origins is None:
            return made
        lineage = self._own.lineage
        named: dict[Hashable, tuple[Origin, ...]] = {
            label: lineage.as_one([one.label for one in of]) for label, of in origins.items()
        }
        return Node(Lineage(lineage.owners, named), columns, 0, needs=made.needs)
