"""Values behind the label of their column: ``salary: 341739``, ``'dob': '1989-05-03'``, ``salary=…``, ``dob   …``."""

from __future__ import annotations

import re

from ..._chance import is_no_chance
from ..._later import later
from ..taken.columns import Found
from .known_columns import KnownColumn, KnownColumns, is_one_of
from .written_values import Written

__all__ = ["labelled_values", "labels_in"]

_AFTER = later(r"""["'\])]{0,2}\s{0,16}(?::|=>?|→)\s{0,16}(?:[\w.]{1,30}\()?["']?""")
_TAG = later(r"(?:\s[^<>]{0,200})?>\s{0,16}")
"""Between a label and its value where the label is a tag."""
_ACROSS = later(r"[ \t]{2,200}(?=\d)")
"""Between a label and a date in a table of two columns."""
_SUMMED = later(
    r"(?:mean|average|avg|median|sum|total|count|number|std|deviation|share|rate|unique|n)[\s_-](?:of\s)?$",
    re.IGNORECASE,
)
"""What stands before a label when a statistic follows."""
_SIGNS = (":", ">", "=", "→", "  ", "\t\t")
_BEFORE = 20
_DIGIT = later(r"\d")
_NEAR = 24
"""Characters in which a number or date has a digit."""


def labels_in(text: str, columns: KnownColumns) -> list[tuple[int, KnownColumn]]:
    """Where in ``text`` the value of a label begins, and the columns of that label."""
    labels = columns.labels
    if not labels or not any(sign in text for sign in _SIGNS):
        return []
    found = []
    for label in labels:
        at = text.find(label) if label else -1
        while at >= 0:
            end = at + len(label)
            match, is_across = _AFTER.match(text, end), False
            if match is None and text[max(0, at - 1) : at] == "<":
                match = _TAG.match(text, end)
            if match is None:
                match, is_across = _ACROSS.match(text, end), True
            is_word = not text[max(0, at - 1) : at].isalnum()
            has_digit = match is not None and _DIGIT.search(text, match.end(), match.end() + _NEAR) is not None
            if match is not None and has_digit and is_word and not _SUMMED.search(text[max(0, at - _BEFORE) : at]):
                found += [(match.end(), column) for column in columns.of(label) if column.days or not is_across]
            at = text.find(label, end)
    return found


def labelled_values(places: list[tuple[int, KnownColumn]], tokens: list[Written]) -> list[Found]:
    """The ``tokens`` at ``places`` that are values of the columns there, where that is no accident."""
    starting = {one.start: one for one in tokens} if places else {}
    by_column: dict[int, tuple[KnownColumn, list[Written]]] = {}
    for at, column in places:
        if at in starting:
            by_column.setdefault(id(column), (column, []))[1].append(starting[at])
    found: list[Found] = []
    for column, own in by_column.values():
        for one in own:
            day = next((day for day in one.dates if day in column.days), None)
            if day is not None and not one.numbers:
                found.append(Found(one.start, one.end, column.verdict, column.days[day]))
        equal = [(one, number) for one in own if (number := _number(one, column)) is not None]
        if equal and is_no_chance(len(column.numbers) / column.cells, len(own), len(equal)):
            found += [Found(one.start, one.end, column.verdict, column.numbers[number]) for one, number in equal]
    return found


def _number(one: Written, column: KnownColumn) -> float | None:
    """What a token is of the column's numbers; None if it is none, or a statistic of the whole column."""
    known = ((number, places) for number, places in one.numbers if number in column.numbers)
    return next((n for n, places in known if not is_one_of(column.statistics, n, places)), None)
