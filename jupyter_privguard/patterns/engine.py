"""Hyperscan: all patterns at once over many texts joined in one buffer, in time linear in the text.

Measured on 1,000,000 cells and 60 patterns: Hyperscan over the joined cells 7 million cells a
second, one call a cell 1.6, an RE2 set 0.7, Python's own `re` 0.05. It is a native library of few
maintainers, so nothing else knows it, and what does not need bounded time works without it.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from .edges import edges
from .superset import LONG, superset
from .syntax import syntax_problem, without_anchors

__all__ = [
    "I_S_K",
    "MISSING",
    "Candidates",
    "Compiled",
    "Forms",
    "as_python_reads",
    "compiled_together",
    "is_available",
    "problem",
]

# `Any` in this file is a part of the hyperscan module, which has no useful types.

MISSING = "need an engine whose time is bounded; install it with `pip install hyperscan`"
"""What to say of patterns of a user where there is no engine."""

_LONGEST_SPAN = 4096
"""Bytes of a match in running text."""
_CHUNK = 50_000
"""Texts that are joined at once."""
_FAR = re.compile(b"[\xd9-\xf4]")  # first bytes of letters from U+0640 on; there are no digits before
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
I_S_K = ("\u0130", "\u0131", "\u017f", "\u212a")
"""What Python takes for an i, s or k when it ignores case, and the engine does not."""


@cache
def _hyperscan() -> Any | None:
    try:
        import hyperscan
    except ImportError:
        return None
    return hyperscan


def is_available() -> bool:
    """Whether the engine is installed."""
    return _hyperscan() is not None


def problem(regex: str) -> str | None:
    r"""Why a user's regular expression cannot be used, in words that follow its name; None if it can.

    The dialect is that of PCRE without back-references and look-around; `\d`, `\w`, `\s` and
    `\b` are ASCII. It must not match the empty text.
    """
    found = syntax_problem(regex)
    if found is not None:
        return found
    engine = _hyperscan()
    if engine is None:
        return MISSING
    try:
        Forms([regex])
    except engine.error as error:
        words = str(error).rstrip(".").lower()
        return "matches the empty text" if "empty buffer" in words else f"does not compile: {words}"
    return None


def _may_hold_foreign_digits(text: str, data: bytes) -> bool:
    if text.isascii():
        return False
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _FAR.search(data) is not None
    return False


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # lone surrogates: the engine takes nothing but UTF-8


class Compiled:
    """One database; scanning is not reentrant, hence the lock.

    A forked child gets a new lock and new room to scan in: another thread may have been scanning when it was forked.
    """

    def __init__(self, expressions: Sequence[str], flags: Sequence[int]) -> None:
        engine = _hyperscan()
        assert engine is not None  # noqa: S101 - callers look first
        self._database = engine.Database()
        self._database.compile(
            expressions=[_encoded(expression) for expression in expressions],
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=list(flags),
        )
        self._make_room()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=partial(_make_room, weakref.ref(self)))

    def _make_room(self) -> None:
        engine = _hyperscan()
        self._lock = threading.Lock()
        self._scratch = engine.Scratch(self._database) if engine is not None else None

    def scan(self, data: bytes, seen: Any) -> None:
        """Call ``seen(pattern, 0, end, flags, None)`` for each end of a match."""
        with self._lock:
            self._database.scan(data, match_event_handler=seen, scratch=self._scratch)


def _make_room(held: weakref.ref[Compiled]) -> None:
    if (compiled := held()) is not None:
        compiled._make_room()


class Forms:
    """A user's patterns, compiled. Raises the engine's error for what `problem` would tell."""

    def __init__(self, regexes: Sequence[str]) -> None:
        engine = _hyperscan()
        if engine is None:
            raise ValueError(MISSING)
        self._count = len(regexes)
        regexes = [without_anchors(regex) for regex in regexes]
        one = engine.HS_FLAG_UTF8
        joined = one | engine.HS_FLAG_MULTILINE
        self._anywhere = Compiled(regexes, [joined] * self._count)
        # The engine can tell where a match begins, but crashes over some texts when it is asked to.
        self._begun = Compiled([rf"\A(?:{regex})" for regex in regexes], [one] * self._count)
        self._lines = Compiled([f"^(?:{regex})$" for regex in regexes], [joined] * self._count)
        self._whole = Compiled(
            [rf"\A(?:{regex})\z" for regex in regexes], [one | engine.HS_FLAG_SINGLEMATCH] * self._count
        )

    def whole(self, text: str) -> set[int]:
        """The places of the patterns that match the whole of ``text``."""
        found: set[int] = set()
        self._whole.scan(_encoded(text), lambda place, *_: found.add(place))
        return found

    def counts(self, texts: Sequence[str]) -> list[int]:
        """For each pattern, how many of ``texts`` it matches from beginning to end."""
        counts = [0] * self._count
        for text in self._promising(texts):
            for place in self.whole(text):
                counts[place] += 1
        return counts

    def among(self, texts: Sequence[str]) -> list[int]:
        """The places of all texts in which `spans` finds something, and of a few others; in order."""
        return _in_chunks(texts, lambda chunk: _places(chunk, self._anywhere))

    def _promising(self, texts: Sequence[str]) -> Iterator[str]:
        """The texts that may match: lines of one buffer in which a match ends, and texts of several lines.

        A match may also begin in a line before; so each is looked at on its own afterwards.
        """
        return (texts[place] for place in _in_chunks(texts, lambda chunk: _places(chunk, self._lines)))

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, place of the pattern) of matches with no letter or digit beside them, in order.

        Of those that begin at one place the longest; they do not overlap. None is longer than 4,096 bytes.
        """
        data = _encoded(text)
        found: list[tuple[int, int, int]] = []
        last = characters = 0
        for start in self._starts(data):
            if start >= last and (longest := self._longest(data, start)) is not None:
                begin = characters + _characters(data, last, start)
                last, place = longest
                characters = begin + _characters(data, start, last)
                found.append((begin, characters, place))
        return found

    def _starts(self, data: bytes) -> Iterator[int]:
        """Where a match may begin that stands alone: before an end of one, and not inside a word."""
        ends: set[int] = set()
        self._anywhere.scan(data, lambda _place, _start, end, *_: ends.add(end))
        passed = 0
        for end in sorted(ends):
            for start in range(max(passed, end - _LONGEST_SPAN), end):
                if not _continues(data[start]) and not _is_inside(data, start):
                    yield start
            passed = max(passed, end)

    def _longest(self, data: bytes, start: int) -> tuple[int, int] | None:
        """End and place of the longest match that begins at ``start`` and stands alone."""
        end = min(len(data), start + _LONGEST_SPAN)
        while end < len(data) and _continues(data[end]):
            end -= 1
        best: tuple[int, int] | None = None

        def seen(place: int, _start: int, length: int, *_: Any) -> None:
            nonlocal best
            if length and (best is None or start + length > best[0]) and not _is_inside(data, start + length):
                best = start + length, place

        self._begun.scan(data[start:end], seen)
        return best


def _is_inside(data: bytes, at: int) -> bool:
    """Whether ``at`` lies between two letters or digits."""
    return 0 < at < len(data) and _in_word(data[at - 1]) and _in_word(data[at])


def _continues(byte: int) -> bool:
    """Whether a byte is not the first one of its character."""
    return byte & 0xC0 == 0x80


def _in_word(byte: int) -> bool:
    return byte >= 0x80 or byte == 0x5F or chr(byte).isalnum()


def _characters(data: bytes, start: int, end: int) -> int:
    return len(data[start:end].decode("utf-8"))


class Candidates:
    """Which of many texts could hold a match of Python patterns: all that do, and a few that do not.

    Patterns that the engine cannot take are looked for by `re`; without the engine every text is
    a candidate. So whoever looks at the candidates finds the same with it and without.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._all = frozenset(range(len(patterns)))
        self._taken: list[int] = []
        self._others: list[tuple[int, re.Pattern[str]]] = []
        self._compiled: Compiled | None = None
        if not is_available():
            return
        wider = {place: wide for place, pattern in enumerate(patterns) if (wide := superset(pattern)) is not None}
        wider = {place: _bounded(patterns[place], wide) for place, wide in wider.items()}
        self._compiled, self._taken = compiled_together(wider)
        left = self._all.difference(self._taken)
        self._others = [(place, pattern) for place, pattern in enumerate(patterns) if place in left]

    def among(self, texts: Sequence[str]) -> list[int]:
        """The places of the candidates, in order."""
        return list(self.hits(texts))

    def hits(self, texts: Sequence[str]) -> dict[int, frozenset[int]]:
        """The places of the candidates, in order, and of each the places of the patterns that it could match."""
        compiled = self._compiled
        if compiled is None:
            return dict.fromkeys(range(len(texts)), self._all)
        found: dict[int, frozenset[int]] = {}
        for at in range(0, len(texts), _CHUNK):
            hits = self._hits(texts[at : at + _CHUNK], compiled)
            found.update((at + place, frozenset(hits[place])) for place in sorted(hits))
        return found

    def _hits(self, chunk: Sequence[str], compiled: Compiled) -> dict[int, set[int]]:
        joined = _Joined.for_python(chunk)
        hits = {place: set(self._all) for place in joined.aside}
        for place, which in joined.matches(compiled):
            hits.setdefault(place, set()).add(self._taken[which])
        for which, other in self._others:
            for place, text in enumerate(chunk):
                if other.search(text):
                    hits.setdefault(place, set()).add(which)
        return hits


def _bounded(pattern: re.Pattern[str], wide: tuple[str, bool]) -> tuple[str, bool]:
    """What the engine looks for, with the characters that must stand beside it, unless that is too much."""
    before, behind = edges(pattern) if len(wide[0]) < LONG else ("", "")
    return f"{before}(?:{wide[0]}){behind}", wide[1]


def compiled_together(expressions: Mapping[int, tuple[str, bool]]) -> tuple[Compiled | None, list[int]]:
    """(expression, whether case is ignored) by key in one database, and the keys in its order.

    Those that are too much for the engine are left out; None if there are no others.
    """
    compiled = _together(list(expressions.values()))
    if compiled is None:  # one of them is too much: which?
        expressions = {key: one for key, one in expressions.items() if _together([one]) is not None}
        compiled = _together(list(expressions.values()))
    return compiled, list(expressions)


def _together(expressions: Sequence[tuple[str, bool]]) -> Compiled | None:
    """All of them in one database; None if the engine refuses one, or there are none."""
    engine = _hyperscan()
    if not expressions or engine is None:
        return None
    flags = [engine.HS_FLAG_UTF8 | (engine.HS_FLAG_CASELESS if ignores else 0) for _, ignores in expressions]
    try:
        return Compiled([text for text, _ in expressions], flags)
    except engine.error:
        return None


def as_python_reads(text: str) -> bytes:
    """``text`` for the engine, a null before and behind; digits of all scripts are digits, character by character."""
    data = _encoded(f"\0{text}\0")
    if _may_hold_foreign_digits(text, data):
        return _encoded(f"\0{_FOREIGN_DIGIT.sub(_ascii_digit, text)}\0")
    return data


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


def _in_chunks(texts: Sequence[str], look: Callable[[Sequence[str]], set[int]]) -> list[int]:
    """The places that ``look`` finds in parts of ``texts``, as places in all of them, in order."""
    return [at + place for at in range(0, len(texts), _CHUNK) for place in sorted(look(texts[at : at + _CHUNK]))]


def _places(chunk: Sequence[str], compiled: Compiled) -> set[int]:
    """The places of the texts in which a match ends, and of those that hold several lines."""
    joined = _Joined(chunk, "\n")
    return joined.aside.union(place for place, _ in joined.matches(compiled))


class _Joined:
    """Texts in one buffer, a separator before and behind each; those that cannot be told apart there stand aside."""

    def __init__(self, chunk: Sequence[str], separator: str, odd: Sequence[str] = ()) -> None:
        joined = separator.join(chunk)
        if joined.count(separator) != len(chunk) - 1:
            odd = [*odd, separator]
        self.aside = {place for place, text in enumerate(chunk) if any(map(text.__contains__, odd))} if odd else set()
        self._plain: Sequence[int] = range(len(chunk))
        if self.aside:
            self._plain = [place for place in self._plain if place not in self.aside]
            joined = separator.join([chunk[place] for place in self._plain])
        self._separator = separator.encode()
        self._text = joined

    @classmethod
    def for_python(cls, chunk: Sequence[str]) -> _Joined:
        """Also aside: texts with a letter that only Python takes for another. Digits of all scripts are digits."""
        is_ascii = all(map(str.isascii, chunk))
        odd = [] if is_ascii else [letter for letter in I_S_K if any(letter in text for text in chunk)]
        joined = cls(chunk, "\0", odd)
        if not is_ascii and _may_hold_foreign_digits(joined._text, _encoded(joined._text)):
            joined._text = _FOREIGN_DIGIT.sub(_ascii_digit, joined._text)
        return joined

    def matches(self, compiled: Compiled) -> set[tuple[int, int]]:
        """(place of the text, place of the pattern) of all matches; where one ends decides whose it is."""
        data = b"%b%b%b" % (self._separator, _encoded(self._text), self._separator)
        bounds: list[int] = []
        hits: set[tuple[int, int]] = set()

        def seen(place: int, _start: int, end: int, *_: Any) -> None:
            if not bounds:  # most buffers hold no match, and need none
                bounds.extend(found.start() for found in re.finditer(re.escape(self._separator), data))
            hits.add((bisect_left(bounds, end - 1) - 1, place))

        compiled.scan(data, seen)
        # The first separator belongs to no text.
        return {(self._plain[text], place) for text, place in hits if text >= 0 and self._plain}
