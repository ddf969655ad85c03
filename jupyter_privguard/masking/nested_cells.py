"""Masks of cells that hold several values: lists keep their structure, records are withheld."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from ..frames.nested import flat, has_fields, is_nested, names_in, texts_in, with_each, with_leaves
from .canonical import REDACTED

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

    A record of which the name of a field is changed by it is withheld: it would change in this cell alone.
    """
    texts = list(dict.fromkeys(str.__str__(text) for cell in cells for text in (*texts_in(cell), *names_in(cell))))
    masked = dict(zip(texts, mask_texts(texts), strict=True))

    def changed(leaf: Any) -> Any:
        if issubclass(type(leaf), str):
            return masked[str.__str__(leaf)]
        return REDACTED if is_nested(type(leaf)) else leaf

    def has_any(texts: list[str]) -> bool:
        return any(masked[str.__str__(text)] != text for text in texts)

    return [
        REDACTED if has_any(names_in(cell)) else with_each(cell, changed) if has_any(texts_in(cell)) else cell
        for cell in cells
    ]
