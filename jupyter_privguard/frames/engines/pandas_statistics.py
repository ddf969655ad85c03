"""What each column of a table of statistics is about: ``agg``, ``describe`` and pivot tables of groups."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ..engine import DESCRIBED
from ..watch import Exact, Statistic

__all__ = ["AGGREGATES", "exact_groups", "exact_pivot", "exact_table"]

AGGREGATES = frozenset({*DESCRIBED, "sum", "median", "var", "size", "nunique", "sem", "skew", "kurt", "average"})
"""Statistics that are nobody's own value when enough rows are behind them."""


def exact_groups(groups: Any, result: Any, func: Any, named: Mapping[str, Any]) -> Exact:
    """How ``groups.agg(func, **named)`` is to be shown; ``describe()`` is one with no ``func``."""
    sizes = groups.size()
    values = sizes["size"] if isinstance(sizes, pd.DataFrame) else sizes
    of_series = groups.obj.name if isinstance(groups.obj, pd.Series) else None
    about = {label: _about(label, func, named, of_series) for label in _labels(result)}
    return Exact(int(values.min()) if len(values) else 0, columns=about)


def _about(label: Hashable, func: Any, named: Mapping[str, Any], of_series: Hashable) -> Statistic:
    if isinstance(label, tuple) and len(label) > 1 and label[0] != "":
        return Statistic(label[0] if len(label) == 2 else label[:-1], str(label[-1]) in AGGREGATES)
    plain: Any = label[0] if isinstance(label, tuple) else label
    if plain in named:  # x=("income", "max"), or x="max" of a Series
        spec = named[plain]
        source, how = spec if isinstance(spec, tuple) else (of_series, spec)
        return Statistic(source, _is_aggregate(how))
    if isinstance(func, Mapping):
        return Statistic(plain, _is_aggregate(func.get(plain)))
    if isinstance(func, (list, tuple)) or func is None:
        return Statistic(of_series, str(plain) in AGGREGATES)
    return Statistic(plain if of_series is None else of_series, _is_aggregate(func))


def exact_pivot(data: pd.DataFrame, result: Any, values: Any, keys: list[Any], func: Any) -> Exact:
    """How a pivot table of ``data`` by ``keys`` is to be shown."""
    try:
        smallest = int(data.groupby(keys, observed=True).size().min())
    except Exception:  # noqa: BLE001 - keys may be anything that groupby takes; without a size nothing is exact
        smallest = 0
    about = {}
    for label in _labels(result):
        parts = label if isinstance(label, tuple) else (label,)
        sources = [part for part in parts if part in data.columns]
        source = values if isinstance(values, Hashable) and values is not None else sources[0] if sources else None
        how = func.get(source) if isinstance(func, Mapping) else func
        about[label] = Statistic(source, _is_aggregate(parts[0] if isinstance(how, (list, tuple)) else how))
    return Exact(smallest, columns=about)


def exact_table(table: Any, result: Any, func: Any) -> Exact | None:
    """How ``table.agg(func)`` is to be shown; None where its row labels are not those of statistics."""
    if isinstance(func, str):
        return Exact(len(table)) if func in AGGREGATES and isinstance(result, pd.Series) else None
    lists = func.values() if isinstance(func, Mapping) else (func,)
    if not all(isinstance(item, (list, tuple)) for item in lists):
        return None
    return Exact(len(table), tuple(AGGREGATES))


def _labels(result: Any) -> list[Hashable]:
    return list(result.columns) if isinstance(result, pd.DataFrame) else [result.name]


def _is_aggregate(func: Any) -> bool:
    return (func if isinstance(func, str) else getattr(func, "__name__", "")) in AGGREGATES
