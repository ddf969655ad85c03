"""Hooks in pandas for columns and rows that were taken out of a table."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from pandas.core.indexes.accessors import Properties
from pandas.core.strings.accessor import StringMethods

from ..uses import Tracker
from ._noting import noting
from ._pandas_named import methods_of
from ._pandas_parts import Parts

__all__ = ["Columns"]

# `Any` in this file is whatever a method of pandas takes and returns.

_NOT_USED = frozenset("keys pipe memory_usage plot sparse attrs set_flags".split())


class Columns(Parts):
    """Set when they are made."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(tracker)
        for name in ("__getitem__", "__getattr__"):
            self.replace(pd.Series, name, self._by_row)
        for name in (*methods_of(pd.Series, _NOT_USED), "__iter__", "items"):
            self.replace(pd.Series, name, self._series_method)
        for name in ("values", "array"):
            self.replace_property(pd.Series, name, self._series_property)
        for name in (*methods_of(StringMethods, _NOT_USED), "__getitem__"):
            self.replace(StringMethods, name, partial(self._accessed, "_orig"))
        for name in ("_delegate_property_get", "_delegate_method"):
            self.replace(Properties, name, partial(self._accessed, "_parent"))

    def _accessed(self, holder: str, original: Any) -> Any:
        """``column.str.lower()``, ``column.dt.year``: what is made of a column comes from where that came from."""

        def accessed(accessor: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(accessor, *args, **kwargs)
            if self._tracker.now is not None:
                with noting():  # what cannot be noted stops no program
                    given = [*args, *(args[0] if args and type(args[0]) is list else ())]  # `column.str.cat([other])`
                    others = [self._series_used(one, "computed") for one in given if isinstance(one, pd.Series)]
                    nodes = [self._tracker.known(getattr(accessor, holder)), *others]
                    self._computed(result, [node for node in nodes if node is not None])
            return result

        return accessed

    def _by_row(self, original: Any) -> Any:
        """``row["a"]``, ``row.a``, of a column any of its values."""

        def by_row(row: Any, key: Any) -> Any:
            result = original(row, key)
            if (how := self._how()) is not None:
                with noting():  # as above
                    self._row_used(row, key, how)
            return result

        return by_row

    def _series_method(self, original: Any) -> Any:
        def method(column: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(column, *args, **kwargs)
            if (how := self._how()) is not None:
                with noting():  # as above
                    nodes = [
                        node
                        for one in (column, *args)
                        if isinstance(one, pd.Series) and (node := self._series_used(one, how)) is not None
                    ]
                    self._computed(result, nodes)
            return result

        return method

    def _series_property(self, getter: Any) -> Any:
        def value(column: Any) -> Any:
            result = getter(column)
            if (how := self._how()) is not None:
                with noting():  # as above
                    node = self._series_used(column, how)
                    self._computed(result, [] if node is None else [node])
            return result

        return value
