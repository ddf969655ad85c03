"""The words of many texts at once, as hashes, and what they are made of."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .packed_texts import hashes_of

__all__ = ["FULL", "LONGEST", "WEIGHTS", "Fold", "Tokens", "digits_of", "spelled"]

# `Any` in this file is one of numpy's arrays.

LONGEST = 24
"""Words of a text that is looked for."""
WEIGHTS = np.array([secrets.randbits(63) << 1 | 1 for _ in range(LONGEST)], dtype=np.uint64)
"""By place what a word's hash counts in the key of a text, which is the sum of them."""
FULL = (1 << 64) - 1
_MARK = "\0"
_LOWERED = bytes(code if chr(code).isalnum() or not code else 32 for code in bytes(range(128)).lower()) + bytes(128)
_NO_DIGITS = bytes(code for code in range(1, 256) if not 48 <= code <= 57)
_WORD_OR_MARK = re.compile(r"[^\W_]+|\0")

Fold = Callable[[str], str]
"""A word as it is compared."""


class Tokens:
    """The folded words of some texts."""

    def __init__(self, texts: Sequence[str], fold: Fold) -> None:
        self.texts = texts
        joined = _MARK.join(texts)
        self.words = _words(texts, fold)
        self.hashes = hashes_of(self.words)
        marks = np.flatnonzero(self.hashes == hash(_MARK))
        self.starts = np.concatenate([[0], marks + 1]).astype(np.int64)
        """The first word of each text."""
        self.counts = np.concatenate([marks, [len(self.words)]]) - self.starts
        self.ascii = _Letters(joined.encode()) if joined.isascii() else None
        if self.ascii is not None:
            letters, digits = self.ascii.letters, self.ascii.digits
            self.sizes = letters + digits
        else:
            letters, digits = self._of_words(str.isalpha), self._of_words(str.isdigit)
            self.sizes = self._of_words(str.isalnum)
        """Letters and digits of each text."""
        self.are_letters = (letters == self.sizes) & (self.counts > 0)
        self.are_digits = (digits == self.sizes) & (self.counts > 0)

    def keys(self, counts: Any) -> Any:
        """For each text the key of its first ``counts`` words."""
        places = np.arange(len(self.words)) - np.repeat(self.starts, self.counts + 1)[: len(self.words)]
        weighted = self.hashes.view(np.uint64) * WEIGHTS[np.minimum(places, LONGEST - 1)]
        before = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weighted)])
        return before[self.starts + counts] - before[self.starts]

    def _of_words(self, test: Callable[[str], bool]) -> Any:
        """How many characters those words of each text have that pass ``test``."""
        sizes = np.fromiter((len(word) if test(word) else 0 for word in self.words), np.int64, len(self.words))
        before = np.concatenate([[0], np.cumsum(sizes)])
        return before[self.starts + self.counts] - before[self.starts]


class _Letters:
    """The letters of texts in ASCII, between which stand marks."""

    def __init__(self, joined: bytes) -> None:
        self._codes = np.frombuffer(joined + _MARK.encode(), dtype=np.uint8)
        self._ends = np.flatnonzero(self._codes == 0)
        lowered = self._codes | 32
        self._are_letters = (lowered >= 97) & (lowered <= 122)
        self._are_digits = (self._codes >= 48) & (self._codes <= 57)
        self.letters, self.digits = self._summed(self._are_letters), self._summed(self._are_digits)
        """How many each text has."""

    def _summed(self, are_some: Any) -> Any:
        return np.diff(np.cumsum(are_some, dtype=np.int64)[self._ends], prepend=0)

    def before_at(self, least: int) -> Any:
        """How many words each text has before its last @; 0 for a single one of letters or of digits alone.

        0, too, where no more than ``least`` characters stand there.
        """
        starts = np.concatenate([[0], self._ends[:-1] + 1])
        places = np.flatnonzero(self._codes == ord("@"))
        last = starts.copy()
        last[np.searchsorted(self._ends, places)] = places
        are_words = self._are_letters | self._are_digits
        begins = are_words.copy()
        begins[1:] &= ~are_words[:-1]
        words, letters, digits = (
            _between(flags, starts, last) for flags in (begins, self._are_letters, self._are_digits)
        )
        is_telling = (words > 1) | ((words == 1) & (letters > 0) & (digits > 0))
        return np.where(is_telling & (last - starts > least), words, 0)


def _between(flags: Any, starts: Any, ends: Any) -> Any:
    before = np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])
    return before[ends] - before[starts]


def _words(texts: Sequence[str], fold: Fold) -> list[str]:
    """The folded words of ``texts``, with a mark between those of one and of the next."""
    joined = f" {_MARK} ".join(texts)
    if joined.isascii():
        return joined.encode().translate(_LOWERED).decode().split()
    found = _WORD_OR_MARK.findall(unicodedata.normalize("NFC", joined))
    folded = {word: fold(word) for word in set(found)}
    return list(map(folded.__getitem__, found))


def digits_of(texts: list[str], tokens: Tokens) -> list[str]:
    """The digits of each of ``texts``, which are among those of ``tokens``."""
    if not texts:
        return []
    if tokens.ascii is not None:
        return _MARK.join(texts).encode().translate(None, _NO_DIGITS).decode().split(_MARK)
    return ["".join(filter(str.isdigit, text)) for text in texts]


def spelled(texts: Sequence[str], fold: Fold) -> list[str]:
    """``texts`` as their folded words with single blanks between."""
    return [words.strip() for words in " ".join(_words(texts, fold)).split(_MARK)]
