"""What the arguments of a method of polars say about the columns that it uses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Hashable, Iterable
from contextlib import suppress
from typing import Any

import polars as pl

from ..uses import Lineage, Node, Origin

__all__ = ["flat", "joined_as", "keys_of", "methods_of", "named_in", "renamed_by"]

# `Any` in this file is whatever a function of polars takes and returns.

_NOT_USED = frozenset(
    "pipe get_column_index is_empty n_chunks clear estimated_size set_sorted rechunk shrink_to_fit lazy collect_schema "
    "explain show_graph cache deserialize remote flags".split()
)
_DUNDERS = (
    "__getitem__ __add__ __radd__ __sub__ __mul__ __rmul__ __truediv__ __floordiv__ __mod__ __eq__ __ne__ __lt__ "
    "__le__ __gt__ __ge__ __array__ __dataframe__ __arrow_c_stream__ __getstate__ __deepcopy__ __copy__ __str__ "
    "__repr__"
).split()
_QUOTED = re.compile(r'"([^"]+)"')


def flat(values: Iterable[Any], depth: int = 0) -> list[Any]:
    """The arguments, also those in lists and dicts."""
    found: list[Any] = []
    for value in values:
        if type(value) in (list, tuple, set) and depth < 3:
            found += flat(value, depth + 1)
        elif type(value) is dict and depth < 3:
            found += [*value, *flat(value.values(), depth + 1)]
        else:
            found.append(value)
    return found


def named_in(name: str, labels: list[Any], args: Any, kwargs: Any) -> list[Hashable]:
    """The labels that arguments name, as texts or in expressions."""
    known, found = set(labels), dict[Hashable, None]()
    for value in flat((*args, *kwargs.values())):
        if type(value) is str:
            words = {value}
        elif isinstance(value, pl.Expr):
            words = set(_roots(value))
        elif name == "__getitem__" and type(value) is int and len(flat(args)) == 2 and value is flat(args)[1]:
            words = {labels[value]}
        else:
            continue
        found.update(dict.fromkeys(word for word in words if word in known))
    return list(found)


def _roots(expr: Any) -> list[str]:
    roots = list(expr.meta.root_names())
    return roots or _QUOTED.findall(str(expr))


def renamed_by(node: Node, labels: list[Any], args: Any, kwargs: Any) -> tuple[Lineage, list[str]]:
    """The lineage of a step's result, whose columns may have new names, and the names that its arguments give."""
    known, named, here = set(labels), dict[Hashable, tuple[Origin, ...]](), list[str]()
    own = {label: node.lineage.of(label) for label in labels}
    given = [(None, value) for value in flat(args)] + list(kwargs.items())
    for name, value in given:
        if not isinstance(value, pl.Expr):
            if type(value) is str and value in known:
                here.append(name or value)
                if name is not None:
                    named[name] = own[value]
            continue
        with suppress(Exception):  # a selector has no one name
            output = name or value.meta.output_name()
            here.append(output)
            roots = [root for root in _roots(value) if root in known]
            if roots != [output]:
                named[output] = node.lineage.as_one(roots)
    return Lineage(node.lineage.owners, {**own, **named}), here


def keys_of(node: Node, labels: list[Any]) -> list[Hashable]:
    """The columns by which groups are made: those that their table needs already."""
    needed = {(id(owner), label) for owner, label in node.needs}
    return [label for label in labels if any((id(owner), there) in needed for owner, there in node.lineage.of(label))]


def joined_as(label: Any, here: list[Any] | None) -> list[Any]:
    """What a column is called after a join, which may add a suffix; ``here`` are the labels, if known."""
    if here is None or label in here:
        return [label]
    return [one for one in here if one.startswith(f"{label}_")]


def methods_of(cls: type) -> list[str]:
    """The methods of a class that use columns."""
    chosen = [n for n in dir(cls) if (not n.startswith("_") or n in _DUNDERS) and n not in _NOT_USED]
    return [name for name in chosen if inspect.isfunction(inspect.getattr_static(cls, name, None))]
