"""What a cell's own code says of the numbers in its outputs: what was typed, and whether it picks single values."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from ..texts.written_values import Written, written_in

__all__ = ["CellSource"]

_PICKING = frozenset(
    "max min next choice choices sample pop popleft nlargest nsmallest amax amin nanmax nanmin".split()
)


class CellSource:
    """The code of one cell; it is looked at when it matters."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _written(self) -> tuple[set[float], set[int]]:
        found = list(written_in(self._source))
        return {number for one in found for number, _ in one.numbers}, {day for one in found for day in one.dates}

    @cached_property
    def words(self) -> set[str]:
        """The words that were typed."""
        return set(re.findall(r"\w+", self._source))

    def has(self, one: Written) -> bool:
        """Whether this number or date was typed, in whatever notation: it is no secret."""
        numbers, days = self._written
        return any(number in numbers for number, _ in one.numbers) or any(day in days for day in one.dates)

    @cached_property
    def names(self) -> list[str]:
        """The names of variables in it; of a magic or of code that does not run, its words."""
        tree = self._tree
        if tree is None:
            return [word for word in self.words if word.isidentifier()]
        return list(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))

    @cached_property
    def _tree(self) -> ast.Module | None:
        try:
            return ast.parse(self._source)
        except (SyntaxError, ValueError, RecursionError):
            return None

    @cached_property
    def picks_single_values(self) -> bool:
        """Whether it takes single values out of lists or arrays: ``values[17]``, ``sorted(x)[-1]``, ``max(x)``."""
        return self._tree is not None and any(map(_is_pick, ast.walk(self._tree)))


def _is_pick(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        at = node.slice
        return isinstance(at, (ast.UnaryOp, ast.BinOp)) or (isinstance(at, ast.Constant) and type(at.value) is int)
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in _PICKING
    return False
