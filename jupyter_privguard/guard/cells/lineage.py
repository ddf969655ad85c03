"""Which tables and columns a cell's code names: read from its source, without running it.

Run-time hooks say what was loaded, shown and written; the source says which columns were used for
it. What neither sees (``getattr`` with computed names, library internals) is stated in SECURITY.md.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

__all__ = ["columns_named"]


def columns_named(source: str, tables: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """For each variable of ``tables`` that ``source`` reads: the labels it names, in table order.

    A table that is named without any of its labels counts as used whole. Source that is not
    Python (a cell magic's body) names nothing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    read: set[str] = set()
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.add(node.id)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
            words.add(str(node.value))
        elif isinstance(node, ast.keyword) and node.arg is not None:
            words.add(node.arg)
    found = {}
    for name, labels in tables.items():
        if name in read:
            named = [label for label in labels if label in words]
            found[name] = named or list(labels)
    return found
