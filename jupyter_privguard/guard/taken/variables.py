"""Variables that hold values which an earlier cell took out of tables.

``top = df.salary.max()`` in one cell, ``print(top)`` in the next: where a cell names such a variable, what is in
it counts as taken out once more. Variables are looked into to a depth and size that cost little.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from io import BytesIO, StringIO
from itertools import chain, islice
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ...frames import view
from ...frames.watch import is_watched
from ..cells.cell import CellRun
from ..columns.naming import TableNames
from ..texts.written_values import dates_of, number_of, written_in
from .cell_source import CellSource
from .columns import TakenColumn

__all__ = ["TakenVariables"]

_DEEP = 5
_MOST = 20_000
"""Values that are looked at in one variable."""
_MANY = 10_000
"""Values in a variable that stand for all of their column."""
_MOST_VARIABLES = 500
_MOST_WRITTEN = 50
"""Numbers and dates that are looked at in one text."""
_MOST_FOREIGN = 2_000
"""The same in an object of a library."""
_SHORT = 4
_SIMPLE = (str, bytes, int, float, complex, date, type, ModuleType, type(None))
_DATABASES = frozenset("sqlite3 duckdb _duckdb sqlalchemy psycopg psycopg2 pymysql MySQLdb oracledb pyodbc".split())
_ANY = frozenset("globals locals vars eval exec get_ipython __main__ whos who who_ls user_ns".split())
"""What code says that may show any variable."""
_LAST = ("_", "__", "___")
"""The last outputs, which move on by one at each."""
_ALL_OUTPUTS = frozenset({"Out", "_oh"})


class TakenVariables:
    """What cells left in variables."""

    def __init__(self, names: TableNames) -> None:
        self._names = names
        self._held: dict[str, tuple[int, dict[Hashable, list[Any]]]] = {}
        """By variable the identity of what it holds, and by label the values in it that were taken out."""

    def use(self, run: CellRun, source: CellSource) -> None:
        """The cell ``run`` begins: what it names of these it takes out again."""
        if not self._held:
            return
        names = _with_those_of_functions(source.names, self._names.namespace)
        if not _ANY.isdisjoint(names):
            names = list(self._held)
        self._take(run, [*names, *self._outputs_in(names)])

    def use_all(self, run: CellRun) -> None:
        """Nobody knows which variables ``run`` shows."""
        self._take(run, list(self._held))

    def _outputs_in(self, names: Collection[str]) -> list[str]:
        """The numbered outputs that ``names`` mean as well: those of ``Out``, and what is in ``_`` and the like."""
        space = self._names.namespace
        last = {id(space[name]) for name in _LAST if name in names and name in space}
        are_all = not _ALL_OUTPUTS.isdisjoint(names)
        if not last and not are_all:
            return []
        numbered = (name for name in self._held if name[0] == "_" and name[1:].isdigit())
        return [name for name in numbered if are_all or self._held[name][0] in last]

    def _take(self, run: CellRun, names: list[str]) -> None:
        for name in dict.fromkeys(names):
            identity, taken = self._held.get(name, (0, {}))
            if not taken:
                continue
            if id(self._names.namespace.get(name)) != identity:
                del self._held[name]
                continue
            for label, values in taken.items():
                if len(values) >= _MANY:
                    run.taken.takes.whole(None, label)
                for value in values:
                    run.taken.takes.one(label, value)

    def use_sources(self, run: CellRun, source: CellSource, labels: Collection[str]) -> None:
        """Of tables whose library cannot be hooked, and of databases, a cell that names them may take out anything."""
        space = self._names.namespace
        for name in source.names:
            value = space.get(name)
            if value is None or name in run.taken.sources:
                continue
            package = type(value).__module__.partition(".")[0]
            if package in _DATABASES:
                run.taken.sources.add(name)
                for label in labels:
                    run.taken.takes.whole(None, label)
            elif view(value) is not None and not is_watched(value):
                run.taken.sources.add(name)
                run.taken.takes.whole(value)

    def learn(self, run: CellRun, source: CellSource) -> None:
        """The cell ``run`` ended: what it took out may be in the variables that it set."""
        taken = [one for one in run.taken.columns if one.numbers or one.days or one.words or one.statistics]
        if not taken:
            return
        namespace = self._names.namespace
        names = [*source.names, "_", f"_{run.execution_count}"]
        for name in dict.fromkeys(names):
            if name not in namespace or view(namespace[name]) is not None:
                continue
            if self._held.get(name, (0, {}))[0] == id(namespace[name]) and name not in source.names:
                continue  # the cell that set it has said what is in it
            found = _held_in(namespace[name], taken)
            self._held.pop(name, None)
            if found:
                self._held[name] = (id(namespace[name]), found)
                if len(self._held) > _MOST_VARIABLES:
                    del self._held[next(iter(self._held))]


def _with_those_of_functions(names: list[str], space: Mapping[str, Any]) -> list[str]:
    """``names``, and what functions of the program's among them use."""
    found = dict.fromkeys(names)
    for name in names:
        code = getattr(space.get(name), "__code__", None)
        if isinstance(code, CodeType):
            found.update(dict.fromkeys(code.co_names))
    return list(found)


def _held_in(value: Any, taken: list[TakenColumn]) -> dict[Hashable, list[Any]]:
    """By label what of ``taken`` stands in ``value``."""
    found: dict[Hashable, list[Any]] = {}
    for leaf in islice(_leaves(value, _DEEP), _MOST):
        for one in taken:
            own = _taken_in(leaf, one)
            if own:
                found.setdefault(one.column.label, []).extend(own)
    return found


def _taken_in(leaf: Any, taken: TakenColumn) -> list[Any]:
    number = number_of(leaf)
    if number is not None:
        return [leaf] if number in taken.numbers or number in taken.statistics else []
    if any(day in taken.days for day in dates_of(leaf)):
        return [leaf]
    if type(leaf) is not str or not (len(leaf) > _SHORT or leaf in taken.words):
        return []
    if leaf in taken.words:
        return [leaf]
    written = list(islice(written_in(leaf), _MOST_WRITTEN))
    numbers = [taken.numbers[n] for one in written for n, _ in one.numbers if n in taken.numbers]
    return numbers + [taken.days[day] for one in written for day in one.dates if day in taken.days]


def _is_record(kind: type, module: str) -> bool:
    """Whether it is a row that a database gave."""
    return module.partition(".")[0] in _DATABASES and hasattr(kind, "__iter__") and hasattr(kind, "__len__")


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    """The simple values in ``value``, as far as containers, arrays, records, buffers and plain objects show them."""
    kind = type(value)
    module = type.__getattribute__(kind, "__module__")
    if issubclass(kind, dict) and depth:
        for key, one in islice(dict.items(value), _MOST):
            yield from _leaves(key, depth - 1)
            yield from _leaves(one, depth - 1)
    elif depth and (issubclass(kind, (list, tuple, set, frozenset, deque)) or _is_record(kind, module)):
        for one in islice(iter(value), _MOST):
            yield from _leaves(one, depth - 1)
    elif module.partition(".")[0] == "numpy" and hasattr(value, "ravel"):
        for one in value.ravel()[:_MOST].tolist():
            if type(one) is tuple and depth:  # a record
                yield from _leaves(one, depth - 1)
            else:
                yield one
    elif depth and not issubclass(kind, _SIMPLE) and view(value) is None and (held := list(_held_by(value, kind))):
        own = chain.from_iterable(_leaves(one, depth - 1) for one in held)
        yield from own if module == "__main__" else islice(own, _MOST_FOREIGN)
    else:
        yield value


def _held_by(value: Any, kind: type) -> Iterator[Any]:
    """What an object holds, without running any code of its own."""
    if issubclass(kind, StringIO):
        yield from StringIO.getvalue(value).splitlines()
    elif issubclass(kind, BytesIO):
        yield from BytesIO.getvalue(value).decode("utf-8", "replace").splitlines()
    elif issubclass(kind, BaseException):
        yield BaseException.args.__get__(value)  # type: ignore[attr-defined]
    elif issubclass(kind, partial):
        yield from (value.args, value.keywords)
    elif issubclass(kind, FunctionType):
        yield value.__defaults__
        for cell in value.__closure__ or ():
            with suppress(ValueError):  # nothing is in it yet
                yield cell.cell_contents
    else:
        for name in (field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ():
            yield getattr(value, name, None)
        held = _attributes(value)
        if held:
            yield from list(held.values())


def _attributes(value: Any) -> dict[str, Any]:
    try:
        found = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return found if type(found) is dict else {}
