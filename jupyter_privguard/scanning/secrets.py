"""Secrets without a known form: what is called a password, and letters too random for a word."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .pieces import Form

__all__ = ["Hit", "is_placeholder", "is_secret_name", "named_secrets", "random_secrets"]


class Hit(NamedTuple):
    """Characters ``start`` to ``end`` of a text hold a value of ``entity``; ``confidence`` in percent."""

    start: int
    end: int
    entity: str
    confidence: int


_NAME = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|api[_-]?key|apikey|access[_-]?key|auth[_-]?key"
    r"|private[_-]?key|encryption[_-]?key|client[_-]?secret|(?:access|auth|api|refresh|bearer|bot|secret)[_-]?token"
    r"|credentials?|passwort|kennwort|contraseña|mot[_-]?de[_-]?passe)"
)
_IS_NAME = re.compile(rf"(?:^|[\W_]|(?<=[a-z])(?=[A-Z])){_NAME}s?\Z", re.IGNORECASE)
_QUOTED = re.compile(
    rf"""(?<![a-z]){_NAME}s?["'\]]{{0,3}}[ \t]*(?::[ \t]*\w{{1,20}}[ \t]*)?(?:=>|[:=]|,(?=[ \t]*["']))[ \t]*"""
    r"""[rbuf]{0,2}(?P<q>["'])(?P<value>[^"'\s]{6,200})(?P=q)""",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?m)^[ \t]*(?:export[ \t]+|-[ \t]+)?(?:[\w.-]{{0,60}}[_.-])?{_NAME}[ \t]*[:=][ \t]*"
    r"(?P<value>[^\s\"'#]{6,200})[ \t]*(?:#.*)?\r?$",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(
    r"(?:your|my|the|some|any|new|old|enter|insert|put|replace|change|example|sample|dummy|test|fake|todo|none|null|true"
    r"|false|undefined|default|placeholder|password|passwd|secret|token|string|optional|redacted|hidden|xxx|abc|foo"
    r"|process\.env|os\.|env\.|self\.|config|settings|getenv|vault:|file:|https?:|arn:)[\w.:/-]*\Z"
    r"|.*(?:\$\{|\$\(|\{\{|\}\}|<[^>]*>|%\(|\{\w*\}|\.\.\.|…|\(|\[)|\$\w+\Z|%\w+%\Z|([^\w]|\w)\1*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LETTERS = re.compile(r"""(?P<q>["'])(?P<value>[A-Za-z0-9+/_~.-]{24,128}={0,2})(?P=q)""")
_HARMLESS_LINE = re.compile(
    r"sha\d|sha-|md5|hash|digest|integrity|checksum|commit|revision|etag|uuid|guid|fingerprint|signature|base64|image|"
    r"src=|href=|nonce|cell_id|version|model_id|charset|alphabet|url|path|regex|pattern|\bid\b",
    re.IGNORECASE,
)
_WORDY = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{5,}")
_LEAST_BITS = 4.2
_UNSURE = 50
_OPENS = re.compile(r"(?:pass(?:word|wd)|pwd)s?[\"'\]]{0,3}\s*[:=]", re.IGNORECASE)
"""What is called a password and given a value, which people make of words alone too."""


def is_secret_name(name: str) -> bool:
    """Whether what is kept under ``name`` is a secret, if it is a value at all."""
    return len(name) <= 100 and _IS_NAME.search(name) is not None


def is_placeholder(value: str) -> bool:
    """Whether it stands for a value that is to be filled in, or is none."""
    return _NO_VALUE.match(value) is not None


def named_secrets(text: str, form: Form, key: str = "") -> Iterator[Hit]:
    """Values beside a name that says that they are secret; ``key`` is the name of the whole text."""
    if (
        key
        and is_secret_name(key)
        and 6 <= len(text) <= 200
        and not re.search(r"\s", text)
        and not is_placeholder(text)
    ):
        yield Hit(0, len(text), "CREDENTIAL", _sure(text))
    for found in _QUOTED.finditer(text):
        if not is_placeholder(found["value"]):
            # Two names beside each other, or the name of a name, are no secret.
            is_word = re.sub("[_.]", "", found["value"]).isalpha() and not _OPENS.match(found.group())
            yield Hit(*found.span("value"), "CREDENTIAL", _UNSURE if is_word else _sure(found["value"]))
    if form is Form.SETTINGS:
        for found in _BARE.finditer(text):
            if not is_placeholder(found["value"]):
                yield Hit(*found.span("value"), "CREDENTIAL", _sure(found["value"]))


def random_secrets(text: str) -> Iterator[Hit]:
    """Quoted letters too random for words, a path, a UUID or a number in hexadecimal digits.

    Lines that speak of hashes, pictures, ids and the like are left out.
    """
    for found in _LETTERS.finditer(text):
        value = found["value"]
        begin = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        line = (
            text[max(begin, found.start() - 200) : found.start()]
            + text[found.end() : end if 0 <= end < found.end() + 80 else found.end() + 80]
        )
        if _is_random(value) and not _HARMLESS_LINE.search(line):
            yield Hit(*found.span("value"), "CREDENTIAL", 65)


def _sure(value: str) -> int:
    kinds = sum(any(test(letter) for letter in value) for test in (str.isdigit, str.isupper, str.islower))
    return 85 if kinds >= 2 or not value.isalnum() else 70


def _is_random(value: str) -> bool:
    digits = sum(letter.isdigit() for letter in value)
    if digits < 3 or not any(map(str.isupper, value)) or not any(map(str.islower, value)):
        return False  # words; and numbers in hexadecimal digits, which are hashes far more often
    if value.count("/") > 2 or value.count(".") > 2 or value.count("-") > 3 or len(_WORDY.findall(value)) > 2:
        return False
    if not re.search(r"[a-z]\d|\d[a-z]", value):
        return False
    return _bits(value) >= _LEAST_BITS and not _is_alphabet(value)


def _is_alphabet(value: str) -> bool:
    """Whether most of its letters follow one another, as those of an alphabet do."""
    steps = sum(ord(after) - ord(before) == 1 for before, after in pairwise(value))
    return steps * 2 > len(value)


def _bits(value: str) -> float:
    """Shannon's entropy of its letters, in bits a letter."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())
