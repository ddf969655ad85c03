"""The word lists, read when first asked for: some 20 milliseconds each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ..shapes import folded

__all__ = ["city_names", "is_one_sided", "name_weights"]

_FOLDER = Path(__file__).parent
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame rev hon herr frau sr sra srta dna dott dottssa ing m mme mlle".split()
)


def _read(name: str) -> list[str]:
    return (_FOLDER / name).read_text(encoding="utf-8").splitlines()


@cache
def name_weights() -> Mapping[str, int]:
    """Folded name → 3 a given name, 2 a family name, 1 a rare one or one that is also a word or a city."""
    weights: dict[str, int] = {}
    for line in _read("names.txt"):
        weight, *words = line.split(" ")
        weights.update(dict.fromkeys(words, int(weight)))
    for line in _read("own.txt"):
        if not line.startswith("#"):
            for word in line.split():
                weights[folded(word)] = max(2, weights.get(folded(word), 0))
    return weights


@cache
def city_names() -> frozenset[str]:
    """Folded names of cities with 50,000 inhabitants or more."""
    return frozenset(name for line in _read("cities.txt") for name in line.split("|")[1:])


def is_one_sided(texts: Iterable[str]) -> bool:
    """Whether values of two words or more have names in one place only, as products and teams do (“Basil Press”)."""
    first = last = count = 0
    for text in texts:
        parts = folded(text).split()
        while len(parts) > 1 and parts[0].strip(".") in _TITLES:
            del parts[0]
        if not parts or "," in text or "." in parts[0]:
            continue
        words = [word for word in parts if len(word.strip(".")) > 1]
        if len(words) >= 2:
            count += 1
            first += name_weights().get(words[0], 0) >= 2
            last += name_weights().get(words[-1], 0) >= 2
    return count >= 10 and min(first, last) < 0.25 * count
