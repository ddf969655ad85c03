"""Queries of polars in SQL: which columns they use of the tables that they name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import polars as pl

from .._sql import Query, query_of
from ..selects import Select, select_of
from ..uses import Lineage, Node, Origin, Tracker

__all__ = ["queried", "tables_given", "used_in"]

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


def used_in(query: Query, select: Select | None, name: str, labels_of: Mapping[str, list[str]]) -> list[str]:
    """The columns that a query names of the table ``name``; where it takes all, what is done with its result tells."""
    if select is not None and select.names(name):
        used = select.used(labels_of)[name]
        if len(used) < len(labels_of[name]):
            return used
    return [label for label in labels_of[name] if label.casefold() in query.words]


def queried(tracker: Tracker, sql: str, nodes: Mapping[str, Node], result: Any, how: str) -> None:
    """Note what the query ``sql`` uses of the tables of which ``nodes`` are known by name; a lazy one does later."""
    query, select, parts = query_of(sql), select_of(sql), list[tuple[Lineage, Hashable, Hashable]]()
    needs: tuple[Origin, ...] = ()
    here = list(result.columns) if issubclass(type(result), pl.DataFrame) else None
    named_so = {name.casefold(): node for name, node in nodes.items() if name.casefold() in query.words}
    labels_of = {name: [str(label) for label in node.labels] for name, node in named_so.items()}
    origins = select.outputs(labels_of, here) if select is not None and here is not None else None
    for name, node in named_so.items():
        labels = labels_of[name]
        named = used_in(query, select, name, labels_of)
        if here is not None:
            tracker.use(node, named if named or query.takes_all else [None], how)
        needs = (*needs, *node.needs, *node.lineage.as_one(named))
        if origins is not None:
            parts += [(node.lineage, one.label, to) for to, of in origins.items() for one in of if one.table == name]
            continue
        kept = labels if query.takes_all else named
        parts += [(node.lineage, label, label) for label in kept if here is None or label in here]
    lineage = Lineage.joined(parts)
    if not lineage.owners:
        return
    if here is not None:
        tracker.cut(result, lineage, [part[2] for part in parts], result.height)
    else:
        tracker.link(result, Node(lineage, [part[2] for part in parts], 0, needs=needs))
