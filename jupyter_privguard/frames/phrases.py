"""The texts of a long column by hashes of their words: a million of them are known in some sixty bytes each.

A text is looked for word by word, and kept as the bytes that it is; no object is kept for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ._word_tokens import FULL, LONGEST, WEIGHTS, Fold, Tokens, digits_of, spelled
from .marks import BITS, Marks, places_of
from .packed_texts import PackedTexts, among, hashes_of, in_order, place_in

__all__ = ["Learned", "Looked", "key_of", "learned"]

# `Any` in this file is one of numpy's arrays.

_CHUNK = 100_000
_PLAIN_WEIGHTS = [int(weight) for weight in WEIGHTS]
_FEW_FIRSTS = 5_000
"""First words that are kept as texts."""
_SHOWN, _BEGINNING = 8, "S8"
_COMPARED = 24


class Looked(NamedTuple):
    """How the texts of a column are looked for."""

    words: bool
    """Whether a text of a single word of letters is, unless it is a common one."""
    digits: bool
    """Whether a number is."""
    last_digits: int
    """As many of its last digits alone too, of a longer number; 0 for none."""
    parts: bool
    """Whether the texts are names, of which each word is looked for too."""
    before_at: bool
    """Whether they are addresses, of which what stands before the @ is looked for too."""
    least: int
    """Letters and digits that a text has at least, and one more than that for what stands before the @."""
    least_digits: int
    common: frozenset[str]


class Learned:
    """What is looked for of the texts of one column; made by `learned`."""

    def __init__(self, texts: PackedTexts, found: _Parts, fold: Fold) -> None:
        self.texts = texts
        self._fold = fold
        self._keys, self._refs = _sorted(found.keys, found.refs)
        self._digits, self._digit_refs = _sorted(found.digits, found.digit_refs)
        self.sizes = frozenset(found.sizes)
        """How many digits its numbers have."""
        self.parts = found.parts
        """Distinct words of names that are looked for alone."""
        self._firsts, self._lengths = _grouped(found.firsts, found.lengths)
        self.lengths: dict[str, tuple[int, ...]] | None = None
        """By first word how many words such texts have, most first; None where that would be too many texts."""
        if len(self._firsts) <= _FEW_FIRSTS and found.first_words is not None:
            self.lengths = {word: self.lengths_of(word) for word in found.first_words}
        self._seconds = in_order(np.concatenate(found.seconds))
        self._found_beginnings = found.beginnings
        self._beginnings: Any = None
        self._sorted: dict[bool, tuple[Any, Any]] = {}

    def joined(self, other: Learned, between: Sequence[Learned] = ()) -> Learned:
        """What is looked for of these texts and of those of ``other``, none of which stands here.

        Of ``other`` what is looked for in ``between`` is left out: it is found there first.
        """
        found, size = _Parts(), len(self.texts)
        keys, refs = other._left(other._keys, other._refs, [one._keys for one in between])
        found.keys, found.refs = [self._keys, keys], [self._refs, refs + np.uint32(2 * size)]
        digits, refs = other._left(other._digits, other._digit_refs, [one._digits for one in between])
        found.digits, found.digit_refs = [self._digits, digits], [self._digit_refs, refs + np.uint32(size)]
        found.sizes, found.parts = {*self.sizes, *other.sizes}, self.parts | other.parts
        found.firsts, found.lengths = [self._firsts, other._firsts], [self._lengths, other._lengths]
        is_short = self.lengths is not None and other.lengths is not None
        found.first_words = {*(self.lengths or ()), *(other.lengths or ())} if is_short else None
        found.seconds = [self._seconds, other._seconds]
        found.beginnings = [*self._all_beginnings(), *other._all_beginnings()]
        return Learned(PackedTexts.joined(self.texts, other.texts), found, self._fold)

    @staticmethod
    def _left(keys: Any, refs: Any, between: Sequence[Any]) -> tuple[Any, Any]:
        for others in between:
            is_left = ~among(keys, others)
            keys, refs = keys[is_left], refs[is_left]
        return keys, refs

    def _all_beginnings(self) -> list[Any]:
        return self._found_beginnings if self._beginnings is None else [self._beginnings]

    def __len__(self) -> int:
        return len(self._keys) + len(self._digits)

    def mark(self, *, keys: Marks | None = None, digits: Marks | None = None, firsts: Marks | None = None) -> None:
        """Add what `phrase`, `number` and `lengths_of` know."""
        for marks, numbers in ((keys, self._keys), (digits, self._digits), (firsts, self._firsts)):
            if marks is not None:
                marks.add(numbers)

    def mark_seconds(self, marks: Marks) -> None:
        """Add what `has_second` knows."""
        marks.add_places(self._seconds)

    def phrase(self, key: int) -> str | None:
        """The text, or what stands before its @, that consists of the folded words of this ``key``; see `key_of`."""
        place = place_in(self._keys, np.uint64(key))
        return None if place is None else self._text(int(self._refs[place]))

    def number(self, digits: str) -> str | None:
        """The text whose digits, or last ones, are these."""
        place = place_in(self._digits, hash(digits))
        return None if place is None else self.texts[int(self._digit_refs[place])]

    def lengths_of(self, word: str) -> tuple[int, ...]:
        """How many words the texts have that begin with the folded ``word``, most first."""
        place = place_in(self._firsts, hash(word))
        return () if place is None else _bits_of(int(self._lengths[place]))

    def has_second(self, word: str) -> bool:
        """Whether the second word of a text may be ``word``: of others some are taken for one too."""
        return place_in(self._seconds, np.uint32(hash(word) % BITS)) is not None

    def may_begin(self, beginning: str) -> bool:
        """Whether a first word may begin so, of which its first eight bytes count, or, by its length, a number."""
        if beginning.isdigit() and len(beginning) <= max(self.sizes, default=0):
            return True
        if self._beginnings is None:
            self._beginnings = in_order(np.concatenate(self._found_beginnings))
            self._found_beginnings = []
        wanted = beginning.encode("utf-8", "surrogatepass")[:_SHOWN]
        place = int(np.searchsorted(self._beginnings, np.array(wanted, dtype=_BEGINNING)))
        return place < len(self._beginnings) and bytes(self._beginnings[place]).startswith(wanted)

    def starting(self, words: Sequence[str]) -> str | None:
        """A longer text that begins with these folded ``words``, of which the last one may be cut."""
        return self._cut(" ".join(words), is_turned=False)

    def ending(self, words: Sequence[str]) -> str | None:
        """A longer text that ends with these folded ``words``, of which the first one may be cut."""
        return self._cut(" ".join(words)[::-1], is_turned=True)

    def _cut(self, shown: str, *, is_turned: bool) -> str | None:
        if is_turned not in self._sorted:
            self._sorted[is_turned] = self._made_sorted(is_turned=is_turned)
        ordered, refs = self._sorted[is_turned]
        wanted = shown.encode("utf-8", "surrogatepass")
        at = int(np.searchsorted(ordered, np.array(wanted[:_COMPARED], dtype=ordered.dtype)))
        while at < len(ordered) and bytes(ordered[at]).startswith(wanted[:_COMPARED]):
            text = self._text(int(refs[at]))
            whole = spelled([text], self._fold)[0]
            whole = whole[::-1] if is_turned else whole
            if whole.startswith(shown) and whole != shown:
                return text
            at += 1
        return None

    def _made_sorted(self, *, is_turned: bool) -> tuple[Any, Any]:
        ordered = np.empty(len(self._refs), dtype=f"S{_COMPARED}")
        for at in range(0, len(self._refs), _CHUNK):
            wholes = spelled([self._text(ref) for ref in self._refs[at : at + _CHUNK].tolist()], self._fold)
            if is_turned:
                wholes = [words[::-1] for words in wholes]
            ordered[at : at + len(wholes)] = [
                words[:_COMPARED].encode("utf-8", "surrogatepass")[:_COMPARED] for words in wholes
            ]
        order = np.argsort(ordered, kind="stable")
        return ordered[order], self._refs[order]

    def _text(self, ref: int) -> str:
        text = self.texts[ref >> 1]
        return text.rpartition("@")[0] if ref & 1 else text


def key_of(words: Sequence[str]) -> int | None:
    """The key of some folded words; None for more than are looked for."""
    if len(words) > LONGEST:
        return None
    return sum(hash(word) * weight for word, weight in zip(words, _PLAIN_WEIGHTS, strict=False)) & FULL


def learned(texts: Sequence[str], how: Looked, fold: Fold) -> Learned:
    """What is to be looked for of ``texts``, all different and without escapes and entities."""
    found = _Found(how)
    for at in range(0, len(texts), _CHUNK):
        found.add(Tokens(texts[at : at + _CHUNK], fold), at)
    return Learned(PackedTexts(texts), found, fold)


class _Parts:
    """What `Learned` is made of."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.refs: list[Any] = []
        self.digits: list[Any] = []
        self.digit_refs: list[Any] = []
        self.sizes: set[int] = set()
        self.parts: set[str] = set()
        self.firsts: list[Any] = []
        self.lengths: list[Any] = []
        """For each of the first words as bits how many words follow from it."""
        self.first_words: set[str] | None = set()
        """None where they are too many."""
        self.seconds: list[Any] = [np.zeros(0, np.uint32)]
        self.beginnings: list[Any] = [np.zeros(0, _BEGINNING)]


class _Found(_Parts):
    """The same, found chunk by chunk."""

    def __init__(self, how: Looked) -> None:
        super().__init__()
        self._how = how

    def add(self, tokens: Tokens, offset: int) -> None:
        """What is looked for of texts of which the first has the number ``offset``."""
        how, counts = self._how, tokens.counts
        fits = (counts > 0) & (counts <= LONGEST)
        if how.digits:
            self._add_numbers(
                tokens, np.flatnonzero(fits & tokens.are_digits & (tokens.sizes >= how.least_digits)), offset
            )
        chosen = fits & ~tokens.are_digits & (tokens.sizes >= how.least)
        alone = np.flatnonzero(chosen & tokens.are_letters & (counts == 1))
        chosen[[at for at in alone.tolist() if not how.words or tokens.words[tokens.starts[at]] in how.common]] = False
        self._add_phrases(tokens, np.flatnonzero(chosen), counts, offset, 0)
        if how.parts:
            several = np.flatnonzero(chosen & (counts > 1))
            for at in several.tolist():
                self.parts.update(tokens.words[tokens.starts[at] : tokens.starts[at] + counts[at]])
        if how.before_at:
            self._add_before_at(tokens, np.flatnonzero(fits), offset)

    def _add_phrases(self, tokens: Tokens, chosen: Any, counts: Any, offset: int, flag: int) -> None:
        """Those texts, or of each its first ``counts`` words."""
        starts, sizes = tokens.starts[chosen], counts[chosen]
        self.keys.append(tokens.keys(np.minimum(counts, LONGEST))[chosen])
        self.refs.append(((chosen + offset) * 2 + flag).astype(np.uint32))
        firsts = tokens.hashes[starts]
        self.firsts.append(firsts)
        self.lengths.append(np.uint32(1) << sizes.astype(np.uint32))
        _, places = np.unique(firsts, return_index=True)
        words = [tokens.words[starts[place]] for place in places.tolist()]
        if self.first_words is not None:
            self.first_words.update(words)
            if len(self.first_words) > _FEW_FIRSTS:
                self.first_words = None
        self.beginnings.append(_beginnings(words))
        self.seconds.append(in_order(places_of(tokens.hashes[starts[sizes > 1] + 1])))

    def _add_numbers(self, tokens: Tokens, chosen: Any, offset: int) -> None:
        digits = digits_of([tokens.texts[at] for at in chosen.tolist()], tokens)
        refs = chosen + offset
        last = self._how.last_digits
        if last:
            longer = [at for at, number in enumerate(digits) if len(number) > last]
            refs = np.concatenate([refs, refs[longer]])
            digits += [digits[at][-last:] for at in longer]
        self.digits.append(hashes_of(digits))
        self.digit_refs.append(refs.astype(np.uint32))
        self.sizes.update(map(len, digits))

    def _add_before_at(self, tokens: Tokens, fitting: Any, offset: int) -> None:
        if tokens.ascii is not None:
            counts = np.minimum(tokens.ascii.before_at(self._how.least), tokens.counts)
            counts[np.setdiff1d(np.arange(len(counts)), fitting, assume_unique=True)] = 0
            self._add_phrases(tokens, np.flatnonzero(counts > 0), counts, offset, 1)
            return
        counts, sizes = np.zeros(len(tokens.starts), np.int64), dict[str, int]()
        for at, count in zip(fitting.tolist(), tokens.counts[fitting].tolist(), strict=True):
            local, _, domain = tokens.texts[at].rpartition("@")
            if len(local) <= self._how.least:
                continue
            if domain not in sizes:
                sizes[domain] = len(spelled([domain], str)[0].split())
            count -= sizes[domain]
            if count == 1:
                word = tokens.words[tokens.starts[at]]
                count = 0 if word.isalpha() or word.isdigit() else 1
            counts[at] = count
        self._add_phrases(tokens, np.flatnonzero(counts > 0), counts, offset, 1)


def _sorted(keys: list[Any], refs: list[Any]) -> tuple[Any, Any]:
    """Different keys in order, each with the first of its refs."""
    if not keys:
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    distinct, places = np.unique(np.concatenate(keys), return_index=True)
    return distinct, np.concatenate(refs)[places]


def _grouped(firsts: list[Any], lengths: list[Any]) -> tuple[Any, Any]:
    """The hashes of different first words in order, and for each as bits how many words follow from it."""
    found = np.concatenate(firsts) if firsts else np.zeros(0, np.int64)
    if not len(found):
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    order = np.argsort(found, kind="stable")
    found, bits = found[order], np.concatenate(lengths)[order]
    begins = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]]))
    return found[begins], np.bitwise_or.reduceat(bits, begins)


def _bits_of(mask: int) -> tuple[int, ...]:
    return tuple(count for count in range(LONGEST, 0, -1) if mask >> count & 1)


def _beginnings(words: Sequence[str]) -> Any:
    return np.array([word[:_SHOWN].encode("utf-8", "surrogatepass")[:_SHOWN] for word in words], dtype=_BEGINNING)
