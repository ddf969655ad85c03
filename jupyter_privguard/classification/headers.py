"""What a column's label says: entities whose words stand in it, words that speak against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from ._header_languages import LANGUAGES
from ._header_words import ABBREVIATIONS, META, PHRASES, THINGS
from .detector import DETECTORS

__all__ = ["STRONG", "HeaderReading", "Hint", "label_text", "read_header", "words_of"]

STRONG, _WEAK = 0.85, 0.5
_LONGEST = 400
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
    """``STRONG``: the phrase has one meaning. ``_WEAK``: values or the table must agree."""
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
    decomposed = unicodedata.normalize("NFKD", text.translate(_WHOLE))
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
    said = [(entity, _WEAK, weak) for entity, (_, weak) in PHRASES.items()]
    said += [(entity, STRONG, strong) for entity, (strong, _) in PHRASES.items()]
    said += [(entity, STRONG, words) for block in LANGUAGES.values() for entity, words in block.items()]
    said += [(detector.entity, STRONG, detector.headers) for detector in DETECTORS.values()]
    for entity, score, phrases in said:
        for phrase in filter(None, (part.strip() for part in phrases.split(","))):
            key = _key(phrase)
            index.setdefault(key, {})[entity] = score
            # Umlauts are also written ae, oe, ue.
            if "ae" in key or "oe" in key or "ue" in key:
                index.setdefault(key.replace("ae", "a").replace("oe", "o").replace("ue", "u"), {})[entity] = score
    return index


@lru_cache(maxsize=1)
def _shortened() -> dict[str, str]:
    """Consonant skeletons of three letters or more → the word they shorten (``nmbr``, ``accn``, ``wrhs``).

    A whole skeleton counts before the beginning of another: ``mtr`` is a meter, not a matricula.
    """
    phrases = [phrase for both in PHRASES.values() for part in both for phrase in part.split(",")]
    words = [*(word for phrase in phrases for word in words_of(phrase)), *sorted(THINGS), *sorted(META)]
    known: dict[str, str] = {}
    for word in words:
        skeleton = _skeleton(word)
        if len(skeleton) > 2 and len(word) > len(skeleton):
            known.setdefault(skeleton, word)
    for word in words:
        skeleton = _skeleton(word)
        for size in range(len(skeleton) - 1, 2, -1):
            if len(word) > size + 1:
                known.setdefault(skeleton[:size], word)
    return known


@lru_cache(maxsize=1)
def _skeletons() -> dict[tuple[str, ...], tuple[tuple[tuple[str, ...], str, float], ...]]:
    """First two consonants of each word of a phrase → its skeletons, its entity and the phrase's score."""
    table: dict[tuple[str, ...], list[tuple[tuple[str, ...], str, float]]] = {}
    for entity, both in PHRASES.items():
        for score, part in zip((STRONG, _WEAK), both, strict=True):
            for phrase in part.split(","):
                bones = tuple(_skeleton(word) for word in words_of(phrase))
                if 1 <= len(bones) <= 3 and all(len(bone) >= 2 and bone.isascii() for bone in bones):
                    table.setdefault(tuple(bone[:2] for bone in bones), []).append((bones, entity, score))
    return {key: tuple(rows) for key, rows in table.items()}


def _abbreviated(words: tuple[str, ...]) -> Hint | None:
    """What a header of one to three abbreviations means, if all phrases that it fits mean the same (``bs_py``).

    One word must have all its consonants (``sx``, ``zp``), of several each must begin alike.
    """
    bones = tuple(word for word in words if not word.isdigit() and word not in _FILLER)
    if not 1 <= len(bones) <= 3 or any(len(bone) < 2 or _VOWELS.search(bone) for bone in bones):
        return None
    fits = {
        (entity, score)
        for full, entity, score in _skeletons().get(tuple(bone[:2] for bone in bones), ())
        if (full == bones if len(bones) == 1 else all(map(str.startswith, full, bones)))
    }
    if len({entity for entity, _ in fits}) != 1:
        return None
    entity, score = max(fits, key=lambda pair: pair[1])
    return Hint(entity, score if len(bones) > 1 else _WEAK, " ".join(bones))


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
        Hint(entity, _WEAK if len(left) > 1 and end - start == 1 else score, " ".join(words[start:end]))
        for start, end, key in windows
        for entity, score in index[key].items()
    ]
    if not hints and (guessed := _abbreviated(words)):
        hints = [guessed]
        outside = []
    best: dict[str, Hint] = {}
    for hint in sorted(hints, key=lambda hint: (-hint.score, hint.entity)):
        best.setdefault(hint.entity, hint)
    veto = next((word for word in outside if word in META), "")
    thing = next((word for word in outside if word in THINGS or word.rstrip("s") in THINGS), "")
    return HeaderReading(tuple(best.values()), veto, thing, words)
