"""``user_expressions``: what a front end asks a kernel to evaluate beside a cell, or instead of one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["wrap_user_expressions"]


def wrap_user_expressions(
    original: Callable[[Mapping[str, str]], dict[str, Any]], admit: Callable[[ast.Module, str], str]
) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    """``InteractiveShell.user_expressions`` that asks ``admit`` first, as a cell of this code would.

    ``admit`` gets the code and its text, and returns the sentence that refuses it, or nothing.
    """

    def user_expressions(expressions: Mapping[str, str]) -> dict[str, Any]:
        texts = [text for text in expressions.values() if isinstance(text, str)]
        try:
            refusal = admit(_together(texts), "\n".join(texts)) if texts else ""
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be admitted is not evaluated
            refusal = f"privguard: the guard failed ({type(error).__name__}), so this was not evaluated."
        if refusal:
            return {name: _refused(refusal) for name in expressions}
        return original(expressions)

    return user_expressions


def _together(texts: list[str]) -> ast.Module:
    """One module of all expressions; those that are no Python fail in IPython, which says so."""
    body: list[ast.stmt] = []
    for text in texts:
        try:
            body += ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module(body=body, type_ignores=[])


def _refused(sentence: str) -> dict[str, Any]:
    return {"status": "error", "ename": "CellRefused", "evalue": sentence, "traceback": [sentence]}
