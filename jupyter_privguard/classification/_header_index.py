"""What header words are looked up in: every phrase of every language, written together, and what shortens them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ._header_words import all_words
from .detector import DETECTORS

__all__ = [
    "NO_ENTITY",
    "STRONG",
    "VOWELS",
    "WEAK",
    "corrected",
    "header_index",
    "lists",
    "shortened",
    "skeletons",
    "thin",
    "words_of",
]

STRONG, WEAK = 0.85, 0.5
NO_ENTITY = "NONE"
"""Phrases of it look like another entity's and are no one's (``age limit``)."""
_LONGEST = 400
_NOT_COMPOUNDING = ("ar", "hi", "id", "ja", "tr", "zh")
"""Languages whose words in Latin script are short and stand alone."""
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+|\d+")
# Letters that Unicode does not take apart.
_WHOLE = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "ð": "d",
        "þ": "th",
    }
)
VOWELS = re.compile(r"(?<=.)[aeiou]")


def _fold(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_WHOLE))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> tuple[str, ...]:
    """Words of a label: camelCase, underscores and digits split, accents folded, lower case."""
    return tuple(word.lower() for word in _PARTS.findall(_fold(text[:_LONGEST])))


def _key(phrase: str) -> str:
    """The phrase as ``words_of`` would read it, written together."""
    plain = phrase.replace(" ", "")
    return plain if plain.isascii() and plain.isalnum() and plain.islower() else "".join(words_of(phrase))


@cache
def _skeleton(word: str) -> str:
    return VOWELS.sub("", word)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of all languages, folded."""

    about: frozenset[str]
    things: frozenset[str]
    fill: frozenset[str]
    """Words that change nothing, those for persons among them."""
    joins: frozenset[str]
    short: Mapping[str, str]
    real: frozenset[str]
    """Ordinary words that look like a misspelled one, or like two that are written together."""
    parts: frozenset[str]
    """What longer words may be made of."""


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_key(word) for word in words)


@lru_cache(maxsize=1)
def lists() -> _Lists:
    """The lists of all word files together; read once."""
    every = all_words().values()
    about = _folded(word for words in every for word in words.about)
    things = _folded(word for words in every for word in words.things)
    fill = _folded(word for words in every for word in (*words.fill, *words.who))
    short = {before: after for words in reversed([*every]) for before, after in words.short.items()}
    real = _folded(word for words in every for word in words.real)
    parts = about | things | fill | _tables()[1]
    return _Lists(about, things, fill | _joins(), _joins(), short, real, parts)


@lru_cache(maxsize=1)
def _joins() -> frozenset[str]:
    return _folded(word for words in all_words().values() for word in words.joins)


def thin(words: Sequence[str]) -> str:
    """The words written together without those that join them; empty if nothing joins two of them."""
    joins = _joins()
    if joins.isdisjoint(words):
        return ""
    kept = [word for word in words if word not in joins]
    return "".join(kept) if 1 < len(kept) < len(words) else ""


def header_index() -> Mapping[str, Mapping[str, float]]:
    """Phrases written together → entities and scores."""
    return _tables()[0]


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, dict[str, float]], frozenset[str]]:
    """The index, and those of its keys that longer words may be made of."""
    index: dict[str, dict[str, float]] = {}
    thinned: dict[str, dict[str, float]] = {}
    parts: set[str] = set()
    for entity, score, compounds, phrases in _said():
        for phrase in phrases:
            key = _key(phrase)
            index.setdefault(key, {})[entity] = score
            if compounds or not key.isascii():
                parts.add(key)
            if " " in phrase and (bare := thin(phrase.split())):
                thinned.setdefault(_key(bare), {})[entity] = score
            # Umlauts are also written ae, oe, ue.
            if "ae" in key or "oe" in key or "ue" in key:
                bare = key.replace("ae", "a").replace("oe", "o").replace("ue", "u")
                index.setdefault(bare, {})[entity] = score
                parts.add(bare)
    return {**thinned, **index}, frozenset(parts)


def _said() -> Iterator[tuple[str, float, bool, Iterable[str]]]:
    """Entity, score, whether the language writes words together, and the phrases; what decides comes last."""
    for language, words in all_words().items():
        for entity, phrases in words.weak.items():
            yield entity, WEAK, language not in _NOT_COMPOUNDING, phrases
    for language, words in all_words().items():
        for entity, phrases in words.strong.items():
            yield entity, STRONG, language not in _NOT_COMPOUNDING, phrases
    for detector in DETECTORS.values():
        yield detector.entity, STRONG, True, filter(None, map(str.strip, detector.headers.split(",")))


@lru_cache(maxsize=1)
def shortened() -> dict[str, str]:
    """Consonant skeletons of three letters or more → the English word they shorten (``nmbr``, ``accn``, ``wrhs``).

    Of the beginning of a skeleton four letters are asked for: three fit too many words (``arr``, ``pct``).
    A whole skeleton counts before the beginning of another: ``mtr`` is a meter, not a matricula.
    """
    english = all_words()["en"]
    phrases = [phrase for said in (english.strong, english.weak) for each in said.values() for phrase in each]
    words = dict.fromkeys([*" ".join(phrases).split(), *english.things, *english.about])
    known: dict[str, str] = {}
    for word in words:
        skeleton = _skeleton(word)
        if len(skeleton) > 2 and len(word) > len(skeleton):
            known.setdefault(skeleton, word)
    for word in words:
        skeleton = _skeleton(word)
        for size in range(len(skeleton) - 1, 3, -1):
            if len(word) > size + 1:
                known.setdefault(skeleton[:size], word)
    return known


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Long words that alone decide, whole and with a letter left out → the word; rather English than another's."""
    found: dict[str, str] = {}
    for language, words in all_words().items():
        least = 6 if language == "en" else 8
        for word in sorted(phrase for entity, said in words.strong.items() if entity != NO_ENTITY for phrase in said):
            if len(word) >= least and word.isascii() and word.isalpha():
                for at in range(1, len(word) + 1):
                    found.setdefault(word[:at] + word[at + 1 :], word)
    return found


def corrected(word: str) -> str:
    """The word of a phrase that ``word`` has one letter too many or too few of, or two in the wrong order; else itself.

    The first letter is always right. A wrong letter would turn too many words into others.
    """
    known, spellings = lists(), _spellings()
    if len(word) < 6 or not word.isascii() or word in known.parts or word in known.real:
        return word
    if word in spellings:
        return spellings[word]
    for at in range(1, len(word)):
        shorter = word[:at] + word[at + 1 :]
        meant = spellings.get(shorter, "")
        if meant == shorter or (len(meant) == len(word) and sorted(meant) == sorted(word)):
            return meant
    return word


@lru_cache(maxsize=1)
def skeletons() -> dict[tuple[str, ...], tuple[tuple[tuple[str, ...], str, float], ...]]:
    """First two consonants of each word of an English phrase → its skeletons, its entity and the phrase's score."""
    english = all_words()["en"]
    table: dict[tuple[str, ...], list[tuple[tuple[str, ...], str, float]]] = {}
    for score, said in ((STRONG, english.strong), (WEAK, english.weak)):
        for entity, phrases in said.items():
            for phrase in phrases:
                bones = tuple(_skeleton(word) for word in phrase.split())
                if 1 <= len(bones) <= 3 and all(len(bone) >= 2 for bone in bones):
                    table.setdefault(tuple(bone[:2] for bone in bones), []).append((bones, entity, score))
    return {key: tuple(rows) for key, rows in table.items()}
