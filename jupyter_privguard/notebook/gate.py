"""The last step before a cell's body: let it run, or refuse it.

IPython runs a cell when an AST transformer fails in any other way than by `InputRejected`, and
drops the transformer. So everything in here ends in `InputRejected` or in permission.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress

from IPython.core.error import InputRejected

from .._later import later

__all__ = ["CellRefused", "Gate", "is_way_out"]

# No braces and dollars: IPython would evaluate what stands in them.
_RESCUE = r"""rescue \w+ (?:"[^"{}$]+"|'[^'{}$]+'|[^\s"'{}$]+)"""
_WAY_OUT = later(
    rf"(?:status|doctor|help|policy|tier(?: --off)?|(?:purpose|experiment)(?: (?:--off|[\w.-]+))?|{_RESCUE})?"
)


class CellRefused(InputRejected):
    """A refusal, shown as its one sentence: where in the guard it was raised helps nobody."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Gate(ast.NodeTransformer):
    """``admit(source)`` returns the sentence that refuses the cell, or nothing."""

    def __init__(self, admit: Callable[[ast.Module], str]) -> None:
        self._admit = admit

    def visit(self, node: ast.AST) -> ast.AST:
        """``node`` as it is, or `CellRefused`."""
        if not isinstance(node, ast.Module):
            return node
        if refusal := self._refusal(node):
            raise CellRefused(refusal)
        return node

    def _refusal(self, cell: ast.Module) -> str:
        kind = ""
        try:
            return self._admit(cell)
        except Exception as error:  # noqa: BLE001 - see the module's first lines
            kind = type(error).__name__
        with suppress(Exception):  # as above
            if is_way_out(cell):
                return ""
        return f"privguard: the guard failed ({kind}), so this cell did not run."


def is_way_out(cell: ast.Module) -> bool:
    """Whether ``cell`` holds nothing but lines that help somebody whose cells are refused.

    They are ``%privguard status|doctor|help|policy|tier|purpose|experiment|rescue`` and ``%unload_ext``.
    """
    return bool(cell.body) and all(_is_harmless_magic(statement) for statement in cell.body)


def _is_harmless_magic(statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    if ast.unparse(call.func) != "get_ipython().run_line_magic":
        return False
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(words) != len(call.args) or len(words) != 2 or call.keywords:
        return False
    name, line = words[0], words[1].strip()
    if name == "unload_ext":
        return line == "jupyter_privguard"
    return name == "privguard" and _WAY_OUT.fullmatch(line) is not None
