"""Words of column headers: the files of ``dictionaries/headers``, one a language, read at the first header.

A line is ``ENTITY: phrase, phrase`` for phrases that decide, ``ENTITY?: phrase`` for those that only
suggest, or one of the lists ABOUT, THING, WHO, FILL, JOIN, REAL and SHORT.
The README beside them says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["FOLDER", "HeaderWords", "all_words", "words_in"]

FOLDER = Path(__file__).parent / "dictionaries" / "headers"
_LISTS = frozenset({"ABOUT", "THING", "WHO", "FILL", "JOIN", "REAL", "SHORT"})


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """The words of one language, as they are written in its file."""

    strong: Mapping[str, tuple[str, ...]]
    """Entity → phrases with one meaning."""
    weak: Mapping[str, tuple[str, ...]]
    """Entity → phrases that values or the table must confirm."""
    about: tuple[str, ...]
    """Words that make a column speak *about* a thing instead of holding it (``count``)."""
    things: tuple[str, ...]
    """What is not a person: rows, names, cities and phones of these are nobody's."""
    who: tuple[str, ...]
    """Who is spoken of (``customer``): such a word beside a phrase changes nothing."""
    fill: tuple[str, ...]
    """Words that say nothing about the content (``src``, ``new``)."""
    joins: tuple[str, ...]
    """Words between the words of a phrase (``of``): a phrase is the same with, without and with another of them."""
    real: tuple[str, ...]
    """Ordinary words that are a phrase misspelled (``patent``) or written together (``norm``, *no rm*), and neither."""
    short: Mapping[str, str]
    """Abbreviation → word."""


def _lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            name, colon, rest = line.partition(":")
            if not colon:
                raise ValueError(f"{path.name}, line {number}: no colon behind the name")
            yield name, [part for part in map(str.strip, rest.split(",")) if part]


def words_in(path: Path) -> HeaderWords:
    """The words of one file; ValueError names the file and the line that cannot be read."""
    strong: dict[str, tuple[str, ...]] = {}
    weak: dict[str, tuple[str, ...]] = {}
    lists: dict[str, tuple[str, ...]] = dict.fromkeys(_LISTS, ())
    for name, phrases in _lines(path):
        table = lists if name in _LISTS else weak if name.endswith("?") else strong
        key = name.removesuffix("?")
        table[key] = (*table.get(key, ()), *phrases)
    pairs = (pair.partition("=") for pair in lists["SHORT"])
    short = {before.strip(): behind.strip() for before, _, behind in pairs}
    return HeaderWords(
        strong, weak, lists["ABOUT"], lists["THING"], lists["WHO"], lists["FILL"], lists["JOIN"], lists["REAL"], short
    )


@lru_cache(maxsize=1)
def all_words() -> Mapping[str, HeaderWords]:
    """Language → words, English first: where two languages differ, it decides."""
    names = sorted((path.stem for path in FOLDER.glob("*.txt")), key=lambda name: (name != "en", name))
    return {name: words_in(FOLDER / f"{name}.txt") for name in names}
