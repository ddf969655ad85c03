"""Tables of the report that may become long: the first rows, how many there are, and where the rest is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from .blocks import Block, Cell, Paragraph, Table, plain

__all__ = ["MOST_ROWS", "table"]

MOST_ROWS = 200
_T = TypeVar("_T")


def table(
    caption: str,
    headings: Sequence[str],
    items: Sequence[_T],
    row: Callable[[_T], Sequence[Cell]],
    *,
    rest: Cell,
    layout: str = "plain",
    most: int = MOST_ROWS,
) -> list[Block]:
    """A table with one row for each of ``items``, the first ``most`` of them; ``rest`` is where all stand."""
    shown = [row(item) for item in items[:most]]
    left = len(items) - len(shown)
    title = f"{caption}; the first {len(shown):,} of {len(items):,}" if left else caption
    blocks: list[Block] = [Table(title, headings, shown, layout=layout)]
    if left:
        blocks.append(Paragraph((*plain(f"{left:,} more are left out of this table. All of them: "), *rest), "note"))
    return blocks
