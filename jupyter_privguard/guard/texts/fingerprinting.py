"""Makes fingerprints of what a session knows: each value once, batch by batch, in a thread of its own."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ...keys.fingerprints import FingerprintKey
from .fingerprints import LONGEST_ENTITY, Batch, first_entry, meant_entry
from .known import KnownValues
from .known_index import Index, Known
from .long_columns import LongColumn

__all__ = ["Fingerprinting", "News"]

_AT_ONCE = 500
_MOST_MEANINGS = 200

Phrase = tuple[tuple[str, ...], Known]
Number = tuple[str, Known]


class News(NamedTuple):
    """What was learned since the last look."""

    phrases: list[Phrase]
    numbers: list[Number]
    columns: list[LongColumn]


class Fingerprinting:
    """Goes through ``values`` as they come. Not thread-safe."""

    def __init__(self, key: FingerprintKey, values: KnownValues) -> None:
        self._key = key
        self._values = values
        self._index: weakref.ref[Index] | None = None
        self._done = (0, 0)
        self._told: set[int] = set()
        """The numbers of columns that were looked at."""
        self._packed_times = 0

    def again(self) -> None:
        """What was looked at did not get there: begin anew."""
        self._index = None

    def news(self) -> News:
        """What there is that was not looked at. The session's lock must be held."""
        index = self._values.index
        if self._index is None or self._index() is not index:  # nothing was looked at, or something was forgotten
            self._index, self._told = weakref.ref(index), set()
            self._packed_times = -1
        # What was packed meanwhile is in the columns, and what is left has other places.
        phrases, numbers = self._done if self._packed_times == index.packed_times else (0, 0)
        columns = [column for column in index.columns if not column.of <= self._told]
        self._done = dict.__len__(index.phrases), dict.__len__(index.digits)
        self._packed_times = index.packed_times
        self._told.update(*(column.of for column in columns))
        return News(
            list(islice(dict.items(index.phrases), phrases, None)),
            list(islice(dict.items(index.digits), numbers, None)),
            columns,
        )

    def batches(self, news: News) -> Iterator[Batch]:
        """The fingerprints of ``news``, no lock needed."""
        yield from self._batches(news.phrases, news.numbers)
        for column in news.columns:
            texts = iter(column.learned.texts)
            while chunk := list(islice(texts, _AT_ONCE)):
                words = Index()  # what is looked for of a value is decided there, and for long columns alike
                words.learn(column.meaning, chunk, None)
                yield from self._batches(dict.items(words.phrases), dict.items(words.digits))

    def _batches(self, phrases: Iterable[Phrase], numbers: Iterable[Number]) -> Iterator[Batch]:
        words, digits = iter(phrases), iter(numbers)
        while True:
            some, others = list(islice(words, _AT_ONCE)), list(islice(digits, _AT_ONCE))
            if not some and not others:
                return
            yield self._batch(some, others)

    def _batch(self, phrases: list[Phrase], numbers: list[Number]) -> Batch:
        key, places = self._key, dict[tuple[str, bool], int]()

        def place(known: Known) -> int:
            meant = known.meaning.entity[:LONGEST_ENTITY], known.capitalised
            if meant not in places and len(places) >= _MOST_MEANINGS:  # a policy may have any number of entities
                meant = next(iter(places))
            return places.setdefault(meant, len(places))

        return Batch(
            phrases=array("Q", (meant_entry(key.words(words), place(known)) for words, known in phrases)),
            firsts=array(
                "Q", {first_entry(key.words(words[:1]), len(words)) for words, _ in phrases if len(words) > 1}
            ),
            digits=array("Q", (meant_entry(key.digits(digits), place(known)) for digits, known in numbers)),
            sizes=frozenset(len(digits) for digits, _ in numbers),
            meanings=tuple(places),
        )
