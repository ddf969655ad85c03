"""What the words of a YAML parser mean to somebody who wrote the file: fixed sentences, nothing out of the file."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

__all__ = ["told"]


class _Mistake(NamedTuple):
    words: re.Pattern[str]
    """As libyaml or PyYAML's own parser has them."""
    sentence: str
    is_at_beginning: bool = False
    """Whether the place to mend is where the thing begins that the parser was reading."""


def _mistake(words: str, sentence: str, *, at_beginning: bool = False) -> _Mistake:
    return _Mistake(re.compile(words), sentence, at_beginning)


_TAB = "a tab has no place here; indent with blanks"
_MISTAKES = (
    _mistake("tab character", _TAB),
    _mistake("cannot start any token", "a text that begins with this character needs quotes"),
    _mistake("alphabetic or numeric", "a text that begins with * or & needs quotes", at_beginning=True),
    _mistake(
        "mapping values",
        "no colon is expected here; is the line indented like its neighbours, has the line above a colon of its own, "
        "does a text that holds a colon need quotes?",
    ),
    _mistake(
        "could not find expected ':'", "this line has no colon; write `key: value`, with a blank", at_beginning=True
    ),
    _mistake("'-' indicator|found '\\?'", "this line must begin with a dash like those above, or be indented further"),
    _mistake(
        "expected key|<block end>",
        "this does not go on like the lines before; is the line indented like its neighbours, is there a bracket or "
        "quote too many?",
    ),
    _mistake("'[,]' or '[]}]'", "a comma or the end of the bracket is missing here, opened in {begun}"),
    _mistake("node content", "a bracket is opened and not closed"),
    _mistake("end of stream", "a quote is opened here and not closed", at_beginning=True),
    _mistake(
        "escape|hexa?decimal",
        "within double quotes a backslash is written twice; or take single quotes",
    ),
)


def told(error: Any, text: str) -> tuple[tuple[int, int], str]:  # yaml.MarkedYAMLError has no stubs
    """Line and column (from 1) of what to mend in ``text``, and how, for the parser's ``error``."""
    found, begun = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    if found is None:
        return (1, 1), "unreadable"
    for mistake in _MISTAKES:
        if mistake.words.search(error.problem or ""):
            mark = begun if mistake.is_at_beginning else found
            sentence = mistake.sentence.format(begun=f"line {begun.line + 1}, column {begun.column + 1}")
            is_tab = _letter(text, found.line, found.column) == "\t"
            return (mark.line + 1, mark.column + 1), _TAB if is_tab else sentence
    # What stands between quotes in the parser's words comes from the file.
    what = re.sub(r"'[^']*'?|\"[^\"]*\"?", "…", error.problem or "unreadable")
    return (found.line + 1, found.column + 1), what


def _letter(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    return lines[line][column : column + 1] if line < len(lines) else ""
