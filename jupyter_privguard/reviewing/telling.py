"""What tells whose row a field belongs to, whatever it is called or holds: numbers of something, vectors, prose.

Thresholds are ours: twenty rows before anything is said of how many values differ, nine in ten that differ, forty
letters of prose. Pure; values are counted, never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from ..frames import Kind

__all__ = ["FEW", "are_codes", "is_id", "is_prose", "is_score", "is_vector", "leaves", "names_a_row", "points_at_rows"]

FEW = 20
"""Rows below which nothing is said of how many values differ."""
_NEARLY_ALL = 0.9
_LONG = 40
"""Letters on average from which a text is prose and not a name of a class."""
_WIDE = 8
"""Numbers in a row from which a list of them is a vector of its row."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OF_ROWS = frozenset("id ids key uid uuid guid ref reference identifier pk".split())
_OF_OTHERS = frozenset(
    """
    class label category segment cluster group bucket band model version run experiment deployment endpoint batch
    job product item sku offer campaign channel feature tree leaf node topic cohort variant treatment plan store
    region country currency language prediction predictions request response trace span inference correlation
    """.split()
)
"""What may be numbered without numbering rows."""
_ONCE = frozenset("prediction request response trace span inference correlation job run batch".split())
"""What has a random number of its own, made for one answer."""
_NEAR = frozenset("neighbor neighbors neighbour neighbours nearest similar match matches lookalike lookalikes".split())
"""What models call the rows of others."""
_SCORE = frozenset("probability probabilities proba prob score scores confidence likelihood propensity risk".split())
_VECTOR = frozenset("embedding embeddings vector vectors latent hidden representation".split())
_RANDOM = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    re.IGNORECASE,
)
"""Hashes and UUIDs: without a key a hash of a number is found by hashing all numbers."""

_DATE = re.compile(r"(?:19|20)\d\d(?:[-/._]?\d{1,2}){0,2}(?:[T ].*)?|(?:q\d|fy|cy|kw|w)[-_ ]?\d{2,4}.*", re.IGNORECASE)
_ID = re.compile(r"\d{5,}|[A-Za-z]{0,4}[-_:#/ ]?(?:\d[-_ ]?){4,}[A-Za-z]{0,2}|[0-9a-fA-F-]{16,}|[^@\s*]+@[^@\s*]+")


def leaves(values: Iterable[Any]) -> Iterator[Any]:
    """``values`` with those within lists one by one."""
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from leaves(value)
        else:
            yield value


def names_a_row(label: str, values: Sequence[Any], rows: int) -> bool:
    """Whether a field called so numbers rows: an ``id`` of nothing that may be numbered, or neighbours of a row.

    ``values`` are the distinct ones; where many rows share few of them they number classes, whatever the label says.
    """
    words = _words(label)
    there = [value for value in leaves(values) if value is not None]
    if _NEAR & set(words) and any(isinstance(value, (int, str)) and not isinstance(value, bool) for value in there):
        return True
    if not _OF_ROWS & set(words) or _is_made_for_once(words, there):
        return False
    if all(isinstance(value, (bool, float)) for value in there) and there:
        return False
    if rows >= FEW and (len(values) < _NEARLY_ALL * rows or _count_up(values)):
        return False
    return not _OF_OTHERS & set(words)


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of a number of somebody or something: a code, an address; no date, no name."""
    return bool(_ID.fullmatch(text)) and not _DATE.fullmatch(text) and any(one.isdigit() or one == "@" for one in text)


def are_codes(label: str, values: Sequence[Any], rows: int) -> bool:
    """Whether they are hashes, UUIDs or, in few rows, codes of any kind, and not numbers of one answer or thing."""
    texts = [value for value in leaves(values) if isinstance(value, str)]
    words = _words(label)
    if not texts or _is_made_for_once(words, texts):
        return False
    if all(map(_RANDOM.fullmatch, texts)):
        return True
    return rows < FEW and all(map(is_id, texts)) and not _OF_OTHERS & set(words)


def points_at_rows(label: str, values: Sequence[Any], rows: int, kind: Kind) -> bool:
    """Whether nearly every row has a value of its own. ``values`` are the distinct ones, measures never count."""
    if rows < FEW or len(values) < _NEARLY_ALL * rows:
        return False
    there = [value for value in leaves(values) if value is not None]
    texts = [str(value) for value in there]
    if _is_made_for_once(_words(label), there) or len(set(texts)) < FEW:
        return False
    if kind is Kind.INTEGER:  # whole numbers of one width are numbers of something; amounts and counts vary
        return len({len(text) for text in texts}) == 1 and len(texts[0]) >= 5 and not _count_up(values)
    return all(isinstance(value, str) for value in there) and not all(map(_is_number, texts))


def is_vector(label: str, values: Sequence[Any]) -> bool:
    """Whether each row has a list of measures, as embeddings are; probabilities of classes are none."""
    lists = [value for value in values if isinstance(value, (list, tuple))]
    numbers = [one for one in leaves(lists) if isinstance(one, (int, float)) and not isinstance(one, bool)]
    if not lists or len(numbers) < _WIDE * len(lists):
        return False
    measures = any(isinstance(one, float) and not 0 <= one <= 1 for one in numbers)
    return measures or bool(_VECTOR & set(_words(label)))


def is_prose(values: Sequence[Any]) -> bool:
    """Whether they are sentences."""
    texts = [value for value in leaves(values) if isinstance(value, str)]
    return bool(texts) and sum(map(len, texts)) >= _LONG * len(texts) and any(" " in text for text in texts)


def is_score(label: str, values: Sequence[Any]) -> bool:
    """Whether they are shares, fractions in [0, 1], or fractions that are called scores."""
    there = [value for value in leaves(values) if value is not None]
    fractions = [value for value in there if isinstance(value, (float, Decimal))]
    if not there or len(fractions) < len(there):
        return bool(_SCORE & set(_words(label))) and (bool(fractions) or not there)
    return all(0 <= value <= 1 for value in fractions if isfinite(value)) or bool(_SCORE & set(_words(label)))


def _is_made_for_once(words: Sequence[str], values: Sequence[Any]) -> bool:
    return bool(_ONCE & set(words)) and all(isinstance(one, str) and bool(_RANDOM.fullmatch(one)) for one in values)


def _words(label: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(label)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return not text.lstrip("+-").isdigit()  # digits alone may be a number of something


def _count_up(values: Sequence[Any]) -> bool:
    """Whether they are just the numbers of the rows."""
    first = values[0] if values else None
    return isinstance(first, int) and first in (0, 1) and all(value == first + at for at, value in enumerate(values))
