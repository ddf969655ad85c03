"""What comes into being when it is first used is what it would be if it had been made at once."""

from __future__ import annotations

import re
import sys
import threading
from types import ModuleType
from typing import Any

import pytest

from jupyter_privguard import _later
from jupyter_privguard._later import Once, later, names_of

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


def test_threads_that_ask_at_once_get_one_result_that_was_made_under_the_lock() -> None:
    lock, made, both = threading.RLock(), [], threading.Barrier(2)

    def make() -> object:
        assert lock._is_owned()  # type: ignore[attr-defined]
        made.append(object())
        return made[-1]

    once, got = Once(make, lambda: lock), []
    assert once.made is None

    def ask() -> None:
        both.wait(10)
        got.append(once())

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert got == [made[0], made[0]]
    assert (len(made), once.made) == (1, made[0])


def test_what_could_not_be_made_is_tried_again() -> None:
    answers: list[str | Exception] = [ImportError("not now"), "made"]

    def make() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(make, threading.RLock)

    with pytest.raises(ImportError, match="not now"):
        once()
    assert (once(), once()) == ("made", "made")


def test_what_begins_with_the_result_may_ask_for_it() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    seen: list[object] = []
    once = Once(make, threading.RLock, begin=lambda _: seen.append(once()))

    assert once() is once() is made[0]
    assert (seen, len(made)) == (made, 1)


def test_what_could_not_begin_is_made_and_begun_again() -> None:
    answers: list[Exception | None] = [ValueError("not now"), None]

    def begin(_: object) -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    once = Once(object, threading.RLock, begin=begin)

    with pytest.raises(ValueError, match="not now"):
        once()
    assert once.made is None
    assert once() is once()
    assert answers == []


def test_a_package_imports_a_module_when_one_of_its_names_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    package, module = ModuleType("pg_package"), ModuleType("pg_package.part")
    package.__path__ = []
    module.thing = 7  # type: ignore[attr-defined]
    package.__getattr__ = names_of("pg_package", {"part": ("thing", "gone")})  # type: ignore[method-assign]
    monkeypatch.setitem(sys.modules, "pg_package", package)

    with pytest.raises(ModuleNotFoundError):
        _ = package.thing
    monkeypatch.setitem(sys.modules, "pg_package.part", module)

    assert (package.thing, vars(package)["thing"]) == (7, 7)
    for name in ("gone", "other"):
        with pytest.raises(AttributeError, match=name):
            getattr(package, name)
