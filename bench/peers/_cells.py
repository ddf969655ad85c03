"""What peers that read one text at a time are given of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import pandas as pd

SAMPLE = 25
"""Cells a column; more hardly changes an answer and takes peers of one cell at a time minutes."""
SHARE = 0.4
"""Of the cells, how many must hold the same entity."""


def cells(column: pd.Series) -> list[str]:
    """At most ``SAMPLE`` cells as text, evenly spread."""
    filled = column.dropna()
    return [str(value) for value in filled.iloc[:: max(1, len(filled) // SAMPLE)][:SAMPLE]]


def most(column: pd.Series, entities_of: Callable[[str], Iterable[str]]) -> str:
    """The entity that most cells hold, or NONE."""
    texts = cells(column)
    counted = Counter(entity for text in texts for entity in set(entities_of(text)))
    entity, count = counted.most_common(1)[0] if counted else ("NONE", 0)
    return entity if count >= SHARE * len(texts) else "NONE"


def each(frame: pd.DataFrame, entities_of: Callable[[str], Iterable[str]]) -> list[str]:
    """``most`` of every column, by position."""
    return [most(frame.iloc[:, place], entities_of) for place in range(frame.shape[1])]
