"""What a labelled table is made of, and the word lists beside this file."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

NONE = "NONE"


@dataclass(frozen=True)
class Column:
    """One column: its values, how people label it, and what it holds."""

    header: str
    values: Sequence[Any]
    entity: str | None
    """A contract entity, NONE, or None where the labelling policy leaves it open: never scored."""
    also: frozenset[str] = frozenset()
    """Other answers that are right too."""
    evident: bool = True
    """Whether a person could tell from the values alone; else it is scored only under its own header."""


@dataclass(frozen=True)
class Table:
    """A table of one kind, e.g. ``customers/de-DE/2``, before its variant is made."""

    name: str
    columns: tuple[Column, ...]
    of_persons: bool


@dataclass(frozen=True)
class Case:
    """A frame to classify and, by position, what is right."""

    table: Table
    variant: str
    frame: pd.DataFrame
    labels: tuple[Column | None, ...] = field(repr=False)
    """None where this variant is not scored."""


@cache
def lists(file: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Of a word file: name → language → its entries."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    current: dict[str, tuple[str, ...]] = {}
    for line in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            language, _, entries = line.strip().partition(" ")
            current[language] = tuple(entry.strip() for entry in entries.split(";"))
        elif line and not line.startswith("#"):
            current = found[line.strip()] = {}
    return found


def words(name: str, language: str) -> tuple[str, ...]:
    """The values called ``name`` in ``language``; in English where there are none."""
    entries = lists("words.txt")[name]
    return entries.get(language) or entries["en"]


def has_header(concept: str, language: str) -> bool:
    """Whether people of this language have such a column."""
    return language in lists("headers.txt")[concept]


def header(rng: random.Random, concept: str, language: str) -> str:
    """A label for ``concept`` as one table of this language would write it."""
    entries = lists("headers.txt")[concept]
    return rng.choice(entries.get(language) or next(iter(entries.values())))


def many(rows: int, make: Callable[[], Any]) -> list[Any]:
    """``rows`` values that ``make`` returns one by one."""
    return [make() for _ in range(rows)]


_STYLES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text,
    lambda text: "_".join(text.lower().split()),
    lambda text: text.title(),
    lambda text: "_".join(text.upper().split()),
    lambda text: "".join(word[:1].upper() + word[1:] for word in text.split()),
)
_PREFIXES = ("", "", "", "tbl_", "x_", "src.")


def styled(rng: random.Random, headers: Sequence[str]) -> list[str]:
    """The labels in one style a table, as people name columns; no two alike."""
    style, prefix = rng.choice(_STYLES), rng.choice(_PREFIXES)
    taken: list[str] = []
    for text in headers:
        label = prefix + style(text)
        while label in taken:
            label += "_2"
        taken.append(label)
    return taken
