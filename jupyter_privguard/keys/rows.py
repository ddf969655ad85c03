"""Byte strings of one length side by side, as rows of an array, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

__all__ = ["Rows", "laid_out", "put", "taken_apart"]

# `Any` in this file is a numpy array of bytes, one row a value.

_T = TypeVar("_T")
_AT_ONCE = 256 * 1024
"""Bytes in work at once: they stay in the processor's cache, and long values need no more memory than short ones."""


class Rows(NamedTuple):
    """Some values of one length."""

    places: Sequence[int]
    """Where they stand among all values."""
    length: int
    """Bytes of each that count; zeros fill the rest of its row."""
    array: Any
    """One row each: read-only, of whole blocks, at least one."""


def laid_out(values: Sequence[bytes], *, block: int, before: bytes = b"") -> Iterator[Rows]:
    """All values, each behind ``before``, in rows of blocks of ``block`` bytes; each value comes once."""
    for size, places in _by_length(values).items():
        length = len(before) + size
        width = max(1, -(-length // block)) * block
        gap = bytes(width - length)
        count = max(1, _AT_ONCE // width)
        for start in range(0, len(places), count):
            chosen = places[start : start + count]
            joined = b"".join((before, (gap + before).join(_at(values, chosen)), gap))
            yield Rows(chosen, length, np.frombuffer(joined, np.uint8).reshape(len(chosen), width))


def put(out: list[_T], places: Sequence[int], made: list[_T]) -> None:
    """Each of ``made`` to its place in ``out``."""
    if isinstance(places, range):
        out[places.start : places.stop] = made
        return
    for place, one in zip(places, made, strict=True):
        out[place] = one


def taken_apart(array: Any) -> list[bytes]:
    """Each row, which has at least one byte."""
    taken: list[bytes] = np.ascontiguousarray(array).view(f"V{array.shape[1]}").ravel().tolist()
    return taken


def _at(values: Sequence[bytes], places: Sequence[int]) -> Sequence[bytes]:
    return values[places.start : places.stop] if isinstance(places, range) else [values[place] for place in places]


def _by_length(values: Sequence[bytes]) -> dict[int, Sequence[int]]:
    if len(set(map(len, values))) == 1:  # as in most columns of ids
        return {len(values[0]): range(len(values))}
    places: dict[int, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(len(value), []).append(place)
    return dict(places)
