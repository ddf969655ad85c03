"""A Python pattern made into a looser one that an automaton can match: whatever matches the former, matches the latter.

Assertions and anchors go away, a back-reference becomes its group once more, long repeats lose
their upper bound, and classes take in every letter or digit that Python's Unicode classes could.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

__all__ = ["LONG", "superset", "written"]

# `Any` in this file is a part of the syntax tree of the standard library's own parser.

LONG = 1000
"""Characters from which many alternatives, and a class in front of them, are more than the engine takes."""
_UNBOUNDED = 16
"""Repeats beyond this are not counted to their end: the engine would write them out."""
_OPEN = r"\x{80}-\x{10ffff}"
_SPACES = r"\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_CATEGORIES = {"WORD": rf"\w{_OPEN}", "DIGIT": r"\d", "SPACE": rf"\s{_SPACES}"}
_LETTER_OF = {"WORD": "w", "DIGIT": "d", "SPACE": "s"}


def superset(pattern: re.Pattern[str]) -> tuple[str, bool] | None:
    """An expression in the common dialect, and whether case is to be ignored; None where that cannot be said."""
    try:
        text, ignores_case = written(import_module("re._parser").parse(pattern.pattern, pattern.flags))
    except (ImportError, AttributeError, LookupError, NotImplementedError, RecursionError):
        return None
    return text, bool(pattern.flags & re.IGNORECASE) or ignores_case


def written(nodes: Any) -> tuple[str, bool]:
    """Nodes of a syntax tree so widened, and whether any of them ignores case; may raise what `superset` catches."""
    writer = _Writer()
    return writer.sequence(nodes), writer.ignores_case


class _Writer:
    def __init__(self) -> None:
        self.ignores_case = False
        self._groups: dict[int, str] = {}

    def sequence(self, nodes: Any) -> str:
        return "".join(self._node(str(op), argument) for op, argument in nodes)

    def _node(self, op: str, argument: Any) -> str:
        if op == "LITERAL":
            return _literal(argument)
        if op == "NOT_LITERAL":
            return f"[^{_literal(argument)}]"
        if op == "ANY":
            return rf"[\x00-\x7f{_OPEN}]"
        if op == "IN":
            return _class([(str(kind), what) for kind, what in argument])
        if op == "BRANCH":
            return f"(?:{'|'.join(self.sequence(branch) for branch in argument[1])})"
        if op == "SUBPATTERN":
            group, added, _removed, inner = argument
            self.ignores_case = self.ignores_case or bool(added & re.IGNORECASE)
            text = f"(?:{self.sequence(inner)})"
            if group is not None:
                self._groups[group] = text
            return text
        if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = argument
            bounds = f"{min(int(low), _UNBOUNDED)}," if int(high) > _UNBOUNDED else f"{int(low)},{int(high)}"
            return f"(?:{self.sequence(inner)}){{{bounds}}}"
        if op == "ATOMIC_GROUP":
            return f"(?:{self.sequence(argument)})"
        if op == "GROUPREF":
            return self._groups[argument]
        if op in ("AT", "ASSERT", "ASSERT_NOT"):
            return ""
        raise NotImplementedError(op)


def _literal(code: int) -> str:
    letter = chr(code)
    return letter if letter.isascii() and letter.isalnum() else rf"\x{{{code:x}}}"


def _class(items: list[tuple[str, Any]]) -> str:
    is_negated = items[0][0] == "NEGATE"
    told = items[1:] if is_negated else items
    categories = [str(what).removeprefix("CATEGORY_") for kind, what in told if kind == "CATEGORY"]
    for name in categories:
        if is_negated and name.startswith("NOT_"):  # what is not a non-digit is a digit
            return f"[{_CATEGORIES[name.removeprefix('NOT_')]}]"
    text = "".join(_literal(what) for kind, what in told if kind == "LITERAL")
    text += "".join(f"{_literal(what[0])}-{_literal(what[1])}" for kind, what in told if kind == "RANGE")
    for name in categories:
        if name.startswith("NOT_"):
            text += "\\" + _LETTER_OF[name.removeprefix("NOT_")].upper()
        else:
            text += f"\\{_LETTER_OF[name]}" if is_negated else _CATEGORIES[name]
    return f"[{'^' if is_negated else ''}{text}]"
