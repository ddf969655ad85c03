"""Columns that are pieces of one value each row: ``df.phone.str.split(expand=True)``, ``df.iban.str.extract(…)``.

A piece has nothing by which it is known. What stands beside it in its row makes it whole, so the first rows are read
across: where most of them say known values, the columns of these are judged as the values are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from ...frames import FrameView, Kind
from ...frames.rows import cells_at, has_rows
from ...model import ColumnVerdict
from ...policy.masks import class_in
from ...policy.rules import Policy
from ..texts.known import as_text
from .assess import Classification, acting

if TYPE_CHECKING:
    from ..texts.known import Hit

__all__ = ["pieces_judged"]

_LOOKED_AT = 8
"""Rows that are read across."""
_WIDEST = 40
"""Columns of a table that may be pieces."""
_PLAIN = frozenset({Kind.TEXT, Kind.INTEGER})


def pieces_judged(
    found: Classification, seen: FrameView, policy: Policy, find: Callable[[str], list[Hit]]
) -> Classification:
    """``found`` with columns that are pieces of values which ``find`` finds judged as these."""
    places = [at for at in range(min(seen.width, _WIDEST + 1)) if seen.kind(at) in _PLAIN]
    if all(found[at].is_sensitive for at in places):
        return found
    rows = min(seen.rows, _LOOKED_AT)
    if not rows or not 2 <= len(places) <= seen.width <= _WIDEST or not has_rows(seen):
        return found
    said: Counter[tuple[int, str, str]] = Counter()
    for cells in zip(*(cells_at(seen, at, list(range(rows))) for at in places), strict=True):
        said.update(set(_pieces([as_text(cell) or "" for cell in cells], find)))
    columns = list(found)
    for (place, entity, domain), count in said.items():
        at = places[place]
        if 2 * count > rows and not found[at].is_sensitive:
            verdict = ColumnVerdict(found[at].column, entity, class_in(policy, entity), 1.0, domain=domain)
            columns[at] = acting(verdict, policy)
    return replace(found, columns=tuple(columns))


def _pieces(texts: Sequence[str], find: Callable[[str], list[Hit]]) -> Iterator[tuple[int, str, str]]:
    """Which of neighbouring ``texts`` are together a known value, its entity and domain."""
    for between in (" ", ""):
        starts = [0, *accumulate(len(text) + len(between) for text in texts)]
        for hit in find(between.join(texts)):
            inside = [
                place
                for place, text in enumerate(texts)
                if text and hit.start < starts[place] + len(text) and hit.end > starts[place]
            ]
            if len(inside) > 1:
                yield from ((place, hit.entity, hit.domain) for place in inside)
