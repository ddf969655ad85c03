"""The word lists, read when first asked for: some 20 milliseconds each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ..shapes import folded

__all__ = ["city_names", "is_built_as_name", "is_one_sided", "name_weights"]

_FOLDER = Path(__file__).parent
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame rev hon herr frau sr sra srta dna dott dottssa ing m mme mlle".split()
)

# Names after the father, as Russian, Ukrainian and the languages around them form them.
_patronymic = re.compile(
    r"[^\W\d_][^\W\d_](?:ович|евич|йович|ьич|кузьмич|фомич|лукич|овна|евна|инична|ична|івна|ївна|оглы|кызы|угли|ovich|evich"
    r"|ovna|evna|ovych|ivna)(?: |$)"
).search
# Vietnamese family names, which nearly everybody shares, and what stands between them and a given name.
_FAMILIES = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh dao doan trinh truong mai cao luong"
    " luu ta chu ha tong lam diep khuat kieu thach phung vuong to trieu dam chau quach la thai nghiem".split()
)
_MIDDLE = frozenset({"van", "thi"})


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


def is_built_as_name(text: str) -> bool:
    """Whether a name stands there that shows by its form: with one after the father, or a Vietnamese middle name."""
    if not 1 <= text.count(" ") <= 3:
        return False
    plain = text.lower()
    if _patronymic(plain, plain.index(" ")):
        return True
    if " v" not in plain and " t" not in plain:
        return False
    words = folded(plain).split()
    return len(words) > 2 and words[1] in _MIDDLE and words[0] in _FAMILIES


def is_one_sided(texts: Iterable[str]) -> bool:
    """Whether values of two words or more have names in one place only, as products and teams do (“Basil Press”)."""
    first = last = count = 0
    for text in texts:
        parts = folded(text).split()
        while len(parts) > 1 and parts[0].strip(".") in _TITLES:
            del parts[0]
        if is_built_as_name(text):
            continue
        if not parts or "," in text or "." in parts[0]:
            continue
        words = [word for word in parts if len(word.strip(".")) > 1]
        if len(words) >= 2:
            count += 1
            first += name_weights().get(words[0], 0) >= 2
            last += name_weights().get(words[-1], 0) >= 2
    return count >= 10 and min(first, last) < 0.25 * count
