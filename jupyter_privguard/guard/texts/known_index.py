"""The words of known values, by which they are found in text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._later import later
from ...model import NATIONAL_IDS
from .long_columns import Digits, Firsts, LongColumn, Met, Phrases, Seconds, join_newest
from .words import COMMON_WORDS

if TYPE_CHECKING:
    from ...frames.phrases import Looked

__all__ = [
    "BETWEEN_DECIMALS",
    "MOST_GROUPS",
    "MOST_TOKENS",
    "TIME",
    "Index",
    "Known",
    "Meaning",
    "as_text",
    "folded",
    "separators",
    "tokens_of",
]

_SEPARATORS = r"""\x1b\[[0-?]*[ -/]*[@-~]      # a colour code is a separator, whatever letters it holds
    | \\[nrtfv]                      # so is an escape in a repr
    | &(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z]{2,8});   # and an HTML entity"""

_WORD = later(r"[^\W_]+")

_IDENTIFIERS = NATIONAL_IDS.union(
    """PHONE_NUMBER CUSTOMER_ID EMPLOYEE_ID NATIONAL_ID PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID CREDIT_CARD
    IBAN BANK_ACCOUNT MEDICAL_RECORD_NUMBER DEVICE_ID INTERNAL_UNKNOWN CREDENTIAL""".split()
)
_NAMES = frozenset({"PERSON_NAME", "USERNAME"})
_WORDS = frozenset({"DIAGNOSIS", "MEDICATION"})
_MIN_WORD = 5
_MIN_DIGITS = 9
MOST_TOKENS = 24
"""Words of a value that is looked for."""
_LAST_DIGITS = 10
"""Digits of a phone number without what stands for the country."""
_MANY = 1_000
"""Values of a column that are packed."""
_SIGNS = ("&", "\\", "\x1b")
"""What an entity, an escape or a colour code begins with."""
MOST_GROUPS = 6
"""Groups of digits in which a number may be written."""

TIME = later(
    r"[12](?<![0-9].)[0-9]{3}([-/])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])[ T]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9])"
)
"""A day and its time, as logs write them: its digits are no groups of a longer number."""
BETWEEN_DECIMALS = later(r"\.[0-9]+(?: {1,2}|, ?)(?=[0-9]+\.)")
"""Decimals and what ends them before other ones begin: those are no groups of a longer number."""

_MASKS = ("tok:hs256:", "enc:siv256:", "tok_", "enc_", "sur_")
_LEFT_BY_MASKS = ("***", "[redacted]", *(f"\n{mask}" for mask in _MASKS))


class Meaning(NamedTuple):
    """What the values of a column are."""

    entity: str
    domain: str = ""
    """That of their handles; empty for the entity's own."""

    def known(self, value: str, words: tuple[str, ...] = ()) -> Known:
        """What ``words`` mean that are all of ``value``."""
        is_one = self.entity == "PERSON_NAME" and len(words) == 1 and words[0].isalpha()
        return Known(self, value, capitalised=is_one)


class Known(NamedTuple):
    """What words mean."""

    meaning: Meaning
    value: str
    capitalised: bool = False
    """Only where the text writes it with a capital: a part of a name may be an ordinary word."""


class Index:
    """What is known. It only grows: what is to be forgotten is left out of a new one."""

    def __init__(self) -> None:
        self.columns: list[LongColumn] = []
        """Those whose values are packed, oldest first."""
        self.phrases = Phrases()
        self.phrases.columns = self.columns
        self.lengths: dict[str, tuple[int, ...]] = {}
        """By first word how many words such phrases have, most first."""
        self.seconds: set[str] = set()
        """The second words of all phrases."""
        self.digits: dict[str, Known] = {}
        self.sizes: set[int] = set()
        """How many digits the numbers in ``digits`` have."""
        self.met: dict[tuple[Hashable, Meaning], Met] = {}
        """By column and meaning the texts learned before: a copy or a part of a table costs one look each."""
        self.held: dict[str, Met] = {}
        """By entity the texts that any column holds."""
        self.sorted_starts: list[str] | None = None
        self.packed_times = 0
        """How often values that were kept one by one were packed, or packed ones joined."""
        self._next = count()

    def learn(self, meaning: Meaning, values: Iterable[Any], column: Hashable, *, is_derived: bool = False) -> bool:
        """See `KnownValues.learn`; whether anything was new."""
        met = self.met.setdefault((column, meaning), Met())
        held = self.held.setdefault(meaning.entity, Met())
        before = len(met)
        if isinstance(values, list) and len(values) >= _MANY:
            values = self._learn_many(meaning, values, met, held, is_derived=is_derived)
        for raw in values:
            value = as_text(raw)
            if value is None or value in met or (is_derived and value in held) or _is_mask(value):
                continue
            met.few.add(value)
            held.few.add(value)
            words = _words_of(value)
            if words and len(words) <= MOST_TOKENS:
                self._learn_one(meaning, value, words)
                if meaning.entity == "EMAIL_ADDRESS":
                    self._learn_local_part(meaning, value, words)
        is_new = len(met) > before
        if is_new:
            self.sorted_starts = None
        if len(met.few) >= max(_MANY, met.packs_at):
            self._pack(meaning, met, held)
        return is_new

    def _learn_many(self, meaning: Meaning, values: list[Any], met: Met, held: Met, *, is_derived: bool) -> list[Any]:
        """Learn the ``values`` of a long column, but for those that are returned."""
        texts = values
        kinds = set(map(type, values))
        are_numbers = kinds in ({int}, {float})
        if are_numbers:
            whole = values if kinds == {int} else map(int, filter(float.is_integer, values))
            texts = [text for text in map(_digits, whole) if text is not None]
        elif kinds != {str}:
            texts = list(dict.fromkeys(text for text in map(as_text, values) if text is not None))
        texts = met.without(texts)
        if is_derived:
            texts = held.without(texts)
        if are_numbers and meaning.entity not in _IDENTIFIERS and len(texts) >= _MANY:
            held.packed.append(met.keep(texts))  # never looked for, but which column they stand in is asked
            return []
        joined = "\n".join(["", *texts])
        if any(sign in joined for sign in _LEFT_BY_MASKS):
            texts = [text for text in texts if not _is_mask(text)]
        rest: list[str] = []
        if any(sign in joined for sign in _SIGNS):
            rest = [text for text in texts if _has_sign(text)]
            texts = [text for text in texts if not _has_sign(text)]
        return rest + self._packed(meaning, texts, met, held)

    def _packed(self, meaning: Meaning, texts: list[str], met: Met, held: Met) -> list[str]:
        """Pack ``texts``, different and without signs; those that are returned are too few."""
        new = texts
        for column in self._columns_of(meaning):
            new = column.learned.texts.without(new)
        are_many = len(new) >= _MANY
        if are_many:
            # What it needs is loaded only where there are tables.
            from ...frames.phrases import learned

            self._attach(LongColumn(meaning, learned(new, _looked(meaning.entity), folded), _own(self._next)))
        left = set(() if are_many else new)
        noted = [text for text in texts if text not in left] if left else texts
        met.note(noted)
        held.note(noted)
        return [] if are_many else new

    def _pack(self, meaning: Meaning, met: Met, held: Met) -> None:
        """Pack what was kept one by one of a column that has become long, however short the tables were."""
        self._packed(meaning, [text for text in met.few if not _has_sign(text)], met, held)
        met.packs_at = 2 * len(met.few)
        self.packed_times += 1
        phrases = Phrases()
        phrases.columns = self.columns
        for words, known in self.phrases.items():
            if phrases.in_columns(words) != known:
                dict.__setitem__(phrases, words, known)
        self.phrases = phrases
        self._look_anew()

    def _look_anew(self) -> None:
        """Make what tells of phrases and numbers anew: much of it is in the columns now."""
        numbers = self.digits if isinstance(self.digits, Digits) else None
        fresh = Index()
        fresh.columns, fresh.phrases = self.columns, self.phrases
        fresh.digits = {digits: known for digits, known in self.digits.items() if not _is_in(numbers, digits, known)}
        fresh.sizes = set(map(len, fresh.digits))
        for words in dict.keys(self.phrases):
            fresh._start(words)
        for column in self.columns:
            fresh._add_lengths(column)
        fresh._ask_columns()
        # At the end, so that an interrupt before leaves everything as it was.
        self.lengths, self.seconds, self.digits, self.sizes = fresh.lengths, fresh.seconds, fresh.digits, fresh.sizes
        self.sorted_starts = None
        self.phrases.look_anew()

    def _columns_of(self, meaning: Meaning) -> list[LongColumn]:
        return [column for column in self.columns if column.meaning == meaning]

    def texts_of(self, column: Hashable, meaning: Meaning) -> set[str]:
        """All texts that were learned of ``column``."""
        met = self.met[column, meaning]
        found = met.few.union(*met.packed)
        for one in self._columns_of(meaning):
            found.update(met.noted_in(one.learned.texts))
        return found

    def _attach(self, column: LongColumn) -> None:
        for word in column.learned.parts:
            if len(word) >= _MIN_WORD and word.isalpha() and word not in COMMON_WORDS:
                self._add((word,), Known(column.meaning, word, capitalised=True))
        self.columns.append(column)
        if join_newest(self.columns):
            self.packed_times += 1
            self._look_anew()
            return
        self._add_lengths(column)
        self._ask_columns()

    def _add_lengths(self, column: LongColumn) -> None:
        for word, sizes in (column.learned.lengths or {}).items():
            self.lengths[word] = tuple(sorted({*self.lengths.get(word, ()), *sizes}, reverse=True))
        self.sizes |= column.learned.sizes

    def _ask_columns(self) -> None:
        """What is asked of words and numbers is asked of the columns too."""
        if any(column.learned.lengths is None for column in self.columns):
            self.lengths = Firsts(self.lengths, self.columns)
        if self.columns:
            self.seconds = Seconds(self.seconds, self.columns)
        if any(column.learned.sizes for column in self.columns):
            self.digits = Digits(self.digits, self.columns)

    def _learn_one(self, meaning: Meaning, value: str, words: tuple[str, ...]) -> None:
        entity = meaning.entity
        if len(words) > 1 and entity != "PERSON_NAME" and not words[0].isdigit():  # most values, the quick way
            if sum(map(len, words)) >= _MIN_WORD:
                self._add(words, Known(meaning, value))
            return
        joined = "".join(words)
        if joined.isdigit():
            if len(joined) >= _MIN_DIGITS and entity in _IDENTIFIERS:
                self._add_number(joined, Known(meaning, value))
                if entity == "PHONE_NUMBER" and len(joined) > _LAST_DIGITS:
                    self._add_number(joined[-_LAST_DIGITS:], Known(meaning, value))
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

    def _add_number(self, digits: str, known: Known) -> None:
        if digits not in self.digits:
            self.digits[digits] = known
            self.sizes.add(len(digits))

    def _add(self, words: tuple[str, ...], known: Known) -> None:
        if words in self.phrases:
            return
        self.phrases[words] = known
        self._start(words)

    def _start(self, words: tuple[str, ...]) -> None:
        """A phrase of these ``words`` is looked for."""
        first, size = words[0], len(words)
        if size > 1:
            self.seconds.add(words[1])
        lengths = self.lengths.get(first)
        if lengths is None:
            self.lengths[first] = (size,)
        elif size not in lengths:
            self.lengths[first] = tuple(sorted((*lengths, size), reverse=True))


def _own(numbers: Iterator[int]) -> frozenset[int]:
    return frozenset([next(numbers)])


def _is_in(numbers: Digits | None, digits: str, known: Known) -> bool:
    """Whether the columns say the same of ``digits``."""
    return numbers is not None and numbers.in_columns(digits) == known


def _has_sign(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def _looked(entity: str) -> Looked:
    """How the values of a long column are looked for; as `Index._learn_one` does it for others."""
    from ...frames.phrases import Looked

    return Looked(
        words=entity in _NAMES | _WORDS | _IDENTIFIERS,
        digits=entity in _IDENTIFIERS,
        last_digits=_LAST_DIGITS if entity == "PHONE_NUMBER" else 0,
        parts=entity == "PERSON_NAME",
        before_at=entity == "EMAIL_ADDRESS",
        least=_MIN_WORD,
        least_digits=_MIN_DIGITS,
        common=COMMON_WORDS,
    )


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
    return re.compile(f"([^\\W_]+) | {_SEPARATORS}", re.VERBOSE | re.IGNORECASE)


@cache
def separators() -> re.Pattern[str]:
    """What stands between words though there are letters in it."""
    return re.compile(_SEPARATORS, re.VERBOSE | re.IGNORECASE)


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """(folded token, start, end) of each word or number in ``text``."""
    return [(folded(m.group(1)), m.start(), m.end()) for m in _token().finditer(text) if m.group(1)]


def folded(token: str) -> str:
    """A word as it is compared."""
    return token.lower() if token.isascii() else unicodedata.normalize("NFKC", token).casefold()


def _is_mask(value: str) -> bool:
    """Whether ``value`` is what a mask left: it stands in masked copies, and is nobody's."""
    return "***" in value or value == "[redacted]" or value.startswith(_MASKS)
