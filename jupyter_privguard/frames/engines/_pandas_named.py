"""What the arguments of a method of pandas, and its result, say about the columns that it uses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

__all__ = [
    "WIDEST",
    "Turned",
    "are_of",
    "assigned_by",
    "common_keys",
    "flat",
    "is_by_row",
    "joined_as",
    "kept_labels",
    "keys_of",
    "methods_of",
    "named_in",
    "numbers",
    "statistics_of",
    "suffixes_of",
    "tables_in",
    "turned_by",
    "with_subclasses",
]

# `Any` in this file is whatever a method of pandas takes and returns.

WIDEST = 5000
"""Labels among which those of a row are looked for."""
_OPERATORS = (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow and rand or ror xor rxor eq ne "
    "lt le gt ge matmul rmatmul invert neg pos abs array array_ufunc getstate deepcopy copy repr dataframe "
    "arrow_c_stream arrow_c_array"
).split()
_DUNDERS = frozenset(f"__{name}__" for name in _OPERATORS)
_KEYS = ("on", "left_on", "right_on", "left_index", "right_index", "by", "left_by", "right_by")
_ASSIGNED = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)(.*)")
_WORDS = re.compile(r"`([^`]+)`|(?<![@\w.])([A-Za-z_]\w*)")


def named_in(name: str, labels: Any, args: Any, kwargs: Any) -> list[Hashable]:
    """The labels that arguments name."""
    if name in ("query", "eval"):
        words = {
            word or other
            for text in (*args, *kwargs.values())
            if type(text) is str
            for word, other in _WORDS.findall(text)
        }
        return [label for label in labels if label in words]
    values = (*args, *(value for key, value in kwargs.items() if key not in ("path_or_buf", "buf")))
    if name == "melt":
        turned = turned_by(name, labels, args, kwargs)
        return [*turned.keys, *turned.values] if turned is not None else []
    found = dict.fromkeys(label for label in flat(values) if label in labels)
    return list(found)


def are_of(index: Any, labels: Any) -> bool:
    """Whether the labels of rows are those of columns: a row that was taken out, or a statistic of each column."""
    if labels.is_(index):  # quick, and true of every row that was taken out
        return True
    if isinstance(index, pd.MultiIndex) is not isinstance(labels, pd.MultiIndex):
        return False
    return 0 < len(index) <= min(len(labels), WIDEST) and bool(index.isin(labels).all())


def flat(values: Iterable[Any], depth: int = 0) -> list[Hashable]:
    """What could be labels in arguments: texts, numbers and tuples, also in lists and dicts."""
    found: list[Hashable] = []
    for value in values:
        if type(value) is str:
            found.append(value)
        elif type(value) is dict and depth < 3:
            found += [*flat(value, depth + 1), *flat(value.values(), depth + 1)]
        elif type(value) in (list, set, frozenset) and depth < 3:
            found += flat(value, depth + 1)
        elif isinstance(value, tuple) and depth < 3:
            found += [tuple(value), *flat(value, depth + 1)] if _is_hashable(value) else flat(value, depth + 1)
        elif isinstance(value, pd.Index) and len(value) <= WIDEST:
            found += list(value)
        elif isinstance(value, np.ndarray) and value.dtype == object and value.size <= WIDEST:
            found += flat(value.tolist(), depth + 1)
        elif isinstance(value, (pd.Grouper,)) and value.key is not None:
            found.append(value.key)
    return found


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def is_by_row(args: Any, kwargs: Any) -> bool:
    """Whether ``apply`` calls a function with rows."""
    return kwargs.get("axis", args[1] if len(args) > 1 else 0) in (1, "columns")


def tables_in(values: Iterable[Any]) -> list[Any]:
    """The frames and columns among arguments, also in lists and dicts."""
    found = []
    for value in values:
        if isinstance(value, (pd.DataFrame, pd.Series)):
            found.append(value)
        elif type(value) in (list, tuple):
            found += [one for one in value if isinstance(one, (pd.DataFrame, pd.Series))]
        elif type(value) is dict:
            found += [one for one in value.values() if isinstance(one, (pd.DataFrame, pd.Series))]
    return found


def common_keys(name: str, tables: list[Any], kwargs: Any) -> list[Hashable]:
    """What a merge that names no keys joins by: the labels that all tables have; None alone where it joins all rows."""
    if not name.startswith("merge") or any(key in kwargs for key in _KEYS):
        return []
    if kwargs.get("how") == "cross":
        return [None]
    frames = [one for one in tables if isinstance(one, pd.DataFrame)]
    return [label for label in frames[0].columns if all(label in one.columns for one in frames)] if frames else []


def suffixes_of(name: str, tables: list[Any], kwargs: Any) -> tuple[str, str] | None:
    """What a join of two tables adds to the labels that both have; None of what is no such join."""
    if len(tables) != 2 or not all(isinstance(one, pd.DataFrame) for one in tables):
        return None
    if name == "join":
        return str(kwargs.get("lsuffix") or ""), str(kwargs.get("rsuffix") or "")
    if not name.startswith("merge"):
        return None
    left, right = kwargs.get("suffixes", ("_x", "_y"))
    return str(left or ""), str(right or "")


def joined_as(
    label: Hashable, here: Any, *, suffixes: tuple[str, str] | None = None, is_right: bool = False
) -> list[Hashable]:
    """What a column is called after a join: with one of ``suffixes`` if both tables have it, or with one of others."""
    if suffixes is not None and type(label) is str:
        left, right = (f"{label}{suffix}" for suffix in suffixes)
        if left != right and left in here and right in here:
            return [right if is_right else left]
    if label in here:
        return [label]
    return [one for one in here if type(one) is str and type(label) is str and one.startswith(f"{label}_")]


def statistics_of(name: str, labels: Any, args: Any, kwargs: Any) -> dict[Hashable, Hashable]:
    """By label of the result the column that each statistic is of: ``agg(top=("pay", "max"))``."""
    if name not in ("agg", "aggregate"):
        return {}
    return {key: given[0] for key, given in kwargs.items() if isinstance(given, tuple) and given and given[0] in labels}


def assigned_by(text: str) -> dict[str, str]:
    """By name what ``DataFrame.eval`` puts into a column: ``"a = b + c"``, on a line each."""
    pairs = (_ASSIGNED.match(line) for line in text.splitlines())
    return {pair[1]: pair[2] for pair in pairs if pair is not None}


class Turned(NamedTuple):
    """What a method takes that makes rows of columns, or columns of rows."""

    keys: list[Hashable]
    """Labels of columns that name the rows or columns of its result."""
    values: list[Hashable]
    """Labels of those whose values are in it."""
    into: Hashable | None
    """The column that has the values of all; None where there are several."""


_TURNING = {
    "melt": ("id_vars", "value_vars", "var_name", "value_name"),
    "pivot": ("columns", "index", "values"),
    "pivot_table": ("values", "index", "columns"),
}
"""By name the parameters of methods, in their order."""


def turned_by(name: str, labels: Any, args: Any, kwargs: Any) -> Turned | None:
    """What a method that turns a table with ``labels`` takes; None of others."""
    if name not in _TURNING:
        return None
    own = args[1:] if args and isinstance(args[0], pd.DataFrame) else args  # `pd.melt(df, …)`
    given = dict(zip(_TURNING[name], own, strict=False)) | kwargs
    wanted = ("id_vars",) if name == "melt" else ("index", "columns")
    keys = [label for label in flat(given.get(one) for one in wanted) if label in labels]
    values = [label for label in flat([given.get("value_vars" if name == "melt" else "values")]) if label in labels]
    rest = [label for label in labels if label not in keys]
    return Turned(keys, values or rest, given.get("value_name", "value") if name == "melt" else None)


def kept_labels(result: Any, labels: Any) -> list[Hashable]:
    """The labels of a table that its result still has, in any level of its columns, or as rows."""
    found: dict[Hashable, None] = {}
    if isinstance(result, (pd.DataFrame, pd.Series)):
        axes = [result.columns] if isinstance(result, pd.DataFrame) else []
        if len(result) <= len(labels):
            axes.append(result.index)
        for axis in axes:
            levels = axis.levels if isinstance(axis, pd.MultiIndex) else [axis]
            for level in levels:
                if len(level) <= WIDEST:
                    found.update(dict.fromkeys(label for label in level if label in labels))
    return list(found)


def keys_of(groups: Any) -> list[Hashable]:
    """The labels by which a table is grouped."""
    return flat([getattr(groups, "keys", None)])


def numbers(table: Any) -> list[Hashable]:
    """The labels of the columns of numbers and dates, which plots draw."""
    return [
        label for label, kind in zip(table.columns, table.dtypes, strict=True) if getattr(kind, "kind", "O") in "iufM"
    ]


def methods_of(cls: type, without: frozenset[str], *, inherited: bool = True) -> list[str]:
    """The methods of a class that use columns, its own or inherited ones too."""
    names = dir(cls) if inherited else list(vars(cls))
    chosen = [name for name in names if (not name.startswith("_") or name in _DUNDERS) and name not in without]
    return [name for name in chosen if inspect.isfunction(inspect.getattr_static(cls, name, None))]


def with_subclasses(mixin: type, *classes: type) -> list[type]:
    """The classes, and those that they inherit from or that inherit from them, as far as these have ``mixin``."""
    found: dict[type, None] = {}
    for cls in classes:
        found.update(dict.fromkeys(base for base in cls.__mro__ if base.__module__.startswith("pandas.core.")))
        waiting = [cls]
        while waiting:
            one = waiting.pop()
            found[one] = None
            waiting += one.__subclasses__()
    return [cls for cls in found if cls is not mixin and issubclass(cls, mixin)]
