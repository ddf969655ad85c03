"""Queries of polars in SQL: which columns they use of the tables that they name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import polars as pl

from .._sql import query_of
from ..uses import Lineage, Node, Origin, Tracker

__all__ = ["queried", "tables_given"]

# `Any` in this file is whatever a function of polars takes and returns.


def tables_given(args: Any, kwargs: Any) -> dict[str, Any]:
    """What a context of SQL was given, by name: ``(name, table)``, in dicts, or by keyword."""
    named = dict(zip(("name", "frame"), args, strict=False)) | kwargs
    if isinstance(named.get("name"), str) and "frame" in named:
        return {named["name"]: named["frame"]}
    found: dict[str, Any] = {}
    for key, value in [*((None, one) for one in args), *kwargs.items()]:
        if isinstance(value, Mapping):
            found.update(value)
        elif key is not None:
            found[key] = value
    return found


def queried(tracker: Tracker, sql: str, nodes: Mapping[str, Node], result: Any, how: str) -> None:
    """Note what the query ``sql`` uses of the tables of which ``nodes`` are known by name; a lazy one does later."""
    query, parts = query_of(sql), list[tuple[Lineage, Hashable, Hashable]]()
    needs: tuple[Origin, ...] = ()
    here = list(result.columns) if issubclass(type(result), pl.DataFrame) else None
    for name, node in nodes.items():
        if name.casefold() not in query.words:
            continue
        labels = list(node.labels)
        named = [label for label in labels if str(label).casefold() in query.words]
        if here is not None:
            tracker.use(node, named, how)
        needs = (*needs, *node.needs, *node.lineage.as_one(named))
        kept = labels if query.takes_all else named
        parts += [(node.lineage, label, label) for label in kept if here is None or label in here]
    lineage = Lineage.joined(parts)
    if not lineage.owners:
        return
    if here is not None:
        tracker.cut(result, lineage, [part[2] for part in parts], result.height)
    else:
        tracker.link(result, Node(lineage, [part[2] for part in parts], 0, needs=needs))
