"""Columns that single nobody out alone and do together: date of birth, postcode and sex.

Sweeney (2000), "Simple demographics often identify people uniquely", and the k of Samarati and
Sweeney (1998): the rows of the smallest group that agree in all of these columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..frames.codes import Codes, group_sizes
from ..frames.engine import FrameView
from ..model import ColumnVerdict

__all__ = ["QUASI_IDENTIFIERS", "Combination", "measured", "positions_of", "riskiest"]

QUASI_IDENTIFIERS = frozenset(
    "DATE_OF_BIRTH AGE POSTCODE CITY GEO_COORDINATE GENDER MARITAL_STATUS NATIONALITY ETHNICITY".split()
)
"""Entities that identify in combination. An address does so alone, as a name does, and is not among them."""

_WIDEST_COMBINATION = 3
_COMBINED = 6
"""Columns that are tried in combinations: those with the most distinct values. 41 combinations at most."""
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Combination:
    """Some columns, and what groups of rows they make. Nulls are equal to one another."""

    positions: tuple[int, ...]
    k: int
    """Rows in the smallest group; 0 of a table without rows."""
    unique: int
    """Rows that nobody shares all of these columns with."""


def positions_of(verdicts: Iterable[ColumnVerdict]) -> tuple[int, ...]:
    """Positions of the columns that are quasi-identifiers, by verdicts that are sure enough to act."""
    return tuple(
        position
        for position, verdict in enumerate(verdicts)
        if verdict.is_sensitive and verdict.entity in QUASI_IDENTIFIERS
    )


def measured(view: FrameView, positions: Sequence[int]) -> Combination:
    """The groups that all of ``positions`` make together; exact, every row is counted."""
    return _combination(tuple(positions), [view.codes(position) for position in positions])


def riskiest(view: FrameView, positions: Sequence[int]) -> tuple[Combination, ...]:
    """The combinations of at most three columns that single out most rows, worst first, ten at most.

    Looked for among the six columns with the most distinct values.
    """
    codes = {position: view.codes(position) for position in positions}
    chosen = sorted(sorted(positions, key=lambda position: -codes[position].count)[:_COMBINED])
    found = [
        _combination(some, [codes[position] for position in some])
        for size in range(1, min(_WIDEST_COMBINATION, len(chosen)) + 1)
        for some in combinations(chosen, size)
    ]
    # Of two that single out equally many rows the one that needs fewer columns is worse.
    return tuple(sorted(found, key=lambda c: (-c.unique, c.k, len(c.positions), c.positions))[:_TOLD])


def _combination(positions: tuple[int, ...], codes: Sequence[Codes]) -> Combination:
    sizes = group_sizes(codes)
    return Combination(positions, sizes.smallest, sizes.unique)
