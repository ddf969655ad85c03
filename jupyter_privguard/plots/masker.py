"""Who says what may be read in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["PlotMasker"]


class PlotMasker(Protocol):
    """What may be read in a picture."""

    def text(self, text: str) -> str:
        """``text`` without what may not be read; the same object if nothing is in it."""

    def column(self, label: str, values: Sequence[Any]) -> list[Any]:
        """What to show of ``values`` that stand for rows or groups, as many, in the same order.

        ``label`` is what the picture calls them, empty if nothing. Equal to ``values`` if nothing is in them. Numbers
        that measure somebody come back as rounded numbers, so that the picture hardly changes.
        """
