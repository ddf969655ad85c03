"""Every kind of secret that the documentation lists is found in code, whatever its letters are."""

from __future__ import annotations

import random
import re
import string
from re import _parser as parser  # type: ignore[attr-defined] # how Python itself reads patterns
from typing import Any

import pytest

from jupyter_privguard.classification.detectors.credential import KINDS
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.judging import Judge

JUDGE = Judge(built_in(), None, 60)
LETTERS = string.ascii_letters + string.digits


def _made(pattern: str, chance: random.Random) -> str:
    """A text that fits ``pattern``, of letters and digits wherever it lets one choose."""
    return "".join(_of(operation, told, chance) for operation, told in parser.parse(pattern))


def _of(operation: Any, told: Any, chance: random.Random) -> str:
    name = str(operation)
    if name == "LITERAL":
        return chr(told)
    if name == "IN":
        one = re.compile("[" + "".join(map(_in_set, told)) + "]")
        return chance.choice([letter for letter in LETTERS + string.punctuation if one.match(letter)][:62])
    if name == "MAX_REPEAT":
        low, high, inner = told
        times = min(int(high), max(int(low), 1) + 3)
        return "".join(_of(*each, chance) for _ in range(times) for each in inner)
    if name == "SUBPATTERN":
        return "".join(_of(*each, chance) for each in told[3])
    if name == "BRANCH":
        return "".join(_of(*each, chance) for each in chance.choice(told[1]))
    raise AssertionError(name)


def _in_set(one: tuple[Any, Any]) -> str:
    name, told = str(one[0]), one[1]
    if name == "RANGE":
        return f"{re.escape(chr(told[0]))}-{re.escape(chr(told[1]))}"
    if name == "CATEGORY":
        return {"WORD": r"\w", "SPACE": r"\s", "DIGIT": r"\d", "SPACE_": r"\S"}.get(
            str(told).removeprefix("CATEGORY_").replace("NOT_SPACE", "SPACE_"), r"\w"
        )
    return "^" if name == "NEGATE" else re.escape(chr(told))


@pytest.mark.parametrize("kind", KINDS)
def test_in_source_code_and_in_prose(kind: str) -> None:
    chance = random.Random(20417)
    for form in ("value = 1 # {}\n", "use {} for it\n", "{}"):
        secret = _made(KINDS[kind], chance)
        assert re.fullmatch(KINDS[kind], secret)
        for name in ("a.py", "a.md", "a.json"):
            found = findings_in(name, form.format(secret).encode(), JUDGE, [])
            assert "CREDENTIAL" in {one.entity for one in found}, name
            assert not any(secret in str(one) for one in found)


NO_SECRETS = [
    "AKIAQ7ZX2MNP4RTV6WY",  # a letter too few
    "ghp_abc",
    "sk-estimator-doc-link",
    "https://example.org/a:b",
    "postgresql://localhost/db",
    "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "eyJhbGciOiJIUzI1NiJ9",
    "-----BEGIN CERTIFICATE-----",
    "Bearer of bad news",
    "key-value",
]


@pytest.mark.parametrize("text", NO_SECRETS)
def test_near_misses(text: str) -> None:
    assert findings_in("a.md", f"see {text} there\n".encode(), JUDGE, []) == []
