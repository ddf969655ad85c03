"""Masks of cells that hold several values, or any object: lists keep their structure, records are withheld."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from ..errors import MaskingError
from ..frames import view
from ..frames.nested import WITHOUT_TEXT, flat, has_fields, is_nested, leaves, names_in, with_each, with_leaves
from .canonical import REDACTED, exact_text

__all__ = ["by_leaves", "without_strays"]

# `Any` in this file is a cell value, or a part of one.


def by_leaves(
    cells: list[Any],
    mask: Callable[[list[Any], list[Any] | None], list[Any]],
    *,
    subjects: list[Any] | None,
    keep_lists: bool,
) -> list[Any]:
    """``cells`` with the leaves that ``mask`` makes of theirs; records are withheld, whose fields are of several kinds.

    ``mask`` gets leaves and, for each, what ``subjects`` has for its cell. Without ``keep_lists`` lists are
    withheld too.
    """
    hidden = [has_fields(cell) or (not keep_lists and is_nested(type(cell))) for cell in cells]
    parts = [[] if withheld else flat([cell]) for cell, withheld in zip(cells, hidden, strict=True)]
    whose = None
    if subjects is not None:
        whose = [subject for subject, part in zip(subjects, parts, strict=True) for _ in part]
    masked = iter(mask(list(chain.from_iterable(parts)), whose))
    return [REDACTED if withheld else with_leaves(cell, masked) for cell, withheld in zip(cells, hidden, strict=True)]


def without_strays(cells: list[Any], mask_texts: Callable[[list[str]], list[Any]]) -> list[Any]:
    """``cells`` with the texts that ``mask_texts`` makes of theirs; what is no text stays.

    An object is withheld when something is found in its text, when it has none, and when it is a table. So is a
    record of which the name of a field is changed: it would change in this cell alone.
    """
    read = [[_text_of(leaf) for _, leaf in leaves(cell)] for cell in cells]
    texts = [text for cell, of_leaves in zip(cells, read, strict=True) for text in (*of_leaves, *names_in(cell))]
    distinct = list(dict.fromkeys(str.__str__(text) for text in texts if text is not None))
    masked: dict[str | None, Any] = {**dict(zip(distinct, mask_texts(distinct), strict=True)), None: REDACTED, "": ""}

    def changed(leaf: Any) -> Any:
        text = _text_of(leaf)
        if issubclass(type(leaf), str):
            return masked[text]
        return REDACTED if is_nested(type(leaf)) or masked[text] != text else leaf

    def has_any(texts: list[str | None]) -> bool:
        return any(masked[text] != text for text in texts)

    def without(cell: Any, of_leaves: list[str | None]) -> Any:
        if has_any([str.__str__(name) for name in names_in(cell)]):
            return REDACTED
        return with_each(cell, changed) if has_any(of_leaves) else cell

    return [without(cell, of_leaves) for cell, of_leaves in zip(cells, read, strict=True)]


def _text_of(leaf: Any) -> str | None:
    """The text to search in a part of a cell; empty for numbers and dates, None where nobody can tell."""
    if issubclass(type(leaf), WITHOUT_TEXT):
        return ""
    if not issubclass(type(leaf), str) and (is_nested(type(leaf)) or view(leaf) is not None):
        return None
    try:
        return exact_text(leaf, "")
    except MaskingError:
        return None
