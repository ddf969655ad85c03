"""Which of many hashes are there, told in a bit each: a look at all words of a text at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["BITS", "Marks"]

# `Any` in this file is one of numpy's arrays.

BITS = 1 << 24
"""Bits of one container: of other hashes a sixteenth are taken for one where a million are in it."""


class Marks:
    """Numbers of 64 bits, a bit for each: what is among them is told at once, and few others are taken for it."""

    def __init__(self) -> None:
        self._bits = bytearray(BITS >> 3)
        self._bytes = np.frombuffer(self._bits, dtype=np.uint8)

    def add(self, numbers: Any) -> None:
        """Remember ``numbers``, an array."""
        places = numbers.view(np.uint64) % np.uint64(BITS)
        marked = np.zeros(BITS, np.bool_)
        marked[places] = True
        self.add_packed(np.packbits(marked, bitorder="little"))

    def add_packed(self, bits: Any) -> None:
        """Remember what another one does."""
        np.bitwise_or(self._bytes, np.frombuffer(bits, dtype=np.uint8), out=self._bytes)

    def may_hold(self, number: int) -> bool:
        """Whether ``number`` may be among them."""
        place = number % BITS
        return bool(self._bits[place >> 3] >> (place & 7) & 1)

    def among(self, words: Sequence[str]) -> list[str]:
        """Those of ``words`` whose hashes may be among them."""
        places = np.fromiter(map(hash, words), np.int64).view(np.uint64) % np.uint64(BITS)
        found = self._bytes[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8) & np.uint8(1)
        return [words[at] for at in np.flatnonzero(found).tolist()]
