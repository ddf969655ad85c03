"""Hooks in DuckDB: which columns its queries use, what they read, and what they write.

DuckDB takes every column of a table that a query names, whatever it uses; so its own reads do not count, and the
query's words do. Tables are found as DuckDB finds them: among what was registered, and the variables of the caller.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import suppress
from glob import iglob
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import duckdb

from ... import frames
from .._sql import Query, columns_in, gives_others, gives_rows, named_tables, query_of, written_by
from ..selects import Select, select_of
from ..uses import Lineage, Node, Tracker
from ..watch import Watcher
from ._callers import caller
from ._duckdb_calls import call_as, frame_of_caller
from ._duckdb_relations import FETCHES, Relations, fetched
from ._duckdb_tables import KeptTables, connection_in, result_node
from ._noting import noting
from ._patches import Patches

__all__ = ["install"]

_LONGEST = 4096
_MOST_FILES = 200

# `Any` in this file is whatever a function of DuckDB takes and returns.

_QUERIES = "sql query execute from_query executemany".split()
_QUIET = "from_df from_arrow register query_df".split()
_READERS = "read_csv read_parquet read_json from_csv_auto from_parquet".split()


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
        for name in ("table", "view"):
            hooks.replace(owner, name, hooks.table)
        for name in ("cursor", "duplicate"):
            hooks.replace(owner, name, hooks.cursor)
        hooks.replace(owner, "append", hooks.appended)
    for owner in (duckdb, duckdb.DuckDBPyConnection):
        for name in FETCHES:
            hooks.replace(owner, name, hooks.taken)
    hooks.replace(duckdb, "write_csv", hooks.written)
    relations = Relations(tracker, watcher, hooks.view_made)

    def undo() -> None:
        relations.undo()
        hooks.undo()

    return undo


class _Hooks(Patches):
    def __init__(self, tracker: Tracker, watcher: Watcher) -> None:
        super().__init__()
        self._tracker = tracker
        self._watcher = watcher
        self._registered: dict[str, Node] = {}
        self._kept = KeptTables(watcher)
        self._last: WeakKeyDictionary[Any, Node | None] = WeakKeyDictionary()
        """By connection what the result comes from that it holds."""

    def query(self, original: Any) -> Any:
        """``duckdb.sql("select …")``."""

        def query(*args: Any, **kwargs: Any) -> Any:
            texts = [one for one in (*args, *kwargs.values()) if type(one) is str]
            if not texts or caller("duckdb") is None:
                return original(*args, **kwargs)
            frame = frame_of_caller()
            target = self._before(texts[0], args, frame)
            with self._tracker.quiet():
                result = call_as(frame, original, args, kwargs)
            with noting():  # what cannot be noted stops no program
                self._queried(texts[0], args, result, frame)
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
        if (table := self._kept.filling(connection_in(args), sql)) is not None:
            self._watcher.writing_unseen(table)
        return found

    def _queried(self, sql: str, args: Any, result: Any, frame: Any) -> None:
        query, written, select = query_of(sql), written_by(sql), select_of(sql)
        connection = connection_in((result, *args))
        columns = _columns_of(result)
        nodes = []
        own = self._tables(query, frame)
        known = {name for name, _, _ in own}
        named = [*named_tables(sql), *((name,) for name in (select.tables() if select is not None else ()))]
        kept = [
            (name, node, [*map(str, node.labels)]) for name, node in self._kept.named(connection, named, known).items()
        ]
        labels_of = {name: labels for name, _, labels in (*own, *kept)}
        for name, node, _ in (*own, *kept):
            used = _used(query, select, name, labels_of, columns)
            self._tracker.use(node, used or [None])
            nodes.append((name, node, used))
        for path, text in _files(query, written, _texts_in(args)).items():
            name = text.casefold()

            def used_of_file(labels: list[str], name: str = name) -> list[str]:
                labels_of[name] = labels
                return _used(query, select, name, labels_of, columns)

            nodes += [(name, node, used) for node, used in self._file(path, used_of_file)]
        made = result_node(nodes, columns, select.outputs(labels_of, columns) if select is not None else None)

        def rows(labels: list[str]) -> Node | None:
            if select is None:
                return result_node(nodes, labels, None)
            labels = labels or select.filling(labels_of)
            return result_node(nodes, labels, select.outputs(labels_of, labels, filling=True))

        self._kept.filled(connection, sql, rows)
        if not isinstance(result, duckdb.DuckDBPyRelation):
            self._last[connection] = made
        elif made is not None:
            self._tracker.link(result, made)

    def _tables(self, query: Query, frame: Any) -> list[tuple[str, Node, list[str]]]:
        """The program's tables that a query names: their names, in small letters, and their labels."""
        found = []
        for name, registered in self._registered.items():
            if name in query.words:
                found.append((name, registered, [str(label) for label in registered.labels]))
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if name.casefold() not in query.words or isinstance(value, type):
                continue
            seen = frames.explicit_view(value, header_only=True)
            if seen is not None and (seen.width or not isinstance(value, duckdb.DuckDBPyRelation)):
                node: Node | None = self._tracker.known(value)
                if node is None and not isinstance(value, duckdb.DuckDBPyRelation):
                    node = self._tracker.root(value, seen.labels, seen.rows)
                if node is not None:
                    found.append((name.casefold(), node, [str(label) for label in seen.labels[: seen.width]]))
        return found

    def table(self, original: Any) -> Any:
        """``con.table("people")``."""

        def table(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            with noting():  # as above
                name = next(one for one in (*args, *kwargs.values()) if type(one) is str)
                node = self._kept.node_of(connection_in(args), name)
                if node is not None and caller("duckdb") is not None:
                    self._tracker.link(result, node)
            return result

        return table

    def cursor(self, original: Any) -> Any:
        """``con.cursor()``: another connection to the same tables."""

        def cursor(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            with noting():  # as above
                self._kept.share(connection_in(args), result)
            return result

        return cursor

    def appended(self, original: Any) -> Any:
        """``con.append("people", df)``."""

        def appended(*args: Any, **kwargs: Any) -> Any:
            place, given = connection_in(args), [one for one in (*args, *kwargs.values()) if type(one) is not bool]
            table = next((one for one in given if type(one) is str), "")
            is_told = caller("duckdb") is not None and self._kept.is_in_file(place, table)
            if is_told:
                self._watcher.writing(given[-1], table, "table")
            with self._tracker.quiet():
                result = original(*args, **kwargs)
            with noting():  # as above
                node = self._node(given[-1])
                if node is not None:
                    self._tracker.use(node, node.labels)
                    self._kept.added(place, table, node)
                if is_told:
                    self._watcher.written(given[-1], table, "table")
            return result

        return appended

    def written(self, original: Any) -> Any:
        """``duckdb.write_csv(df, "out.csv")``."""

        def written(table: Any, path: Any, *args: Any, **kwargs: Any) -> Any:
            self._watcher.writing(table, os.fsdecode(path), "file")
            with self._tracker.quiet():
                result = original(table, path, *args, **kwargs)
            with noting():  # as above
                self._watcher.written(table, os.fsdecode(path), "file")
            return result

        return written

    def quiet(self, original: Any) -> Any:
        """DuckDB takes a table over, or gives one: nothing is used by that."""
        name = original.__name__

        def quiet(*args: Any, **kwargs: Any) -> Any:
            with self._tracker.quiet():
                result = call_as(frame_of_caller(), original, args, kwargs)
            with noting():  # as above
                given = [one for one in (*args, *kwargs.values()) if not isinstance(one, (str, int))]
                nodes = [node for one in given if (node := self._node(one)) is not None]
                if name == "register" and nodes:
                    label = next(one for one in (*args, *kwargs.values()) if type(one) is str)
                    self.view_made(label, nodes[-1])
                elif nodes:
                    self._tracker.link(result, nodes[-1])
            return result

        return quiet

    def view_made(self, name: str, node: Node) -> None:
        """Queries find what ``node`` is about under ``name``."""
        self._registered[name.casefold()] = node

    def _node(self, table: Any) -> Node | None:
        seen = frames.view(table)
        if seen is None:
            return self._tracker.known(table)
        return self._tracker.known(table) or self._tracker.root(table, seen.labels[: seen.width], seen.rows)

    def taken(self, original: Any) -> Any:
        """``con.fetchall()``: rows of the query that the connection has run, perhaps in another cell."""

        def taken(*args: Any, **kwargs: Any) -> Any:
            is_theirs = caller("duckdb") is None
            with self._tracker.quiet():
                result = call_as(frame_of_caller(), original, args, kwargs)
            if not is_theirs:
                with noting():  # as above
                    given = [node for one in args if (node := self._node(one)) is not None]  # `duckdb.df(table)`
                    if given:
                        self._tracker.link(result, given[-1])
                    elif result is not None and not (type(result) is list and not result):  # all were fetched before
                        fetched(self._tracker, self._last.get(connection_in(args)), result)
            return result

        return taken

    def reader(self, original: Any) -> Any:
        """``duckdb.read_csv("people.csv")``."""

        def reader(*args: Any, **kwargs: Any) -> Any:
            given = [one for one in (*args, *kwargs.values()) if isinstance(one, (str, os.PathLike))]
            for one in given[:1]:
                self._watcher.reading(os.fsdecode(one))
            result = original(*args, **kwargs)
            with noting():  # as above
                for one in given[:1]:
                    for node, used in self._file(os.fsdecode(one), functools.partial(_of_result, result)):
                        self._tracker.link(result, Node(node.lineage, used, 0))
            return result

        return reader

    def _file(self, path: str, columns: Callable[[list[str]], list[str]]) -> list[tuple[Node, list[str]]]:
        """A file was read: what is known of it, and the columns of it that were used."""
        used: list[str] = []

        def noted(labels: list[str]) -> list[str]:
            used[:] = columns(labels)
            return used

        owner = self._watcher.queried(path, noted)
        return [] if owner is None else [(Node(Lineage((owner,)), used, 0), used)]


def _of_result(result: Any, labels: list[str]) -> list[str]:
    """The columns that a reader's result has."""
    return list(result.columns)


def _inner(sql: str, args: Any, frame: Any) -> Any:
    """What ``COPY … TO`` copies, as a relation of the connection that is to copy it."""
    begin = sql.lower().index("copy") + 4
    what = sql[begin : sql.lower().rindex(" to ")].strip()
    connection = args[0] if isinstance(args[0], duckdb.DuckDBPyConnection) else duckdb
    return call_as(frame, connection.sql, (what[1:-1] if what.startswith("(") else f"from {what}",), {})


def _used(
    query: Query, select: Select | None, name: str, labels_of: dict[str, list[str]], columns: list[str]
) -> list[str]:
    """The columns of the table ``name`` that a query uses whose result has ``columns``."""
    labels = labels_of[name]
    if select is not None and select.names(name) and "columns" not in query.words and gives_rows(query):
        return select.used(labels_of)[name]
    used = columns_in(query, labels)
    if gives_others(query):
        return [label for label in labels if label in used or label in columns]
    if len(used) < len(labels) or not any(label in columns for label in labels):
        return used
    return [label for label in labels if label in columns or label.casefold() in query.words]


def _columns_of(result: Any) -> list[str]:
    if isinstance(result, duckdb.DuckDBPyRelation):
        return list(result.columns)
    return [str(one[0]) for one in getattr(result, "description", None) or ()]


def _texts_in(args: Any) -> list[str]:
    """The texts among the values with which a query is run."""
    return [one for given in args if type(given) in (list, tuple) for one in given if type(one) is str]


def _files(query: Query, written: list[str], given: list[str]) -> dict[str, str]:
    """The files that a query reads: those that its texts name, also by patterns; by path the text.

    ``given`` are values for its placeholders, which name files where one of its functions reads such.
    """
    found: dict[str, str] = {}
    reads = any(word.startswith(("read_", "parquet_scan")) for word in query.words)
    for text in (*query.texts, *(given if reads else ())):
        if text in written or len(text) > _LONGEST:
            continue
        names = islice(iglob(text, recursive=True), _MOST_FILES) if "*" in text else [text]  # noqa: PTH207 - as they do
        found.update((name, text) for name in names if os.path.isfile(name))  # noqa: PTH113 - any text
    return found
