"""Patterns that are compiled when they are first used are what they would be if they had been compiled at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jupyter_privguard import _later
from jupyter_privguard._later import later

TEXT = "a1 B22 c333\nd4444"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.MULTILINE | re.VERBOSE])
@pytest.mark.parametrize("pattern", [r"(?P<letter>[a-z])(\d+)$", r"\d{2,}", "x", ""])
def test_a_pattern_finds_what_a_compiled_one_finds(pattern: str, flags: int) -> None:
    one, other = later(pattern, flags), re.compile(pattern, flags)

    def spans(given: re.Pattern[str]) -> list[Any]:
        return [match.span() for match in given.finditer(TEXT)]

    assert spans(one) == spans(other)
    for name in ("search", "match", "fullmatch"):
        assert repr(getattr(one, name)(TEXT)) == repr(getattr(other, name)(TEXT))
    assert one.findall(TEXT, 3) == other.findall(TEXT, 3)
    assert one.split(TEXT, maxsplit=1) == other.split(TEXT, maxsplit=1)
    assert one.sub("<>", TEXT) == other.sub("<>", TEXT)
    assert one.subn("<>", TEXT) == other.subn("<>", TEXT)
    assert (one.pattern, one.flags, one.groups, one.groupindex) == (
        other.pattern,
        other.flags,
        other.groups,
        other.groupindex,
    )


def test_bytes_have_patterns_too() -> None:
    assert later(rb"\d+").findall(TEXT.encode()) == [b"1", b"22", b"333", b"4444"]


def test_nothing_is_compiled_before_the_first_use_and_once_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        made.append(pattern)
        return real(pattern, flags)

    monkeypatch.setattr(_later.re, "compile", noted)  # type: ignore[attr-defined]
    pattern = later("b+")
    assert (made, pattern.pattern, repr(pattern)) == ([], "b+", "later('b+')")

    for _ in range(3):
        assert pattern.search("abb")
        assert pattern.sub("", "abb") == "a"

    assert made == ["b+"]


def test_what_a_pattern_does_not_have_is_an_error_at_once() -> None:
    with pytest.raises(AttributeError, match="serach"):
        _ = later("b").serach  # type: ignore[attr-defined]
    with pytest.raises(re.error):
        later("(").search("")
