"""What a column's label says: entities whose words stand in it, words that speak against."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from ._header_index import (
    NO_ENTITY,
    STRONG,
    VOWELS,
    WEAK,
    corrected,
    header_index,
    lists,
    shortened,
    skeletons,
    thin,
    words_of,
)
from .compounds import split_compound, split_run
from .roles import is_of_key, person_number

__all__ = ["STRONG", "HeaderReading", "Hint", "label_text", "read_header", "words_of"]

_MUTE = frozenset(
    "col column field var variable attr attribute data val value ref item unnamed info entry label".split()
)

_NAMED_BY_ROLE = frozenset({"PERSON_NAME", "USERNAME"})
"""Entities of phrases that are a role alone (*pacjent*)."""
_AMOUNTS = frozenset("INCOME FINANCIAL ACCOUNT_BALANCE".split())

_HANDLE = re.compile(r"\b(?:(?:tok:hs256|enc:siv256):[0-9a-f]{8}:[\w-]+|(?:tok|enc|sur)_[0-9a-f]{8,32}\b)", re.ASCII)
"""A masked label: the letters in it are no words."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One entity that a header names."""

    entity: str
    score: float
    """``STRONG``: the phrase has one meaning. ``WEAK``: values or the table must agree."""
    phrase: str
    """The words of the header that matched."""


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """What a header says, strongest first, and what speaks against it."""

    hints: tuple[Hint, ...] = ()
    veto: str = ""
    """A word outside the phrase that makes the column something else (``email_opens``)."""
    thing: str = ""
    """A word for something that is not a person (``store_city``)."""
    words: tuple[str, ...] = ()

    @property
    def is_mute(self) -> bool:
        """Whether the header names nothing: ``col_3``, ``field``, ``x1``, ``Unnamed: 0``."""
        return all(word in _MUTE or word.isdigit() or len(word) < 3 for word in self.words)

    def score(self, entity: str) -> float:
        """The header's word for ``entity``, in [0, 1]."""
        return max((hint.score for hint in self.hints if hint.entity == entity), default=0.0)


def label_text(label: Hashable) -> str:
    """Any label as text; what cannot be shown is called by its type."""
    try:
        # By str's own method: a label of a subclass may have others.
        if issubclass(type(label), tuple):
            return " ".join(map(label_text, cast("tuple[Hashable, ...]", label)))
        return str.__str__(label if issubclass(type(label), str) else str(label))
    except Exception:  # noqa: BLE001 - a label's own code may raise anything; a label is never worth a crash
        return f"<{type(label).__name__}>"


def _abbreviated(words: tuple[str, ...]) -> Hint | None:
    """What a header of one to three abbreviations means, if all phrases that it fits mean the same (``bs_py``).

    One word must have all its consonants (``sx``, ``zp``), of several each must begin alike.
    """
    bones = tuple(word for word in words if not word.isdigit() and word not in lists().fill)
    if not 1 <= len(bones) <= 3 or any(len(bone) < 2 or VOWELS.search(bone) for bone in bones):
        return None
    if len(bones) == 1 and len(bones[0]) == 2 and bones[0][0] in "aeiou":
        return None  # “AY” abbreviates nothing
    fits = {
        (entity, score)
        for full, entity, score in skeletons().get(tuple(bone[:2] for bone in bones), ())
        if (full == bones if len(bones) == 1 else all(map(str.startswith, full, bones)))
    }
    entities = {entity for entity, _ in fits}
    if len(entities) != 1 or NO_ENTITY in entities:
        return None
    entity, score = max(fits, key=lambda pair: pair[1])
    return Hint(entity, score if len(bones) > 1 else WEAK, " ".join(bones))


def _expanded(word: str) -> str:
    """The word that an abbreviation, a plural or a misspelling stands for, else the word itself."""
    if word in lists().short:
        return lists().short[word]
    index = header_index()
    if len(word) < 3 or word in index or word in lists().fill or not word.isascii():
        return word
    if not VOWELS.search(word):
        return shortened().get(word, word)
    if word[-1] == "s" and len(word) > 4 and word[:-1] in index:
        return word[:-1]
    return corrected(word)


def _windows(words: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Matching runs of up to five words, longest first, that do not overlap."""
    index = header_index()
    expanded = tuple(_expanded(word) for word in words)
    taken: set[int] = set()
    found: list[tuple[int, int, str]] = []
    for size in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            span = range(start, start + size)
            if taken.intersection(span):
                continue
            plain, full = "".join(words[start : start + size]), "".join(expanded[start : start + size])
            written = (plain, full, thin(words[start : start + size]))
            key = next((each for each in written if each and each in index), "")
            if key and (size > 1 or key not in lists().real):
                found.append((start, start + size, key))
                taken.update(span)
    return sorted(found)


@lru_cache(maxsize=4096)
def read_header(text: str) -> HeaderReading:
    """What the label ``text`` says about its column; empty for labels that are no words."""
    words = words_of(_HANDLE.sub(" ", text))
    if not words or len(words) > 40:
        return HeaderReading(words=words[:40])
    index, known = header_index(), lists()
    parts = tuple(part for word in words for part in _apart(word))
    windows = _windows(parts)
    nobody = next((" ".join(parts[start:end]) for start, end, key in windows if NO_ENTITY in index[key]), "")
    inside = {at for start, end, key in windows if NO_ENTITY not in index[key] for at in range(start, end)}
    outside = [_expanded(word) for i, word in enumerate(parts) if i not in inside]
    left = [word for word in outside if not word.isdigit() and word not in known.fill]
    hints = [
        Hint(entity, WEAK if len(left) > 1 and end - start == 1 else score, " ".join(parts[start:end]))
        for start, end, key in windows
        if not (left and len(key) < 3 and key.isascii() and key != "ip")  # two letters mean too much beside others
        for entity, score in index[key].items()
        if entity != NO_ENTITY
    ]
    if not hints and not nobody and (guessed := _abbreviated(words)):
        hints = [guessed]
        outside = []
    if not nobody:
        hints = _of_key(words, hints)
    best: dict[str, Hint] = {}
    for hint in sorted(hints, key=lambda hint: (-hint.score, hint.entity)):
        best.setdefault(hint.entity, hint)
    veto = nobody or next((word for word in outside if word in known.about), "")
    thing = next((word for word in outside if word in known.things or word.rstrip("s") in known.things), "")
    return HeaderReading(tuple(best.values()), veto, thing, words)


def _of_key(words: tuple[str, ...], hints: list[Hint]) -> list[Hint]:
    """The hints of a label that may be a key: of a person it is the person's number, of an amount it is no amount."""
    entity, is_sure = person_number(words, lists().joins)
    if entity and all(hint.entity in _NAMED_BY_ROLE and " " not in hint.phrase for hint in hints):
        return [Hint(entity, STRONG if is_sure else WEAK, " ".join(words))]
    if not is_of_key(words):
        return hints
    return [hint for hint in hints if hint.entity not in _AMOUNTS or is_of_key(hint.phrase.split())]


def _apart(word: str) -> tuple[str, ...]:
    if word in header_index():
        return (word,)
    return split_compound(word, lists().parts) if word.isascii() else split_run(word, lists().parts)
