"""What the code of a cell that has declared its columns says before it runs; see `minimise`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ...frames.watch import is_watched
from .lineage import names_bound, names_run, statements_run

__all__ = ["holds_tables", "names_read", "readers_called"]

_REPEATED = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
)


def holds_tables(value: Any) -> bool:
    """Whether hooks see what is done with what is in a variable."""
    inside = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return bool(inside) and all(map(is_watched, inside))


def names_read(source: str) -> Iterator[str]:
    """The variables that ``source`` reads before it gives them a value of its own."""
    bound: set[str] = set()
    for statement in statements_run(source):
        yield from (name for name in names_run(ast.unparse(statement)) if name not in bound)
        bound.update(names_bound(statement))


def readers_called(source: str) -> float:
    """How often ``source`` calls a reader; without end where that cannot be known: in loops and functions, or not."""
    count = 0.0
    for statement in statements_run(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                word = getattr(node.func, "attr", getattr(node.func, "id", ""))
                count += word.startswith(("read_", "scan_"))
            elif isinstance(node, _REPEATED):
                return float("inf")
    return count or float("inf")
