"""Whether numbers in a text may be equal to known ones by accident."""

from __future__ import annotations

import math

__all__ = ["LIKELY", "are_no_chance", "is_no_chance", "log_chance"]

LIKELY = 0.02
"""A number counts by itself where it is as unlikely as this to be equal by chance."""
_CHANCE = 0.001
"""Numbers count together where all of them are as unlikely as this to be equal by chance."""


def is_no_chance(density: float, possible: int, equal: int) -> bool:
    """Whether it is no accident that ``equal`` of ``possible`` numbers are equal to known ones.

    ``density`` is the share of all possible numbers that are known. Of many numbers the bound of Chernoff counts.
    """
    return density <= LIKELY or are_no_chance(density, possible, equal)


def are_no_chance(density: float, possible: int, equal: int) -> bool:
    """The same where none of them counts by itself."""
    return density < 1 and possible > 0 and log_chance(equal, possible, density) <= math.log(_CHANCE)


def log_chance(hits: int, among: int, density: float) -> float:
    """The logarithm of how likely so many of ``among`` are hits by chance, at most (Chernoff's bound)."""
    share = hits / among
    if share <= density:
        return 0.0
    rest = (1 - share) * math.log((1 - share) / (1 - density)) if share < 1 else 0.0
    return -among * (share * math.log(share / density) + rest)
