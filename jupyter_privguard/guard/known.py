"""The values that stand in sensitive columns, so that they are found in any text.

Names, addresses, diagnoses and ids have no shape that a pattern could know. They are found
because they were seen in a frame. Text is compared token by token: case, spacing, punctuation,
colour codes and escapes between the tokens do not matter.

What is never learned, because it would be found by coincidence: bare numbers of fewer than nine
digits, dates, words of fewer than five letters and common words. Those are masked by where they
come from. Kept in memory only, never written anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, NamedTuple

from ..model import NATIONAL_IDS
from .words import COMMON_WORDS

__all__ = ["Hit", "KnownValues", "as_text"]

_WORD_OR_NUMBER = r"""\x1b\[[0-?]*[ -/]*[@-~]      # a colour code is a separator, whatever letters it holds
    | \\[nrtfv]                      # so is an escape in a repr
    | &(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z]{2,8});   # and an HTML entity
    | ([^\W_]+)"""

_WORD = re.compile(r"[^\W_]+")

_IDENTIFIERS = NATIONAL_IDS.union(
    """PHONE_NUMBER CUSTOMER_ID EMPLOYEE_ID NATIONAL_ID PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID CREDIT_CARD
    IBAN BANK_ACCOUNT MEDICAL_RECORD_NUMBER DEVICE_ID INTERNAL_UNKNOWN CREDENTIAL""".split()
)
_NAMES = frozenset({"PERSON_NAME", "USERNAME"})
_WORDS = frozenset({"DIAGNOSIS", "MEDICATION"})
_MIN_WORD = 5
_MIN_DIGITS = 9
_MAX_TOKENS = 24
_MAX_DIGIT_GROUPS = 6


class Hit(NamedTuple):
    """A known value found in a text: its place, and the entity and value that it is."""

    start: int
    end: int
    entity: str
    value: str


class _Known(NamedTuple):
    entity: str
    value: str
    capitalised: bool = False
    """Only where the text writes it with a capital: a part of a name may be an ordinary word."""


class KnownValues:
    """Learns values and finds them in text. Not thread-safe: the session holds the lock."""

    def __init__(self) -> None:
        self._phrases: dict[tuple[str, ...], _Known] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._digits: dict[str, _Known] = {}
        self._met: dict[tuple[Hashable, str], set[str]] = {}
        """By column and entity the texts learned before: a copy or a part of a table costs one look each."""
        self._sorted_starts: list[str] | None = None

    def __repr__(self) -> str:
        return f"<KnownValues: {len(self._phrases) + len(self._digits)}>"

    def __len__(self) -> int:
        return len(self._phrases) + len(self._digits)

    def learn(self, entity: str, values: Iterable[Any], *, column: Hashable = None, is_derived: bool = False) -> None:
        """Remember the distinct ``values`` of a ``column`` that holds ``entity``.

        What a derived table shares with another column is that one's, and forgotten with it.
        """
        met = self._met.setdefault((column, entity), set())
        others = [held for (_, other), held in self._met.items() if other == entity and held is not met]
        before = len(met)
        for raw in values:
            value = as_text(raw)
            if value is None or value in met or (is_derived and any(value in held for held in others)):
                continue
            met.add(value)
            words = tuple(_WORD.findall(value.lower()) if _is_plain(value) else (t for t, _, _ in _tokens(value)))
            if words and len(words) <= _MAX_TOKENS:
                self._learn_one(entity, value, words)
        if len(met) > before:
            self._sorted_starts = None

    def judge(
        self,
        column: Hashable,
        entity: str | None,
        *,
        values: Iterable[Any] = (),
        sources: Iterable[Hashable] = (),
        first: bool = False,
    ) -> None:
        """What was learned from ``column`` holds ``entity`` from now on; None forgets it.

        So do the ``values`` in each of ``sources``, the columns that they came from. What other columns hold
        too stays known. ``first``: where another column holds such a value as another entity, this one counts.
        """
        texts = {text for text in map(as_text, values) if text is not None}
        wholly, partly = {column}, set(sources)
        moved: dict[tuple[Hashable, str], set[str]] = {}
        kept: dict[tuple[Hashable, str], set[str]] = {}
        for (holder, held_as), met in self._met.items():
            taken = met if holder in wholly else met & texts if holder in partly else set()
            kept[holder, held_as] = met - taken
            if entity is not None and taken:
                moved.setdefault((holder, entity), set()).update(taken)
        self._phrases, self._lengths, self._digits, self._met = {}, {}, {}, {}
        self._sorted_starts = None
        for sets in (moved, kept) if first else (kept, moved):
            for (holder, held_as), met in sets.items():
                if met:
                    self.learn(held_as, met, column=holder)

    def columns_with(self, values: Iterable[Any]) -> list[Hashable]:
        """The columns from which all of ``values`` that are looked for in text were learned."""
        texts = {text for text in map(as_text, values) if text is not None}
        if not texts:
            return []
        holders: dict[Hashable, set[str]] = {}
        for (holder, _), met in self._met.items():
            holders[holder] = holders.get(holder, set()) | (met & texts)
        return [holder for holder, held in holders.items() if texts <= held]

    def _learn_one(self, entity: str, value: str, words: tuple[str, ...]) -> None:
        if len(words) > 1 and entity != "PERSON_NAME" and not words[0].isdigit():  # most values, the quick way
            if sum(map(len, words)) >= _MIN_WORD:
                self._add(words, _Known(entity, value))
            return
        joined = "".join(words)
        if joined.isdigit():
            if len(joined) >= _MIN_DIGITS and entity in _IDENTIFIERS:
                self._digits.setdefault(joined, _Known(entity, value))
                if entity == "PHONE_NUMBER" and len(joined) > 10:
                    self._digits.setdefault(joined[-10:], _Known(entity, value))
            return
        if len(words) > 1 or not joined.isalpha():
            if len(joined) >= _MIN_WORD:
                self._add(words, _Known(entity, value))
        elif len(joined) >= _MIN_WORD and joined not in COMMON_WORDS and entity in _NAMES | _WORDS | _IDENTIFIERS:
            self._add(words, _Known(entity, value, capitalised=entity == "PERSON_NAME"))
        if entity == "PERSON_NAME" and len(words) > 1:
            for word in words:
                if len(word) >= _MIN_WORD and word.isalpha() and word not in COMMON_WORDS:
                    self._add((word,), _Known(entity, word, capitalised=True))

    def _add(self, words: tuple[str, ...], known: _Known) -> None:
        if self._phrases.setdefault(words, known) is not known:
            return
        first, size = words[0], len(words)
        lengths = self._lengths.get(first)
        if lengths is None:
            self._lengths[first] = (size,)
        elif size not in lengths:
            self._lengths[first] = tuple(sorted((*lengths, size), reverse=True))

    def find(self, text: str) -> list[Hit]:
        """All known values in ``text``, longest first at each place, not overlapping."""
        if not self._phrases and not self._digits:
            return []
        tokens = _tokens(text)
        hits: list[Hit] = []
        position = 0
        while position < len(tokens):
            found = self._phrase_at(tokens, position, text) or self._digits_at(tokens, position, text)
            if found is None:
                position += 1
            else:
                count, known = found
                last = tokens[position + count - 1]
                hits.append(Hit(tokens[position][1], last[2], known.entity, known.value))
                position += count
        return hits

    def _phrase_at(self, tokens: list[tuple[str, int, int]], at: int, text: str) -> tuple[int, _Known] | None:
        for length in self._lengths.get(tokens[at][0], ()):
            if at + length > len(tokens):
                continue
            known = self._phrases.get(tuple(token for token, _, _ in tokens[at : at + length]))
            if known is not None and (not known.capitalised or text[tokens[at][1]].isupper()):
                return length, known
        return None

    def _digits_at(self, tokens: list[tuple[str, int, int]], at: int, text: str) -> tuple[int, _Known] | None:
        """A number written in groups: ``98765 43210``, ``4111-1111-1111-1111``."""
        if not self._digits or not tokens[at][0].isdigit():
            return None
        joined, best = "", None
        for count, (token, start, _) in enumerate(tokens[at : at + _MAX_DIGIT_GROUPS], 1):
            gap = text[tokens[at + count - 2][2] : start] if count > 1 else ""
            if not token.isdigit() or len(gap) > 2 or "\n" in gap:
                break
            joined += token
            if joined in self._digits:
                best = count, self._digits[joined]
        return best

    def may_begin(self, tail: str) -> bool:
        """Whether ``tail``, the end of a text so far, could be the beginning of a known value."""
        tokens = _tokens(tail)
        if not tokens:
            return False
        if self._sorted_starts is None:
            self._sorted_starts = sorted({*self._lengths, *self._digits})
        for at in range(len(tokens)):
            rest = tuple(token for token, _, _ in tokens[at:])
            if len(rest) == 1 and _has_prefix(self._sorted_starts, rest[0]):
                return True
            if any(length >= len(rest) for length in self._lengths.get(rest[0], ())):
                return True
        return False


def _has_prefix(ordered: list[str], prefix: str) -> bool:
    place = bisect_left(ordered, prefix)
    return place < len(ordered) and ordered[place].startswith(prefix)


def _is_plain(value: str) -> bool:
    """Whether ``value`` has no escapes or entities and folds letter by letter: nearly all do."""
    return value.isascii() and not any(mark in value for mark in "\\&\x1b")


def as_text(value: Any) -> str | None:
    """A cell's value as it is looked for in text; None if it is not."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    return None


@cache
def _token() -> re.Pattern[str]:
    return re.compile(_WORD_OR_NUMBER, re.VERBOSE | re.IGNORECASE)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """(folded token, start, end) of each word or number in ``text``."""
    return [(_fold(m.group(1)), m.start(), m.end()) for m in _token().finditer(text) if m.group(1)]


def _fold(token: str) -> str:
    return token.lower() if token.isascii() else unicodedata.normalize("NFKC", token).casefold()
