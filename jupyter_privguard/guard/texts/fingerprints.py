"""Known values as fingerprints: what a server is given of them, and how it finds them in a text.

The words of a text are looked up as the guard does it, by the same code; only that each is made a fingerprint first.
A value that an ellipsis cuts is not found so.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from ...keys.fingerprints import FingerprintKey
from .known import KnownValues
from .known_index import MOST_TOKENS, Index, Known, Meaning
from .long_columns import Phrases

__all__ = ["LARGEST", "LONGEST_ENTITY", "Batch", "FingerprintedValues", "first_entry", "meant_entry"]

LARGEST = 2**20
"""Bytes of a batch."""
_MEANING_BITS = 8
_MOST_MEANINGS = 1 << _MEANING_BITS
_LENGTH_BITS = MOST_TOKENS
LONGEST_ENTITY = 64
_LONGEST_NUMBER = 64
_MOST = 2_000_000
_MOST_WORDS = 50_000
_LEAST_SLOTS = 1 << 10
_HEAD = 4
"""Bytes that tell how long the head of a batch is."""

Meant = tuple[str, bool]
"""An entity, and whether it counts only where the text writes it with a capital."""


def meant_entry(fingerprint: int, meaning: int) -> int:
    """A fingerprint with the place of its meaning in its batch."""
    return fingerprint >> _MEANING_BITS << _MEANING_BITS | meaning


def first_entry(fingerprint: int, words: int) -> int:
    """The fingerprint of a first word of so many ``words``."""
    return fingerprint >> _LENGTH_BITS << _LENGTH_BITS | 1 << (words - 1)


class Batch(NamedTuple):
    """Some fingerprints, as they go over the socket."""

    meanings: Sequence[Meant] = ()
    phrases: array[int] = array("Q")
    """See `meant_entry`."""
    firsts: array[int] = array("Q")
    """See `first_entry`."""
    digits: array[int] = array("Q")
    """See `meant_entry`."""
    sizes: frozenset[int] = frozenset()
    """How many digits its numbers have."""

    def encoded(self) -> bytes:
        """As bytes for `decoded`, on the same machine."""
        parts = self.phrases, self.firsts, self.digits
        told = {"meanings": list(self.meanings), "sizes": sorted(self.sizes), "counts": [len(part) for part in parts]}
        head = json.dumps(told).encode()
        return b"".join([len(head).to_bytes(_HEAD, "big"), head, *(part.tobytes() for part in parts)])

    @classmethod
    def decoded(cls, body: bytes) -> Batch:
        """The batch in ``body``; ValueError for what is none."""
        size = _HEAD + int.from_bytes(body[:_HEAD], "big")
        try:
            told = json.loads(body[_HEAD:size])
            meanings = tuple((_entity(entity), bool(capital)) for entity, capital in told["meanings"])
            sizes = frozenset(number for number in map(int, told["sizes"]) if 0 < number <= _LONGEST_NUMBER)
            counts = [int(count) for count in told["counts"]]
            numbers = array("Q", body[size:])
        except (KeyError, TypeError, ValueError, RecursionError):
            raise ValueError("no batch of fingerprints") from None
        if len(meanings) > _MOST_MEANINGS or len(counts) != 3 or min(counts) < 0 or sum(counts) != len(numbers):
            raise ValueError("no batch of fingerprints")
        first, second = counts[0], counts[0] + counts[1]
        return cls(meanings, numbers[:first], numbers[first:second], numbers[second:], sizes)


def _entity(told: object) -> str:
    if not isinstance(told, str) or not 0 < len(told) <= LONGEST_ENTITY or not told.isprintable():
        raise ValueError("no entity")
    return told


class FingerprintedValues(KnownValues):
    """Values that somebody else knows. One thread may add to them while others look for them."""

    def __init__(self, key: FingerprintKey, *, most: int = _MOST) -> None:
        """``most`` is how many fingerprints are kept, of 16 to 32 bytes each."""
        super().__init__()
        self._own = _Fingerprints(key)
        self._index = self._own
        self._most = most

    def __len__(self) -> int:
        return self._own.count

    @property
    def is_full(self) -> bool:
        """Whether no more are kept."""
        return self._own.count >= self._most

    def take(self, batch: Batch) -> bool:
        """Look for what is in ``batch`` too; False, and nothing more is added, where there are too many.

        ValueError where it is not consistent.
        """
        if self.is_full:
            return False
        self._own.add(batch)
        return True

    def entities_in(self, text: str, *, before: str = "") -> frozenset[str]:
        """Entities of the values in ``text``. ``before`` was sent before it: what lies in that alone does not count."""
        start = len(before)
        return frozenset(hit.entity for hit in self.find(before + text) if hit.end > start)


class _Table:
    """Numbers of 64 bits: the upper ones are looked for, the lower ones are what they mean. Open addressing."""

    def __init__(self, low: int) -> None:
        self._low = low
        self._slots = array("Q", bytes(8 * _LEAST_SLOTS))
        self.count = 0

    def put(self, entry: int, *, add: bool = False) -> None:
        """``add``: what it means is added to what it meant, by bits; else the newest meaning counts."""
        low = self._low
        entry = entry if entry >> low else entry | 1 << low  # an empty slot is 0
        slots = self._slots
        mask, wanted = len(slots) - 1, entry >> low
        at = wanted & mask
        while found := slots[at]:
            if found >> low == wanted:
                slots[at] = found | entry if add else entry
                return
            at = (at + 1) & mask
        slots[at] = entry
        self.count += 1
        if self.count * 2 > len(slots):
            self._grow()

    def get(self, fingerprint: int) -> int | None:
        """What it means; None where it is not there."""
        low, slots = self._low, self._slots
        mask, wanted = len(slots) - 1, fingerprint >> low or 1
        at = wanted & mask
        while found := slots[at]:
            if found >> low == wanted:
                return found & ((1 << low) - 1)
            at = (at + 1) & mask
        return None

    def _grow(self) -> None:
        slots = array("Q", bytes(16 * len(self._slots)))
        low, mask = self._low, len(slots) - 1
        for entry in self._slots:
            if entry:
                at = entry >> low & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = entry
        self._slots = slots


class _Fingerprints(Index):
    """What `KnownValues.find` asks, answered by fingerprints."""

    def __init__(self, key: FingerprintKey) -> None:
        super().__init__()
        self._meanings: dict[Meant, int] = {}
        self._phrases, self._numbers, self._firsts = _Table(_MEANING_BITS), _Table(_MEANING_BITS), _Table(_LENGTH_BITS)
        self.phrases: _Phrases = _Phrases(key, self._phrases)
        self.lengths: _Lengths = _Lengths(key, self._firsts, self._phrases)
        self.digits: _Digits = _Digits(key, self._numbers, self.phrases.meant)
        self.seconds = _Every()

    @property
    def count(self) -> int:
        """How many there are."""
        return self._phrases.count + self._numbers.count + self._firsts.count

    def add(self, batch: Batch) -> None:
        places = [self._place(meant) for meant in batch.meanings]
        own = (1 << _MEANING_BITS) - 1
        for table, entries in ((self._phrases, batch.phrases), (self._numbers, batch.digits)):
            for entry in entries:
                if entry & own >= len(places):
                    raise ValueError("a fingerprint without a meaning")
                table.put(meant_entry(entry, places[entry & own]))
        for entry in batch.firsts:
            self._firsts.put(entry, add=True)
        self.sizes = self.sizes | batch.sizes  # another set: a thread may just look through this one
        self.lengths.changed()

    def _place(self, meant: Meant) -> int:
        """The last meaning stands for all that are too many."""
        place = self._meanings.get(meant)
        if place is None:
            if len(self._meanings) >= _MOST_MEANINGS:
                return _MOST_MEANINGS - 1
            place = self._meanings[meant] = len(self._meanings)
            self.phrases.meant.append(Known(Meaning(meant[0]), "", meant[1]))
        return place


class _Phrases(Phrases):
    def __init__(self, key: FingerprintKey, table: _Table) -> None:
        super().__init__()
        self.meant: list[Known] = []
        self._key = key
        self._table = table

    def __len__(self) -> int:
        return self._table.count

    def __contains__(self, words: object) -> bool:
        return self.get(words) is not None

    def get(self, words: Any, default: Any = None) -> Any:
        """As a dictionary's."""
        place = self._table.get(self._key.words(words))
        return default if place is None else self.meant[place]


class _Digits(dict[str, Known]):
    def __init__(self, key: FingerprintKey, table: _Table, meant: list[Known]) -> None:
        super().__init__()
        self._key = key
        self._table = table
        self._meant = meant

    def __len__(self) -> int:
        return self._table.count

    def __contains__(self, digits: object) -> bool:
        return self._table.get(self._key.digits(str(digits))) is not None

    def __missing__(self, digits: str) -> Known:
        place = self._table.get(self._key.digits(digits))
        if place is None:
            raise KeyError
        return self._meant[place]


class _Lengths(dict[str, tuple[int, ...]]):
    """By first word how many words values have, most first. Remembers the answers to the words of texts."""

    def __init__(self, key: FingerprintKey, table: _Table, alone: _Table) -> None:
        super().__init__()
        self._key = key
        self._table = table
        self._alone = alone
        self._asked: dict[str, tuple[int, ...]] = {}

    def changed(self) -> None:
        # Another one: a thread that looks just now may still write an answer of before.
        self._asked = {}

    def __contains__(self, word: object) -> bool:
        return bool(self.get(word))

    def get(self, word: Any, default: Any = None) -> Any:
        """As a dictionary's."""
        asked = self._asked
        found = asked.get(word)
        if found is None:
            if len(asked) >= _MOST_WORDS:
                self._asked = asked = {}
            found = asked[word] = self._found(word)
        return found or default

    def _found(self, word: str) -> tuple[int, ...]:
        fingerprint = self._key.words((word,))
        bits = self._table.get(fingerprint) or 0
        if self._alone.get(fingerprint) is not None:
            bits |= 1
        return tuple(size for size in range(MOST_TOKENS, 0, -1) if bits >> (size - 1) & 1) if bits else ()


class _Every(set[str]):
    """Second words, of which nothing is told."""

    def __contains__(self, word: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True
