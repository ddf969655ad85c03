r"""What may stand beside a match of a Python pattern, as characters that an automaton can read.

``(?<![\w.-])`` in front and ``(?![\w-])`` behind keep a pattern out of longer numbers. An automaton
knows no such assertions, but can ask for a character of another kind on either side, if there is
always one.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

__all__ = ["edges"]

# `Any` in this file is a part of the syntax tree of the standard library's own parser.

_LETTERS = {"CATEGORY_WORD": r"\w", "CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}
_BEFORE, _BEHIND = -1, 1


def edges(pattern: re.Pattern[str]) -> tuple[str, str]:
    """A class of one character that stands before every match, and one behind; empty where nothing is known.

    Wider than what the pattern asks for, never narrower; the ends of a text must be such characters too.
    """
    if pattern.flags & re.ASCII:  # digits of other scripts stand beside its matches, and are read as digits
        return "", ""
    try:
        tree = list(import_module("re._parser").parse(pattern.pattern, pattern.flags))
    except (ImportError, AttributeError, RecursionError):
        return "", ""
    return (_edge(tree[0], _BEFORE), _edge(tree[-1], _BEHIND)) if tree else ("", "")


def _edge(node: Any, side: int) -> str:
    op, argument = node
    if str(op) != "ASSERT_NOT" or argument[0] != side:
        return ""
    inner = list(argument[1])
    if len(inner) != 1:
        return ""
    kind, what = inner[0]
    choices = [list(choice) for choice in what[1]] if str(kind) == "BRANCH" else [[(kind, what)]]
    written = [text for choice in choices if len(choice) == 1 and (text := _characters(choice[0]))]
    return f"[^{''.join(written)}]" if written else ""


def _characters(node: Any) -> str:
    r"""The inside of a class, of what every reading of the pattern keeps out; the rest is let in.

    Letters and digits are left to ``\w`` and ``\d``: case and script may change. Lone surrogates are read as ``?``.
    """
    kind, what = str(node[0]), node[1]
    items = [(str(name), value) for name, value in (what if kind == "IN" else [node])]
    if any(name == "NEGATE" for name, _ in items):
        return ""
    text = ""
    for name, value in items:
        if name == "CATEGORY":
            text += _LETTERS.get(str(value), "")
        elif name == "LITERAL" and 0x20 <= value < 0x7F and value != ord("?") and not chr(value).isalnum():
            text += rf"\x{value:02x}"
    return text
