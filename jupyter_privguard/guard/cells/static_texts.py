"""Texts that code puts together from what is known before it runs: literals, and variables that hold texts or paths."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import PurePath
from typing import Any

from ..._later import later

__all__ = ["StaticTexts"]

_FILLED = later(r"\{(\w+)\}|\$(\w+)")
_CONTAINERS = (list, tuple, set, frozenset)
_MOST = 1000


class StaticTexts:
    """Puts texts together from the literals of a cell and the variables in ``namespace``; runs nothing."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._assigned: dict[str, str | None] = {}
        self._members: dict[str, tuple[str, ...]] = {}

    def assign(self, name: str, value: ast.expr) -> None:
        """The cell puts ``value`` into its variable ``name``."""
        self._assigned[name] = self.text(value)
        self._members[name] = self.texts(value) or ()

    def texts_in(self, name: str) -> Iterator[str]:
        """The text or path in a variable, or those in its list, tuple, set or dict."""
        if name in self._assigned:
            yield from self._members[name]
            return
        value: Any = self._namespace.get(name)
        if type(value) is dict:
            value = list(islice(value.values(), _MOST))
        members = islice(iter(value), _MOST) if type(value) in _CONTAINERS else [value]
        yield from (text for text in map(_as_text, members) if text is not None)

    def filled(self, text: str) -> str:
        """``text`` of a magic with ``{name}`` and ``$name`` filled in, as far as these are texts."""
        return _FILLED.sub(lambda found: self._named(found[1] or found[2]) or found[0], text)

    def texts(self, node: ast.expr) -> tuple[str, ...] | None:
        """The text or path that ``node`` will be, or those of its list, set or dict; None if not all are known."""
        if isinstance(node, ast.Dict):
            members: list[ast.expr] = node.values
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            members = node.elts
        else:
            text = self.text(node)
            return None if text is None else (text,)
        others = [member for member in members if not _is_no_text(member)]
        texts = [self.text(member) for member in others]
        known = tuple(text for text in texts if text is not None)
        return known if len(known) == len(texts) else None

    def text(self, node: ast.expr) -> str | None:
        """What ``node`` will be, if it is a text or path that is known now."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.JoinedStr):
            return self._together("", node.values)
        if isinstance(node, ast.FormattedValue):
            return self.text(node.value) if node.format_spec is None and node.conversion == -1 else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
            return self._together("/" if isinstance(node.op, ast.Div) else "", [node.left, node.right])
        if isinstance(node, ast.Call) and not node.keywords and node.args:
            return self._together("/", node.args) if _makes_path(node.func) else None
        return None

    def _named(self, name: str) -> str | None:
        return self._assigned[name] if name in self._assigned else _as_text(self._namespace.get(name))

    def _together(self, between: str, nodes: list[ast.expr]) -> str | None:
        texts = [self.text(node) for node in nodes]
        known = [text for text in texts if text is not None]
        if len(known) < len(texts):
            return None
        return str(PurePath(*known)) if between else "".join(known)


def _is_no_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, str)


def _makes_path(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "join":
        return isinstance(function, ast.Attribute) and ast.unparse(function.value) in ("os.path", "path")
    return name in ("Path", "PurePath", "PosixPath", "str", "fspath")


def _as_text(value: Any) -> str | None:
    if type(value) is str:
        return value
    return str(value) if issubclass(type(value), PurePath) else None
