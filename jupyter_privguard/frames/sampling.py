"""Which cells of a column are looked at: spread over all rows, and in step with nothing that repeats in them.

A table in which two kinds of rows alternate looks uniform to whoever takes every second, tenth or
hundredth row. So strides are primes, and what is too much is thinned out unevenly.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["stride", "thinned_out"]

_SPREAD = 0x9E3779B1
"""2³² divided by the golden ratio: the multiples of no other number fall more evenly between 0 and 2³²."""


@lru_cache(maxsize=256)
def stride(rows: int, size: int) -> int:
    """The step by which at least twice ``size`` of ``rows`` are taken, if there are so many: a prime from 11, or 1.

    Smaller ones are the length of many things: weeks, decades of years, fields of a form one under the other.
    """
    step = rows // (2 * size)
    while step > 10 and any(step % divisor == 0 for divisor in range(2, int(step**0.5) + 1)):
        step -= 1
    return step if step > 10 else 1


@lru_cache(maxsize=256)
def thinned_out(count: int, size: int) -> tuple[int, ...]:
    """At most ``size`` of the places from 0 to ``count - 1``, in order, at uneven distances."""
    if count <= size:
        return tuple(range(count))
    return tuple(sorted(sorted(range(count), key=lambda place: place * _SPREAD % 2**32)[:size]))
