"""Texts of one chart: the same value is the same wherever it stands, and different ones stay different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .masker import PlotMasker

__all__ = ["Categories"]


class Categories:
    """What the texts of a chart have become."""

    def __init__(self, masker: PlotMasker) -> None:
        self._masker = masker
        self._new: dict[str, str] = {}
        self._cleaned: dict[str, str] = {}
        self._taken: dict[str, int] = {}
        """By mask the number of texts that became it."""

    def column(self, label: str, values: Sequence[Any]) -> list[Any]:
        """As `PlotMasker.column`; a second text of the same mask has its number behind it.

        As categories on an axis they would otherwise fall together, and the picture would change. Years and bands
        begin with a digit and may: that is what they are for.
        """
        out = []
        for value, mask in zip(values, self._masker.column(label, values), strict=True):
            is_text = isinstance(value, str) and isinstance(mask, str) and mask != value
            out.append(self._apart(value, mask) if is_text else mask)
        return out

    def _apart(self, value: str, mask: str) -> str:
        if value not in self._new:
            number = self._taken[mask] = self._taken.get(mask, 0) + 1
            self._new[value] = mask if number == 1 or mask[:1].isdigit() else f"{mask} ({number})"
        return self._new[value]

    def text(self, text: str) -> str:
        """What to show in place of ``text``."""
        known = self._new.get(text)
        if known is None and (known := self._cleaned.get(text)) is None:
            known = self._cleaned[text] = self._masker.text(text)
        return known
