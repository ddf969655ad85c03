"""The values that stand in sensitive columns, so that they are found in any text.

Names, addresses, diagnoses and ids have no shape that a pattern could know. They are found
because they were seen in a frame. Text is compared token by token: case, spacing, punctuation,
colour codes and escapes between the tokens do not matter.

What is never learned, because it would be found by coincidence: bare numbers of fewer than nine
digits, dates, words of fewer than five letters and common words. Those are masked by where they
come from. Kept in memory only, never written anywhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from .cut_values import CutValues, is_cut
from .glued import glued_values
from .known_index import BETWEEN_DECIMALS, MOST_GROUPS, TIME, Index, Known, Meaning, as_text, tokens_of
from .known_search import Part, parts_of
from .listed_names import listed_names
from .listed_words import LISTED, listed_words
from .streets import MOST_STREETS, streets_of
from .words import COMMON_WORDS

__all__ = ["Hit", "KnownValues", "as_text"]

_LONGEST_TIME = 24
_SHORT = 1000
"""Characters of a text whose words are all looked at carefully."""


class Hit(NamedTuple):
    """A known value found in a text: its place, and the entity and value that it is."""

    start: int
    end: int
    entity: str
    value: str
    domain: str = ""
    """That of its handle, as it is in its column; empty for the entity's own."""
    shown: str | None = None
    """What stands in its place, where that is settled: a value taken out of a column is masked as the column is."""


class KnownValues:
    """Learns values and finds them in text. Not thread-safe: the session holds the lock."""

    def __init__(self) -> None:
        self._index = Index()
        self._cut: tuple[tuple[int, int, int], CutValues] | None = None
        """For which state of the index, and what was made of it."""
        self.revision = 0
        """Another one where something was learned or forgotten."""
        self.changed: Callable[[], object] = bool
        """Called then."""

    def __repr__(self) -> str:
        return f"<KnownValues: {len(self)}>"

    def __len__(self) -> int:
        return len(self._index.phrases) + len(self._index.digits)

    def learn(
        self,
        entity: str,
        values: Iterable[Any],
        *,
        column: Hashable = None,
        domain: str = "",
        is_derived: bool = False,
    ) -> None:
        """Remember the distinct ``values`` of a ``column`` that holds ``entity``, with handles of ``domain``.

        What a derived table shares with another column is that one's, and forgotten with it.
        """
        is_new = True  # after an interrupt nobody knows
        if entity == "ADDRESS":
            values = list(values)
            values += self._streets_of_new(column, _meaning(entity, domain), values)
        try:
            is_new = self._index.learn(_meaning(entity, domain), values, column, is_derived=is_derived)
        finally:
            self.revision += is_new
            if is_new:
                self.changed()

    def _streets_of_new(self, column: Hashable, meaning: Meaning, addresses: list[Any]) -> list[str]:
        texts = [text for text in map(as_text, addresses) if text is not None]
        met = self._index.met.get((column, meaning))
        new = texts if met is None else met.without(texts)
        return streets_of(new) if len(new) <= MOST_STREETS else []

    def judge(
        self,
        column: Hashable,
        entity: str | None,
        *,
        values: Iterable[Any] = (),
        sources: Iterable[Hashable] = (),
        first: bool = False,
        domain: str = "",
    ) -> None:
        """What was learned from ``column`` holds ``entity`` from now on, with handles of ``domain``; None forgets it.

        So do the ``values`` in each of ``sources``, the columns that they came from. What other columns hold
        too stays known. ``first``: where another column holds such a value as another entity, this one counts.
        An interrupt meanwhile leaves everything as it was.
        """
        texts = {text for text in map(as_text, values) if text is not None}
        texts.update(streets_of(texts))
        wholly, partly = {column}, set(sources)
        moved: dict[tuple[Hashable, Meaning], set[str]] = {}
        kept: dict[tuple[Hashable, Meaning], set[str]] = {}
        is_same = True
        for (holder, held_as), met in self._index.met.items():
            own = self._index.texts_of(holder, held_as)
            taken = own if holder in wholly else met.held(texts) if holder in partly else set()
            kept[holder, held_as] = own - taken
            is_same = is_same and not taken
            if entity is not None and taken:
                moved.setdefault((holder, _meaning(entity, domain)), set()).update(taken)
        if is_same:
            return
        fresh = Index()
        for sets in (moved, kept) if first else (kept, moved):
            for (holder, held_as), learned in sets.items():
                if learned:
                    fresh.learn(held_as, list(learned), holder)
        self._index = fresh
        self.revision += 1
        self.changed()

    @property
    def index(self) -> Index:
        """What is looked for in texts; another one where something was forgotten."""
        return self._index

    def has(self, column: Hashable) -> bool:
        """Whether anything was learned from ``column``."""
        return any(holder == column and met for (holder, _), met in self._index.met.items())

    def columns_with(self, values: Iterable[Any]) -> list[Hashable]:
        """The columns from which all of ``values`` that are looked for in text were learned."""
        texts = {text for text in map(as_text, values) if text is not None}
        if not texts:
            return []
        holders: dict[Hashable, set[str]] = {}
        for (holder, _), met in self._index.met.items():
            holders[holder] = holders.get(holder, set()) | met.held(texts)
        return [holder for holder, held in holders.items() if texts <= held]

    def domain_of(self, entity: str, values: Iterable[Any], *, label: str) -> str | None:
        """The domain of a column of ``entity`` from which all of ``values`` were learned; None if there is none.

        Of several columns one that is called ``label``, as their keys say, comes first; where the others do not
        agree nobody can tell.
        """
        texts = {text for text in map(as_text, values) if text is not None}
        if not texts:
            return None
        domains: dict[str, None] = {}
        for (holder, meaning), met in self._index.met.items():
            if meaning.entity == entity and all(text in met for text in texts):
                if getattr(holder, "label", None) == label and meaning.domain:
                    return meaning.domain
                domains[meaning.domain or entity] = None
        return next(iter(domains)) if len(domains) == 1 else None

    def meaning_of(self, values: Iterable[Any], *, label: str, fewest: int) -> Meaning | None:
        """What a column holds from which all of ``values`` were learned; None if there is none.

        A column that is called ``label`` comes first; another one counts only for ``fewest`` different values or more
        that are no common words.
        """
        texts = {text for text in map(as_text, values) if text is not None}
        other = None
        for (holder, meaning), met in self._index.met.items():
            if texts and all(text in met for text in texts):
                if getattr(holder, "label", None) == label:
                    return meaning
                other = other or meaning
        return other if sum(text.lower() not in COMMON_WORDS for text in texts) >= fewest else None

    def find(self, text: str) -> list[Hit]:
        """All known values in ``text``, longest first at each place, not overlapping."""
        if not self._index.phrases and not self._index.digits:
            return []
        if len(text) > _SHORT:
            parts: Iterable[Part] = parts_of(text, self._index)
        else:
            tokens = tokens_of(text)
            parts = (Part(text, 0, tokens, range(len(tokens))),)
        hits: list[Hit] = []
        passed = 0
        for part in parts:
            for position in part.places:
                if part.start + part.tokens[position][1] < passed:
                    continue
                found = self._phrase_at(part.tokens, position, part.text)
                found = found or self._digits_at(part.tokens, position, part.text)
                if found is None:
                    continue
                count, known = found
                start = part.start + part.tokens[position][1]
                passed = part.start + part.tokens[position + count - 1][2]
                hits.append(Hit(start, passed, known.meaning.entity, known.value, known.meaning.domain))
        return hits

    def find_cut(self, text: str) -> list[Hit]:
        """Known values of which ``text`` shows one end beside an ellipsis."""
        if not self._index.phrases or not is_cut(text):
            return []
        index = self._index
        state = (id(index), len(index.phrases), index.packed_times)
        if self._cut is None or self._cut[0] != state:
            starting = partial(self._may_start, index)
            self._cut = state, CutValues(index.phrases.items(), starting, index.columns)
        return [
            Hit(start, end, known.meaning.entity, known.value, known.meaning.domain)
            for start, end, known in self._cut[1].find(text)
        ]

    def find_glued(self, text: str) -> list[Hit]:
        """All known values in ``text`` that stand directly against other letters or digits, in order."""
        return _hits(glued_values(text, self._index))

    def find_listed(self, text: str) -> list[Hit]:
        """Words of known names that ``text`` lists in small letters, in order."""
        return _hits(listed_names(text, self._index))

    def find_short(self, text: str, found: Sequence[Hit]) -> list[Hit]:
        """Short words that ``text`` lists among others of their column, which were ``found``, in order."""
        values = {hit.value for hit in found if hit.entity in LISTED}
        return _hits(listed_words(text, values, self._index))

    @staticmethod
    def _may_start(index: Index, word: str) -> bool:
        """Whether ``word``, which may be cut, may be the first one of anything."""
        if index.sorted_starts is None:
            index.sorted_starts = sorted({*index.lengths, *index.digits})
        place = bisect_left(index.sorted_starts, word)
        if place < len(index.sorted_starts) and index.sorted_starts[place].startswith(word):
            return True
        return any(column.learned.may_begin(word) for column in index.columns)

    def _phrase_at(self, tokens: list[tuple[str, int, int]], at: int, text: str) -> tuple[int, Known] | None:
        for length in self._index.lengths.get(tokens[at][0], ()):
            if at + length > len(tokens):
                continue
            known = self._index.phrases.get(tuple(token for token, _, _ in tokens[at : at + length]))
            if known is not None and (not known.capitalised or text[tokens[at][1]].isupper()):
                return length, known
        return None

    def _digits_at(self, tokens: list[tuple[str, int, int]], at: int, text: str) -> tuple[int, Known] | None:
        """A number written in groups: ``98765 43210``, ``4111-1111-1111-1111``."""
        if not self._index.digits or not tokens[at][0].isdigit():
            return None
        joined, best = "", None
        for count, (token, start, _) in enumerate(tokens[at : at + MOST_GROUPS], 1):
            gap = text[tokens[at + count - 2][2] : start] if count > 1 else ""
            if not token.isdigit() or len(gap) > 2 or "\n" in gap:
                break
            if gap and _is_next_decimal(text, tokens[at + count - 2][1], start):
                break
            joined += token
            if joined in self._index.digits and not (count > 1 and _meets_time(text, tokens[at][1], start)):
                best = count, self._index.digits[joined]
        return best

    def may_begin(self, tail: str) -> bool:
        """Whether ``tail``, the end of a text so far, could be the beginning of a known value."""
        tokens = tokens_of(tail)
        if not tokens:
            return False
        for at in range(len(tokens)):
            rest = tuple(token for token, _, _ in tokens[at:])
            if len(rest) == 1 and self._may_start(self._index, rest[0]):
                return True
            if any(length >= len(rest) for length in self._index.lengths.get(rest[0], ())):
                return True
        return False


def _hits(places: Iterable[tuple[int, int, Known]]) -> list[Hit]:
    return [Hit(start, end, known.meaning.entity, known.value, known.meaning.domain) for start, end, known in places]


def _meaning(entity: str, domain: str) -> Meaning:
    return Meaning(entity, "" if domain == entity else domain)


def _is_next_decimal(text: str, before: int, start: int) -> bool:
    """Whether the digits at ``before`` end a number with decimals, and those at ``start`` begin the next one."""
    found = BETWEEN_DECIMALS.match(text, before - 1) if text[before - 1 : before] == "." else None
    return found is not None and found.end() == start


def _meets_time(text: str, start: int, end: int) -> bool:
    """Whether a part of a time stands between ``start`` and ``end``, the places of digits."""
    before = max(0, start - _LONGEST_TIME)
    return any(time.end() > start and time.start() <= end for time in TIME.finditer(text, before, end + _LONGEST_TIME))
