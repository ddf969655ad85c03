"""The words of known values, by which they are found in text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ...model import NATIONAL_IDS
from .words import COMMON_WORDS

__all__ = ["Index", "Known", "Meaning", "as_text", "tokens_of"]

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


_MASKS = ("tok:hs256:", "enc:siv256:", "tok_", "enc_", "sur_")


class Meaning(NamedTuple):
    """What the values of a column are."""

    entity: str
    domain: str = ""
    """That of their handles; empty for the entity's own."""


class Known(NamedTuple):
    """What words mean."""

    meaning: Meaning
    value: str
    capitalised: bool = False
    """Only where the text writes it with a capital: a part of a name may be an ordinary word."""


class Index:
    """What is known. It only grows: what is to be forgotten is left out of a new one."""

    def __init__(self) -> None:
        self.phrases: dict[tuple[str, ...], Known] = {}
        self.lengths: dict[str, tuple[int, ...]] = {}
        self.digits: dict[str, Known] = {}
        self.met: dict[tuple[Hashable, Meaning], set[str]] = {}
        """By column and meaning the texts learned before: a copy or a part of a table costs one look each."""
        self.held: dict[str, set[str]] = {}
        """By entity the texts that any column holds."""
        self.sorted_starts: list[str] | None = None

    def learn(self, meaning: Meaning, values: Iterable[Any], column: Hashable, *, is_derived: bool = False) -> None:
        """See `KnownValues.learn`."""
        met = self.met.setdefault((column, meaning), set())
        held = self.held.setdefault(meaning.entity, set())
        before = len(met)
        for raw in values:
            value = as_text(raw)
            if value is None or value in met or (is_derived and value in held) or _is_mask(value):
                continue
            met.add(value)
            held.add(value)
            words = _words_of(value)
            if words and len(words) <= _MAX_TOKENS:
                self._learn_one(meaning, value, words)
                if meaning.entity == "EMAIL_ADDRESS":
                    self._learn_local_part(meaning, value, words)
        if len(met) > before:
            self.sorted_starts = None

    def _learn_one(self, meaning: Meaning, value: str, words: tuple[str, ...]) -> None:
        entity = meaning.entity
        if len(words) > 1 and entity != "PERSON_NAME" and not words[0].isdigit():  # most values, the quick way
            if sum(map(len, words)) >= _MIN_WORD:
                self._add(words, Known(meaning, value))
            return
        joined = "".join(words)
        if joined.isdigit():
            if len(joined) >= _MIN_DIGITS and entity in _IDENTIFIERS:
                self.digits.setdefault(joined, Known(meaning, value))
                if entity == "PHONE_NUMBER" and len(joined) > 10:
                    self.digits.setdefault(joined[-10:], Known(meaning, value))
            return
        if len(words) > 1 or not joined.isalpha():
            if len(joined) >= _MIN_WORD:
                self._add(words, Known(meaning, value))
        elif len(joined) >= _MIN_WORD and joined not in COMMON_WORDS and entity in _NAMES | _WORDS | _IDENTIFIERS:
            self._add(words, Known(meaning, value, capitalised=entity == "PERSON_NAME"))
        if entity == "PERSON_NAME" and len(words) > 1:
            for word in words:
                if len(word) >= _MIN_WORD and word.isalpha() and word not in COMMON_WORDS:
                    self._add((word,), Known(meaning, word, capitalised=True))

    def _learn_local_part(self, meaning: Meaning, value: str, words: tuple[str, ...]) -> None:
        """What stands before the @ names a person too, unless it is a single word or short."""
        local, _, domain = value.rpartition("@")
        words = words[: len(words) - _size_of(domain)]
        if len(local) > _MIN_WORD and (len(words) > 1 or (words and not words[0].isalpha() and not words[0].isdigit())):
            self._add(words, Known(meaning, local))

    def _add(self, words: tuple[str, ...], known: Known) -> None:
        if self.phrases.setdefault(words, known) is not known:
            return
        first, size = words[0], len(words)
        lengths = self.lengths.get(first)
        if lengths is None:
            self.lengths[first] = (size,)
        elif size not in lengths:
            self.lengths[first] = tuple(sorted((*lengths, size), reverse=True))


@lru_cache(4096)
def _size_of(domain: str) -> int:
    return len(_words_of(domain))


def _words_of(value: str) -> tuple[str, ...]:
    if _is_plain(value):
        return tuple(_WORD.findall(value.lower()))
    return tuple(token for token, _, _ in tokens_of(unicodedata.normalize("NFC", value)))


def _is_plain(value: str) -> bool:
    """Whether ``value`` has no escapes or entities and folds letter by letter: nearly all do."""
    return value.isascii() and "&" not in value and "\\" not in value and "\x1b" not in value


def as_text(value: Any) -> str | None:
    """A cell's value as it is looked for in text; None if it is not."""
    kind = type(value)  # `isinstance` would believe what a foreign object says of itself
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, bool):
        return None
    if issubclass(kind, int):
        return _digits(value)
    if issubclass(kind, float) and float.is_integer(value):
        return _digits(int(float.__float__(value)))
    return None


def _digits(number: int) -> str | None:
    try:
        return int.__repr__(number)
    except ValueError:  # more digits than Python writes
        return None


@cache
def _token() -> re.Pattern[str]:
    return re.compile(_WORD_OR_NUMBER, re.VERBOSE | re.IGNORECASE)


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """(folded token, start, end) of each word or number in ``text``."""
    return [(_fold(m.group(1)), m.start(), m.end()) for m in _token().finditer(text) if m.group(1)]


def _fold(token: str) -> str:
    return token.lower() if token.isascii() else unicodedata.normalize("NFKC", token).casefold()


def _is_mask(value: str) -> bool:
    """Whether ``value`` is what a mask left: it stands in masked copies, and is nobody's."""
    return "***" in value or value == "[redacted]" or value.startswith(_MASKS)
