"""Verdicts on tables that look the same, kept once: a session has many results of cells, and most are alike.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from dataclasses import replace

from ...model import ColumnVerdict
from .verdicts import Classification

__all__ = ["Alike"]

_MOST, _WIDEST = 100, 500
"""Different verdicts on whole tables that are kept to be shared, and columns of such tables."""


class Alike:
    """The last verdicts on tables of different looks."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, str], ...], tuple[ColumnVerdict, ...]] = {}

    def shared(self, found: Classification) -> Classification:
        """``found`` with the verdicts of a table that looks the same, where they are equal."""
        if len(found) > _WIDEST:
            return found
        key = tuple([(verdict.column, verdict.entity) for verdict in found])
        alike = self._known.get(key)
        if alike is not None and alike == found.columns:
            return replace(found, columns=alike)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = found.columns
        return found
