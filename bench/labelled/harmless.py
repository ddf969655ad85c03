"""Tables in which no row is a person."""

from __future__ import annotations

import random
from typing import Any

from .core import NONE, Column, Table, many, styled
from .harmless_kinds import KINDS, MADE, Draw, sources


def tables(rng: random.Random, kind: str, rows: int, name: str) -> Table:
    """One table of ``kind``."""
    drawn, made = KINDS[kind], sources(rng)
    labels = styled(rng, list(drawn))
    columns = (
        Column(label, _values(rng, make(*made) if make in MADE else make, rows), NONE)
        for label, make in zip(labels, drawn.values(), strict=True)
    )
    return Table(name, tuple(columns), of_persons=False)


def _values(rng: random.Random, draw: Draw, rows: int) -> list[Any]:
    return many(rows, lambda: draw(rng))
