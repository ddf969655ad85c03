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

__all__ = ["Digits", "Firsts", "LongColumn", "Met", "Phrases", "Seconds", "among"]


class LongColumn(NamedTuple):
    """A long column, and what its values are."""

    meaning: Meaning
    learned: Learned


class Met:
    """Texts that were learned before."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.few = set(texts)
        self.packed: list[PackedTexts] = []

    def __len__(self) -> int:
        return len(self.few) + sum(map(len, self.packed))

    def __contains__(self, text: object) -> bool:
        return text in self.few or any(text in packed for packed in self.packed)

    def __iter__(self) -> Iterator[str]:
        yield from self.few
        for packed in self.packed:
            yield from packed

    def keep(self, texts: Sequence[str]) -> PackedTexts:
        """Add ``texts``, many of them; they are packed."""
        from ...frames.packed_texts import PackedTexts  # only where there are tables

        packed = PackedTexts(texts)
        self.packed.append(packed)
        return packed

    def held(self, texts: Collection[str]) -> set[str]:
        """Those of ``texts`` that are among these."""
        return set(texts).difference(self.without(list(texts)))

    def without(self, texts: list[str]) -> list[str]:
        """Those of ``texts`` that are not among these, in order."""
        for packed in self.packed:
            texts = packed.without(texts)
        return [text for text in texts if text not in self.few] if self.few else texts


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
        for meaning, learned in self.columns:
            value = learned.phrase(key)
            if value is not None:
                return meaning.known(value, words)
        return None

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
        return super().__contains__(digits) or self._found(digits) is not None

    def __missing__(self, digits: str) -> Known:
        found = self._found(digits)
        if found is None:
            raise KeyError
        return found

    def _found(self, digits: Any) -> Known | None:
        size = len(digits)
        for meaning, learned in self._columns:
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
        return super().__contains__(word) or any(learned.has_second(str(word)) for _, learned in self._columns)


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
