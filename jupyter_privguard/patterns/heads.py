r"""The beginnings of matches: for every Python pattern a looser one of a known width that each match begins with.

An automaton tells where matches end, not where they begin. What is never wider than a known number of characters
begins within so many of them before that. So a pattern is cut at its first repeat without an upper bound:
``eyJ[\w-]{8,}\.\w+`` becomes ``eyJ[\w-]{8}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from .edges import edges
from .superset import LONG, written

__all__ = ["Head", "head"]

# `Any` in this file is a part of the syntax tree of the standard library's own parser.

_LOOKS = ("ASSERT", "ASSERT_NOT")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_WIDEST = 4096
"""Characters; a repeat that may be wider counts as one without a bound."""


class Head(NamedTuple):
    """What every match of a pattern begins with."""

    expression: str
    """In the common dialect, with the characters that must stand beside it."""
    ignores_case: bool
    width: int
    """Characters that it may have at most, those beside it included."""
    is_whole: bool
    """Whether it is the whole of the pattern."""
    beyond: int
    """Characters behind a match that the pattern may look at."""


def head(pattern: re.Pattern[str]) -> Head | None:
    """The head of ``pattern``; None where none can be told, or may be empty."""
    try:
        tree = import_module("re._parser").parse(pattern.pattern, pattern.flags)
        if tree.getwidth()[0] < 1:
            return None
        groups = dict(_groups(tree))
        nodes, is_cut = _cut(tree, groups)
        text, ignores_case = written(nodes)
        width, beyond = _width(nodes, groups), _beyond(tree)
    except (ImportError, AttributeError, LookupError, NotImplementedError, RecursionError):
        return None
    if not text:
        return None
    before, behind = edges(pattern) if len(text) < LONG else ("", "")
    text = f"{before}(?:{text}){'' if is_cut else behind}"
    return Head(text, ignores_case or bool(pattern.flags & re.IGNORECASE), width + 2, not is_cut, beyond)


def _groups(nodes: Any) -> Iterator[tuple[int, int]]:
    """The groups in ``nodes`` by number, and how many characters each matches at most."""
    for op, argument in nodes:
        if str(op) == "SUBPATTERN" and argument[0] is not None:
            yield argument[0], argument[3].getwidth()[1]
        for inner in _inner(str(op), argument):
            yield from _groups(inner)


def _inner(name: str, argument: Any) -> list[Any]:
    """The sequences of nodes within a node that match characters of their own."""
    if name == "BRANCH":
        return list(argument[1])
    if name == "SUBPATTERN":
        return [argument[3]]
    if name == "ATOMIC_GROUP":
        return [argument]
    return [argument[2]] if name in _REPEATS else []


def _cut(nodes: Any, groups: dict[int, int]) -> tuple[list[Any], bool]:
    """``nodes`` up to the first one without a bound, and whether anything was left out."""
    kept: list[Any] = []
    for op, argument in nodes:
        node, is_cut = _cut_node(op, argument, groups)
        if node is not None:
            kept.append(node)
        if is_cut:
            return kept, True
    return kept, False


def _cut_node(op: Any, argument: Any, groups: dict[int, int]) -> tuple[Any, bool]:
    name = str(op)
    if name == "BRANCH":
        choices = [_cut(choice, groups) for choice in argument[1]]
        return (op, (argument[0], [choice for choice, _ in choices])), any(is_cut for _, is_cut in choices)
    if name == "SUBPATTERN":
        group, added, removed, inner = argument
        kept, is_cut = _cut(inner, groups)
        return (op, (group, added, removed, kept)), is_cut
    if name == "ATOMIC_GROUP":
        kept, is_cut = _cut(argument, groups)
        return (op, kept), is_cut
    if name in _REPEATS:
        low, high, inner = int(argument[0]), int(argument[1]), argument[2]
        kept, is_cut = _cut(inner, groups)
        if not is_cut and high * _width(kept, groups) <= _WIDEST:
            return (op, argument), False
        once = 1 if is_cut else low
        return ((op, (once, once, kept)) if low else None), True
    return (op, argument), False


def _width(nodes: Any, groups: dict[int, int]) -> int:
    """Characters that ``nodes`` match at most."""
    total = 0
    for op, argument in nodes:
        name = str(op)
        inner = [_width(part, groups) for part in _inner(name, argument)]
        if name in _REPEATS:
            total += int(argument[1]) * inner[0]
        elif inner:
            total += max(inner)
        elif name == "GROUPREF":
            total += groups[argument]
        elif name not in (*_LOOKS, "AT"):
            total += 1
    return total


def _beyond(nodes: Any) -> int:
    """Characters that all that looks ahead in ``nodes`` may see, at most; one for the ends of words and lines."""
    total = 1
    for op, argument in nodes:
        if str(op) in _LOOKS:
            total += argument[1].getwidth()[1] + _beyond(argument[1])
        total += sum(map(_beyond, _inner(str(op), argument)))
    return total
