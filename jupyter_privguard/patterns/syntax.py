"""What a regular expression of a user may be: regular indeed, and of a size that can be compiled.

Read without a regular expression of our own; the engine has the last word on what compiles.
"""

from __future__ import annotations

__all__ = ["LONGEST", "syntax_problem", "without_anchors"]

LONGEST = 300
"""Characters of one regular expression."""
_MOST_POSITIONS = 1000
"""Characters that it may match at most where repeats are counted; an engine writes such repeats out."""
_OPEN, _PROPERTY = 4, 100
"""As how many characters one counts that may be nearly any, or any of a Unicode property: measured by the time that
the engine takes to write them out in bytes, a second for ten of the latter."""
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_REFERS = frozenset("123456789kg")
_REFUSED = {
    "A": "`\\A`; write `^`",
    "Z": "`\\Z`; write `$`",
    "z": "`\\z`; write `$`",
    **{letter: f"`\\{letter}`" for letter in "QEKGCRX"},
}


def syntax_problem(regex: str) -> str | None:
    """Why ``regex`` cannot be used, in words that follow its name; None if nothing speaks against it here."""
    if not regex:
        return "is empty"
    if len(regex) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not regex.isprintable():
        return "holds a character that cannot be seen; write it as `\\xNN`"
    try:
        size = _Reader(without_anchors(regex)).size()
    except ValueError as problem:
        return str(problem)
    return None if size <= _MOST_POSITIONS else "repeats too often; counted repeats are written out before matching"


def without_anchors(regex: str) -> str:
    """``regex`` without `^` at its beginning and `$` at its end, which say nothing where a whole value must match."""
    case, rest = ("(?i)", regex[4:]) if regex.startswith("(?i)") else ("", regex)
    rest = rest.removeprefix("^")
    if rest.endswith("$") and (len(rest) - 1 - len(rest[:-1].rstrip("\\"))) % 2 == 0:
        rest = rest[:-1]
    return case + rest


class _Reader:
    """Adds up how many characters an expression can match, `*` and `+` counting once."""

    def __init__(self, regex: str) -> None:
        self._regex = regex
        self._at = 0

    def size(self) -> int:
        if self._regex.startswith("(?i)"):
            self._at = 4
        sums, last = [0], 0
        while self._at < len(self._regex):
            letter = self._regex[self._at]
            if letter == "(":
                self._open()
                sums.append(0)
                last = 0
                continue
            if letter == ")":
                if len(sums) == 1:
                    raise ValueError("closes a parenthesis that nothing opened")
                self._at += 1
                last = sums.pop()
                sums[-1] += last
            elif letter == "{" and (times := self._times()):
                sums[-1] += last * (times - 1)
                last *= times
            else:
                last = self._atom(letter)
                sums[-1] += last
        if len(sums) > 1:
            raise ValueError("leaves a parenthesis open")
        return sums[0]

    def _open(self) -> None:
        rest = self._regex[self._at :]
        if rest.startswith(_LOOKS):
            raise ValueError("looks around (`(?=`, `(?!`, `(?<=`, `(?<!`), which has no bounded time")
        if rest.startswith("(?P="):
            raise ValueError("uses a back-reference, which has no bounded time")
        if rest.startswith("(?:"):
            self._at += 3
        elif rest.startswith(("(?", "(*")):
            raise ValueError("uses `(?` or `(*` for more than a group `(?:…)` or `(?i)` at its beginning")
        else:
            self._at += 1

    def _times(self) -> int:
        """The largest count of the repeat that begins here, which is passed over; 0 if it is none."""
        inner, closed, _ = self._regex[self._at + 1 :].partition("}")
        low, _, high = inner.partition(",")
        if not closed or not (low.isdecimal() and low.isascii()) or (high and not high.isdecimal()):
            return 0
        if len(inner) > 12:
            raise ValueError("repeats too often; counted repeats are written out before matching")
        self._at += len(inner) + 2
        return max(1, int(high or low))

    def _atom(self, letter: str) -> int:
        if letter == "\\":
            return self._escaped()
        if letter == "[":
            return self._class()
        if letter in "^$":
            raise ValueError(f"uses `{letter}` inside; it is matched from beginning to end anyway")
        self._at += 1
        return 0 if letter in "|*+?" else _OPEN if letter == "." else 1

    def _escaped(self) -> int:
        after = self._regex[self._at + 1 : self._at + 2]
        if after in _REFERS and after:
            raise ValueError("uses a back-reference, which has no bounded time")
        if after in _REFUSED:
            raise ValueError(f"uses {_REFUSED[after]}")
        self._at += 2
        if after in ("p", "P", "x") and self._regex[self._at : self._at + 1] == "{":
            self._at = self._regex.find("}", self._at) + 1 or len(self._regex)
        return _size_of(after)

    def _class(self) -> int:
        at = self._at + 1
        size = 1
        if self._regex[at : at + 1] == "^":
            size, at = _OPEN, at + 1
        at += self._regex[at : at + 1] == "]"
        while at < len(self._regex) and self._regex[at] != "]":
            if self._regex.startswith("[:", at):
                at = max(at, self._regex.find(":]", at)) + 1
            if self._regex[at : at + 1] == "\\":
                size = max(size, _size_of(self._regex[at + 1 : at + 2]))
                at += 1
            at += 1
        if at >= len(self._regex):
            raise ValueError("leaves a bracket open")
        self._at = at + 1
        return size


def _size_of(escaped: str) -> int:
    """The size of what a backslash and this letter match."""
    if escaped in ("p", "P"):
        return _PROPERTY
    return 0 if escaped in ("b", "B") else _OPEN if escaped in ("D", "W", "S", "N", "H", "V") else 1
