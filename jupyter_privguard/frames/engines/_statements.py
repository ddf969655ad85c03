"""What the program's statement says that is being run: for values of which no hook knows where they come from."""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from types import FrameType
from typing import NamedTuple

__all__ = ["Said", "said_by"]

_LONGEST = 200_000


class Said(NamedTuple):
    """What stands in a statement, of an assignment on its right side."""

    names: frozenset[str]
    """Variables."""
    words: frozenset[str]
    """What could be labels: texts, and names of attributes."""


def said_by(frame: FrameType) -> Said | None:
    """What the statement says at which ``frame`` is; None where there is no source of it."""
    text = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
    found: ast.stmt | None = None
    for statement in _statements(text) if len(text) < _LONGEST else ():
        if statement.lineno <= frame.f_lineno <= (statement.end_lineno or 0) and not hasattr(statement, "body"):
            found = statement
    return None if found is None else _said(found)


@lru_cache(maxsize=32)
def _statements(text: str) -> list[ast.stmt]:
    try:
        return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _said(statement: ast.stmt) -> Said:
    value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else statement
    names, words = set[str](), set[str]()
    for node in ast.walk(value or statement):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
    return Said(frozenset(names), frozenset(words))
