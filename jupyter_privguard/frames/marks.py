"""Which of many hashes are there, told in a bit each: a look at all words of a text at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["BITS", "Marks", "places_of"]

# `Any` in this file is one of numpy's arrays.

BITS = 1 << 24
"""Bits of one container: of other hashes a sixteenth are taken for one where a million are in it."""
_FEW = 100_000
"""Places that are quicker marked one by one."""


def places_of(numbers: Any) -> Any:
    """The bits of an array of numbers of 64 bits."""
    return (numbers.view(np.uint64) % np.uint64(BITS)).astype(np.uint32)


class Marks:
    """Numbers of 64 bits, a bit for each: what is among them is told at once, and few others are taken for it."""

    def __init__(self) -> None:
        self._bits = bytearray(BITS >> 3)
        self._bytes = np.frombuffer(self._bits, dtype=np.uint8)

    def add(self, numbers: Any) -> None:
        """Remember ``numbers``, an array."""
        self.add_places(places_of(numbers))

    def add_places(self, places: Any) -> None:
        """Remember what has these places; see `places_of`."""
        if len(places) < _FEW:
            bits = np.left_shift(np.uint8(1), (places & np.uint32(7)).astype(np.uint8))
            np.bitwise_or.at(self._bytes, places >> np.uint32(3), bits)
            return
        marked = np.zeros(BITS, np.bool_)
        marked[places] = True
        np.bitwise_or(self._bytes, np.packbits(marked, bitorder="little"), out=self._bytes)

    def may_hold(self, number: int) -> bool:
        """Whether ``number`` may be among them."""
        place = number % BITS
        return bool(self._bits[place >> 3] >> (place & 7) & 1)

    def among(self, words: Sequence[str]) -> list[str]:
        """Those of ``words`` whose hashes may be among them."""
        places = np.fromiter(map(hash, words), np.int64).view(np.uint64) % np.uint64(BITS)
        found = self._bytes[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8) & np.uint8(1)
        return [words[at] for at in np.flatnonzero(found).tolist()]
