"""Hooks in DuckDB: which columns its queries use, what they read, and what they write.

DuckDB takes every column of a table that a query names, whatever it uses; so its own reads do not count, and the
query's words do. Tables are found as DuckDB finds them: among what was registered, and the variables of the caller.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import duckdb

from ... import frames
from .._sql import Query, columns_in, query_of, written_by
from ..uses import Lineage, Node, Tracker
from ..watch import Watcher
from ._callers import caller
from ._noting import noting
from ._patches import Patches

__all__ = ["install"]

_OURS = f"{__name__.partition('.')[0]}."

# `Any` in this file is whatever a function of DuckDB takes and returns.

_QUERIES = "sql query execute from_query executemany".split()
_QUIET = "from_df from_arrow register query_df df arrow pl fetchall fetchone fetchmany fetchdf to_df".split()
_READERS = "read_csv read_parquet read_json from_csv_auto from_parquet".split()
_STEPS = "filter project select aggregate order sort join union distinct limit query count sum avg mean min max".split()
_WRITERS = "write_csv to_csv write_parquet to_parquet".split()
_TABLE_WRITERS = "create to_table insert_into".split()


def install(tracker: Tracker, watcher: Watcher) -> Callable[[], None]:
    """Hook DuckDB for ``tracker`` and ``watcher``; the function that takes the hooks out again."""
    hooks = _Hooks(tracker, watcher)
    for owner in (duckdb, duckdb.DuckDBPyConnection):
        for name in _QUERIES:
            hooks.replace(owner, name, hooks.query)
        for name in _QUIET:
            hooks.replace(owner, name, hooks.quiet)
        for name in _READERS:
            hooks.replace(owner, name, hooks.reader)
    for name in _STEPS:
        hooks.replace(duckdb.DuckDBPyRelation, name, hooks.step)
    for name in _WRITERS + _TABLE_WRITERS:
        hooks.replace(duckdb.DuckDBPyRelation, name, hooks.writer)
    return hooks.undo


class _Hooks(Patches):
    def __init__(self, tracker: Tracker, watcher: Watcher) -> None:
        super().__init__()
        self._tracker = tracker
        self._watcher = watcher
        self._registered: dict[str, Node] = {}

    def query(self, original: Any) -> Any:
        """``duckdb.sql("select …")``."""

        def query(*args: Any, **kwargs: Any) -> Any:
            texts = [one for one in (*args, *kwargs.values()) if type(one) is str]
            if not texts or caller("duckdb") is None:
                return original(*args, **kwargs)
            frame = _frame_of_caller()
            target = self._before(texts[0], args, frame)
            with self._tracker.quiet():
                result = _call_as(frame, original, args, kwargs)
            with noting():  # what cannot be noted stops no program
                self._queried(texts[0], result, frame)
            for path, relation in target:
                self._watcher.written(relation, path, "file")
            return result

        return query

    def _before(self, sql: str, args: Any, frame: Any) -> list[tuple[str, Any]]:
        """What the query writes: refused where the policy does, before anything is written."""
        found = []
        for path in written_by(sql):
            relation = None
            with suppress(Exception), self._tracker.quiet():  # what is no query of its own is judged by the cell
                relation = _inner(sql, args, frame)
            if relation is None:
                self._watcher.writing_unseen(path)
            else:
                self._watcher.writing(relation, path, "file")
            found.append((path, relation))
        return found

    def _queried(self, sql: str, result: Any, frame: Any) -> None:
        query = query_of(sql)
        nodes = []
        for node, labels in self._tables(query, frame):
            used = columns_in(query, labels)
            self._tracker.use(node, used)
            nodes.append((node, used))
        for path in _files(query, written_by(sql)):
            self._watcher.queried(path, functools.partial(columns_in, query))
        if nodes and isinstance(result, duckdb.DuckDBPyRelation):
            parts = [(node.lineage, label, label) for node, used in nodes for label in used]
            lineage = Lineage.joined(parts)
            if lineage.owners:
                self._tracker.link(result, Node(lineage, [part[2] for part in parts], 0))

    def _tables(self, query: Query, frame: Any) -> Iterator[tuple[Node, list[str]]]:
        """The tables that a query names, and their labels."""
        space = {**frame.f_globals, **frame.f_locals}
        found = {name: value for name, value in space.items() if name.casefold() in query.words}
        for name, registered in self._registered.items():
            if name in query.words:
                yield registered, [str(label) for label in registered.labels]
        for value in found.values():
            seen = frames.explicit_view(value, header_only=True) if not isinstance(value, type) else None
            if seen is not None and (seen.width or not isinstance(value, duckdb.DuckDBPyRelation)):
                node: Node | None = self._tracker.known(value)
                if node is None and not isinstance(value, duckdb.DuckDBPyRelation):
                    node = self._tracker.root(value, seen.labels, seen.rows)
                if node is not None:
                    yield node, [str(label) for label in seen.labels[: seen.width]]

    def quiet(self, original: Any) -> Any:
        """DuckDB takes a table over, or gives one: nothing is used by that."""
        name = original.__name__

        def quiet(*args: Any, **kwargs: Any) -> Any:
            with self._tracker.quiet():
                result = _call_as(_frame_of_caller(), original, args, kwargs)
            with noting():  # as above
                given = [one for one in (*args, *kwargs.values()) if not isinstance(one, (str, int))]
                nodes = [node for one in given if (node := self._node(one)) is not None]
                if name == "register" and nodes:
                    label = next(one for one in (*args, *kwargs.values()) if type(one) is str)
                    self._registered[label.casefold()] = nodes[-1]
                elif nodes:
                    self._tracker.link(result, nodes[-1])
            return result

        return quiet

    def _node(self, table: Any) -> Node | None:
        seen = frames.view(table)
        if seen is None:
            return self._tracker.known(table)
        return self._tracker.known(table) or self._tracker.root(table, seen.labels[: seen.width], seen.rows)

    def step(self, original: Any) -> Any:
        """``relation.filter("a > 1")``: the words of its texts are columns."""

        def step(relation: Any, *args: Any, **kwargs: Any) -> Any:
            with self._tracker.quiet():
                result = _call_as(_frame_of_caller(), original, (relation, *args), kwargs)
            if caller("duckdb") is not None:
                with noting():  # as above
                    node = self._tracker.known(relation)
                    if node is not None:
                        query = query_of("select " + ", ".join(str(one) for one in (*args, *kwargs.values())))
                        labels = [str(label) for label in node.labels]
                        self._tracker.use(node, columns_in(query, labels))
                        if isinstance(result, duckdb.DuckDBPyRelation):
                            kept = [label for label in labels if label in result.columns]
                            self._tracker.link(result, Node(node.lineage, kept or labels, 0))
            return result

        return step

    def reader(self, original: Any) -> Any:
        """``duckdb.read_csv("people.csv")``."""

        def reader(*args: Any, **kwargs: Any) -> Any:
            given = [one for one in (*args, *kwargs.values()) if isinstance(one, (str, os.PathLike))]
            for one in given[:1]:
                self._watcher.reading(os.fsdecode(one))
            result = original(*args, **kwargs)
            with noting():  # as above
                for one in given[:1]:
                    self._watcher.queried(os.fsdecode(one), functools.partial(_of_result, result))
            return result

        return reader

    def writer(self, original: Any) -> Any:
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


def _of_result(result: Any, labels: list[str]) -> list[str]:
    """The columns that a reader's result has."""
    return list(result.columns)


_CALL = compile("_privguard_result = _privguard_call()", "<privguard>", "exec")


def _frame_of_caller() -> Any:
    """The frame whose variables a query may name."""
    frame: Any = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith(_OURS):
        frame = frame.f_back
    return frame


def _call_as(frame: Any, function: Any, args: Any, kwargs: Any) -> Any:
    """Call ``function`` from a frame that has the variables of ``frame``: DuckDB looks for tables among them."""
    own = {**frame.f_locals, "_privguard_call": functools.partial(function, *args, **kwargs)}
    exec(_CALL, frame.f_globals, own)  # noqa: S102 - code of our own
    return own["_privguard_result"]


def _inner(sql: str, args: Any, frame: Any) -> Any:
    """What ``COPY … TO`` copies, as a relation of the connection that is to copy it."""
    begin = sql.lower().index("copy") + 4
    what = sql[begin : sql.lower().rindex(" to ")].strip()
    connection = args[0] if isinstance(args[0], duckdb.DuckDBPyConnection) else duckdb
    return _call_as(frame, connection.sql, (what[1:-1] if what.startswith("(") else f"from {what}",), {})


def _files(query: Query, written: list[str]) -> list[str]:
    return [text for text in query.texts if text not in written and os.path.isfile(text)]  # noqa: PTH113 - any text
