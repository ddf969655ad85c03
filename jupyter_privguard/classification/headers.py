"""What a column's label says: entities whose words stand in it, words that speak against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from ._header_words import ABBREVIATIONS, META, PHRASES, THINGS

__all__ = ["HeaderReading", "Hint", "label_text", "read_header", "words_of"]

STRONG, WEAK = 0.85, 0.5
_LONGEST = 400
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+|\d+")
_VOWELS = re.compile(r"(?<=.)[aeiou]")
_FILLER = frozenset(
    "the of a an in de la le du do da di no n number nmbr id code cd v value txt text str col field raw new old".split()
)


_MUTE = frozenset(
    "col column field var variable attr attribute data val value ref item unnamed info entry label".split()
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One entity that a header names."""

    entity: str
    score: float
    """``STRONG``: the phrase has one meaning. ``WEAK``: values or the table must agree."""
    phrase: str
    """The words of the header that matched."""
    whole: bool
    """Whether nothing else of meaning stands in the header."""


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
    if isinstance(label, str):
        return label
    if isinstance(label, tuple):
        return " ".join(label_text(part) for part in label)
    try:
        return str(label)
    except Exception:  # noqa: BLE001 - a label's own code may raise anything; a label is never worth a crash
        return f"<{type(label).__name__}>"


def _fold(text: str) -> str:
    if text.isascii():
        return text
    for letter, written in (("ß", "ss"), ("ä", "a"), ("ö", "o"), ("ü", "u"), ("Ä", "A"), ("Ö", "O"), ("Ü", "U")):
        text = text.replace(letter, written)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> tuple[str, ...]:
    """Words of a label: camelCase, underscores and digits split, accents folded, lower case."""
    return tuple(word.lower() for word in _PARTS.findall(_fold(text[:_LONGEST])))


def _key(phrase: str) -> str:
    return "".join(words_of(phrase))


def _skeleton(word: str) -> str:
    return _VOWELS.sub("", word)


@lru_cache(maxsize=1)
def _index() -> dict[str, dict[str, float]]:
    """Phrases written together → entities and scores."""
    index: dict[str, dict[str, float]] = {}
    for entity, (strong, weak) in PHRASES.items():
        for score, phrases in ((WEAK, weak), (STRONG, strong)):
            for phrase in filter(None, (part.strip() for part in phrases.split(","))):
                key = _key(phrase)
                index.setdefault(key, {})[entity] = score
                # Umlauts are also written ae, oe, ue.
                if "ae" in key or "oe" in key or "ue" in key:
                    index.setdefault(key.replace("ae", "a").replace("oe", "o").replace("ue", "u"), {})[entity] = score
    return index


@lru_cache(maxsize=1)
def _shortened() -> dict[str, str]:
    """Consonant skeletons of three letters or more → the word they shorten (``nmbr``, ``accn``, ``wrhs``)."""
    known: dict[str, str] = {}
    phrases = (phrase for phrases in PHRASES.values() for part in phrases for phrase in part.split(","))
    for word in (*(word for phrase in phrases for word in words_of(phrase)), *sorted(THINGS)):
        skeleton = _skeleton(word)
        for size in range(len(skeleton), 2, -1):
            if len(word) > size + 1:
                known.setdefault(skeleton[:size], word)
    return known


def _expanded(word: str) -> str:
    """The word that an abbreviation stands for, else the word itself."""
    if word in ABBREVIATIONS:
        return ABBREVIATIONS[word]
    if len(word) < 3 or not word.isascii() or _VOWELS.search(word) or word in _index():
        return word
    return _shortened().get(word, word)


def _windows(words: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Matching runs of up to five words, longest first, that do not overlap."""
    index = _index()
    expanded = tuple(_expanded(word) for word in words)
    taken: set[int] = set()
    found: list[tuple[int, int, str]] = []
    for size in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            span = range(start, start + size)
            if taken.intersection(span):
                continue
            plain, full = "".join(words[start : start + size]), "".join(expanded[start : start + size])
            key = plain if plain in index else full if full in index else ""
            if key:
                found.append((start, start + size, key))
                taken.update(span)
    return sorted(found)


@lru_cache(maxsize=4096)
def read_header(text: str) -> HeaderReading:
    """What the label ``text`` says about its column; empty for labels that are no words."""
    words = words_of(text)
    if not words or len(words) > 40:
        return HeaderReading(words=words[:40])
    index = _index()
    windows = _windows(words)
    inside = {position for start, end, _ in windows for position in range(start, end)}
    outside = [_expanded(word) for i, word in enumerate(words) if i not in inside]
    left = [word for word in outside if not word.isdigit() and word not in _FILLER]
    hints = [
        Hint(entity, WEAK if len(left) > 1 and end - start == 1 else score, " ".join(words[start:end]), not left)
        for start, end, key in windows
        for entity, score in index[key].items()
    ]
    best: dict[str, Hint] = {}
    for hint in sorted(hints, key=lambda hint: (-hint.score, hint.entity)):
        best.setdefault(hint.entity, hint)
    veto = next((word for word in outside if word in META), "")
    thing = next((word for word in outside if word in THINGS or word.rstrip("s") in THINGS), "")
    return HeaderReading(tuple(best.values()), veto, thing, words)
