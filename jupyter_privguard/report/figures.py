"""Figures of the report as data: bars over time, and a grid of who used which column.

Places and sizes are worked out here, in CSS pixels; the template draws them as inline SVG and knows nothing of
what they mean. Each figure has a sentence for those who do not see it, and the numbers stand in it as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["HeatMap", "Timeline"]

_CELL = 26
_LABEL = 7.2
"""Width of one letter of a label."""
_LONGEST = 28
"""Letters of a label before it is cut; the whole one stands in its title."""
_SHADES = 5
_HEIGHT, _BAR, _GAP, _LEFT, _TOP, _FOOT = 120, 22, 6, 46, 14, 62


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Counts for rows × columns, darker where there are more."""

    caption: str
    summary: str
    """What a reader should see in it, in one sentence: it is read out."""
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    """A name, an account, and a count of at least 0 for each of ``columns``."""
    unit: str = "cells"
    """What is counted."""

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        left = _width(name for name, _ in self.rows)
        top = _width(self.columns) * 3 // 4
        most = max((number for _, numbers in self.rows for number in numbers), default=0)
        return {
            "block": "heatmap",
            "caption": self.caption,
            "summary": self.summary,
            # Slanted labels reach beyond the last column.
            "width": left + _CELL * len(self.columns) + top + 10,
            "height": top + _CELL * len(self.rows) + 6,
            "columns": [
                {"text": _cut(name), "title": name, "x": left + _CELL * at + _CELL // 2, "y": top - 6}
                for at, name in enumerate(self.columns)
            ],
            "rows": [
                {"text": _cut(name), "title": name, "x": left - 8, "y": top + _CELL * at + _CELL * 2 // 3}
                for at, (name, _) in enumerate(self.rows)
            ],
            "size": _CELL - 2,
            "cells": [
                {
                    "x": left + _CELL * across,
                    "y": top + _CELL * down,
                    "shade": _shade(number, most),
                    "number": number,
                    "title": f"{name}, {column}: {number:,} {self.unit}",
                }
                for down, (name, numbers) in enumerate(self.rows)
                for across, (column, number) in enumerate(zip(self.columns, numbers, strict=True))
            ],
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars over stretches of time, each of layers from the bottom up."""

    caption: str
    summary: str
    """What a reader should see in it, in one sentence: it is read out."""
    kinds: Sequence[str]
    """At most four kinds of things, in order from the bottom of a bar."""
    bars: Sequence[tuple[str, Mapping[str, int]]]
    """What the stretch of time is called, and how many of each kind it has."""

    def json(self) -> dict[str, Any]:
        """The block as the template gets it."""
        most = max((sum(numbers.values()) for _, numbers in self.bars), default=0)
        step = _BAR + _GAP
        kinds = self._legend()
        labels = max((len(_cut(name)) for name, _ in self.bars), default=0) * _LABEL
        width = max(_LEFT + step * len(self.bars) + int(labels), kinds[-1]["end"] if kinds else 0)
        every = max(1, -(-int(labels + _GAP) // step))  # so that one label does not run into the next
        return {
            "block": "timeline",
            "caption": self.caption,
            "summary": self.summary,
            "width": width,
            "height": _TOP + _HEIGHT + _FOOT,
            "base": _TOP + _HEIGHT,
            "left": _LEFT,
            "top": _TOP,
            "most": most,
            "bars": [
                layer
                for at, (name, numbers) in enumerate(self.bars)
                for layer in self._layers(_LEFT + _GAP + step * at, name, numbers, most)
            ],
            "labels": [
                {"text": _cut(name), "x": _LEFT + _GAP + step * at + _BAR // 2, "y": _TOP + _HEIGHT + 16}
                for at, (name, _) in enumerate(self.bars)
                if at % every == 0
            ],
            "kinds": kinds,
            "step": step,
        }

    def _legend(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        x = _LEFT
        for layer, kind in enumerate(self.kinds):
            end = x + 18 + int(len(kind) * _LABEL) + 18
            found.append({"text": kind, "layer": layer, "x": x, "y": _TOP + _HEIGHT + _FOOT - 8, "end": end})
            x = end
        return found

    def _layers(self, x: int, name: str, numbers: Mapping[str, int], most: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        below = 0
        for layer, kind in enumerate(self.kinds):
            if number := numbers.get(kind, 0):
                height = max(2, number * _HEIGHT // most)
                y = _TOP + _HEIGHT - below - height
                title = f"{name}: {number:,} {kind}"
                found.append({"x": x, "y": y, "width": _BAR, "height": height, "layer": layer, "title": title})
                below += height
        return found


def _width(names: Any) -> int:
    """Room for the longest of ``names``, and at least a little."""
    return max((int(len(_cut(name)) * _LABEL) for name in names), default=0) + 16


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _shade(number: int, most: int) -> int:
    """0 for none, else 1 to `_SHADES`."""
    return 0 if not number else 1 + (number - 1) * (_SHADES - 1) // max(1, most - 1)
