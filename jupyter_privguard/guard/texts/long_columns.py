"""Long columns among the known values: containers as those of `known_index`, which ask packed columns as well.

What is in them is asked for as often as what is in a dictionary, so a container of this kind takes its place only once
there is a long column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ...frames.marks import Marks
    from ...frames.packed_texts import PackedTexts
    from ...frames.phrases import Learned
    from .known_index import Known, Meaning

__all__ = ["Digits", "Firsts", "LongColumn", "Met", "Phrases", "Seconds", "among", "join_newest"]


class LongColumn(NamedTuple):
    """Many values, and what they are."""

    meaning: Meaning
    learned: Learned
    of: frozenset[int]
    """The numbers of the columns that it was joined of, which are never given twice."""


def join_newest(columns: list[LongColumn]) -> bool:
    """Join those of the newest one's meaning, so that there are few; whether there were any to join.

    Each value is joined as often as the number of values doubles. Where one stands in columns of several meanings, the
    same one counts as before. An interrupt leaves all of them.
    """
    meaning, has_joined = columns[-1].meaning, False
    while len(places := [at for at, one in enumerate(columns) if one.meaning == meaning]) > 1:
        at, last = places[-2:]
        older, newer = columns[at], columns[last]
        if len(older.learned.texts) > 2 * len(newer.learned.texts):
            break
        between = [one.learned for one in columns[at + 1 : last]]
        joined = LongColumn(meaning, older.learned.joined(newer.learned, between), older.of | newer.of)
        columns[at:] = [joined, *columns[at + 1 : last], *columns[last + 1 :]]
        has_joined = True
    return has_joined


class Met:
    """Texts that were learned before: as texts, or, where they are kept elsewhere, as their hashes."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.few = set(texts)
        self.packed: list[PackedTexts] = []
        self.packs_at = 0
        """How many texts there are before it is worth packing them."""
        self._hashes: list[Any] = []
        """Arrays in order, of which none holds what another one does."""

    def __len__(self) -> int:
        return len(self.few) + sum(map(len, self.packed)) + sum(map(len, self._hashes))

    def __contains__(self, text: object) -> bool:
        if text in self.few or any(text in packed for packed in self.packed):
            return True
        return bool(self._hashes) and self.has_hash(hash(text))

    def has_hash(self, number: int) -> bool:
        """Whether a text of this hash is kept elsewhere."""
        from ...frames.packed_texts import place_in

        return any(place_in(hashes, number) is not None for hashes in self._hashes)

    def keep(self, texts: Sequence[str]) -> PackedTexts:
        """Add ``texts``, many of them; they are packed."""
        from ...frames.packed_texts import PackedTexts  # only where there are tables

        packed = PackedTexts(texts)
        self.packed.append(packed)
        return packed

    def note(self, texts: Sequence[str]) -> None:
        """Add ``texts``, of which somebody else keeps what they are."""
        from ...frames.packed_texts import ordered_union

        texts = self.without_packed(list(texts))
        self.few.difference_update(texts)
        if not texts:
            return
        # Of about as many numbers each time, so that each of them is put in order a few times only.
        new = ordered_union(texts)
        while self._hashes and len(self._hashes[-1]) <= 2 * len(new):
            new = ordered_union(new, self._hashes.pop())
        self._hashes.append(new)

    def noted_in(self, texts: Iterable[str]) -> Iterator[str]:
        """Those of ``texts`` that were noted."""
        from ...frames.packed_texts import without

        texts, left = list(texts), set[str]()
        for hashes in self._hashes:
            left.update(set(texts).difference(without(texts, hashes)))
        yield from left

    def held(self, texts: Collection[str]) -> set[str]:
        """Those of ``texts`` that are among these."""
        return set(texts).difference(self.without(list(texts)))

    def without(self, texts: list[str]) -> list[str]:
        """Those of ``texts`` that are not among these, in order."""
        texts = self.without_packed(texts)
        return [text for text in texts if text not in self.few] if self.few else texts

    def without_packed(self, texts: list[str]) -> list[str]:
        """Those of ``texts`` that are not packed here, in order."""
        for packed in self.packed:
            texts = packed.without(texts)
        if self._hashes:
            from ...frames.packed_texts import without

            for hashes in self._hashes:
                texts = without(texts, hashes)
        return texts


class Phrases(dict[tuple[str, ...], "Known"]):
    """What words mean."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[LongColumn] = []
        self._marks: Marks | None = None
        self._marked = 0
        """How many of the columns are in the marks."""

    def __contains__(self, words: object) -> bool:
        return self.get(words) is not None

    def __len__(self) -> int:
        return super().__len__() + sum(len(column.learned) for column in self.columns)

    def get(self, words: Any, default: Any = None) -> Any:
        """As a dictionary's."""
        found = super().get(words)
        return found if found is not None else self.in_columns(words) or default

    def in_columns(self, words: tuple[str, ...]) -> Known | None:
        """What ``words`` mean by a long column."""
        if not self.columns:
            return None
        from ...frames.phrases import key_of

        key = key_of(words)
        if key is None or not self._all_marked().may_hold(key):
            return None
        for meaning, learned, _ in self.columns:
            value = learned.phrase(key)
            if value is not None:
                return meaning.known(value, words)
        return None

    def look_anew(self) -> None:
        """Columns were joined."""
        self._marks, self._marked = None, 0

    def _all_marked(self) -> Marks:
        if self._marks is None:
            self._marks = _no_marks()
        for column in self.columns[self._marked :]:
            column.learned.mark(keys=self._marks)
        self._marked = len(self.columns)
        return self._marks


class Digits(dict[str, "Known"]):
    """What digits mean."""

    def __init__(self, before: dict[str, Known], columns: list[LongColumn]) -> None:
        super().__init__(before)
        self._columns = columns
        self._marks = _no_marks()
        for column in columns:
            column.learned.mark(digits=self._marks)

    def among(self, words: Sequence[str]) -> set[str]:
        """See `among`."""
        return {*_held(dict.__contains__, self, words), *self._marks.among(words)}

    def __bool__(self) -> bool:
        return True

    def __contains__(self, digits: object) -> bool:
        return super().__contains__(digits) or self.in_columns(digits) is not None

    def __missing__(self, digits: str) -> Known:
        found = self.in_columns(digits)
        if found is None:
            raise KeyError
        return found

    def in_columns(self, digits: Any) -> Known | None:
        """What ``digits`` mean by a long column."""
        size = len(digits)
        for meaning, learned, _ in self._columns:
            if size in learned.sizes and digits.isdigit():
                value = learned.number(digits)
                if value is not None:
                    return meaning.known(value)
        return None


class Firsts(dict[str, tuple[int, ...]]):
    """By first word how many words such phrases have, most first."""

    def __init__(self, before: dict[str, tuple[int, ...]], columns: list[LongColumn]) -> None:
        super().__init__(before)
        self._columns = [column.learned for column in columns if column.learned.lengths is None]
        self._marks = _no_marks()
        for learned in self._columns:
            learned.mark(firsts=self._marks)

    def among(self, words: Sequence[str]) -> set[str]:
        """See `among`."""
        return {*_held(dict.__contains__, self, words), *self._marks.among(words)}

    def __bool__(self) -> bool:
        return True

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or any(learned.lengths_of(str(word)) for learned in self._columns)

    def __getitem__(self, word: str) -> tuple[int, ...]:
        found: tuple[int, ...] = self.get(word, ())
        return found

    def get(self, word: Any, default: Any = None) -> Any:
        """As a dictionary's."""
        if not self._marks.may_hold(hash(word)):
            return super().get(word, default)
        found = {*super().get(word, ()), *(size for learned in self._columns for size in learned.lengths_of(word))}
        return tuple(sorted(found, reverse=True)) if found else default


class Seconds(set[str]):
    """The second words of phrases, and some others."""

    def __init__(self, before: set[str], columns: list[LongColumn]) -> None:
        super().__init__(before)
        self._columns = columns
        self._marks = _no_marks()
        for column in columns:
            column.learned.mark_seconds(self._marks)

    def among(self, words: Sequence[str]) -> set[str]:
        """See `among`."""
        return {*_held(set.__contains__, self, words), *self._marks.among(words)}

    def __bool__(self) -> bool:
        return True

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or self._marks.may_hold(hash(word))


def among(known: Container[str], words: Collection[str]) -> set[str]:
    """Those of ``words`` that are ``known``, asked all at once; where there is a long column also a few others."""
    if isinstance(known, (Digits, Firsts, Seconds)):
        return known.among(list(words))
    return set(filter(known.__contains__, words))


def _held(contains: Callable[[Any, Any], bool], known: Any, words: Sequence[str]) -> Iterator[str]:
    """Those of ``words`` that are held as such, past what the container makes of the question."""
    return compress(words, map(contains, repeat(known), words))


def _no_marks() -> Marks:
    # What it needs is loaded only where there are tables.
    from ...frames.marks import Marks

    return Marks()
