"""Records in variables, as JSON, ``csv.DictReader`` and databases give them: their fields, and which code takes."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Collection, Hashable, Iterator
from contextlib import suppress
from typing import Any

from .lineage import statements_run

__all__ = ["fields_of", "fields_taken"]

# `Any` in this file is what a variable of the program's holds.

_LISTS = (list, tuple, set, frozenset, deque)
_GETTERS = frozenset({"get", "pop", "itemgetter", "attrgetter", "getattr"})
_ABOUT = frozenset({"len", "type", "isinstance", "bool", "id"})
"""Functions that take no field of what they are given."""
_MOST = 20_000


class _All:
    """Every label: of an object nobody knows which attributes come from a table."""

    def __contains__(self, label: object) -> bool:
        return True


def fields_of(value: Any) -> Any:
    """The names of what the records in ``value`` have, or it has as one, in a container; None of what is no record."""
    with suppress(Exception):  # a variable may hold any object
        is_list = isinstance(value, _LISTS) and not hasattr(value, "_fields")
        return _fields(next(iter(value), None) if is_list else value)
    return None


def _fields(value: Any) -> Any:
    if isinstance(value, dict):
        first = next(iter(value.values()), None)
        return set(map(str, value)) | set(map(str, first if isinstance(first, dict) else ()))
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):  # a row of sqlite3
        return set(map(str, value.keys()))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return set(map(str, value._fields))
    is_own = type(value).__module__ != "builtins" and hasattr(value, "__dict__") and not hasattr(value, "__len__")
    return _All() if is_own and not callable(value) else None


def fields_taken(code: str, name: str, labels: Collection[Hashable]) -> list[Hashable] | None:
    """Those of the fields ``labels`` that ``code`` takes of the records in the variable ``name``.

    None where a statement that reads the variable does not say so: then it may take any.
    """
    found: dict[Hashable, None] = {}
    if len(code) > _MOST:
        return None
    for statement in statements_run(code):
        if _reads(statement, name):
            words = set(_picked(statement))
            taken = [label for label in labels if str(label) in words]
            if not taken:
                return None
            found |= dict.fromkeys(taken)
    return list(found)


def _reads(statement: ast.stmt, name: str) -> bool:
    """Whether a statement reads the variable, and not only how many records it holds."""
    about = {
        id(one)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ABOUT
        for one in node.args
    }
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and id(node) not in about
        for node in ast.walk(statement)
    )


def _picked(statement: ast.stmt) -> Iterator[str]:
    """The names of fields that a statement takes out of something."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Subscript):
            yield from _texts([node.slice])
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in _GETTERS:
                yield from _texts(node.args)


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
