"""Which data a pickle holds: tables and lists, with the class and attribute that keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .found import Found, Kept
from .limits import CUT, MOST_CELLS, MOST_TABLES, Unreadable
from .nodes import Built, Named, Node, Pairs, Storage
from .places import FEATURE_NAMES, keeps_rows
from .polars_tables import arrow_in, is_of_polars, polars_table
from .tables import Table, column_of, table_of
from .values import Values, array_of, is_scalar, listed, plain, sparse_shape

__all__ = ["kept_from", "kept_values"]

_MOST_COLUMNS = 1_000
"""Columns of one table that are judged."""
_FEW = 5
"""Pairs from which a dictionary is more than settings, and whole numbers from which a list is more than sizes."""
_TREES = ("KDTree", "BallTree")


class _At(NamedTuple):
    """What is known of the place of a node."""

    owner: str = ""
    attribute: str = ""
    label: str = ""
    names: tuple[str, ...] = ()


def kept_from(roots: Sequence[Node], *, most_cells: int = MOST_CELLS) -> Found:
    """The tables and lists in ``roots``, each once, with at most so many values of a column.

    What is damaged is left out.
    """
    walk = _Walk(most_cells)
    found = list(walk.all(roots))
    return Found(_once(_named(one, walk.names_by_width) for one in found), walk.used, walk.problem)


def kept_values(found: Values, most_cells: int) -> Found:
    """As `kept_from`, of one array that nothing holds."""
    walk = _Walk(most_cells)
    return Found(list(walk.of_values(found, _At())), walk.used, walk.problem)


class _Walk:
    """Goes through everything that was built, each thing once, without recursion."""

    def __init__(self, most_cells: int) -> None:
        self._left = MOST_CELLS
        self._tables = MOST_TABLES
        self._most = most_cells
        self._seen: set[int] = set()
        self._todo: list[tuple[Node, _At]] = []
        self.used: set[int] = set()
        self.problem = ""
        self.names_by_width: dict[int, set[tuple[str, ...]]] = {}

    def all(self, roots: Sequence[Node]) -> Iterator[Kept]:
        """What is kept in ``roots``."""
        self._todo = [(root, _At()) for root in reversed(roots)]
        while self._todo and self._tables > 0 and self._left > 0:
            node, at = self._todo.pop()
            if isinstance(node, (str, bytes, int, float, type(None))) or id(node) in self._seen:
                continue
            self._seen.add(id(node))
            for one in self._of(node, at):
                self._tables -= 1
                yield one
        self._cut(bool(self._todo))

    def _of(self, node: Node, at: _At) -> Iterator[Kept]:
        if isinstance(node, (list, tuple)):
            yield from self._of_list(node, at)
        elif isinstance(node, Pairs):
            yield from self._of_pairs(node, at)
        elif _are_weights(node, at):
            return
        elif not isinstance(node, Built):
            found = _tried(array_of, node)
            yield from self.of_values(found, at) if found is not None else ()
        elif is_of_polars(node):
            yield from self._of_polars(node, at)
        elif (shape := _tried(sparse_shape, node)) is not None:
            if keeps_rows(at.owner, at.attribute):
                yield Kept(at.owner, at.attribute, shape[0], shape[1], (), (), is_rows=True)
        elif (table := _tried(table_of, node)) is not None:
            yield self._of_table(table, at)
        elif (values := _tried(column_of, node)) is not None:
            yield from self.of_values(values, at)
        elif not _is_of_numpy(node) and not node.is_made_by.startswith("_rebuild_tensor"):
            self._of_object(node, at)

    def _of_polars(self, node: Built, at: _At) -> Iterator[Kept]:
        try:
            data = arrow_in(node)
            self.used.add(id(data))
            yield self._of_table(polars_table(data), at)
        except Unreadable as reason:
            self.problem = str(reason)

    def _of_object(self, node: Built, at: _At) -> None:
        """Its parts are looked at next: what it is called with, its state, its items."""
        owner = _class_of(node) or at.owner
        names = next((found for state in node.states if (found := self._names(state))), at.names)
        here = _At(owner, "" if _class_of(node) else at.attribute, "", names)
        parts: list[tuple[Node, _At]] = [(node.args, here._replace(attribute=at.attribute)), (node.items, here)]
        parts += [(part, here) for pair in node.pairs for part in pair]
        for state in node.states:
            if isinstance(state, Pairs) and id(state) not in self._seen:
                self._seen.add(id(state))
                parts += [(value, here._replace(attribute=_word(key))) for key, value in state.pairs]
            elif isinstance(state, tuple) and state and owner.rstrip("0123456789") in _TREES:
                parts.append((state[0], here._replace(attribute="data")))
            else:
                parts.append((state, here))
        self._todo += reversed(parts)

    def _names(self, state: Node) -> tuple[str, ...]:
        for key, value in state.pairs if isinstance(state, Pairs) else ():
            if key == FEATURE_NAMES and (found := _tried(column_of, value) or _flat(value)) is not None:
                names = tuple(str(one) for one in found.column(0, _MOST_COLUMNS))
                self.names_by_width.setdefault(len(names), set()).add(names)
                return names
        return ()

    def _of_table(self, table: Table, at: _At) -> Kept:
        parts = table.parts[:_MOST_COLUMNS]
        self._cut(len(table.parts) > _MOST_COLUMNS)
        cells = tuple(self._column(*part) for part in parts)
        is_rows = bool(at.owner)  # a table by itself was fitted by nothing
        return Kept(at.owner, at.attribute, table.rows, len(table.parts), table.labels[: len(parts)], cells, is_rows)

    def of_values(self, found: Values, at: _At) -> Iterator[Kept]:
        """An array; of numbers only what is known to be rows, or may be numbers of somebody."""
        self._use(found)
        is_rows = keeps_rows(at.owner, at.attribute)
        if found.kind == "object" and not found.labels and not all(map(is_scalar, found.cells)):
            self._todo += [(one, at) for one in reversed(found.cells)]
            return
        if not is_rows and not (found.kind in ("text", "object") or (found.kind == "whole" and found.rows >= _FEW)):
            return
        if not found.rows or not found.columns:
            return
        wide = min(found.columns, _MOST_COLUMNS)
        self._cut(found.columns > _MOST_COLUMNS and found.kind in ("text", "object"))
        cells = tuple(self._column(found, place) for place in range(wide))
        labels = found.labels or (at.names if len(at.names) == found.columns > 1 else ())
        if not labels and wide == 1:
            labels = (at.label or at.attribute.strip("_"),)
        yield Kept(at.owner, at.attribute, found.rows, found.columns, labels[:wide], cells, is_rows)

    def _cut(self, is_cut: bool) -> None:
        self.problem = self.problem or (CUT if is_cut else "")

    def _use(self, values: Values) -> None:
        """Its letters need not be looked at once more: it has none, or all of them are told."""
        if values.rows <= self._most or values.kind not in ("text", "object"):
            self.used.add(id(values.source))

    def _column(self, values: Values, place: int) -> list[Any]:
        self._use(values)
        left = max(self._left, 0)
        found = _tried(lambda part: values.column(part, min(self._most, left)), place) or []
        self._left -= len(found)
        if left < min(self._most, values.rows):
            self._cut(True)
            self.used.discard(id(values.source))
        return found

    def _of_list(self, items: Sequence[Node], at: _At) -> Iterator[Kept]:
        if len(items) > 1 and all(map(is_scalar, items)):
            if any(isinstance(one, str) for one in items) or keeps_rows(at.owner, at.attribute) or len(items) >= _FEW:
                yield from self.of_values(listed(items), at)
            return
        if len(items) > 1 and all(isinstance(one, Pairs) for one in items):
            yield from self._of_records(items, at)
        width = _width(items)
        if width > 1 and any(isinstance(cell, str) for row in items[:100] for cell in row):
            self._seen.update(map(id, items))
            yield from self.of_values(Values(len(items), width, "object", [one for row in items for one in row]), at)
            return
        labels = at.names if at.attribute == "categories_" and len(at.names) == len(items) else ()
        inner = [(one, at._replace(label=labels[place] if labels else at.label)) for place, one in enumerate(items)]
        self._todo += reversed(inner)

    def _of_records(self, items: Sequence[Pairs], at: _At) -> Iterator[Kept]:
        columns: dict[str, list[Any]] = {}
        for one in items[: self._most]:
            for key, value in one.pairs[:_MOST_COLUMNS]:
                if isinstance(key, str) and is_scalar(value):
                    columns.setdefault(key, []).append(value)
        if columns:
            self._seen.update(id(one) for one in items if all(is_scalar(value) for _, value in one.pairs))
            parts = tuple((listed(values), 0) for values in columns.values())
            yield self._of_table(Table(len(items), tuple(columns), parts), at)

    def _of_pairs(self, node: Pairs, at: _At) -> Iterator[Kept]:
        keys, values = [key for key, _ in node.pairs], [value for _, value in node.pairs]
        columns = (
            [_tried(column_of, value) or _flat(value) for value in values] if 1 < len(keys) <= _MOST_COLUMNS else []
        )
        lengths = {one.rows for one in columns if one is not None}
        if columns and None not in columns and len(lengths) == 1 and max(lengths) > 1:
            self._seen.update(map(id, values))
            labels = tuple(key if isinstance(key, str) else "" for key in keys)
            parts = tuple((one, 0) for one in columns if one is not None and one.columns == 1)
            if len(parts) == len(labels):
                yield self._of_table(Table(max(lengths), labels, parts), at)
                return
        if len(keys) >= _FEW and all(map(is_scalar, values)):
            for part in (keys, values):
                if any(isinstance(one, str) for one in part):
                    yield from self.of_values(listed(part), at)
            return
        self._todo += [(one, at) for pair in reversed(node.pairs) for one in reversed(pair)]


def _are_weights(node: Node, at: _At) -> bool:
    """Whether ``node`` is a tensor of fractions that nothing says to be rows: most of a checkpoint, and not loaded."""
    if not isinstance(node, Built) or not isinstance(node.args, tuple) or not node.args:
        return False
    storage = node.args[0]
    return isinstance(storage, Storage) and storage.is_of_fractions and not keeps_rows(at.owner, at.attribute)


def _is_of_numpy(node: Built) -> bool:
    """Types of cells, single numbers and the states of random generators, which hold nobody's values."""
    return isinstance(node.maker, Named) and node.maker.module.partition(".")[0] == "numpy" and plain(node) is None


def _flat(node: Node) -> Values | None:
    return listed(node) if isinstance(node, (list, tuple)) and all(map(is_scalar, node)) else None


def _width(items: Sequence[Node]) -> int:
    """How many cells each of the rows in ``items`` has; 0 where they are no rows of one length."""
    if len(items) < 2 or not all(isinstance(one, (list, tuple)) for one in items):
        return 0
    widths = {len(one) for one in items}
    return widths.pop() if len(widths) == 1 and all(is_scalar(cell) for one in items for cell in one) else 0


def _class_of(node: Built) -> str:
    """The class that an object is of, without its module; empty for what a function makes."""
    name = _word(node.of_class.name.rpartition(".")[2])
    return name if name[:1].isupper() else ""


def _word(name: Node) -> str:
    """A name of the code; anything else could be a value."""
    return name if isinstance(name, str) and name.isascii() and name.isidentifier() and len(name) <= 60 else ""


def _tried(decode: Any, node: Node) -> Any:
    """What ``decode`` makes of a node that may be damaged; None where it cannot."""
    try:
        return decode(node)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        return None


def _named(one: Kept, by_width: dict[int, set[tuple[str, ...]]]) -> Kept:
    """With the names that features of that number have in this file, where it has none of its own."""
    names = by_width.get(one.columns, set())
    if any(one.labels) or len(names) != 1 or not one.is_rows:
        return one
    return replace(one, labels=next(iter(names))[: len(one.cells)])


def _once(found: Iterator[Kept]) -> list[Kept]:
    """Each matrix once: trees of neighbours keep the rows of their estimator."""
    kept, seen = [], set()
    for one in found:
        key = (one.rows, one.columns, repr([column[:50] for column in one.cells[:20]])) if one.cells else id(one)
        if not one.is_rows or key not in seen:
            seen.add(key)
            kept.append(one)
    return kept
